"""Whatever writes a row, its last event commits to that row; whatever changes it otherwise is found."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.disclosure.models import ConfidentialDetails
from ronglian.apps.registry.models import DuplicateCandidate, Need, Result
from ronglian.apps.registry.operations.imports import apply_import, check_import, stage_import
from ronglian.apps.registry.operations.records import edit_record
from ronglian.demo.load import load_region
from ronglian.kernel.log.coverage import Uncovered, logged_models, uncovered_rows
from ronglian.kernel.sealing import seal, unseal
from tests.factories import SYSTEM, make_need, make_organisation, make_result

pytestmark = pytest.mark.django_db


def uncovered() -> list[Uncovered]:
    return [found for model in logged_models() for found in uncovered_rows(model)]


def test_imported_and_reimported_rows_are_covered(settings: Any, tmp_path: Path) -> None:
    settings.UPLOADS = tmp_path
    today = timezone.localdate()
    load_region(SYSTEM, today - timedelta(days=60), lambda _kind: None)
    assert uncovered() == []
    changes = load_region(SYSTEM, today, lambda _kind: None)
    assert sum(loaded.changes for loaded in changes) > 50
    assert uncovered() == []


def test_duplicates_found_by_an_import_are_covered(settings: Any, tmp_path: Path) -> None:
    settings.UPLOADS = tmp_path
    owner = make_organisation()
    text = "电镀废水六价铬深度处理,现有工艺六价铬降不下来，寻求低成本的处理技术"
    rows = "\n".join(["需求编号,需求名称,需求详情", *(f"N{number},{text}" for number in range(3))])
    batch = stage_import(
        actor=SYSTEM, owner=owner, kind="needs", file=BytesIO(rows.encode()), filename="needs.csv"
    )
    apply_import(actor=SYSTEM, batch=check_import(actor=SYSTEM, batch=batch))
    assert DuplicateCandidate.objects.exists()
    assert uncovered() == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda: Need.objects.update(budget_low_fen=1), "changed"),
        (lambda: Need.objects.update(anonymous=True), "changed"),
        (lambda: Need.objects.update(state="withdrawn"), "changed"),
        (lambda: Result.objects.update(owner=make_organisation()), "changed"),
        (lambda: Result.objects.update(metrics=[{"name": "x"}]), "changed"),
        (lambda: Result.objects.update(created_at=timezone.now()), "changed"),
        (lambda: Organisation.objects.filter(name="甲").update(name="乙"), "changed"),
        (lambda: Need.objects.all().delete(), "deleted"),
        (lambda: Need.objects.create(owner=make_organisation(), title="塞进来的"), "without_event"),
    ],
)  # fmt: skip
def test_a_row_changed_behind_the_log_is_found(change: Any, problem: str) -> None:
    ours = make_organisation("甲")
    make_need(ours)
    make_result(ours)
    assert uncovered() == []
    change()
    assert [found.problem for found in uncovered()] == [problem]


def other_details(public_id: UUID) -> None:
    """Whoever holds the keys writes something else."""
    kept = ConfidentialDetails.objects.get(subject_id=public_id)
    ConfidentialDetails.objects.filter(pk=kept.pk).update(
        sealed=seal(unseal(kept.sealed) | {"details": "别的"})
    )


@pytest.mark.parametrize("change", [other_details, lambda _id: ConfidentialDetails.objects.all().delete()])
def test_details_kept_apart_are_covered_with_their_record(change: Any) -> None:
    need = make_need(details="原来的", under_nda=True)
    edit_record(actor=SYSTEM, record=need, fields={"keywords": ["铬"]}, version=need.version)
    assert uncovered() == []
    change(need.public_id)
    assert [(found.kind, found.problem) for found in uncovered()] == [("need", "changed")]


def test_details_of_imported_rows_are_covered(settings: Any, tmp_path: Path) -> None:
    settings.UPLOADS, owner = tmp_path, make_organisation()
    for details in ("原来的,100", "改过的,200"):
        file = BytesIO(
            f"需求编号,需求名称,详情保密,需求详情,预算上限（万元）\nN1,电镀废水,是,{details}\n".encode()
        )
        batch = stage_import(actor=SYSTEM, owner=owner, kind="needs", file=file, filename="needs.csv")
        apply_import(actor=SYSTEM, batch=check_import(actor=SYSTEM, batch=batch))
        assert uncovered() == []
    (need,) = Need.objects.all()
    other_details(need.public_id)
    assert [found.public_id for found in uncovered()] == [need.public_id]


def test_new_keys_change_nothing_that_is_covered() -> None:
    need = make_need(details="原来的", under_nda=True)
    kept = ConfidentialDetails.objects.get(subject_id=need.public_id)
    ConfidentialDetails.objects.filter(pk=kept.pk).update(sealed=seal(unseal(kept.sealed)))
    assert uncovered() == []
