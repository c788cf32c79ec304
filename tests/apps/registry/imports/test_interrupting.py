"""An import that is cancelled, interrupted, or done by a job."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.registry.imports import running
from ronglian.apps.registry.imports.running import resume_import, run_check
from ronglian.apps.registry.models import ImportBatch, ImportRow, ImportState, Need
from ronglian.apps.registry.operations.imports import (
    apply_import,
    cancel_import,
    check_import,
    request_apply,
    request_check,
    stage_import,
)
from ronglian.kernel.errors import RuleViolation
from tests.apps.registry.imports.conftest import Check
from tests.apps.registry.imports.samples import FIRST, SECOND, cancel, needs, outcomes, staged
from tests.factories import SYSTEM, make_person_of

pytestmark = pytest.mark.django_db


def test_cancelling(check: Check) -> None:
    batch = cancel_import(actor=SYSTEM, batch=check(needs(FIRST)))
    assert batch.state == ImportState.CANCELLED
    assert not ImportRow.objects.exists()
    with pytest.raises(RuleViolation):
        apply_import(actor=SYSTEM, batch=batch)
    with pytest.raises(RuleViolation):
        cancel_import(actor=SYSTEM, batch=batch)


def test_cancelling_a_check_at_work(owner: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHUNK", 1)
    batch = staged(owner, needs(FIRST, SECOND))
    stopped = check_import(actor=SYSTEM, batch=batch, report=cancel)
    assert stopped.state == ImportState.CANCELLED
    assert not ImportRow.objects.exists()


def test_cancelling_while_taking_over(check: Check) -> None:
    batch = check(needs(FIRST, SECOND))
    with pytest.raises(RuleViolation):
        apply_import(actor=SYSTEM, batch=batch, report=cancel)
    batch.refresh_from_db()
    assert batch.state == ImportState.CANCELLED
    assert not Need.objects.exists()


def test_going_on_after_an_interruption(owner: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after the first chunk; the rest is compared with what was staged before."""
    monkeypatch.setattr(running, "CHUNK", 1)
    third = ["N3", *FIRST[1:]]
    batch = staged(owner, needs(FIRST, SECOND, third, ["N1", *SECOND[1:]]))

    def die(current: ImportBatch) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check_import(actor=SYSTEM, batch=batch, report=die)
    batch.refresh_from_db()
    assert (batch.state, batch.rows_seen) == (ImportState.CHECKING, 1)
    resume_import(batch.public_id)
    batch.refresh_from_db()
    assert batch.state == ImportState.CHECKED
    assert outcomes(batch) == ["create", "create", "duplicate", "error"]
    assert (batch.rows_seen, batch.creates, batch.duplicates, batch.bad_rows) == (4, 2, 1, 1)


def test_two_workers_at_one_file(owner: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second finds the counters moved and stops without a trace."""
    monkeypatch.setattr(running, "CHUNK", 1)
    batch = staged(owner, needs(FIRST, SECOND))

    def other(current: ImportBatch) -> None:
        if current.rows_seen == 1:
            run_check(SYSTEM, ImportBatch.objects.get(pk=current.pk))

    checked = check_import(actor=SYSTEM, batch=batch, report=other)
    assert checked.state == ImportState.CHECKED
    assert outcomes(checked) == ["create", "create"]
    assert checked.rows_seen == 2


def test_jobs_check_and_take_over(owner: Organisation) -> None:
    person = make_person_of(owner)
    batch = stage_import(
        actor=person, owner=owner, kind="needs", file=BytesIO(needs(FIRST)), filename="n.csv"
    )
    batch = request_check(actor=person, batch=batch)
    assert batch.state == ImportState.CHECKED
    batch = request_apply(actor=person, batch=batch)
    assert batch.state == ImportState.APPLIED
    assert Need.objects.get().recorded_by == person.label


def test_a_job_acts_with_the_rights_its_person_has_now(owner: Organisation) -> None:
    person = make_person_of(owner)
    batch = stage_import(
        actor=person, owner=owner, kind="needs", file=BytesIO(needs(FIRST)), filename="n.csv"
    )
    batch = check_import(actor=person, batch=batch)
    owner.memberships.all().delete()
    ImportBatch.objects.filter(pk=batch.pk).update(state=ImportState.APPLYING)
    resume_import(batch.public_id)
    batch.refresh_from_db()
    assert batch.state == ImportState.CHECKED
    assert batch.failure["code"] == "not_allowed"
    assert not Need.objects.exists()


def test_a_fault_is_told_and_changes_nothing(owner: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise ZeroDivisionError

    batch = staged(owner, needs(FIRST))
    monkeypatch.setattr(running, "Checker", fail)
    ImportBatch.objects.filter(pk=batch.pk).update(state=ImportState.CHECKING)
    resume_import(batch.public_id)
    batch.refresh_from_db()
    assert (batch.state, batch.failure["code"]) == (ImportState.FAILED, "internal")
