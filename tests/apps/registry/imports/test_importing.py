"""From file to records: dry run, taking over, repeating."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.registry.enums import State
from ronglian.apps.registry.imports.uploads import drop_read_files, upload_path
from ronglian.apps.registry.models import ImportState, Need
from ronglian.apps.registry.operations.imports import (
    apply_import,
    check_import,
    stage_import,
)
from ronglian.apps.registry.operations.records import edit_record
from ronglian.apps.registry.queries.imports import (
    imported_records,
    list_bad_cells,
    waiting_files,
)
from ronglian.kernel.errors import Conflict, RuleViolation
from ronglian.kernel.models import Event
from ronglian.kernel.provenance import SourceKind
from ronglian.kernel.validation import clean_record
from tests.apps.registry.imports.conftest import Check
from tests.apps.registry.imports.samples import BAD, FIRST, HEADERS, SECOND, needs, outcomes
from tests.factories import SYSTEM, make_need
from tests.factories.files import csv_file

pytestmark = pytest.mark.django_db


def test_a_dry_run_changes_nothing(check: Check) -> None:
    batch = check(needs(FIRST, SECOND, BAD))
    assert batch.state == ImportState.CHECKED
    assert outcomes(batch) == ["create", "create", "error"]
    assert (batch.rows_seen, batch.creates, batch.bad_rows, batch.bad_cells) == (3, 2, 1, 5)
    assert not Need.objects.exists()


def test_every_bad_cell_is_listed_with_its_place(check: Check, chinese: None) -> None:
    batch = check(needs(FIRST, BAD))
    cells = {cell.code: cell for cell in list_bad_cells(batch)}
    assert set(cells) == {"required", "unknown_choice", "money_unreadable", "unknown_region", "not_a_date"}
    wrong = cells["unknown_region"]
    assert (wrong.file, wrong.row, wrong.header, wrong.value) == ("needs.csv", 3, "所属地区", "乌托邦")
    assert wrong.message
    assert cells["money_unreadable"].column == "预算金额"


def test_taking_over(check: Check, owner: Organisation) -> None:
    batch = apply_import(actor=SYSTEM, batch=check(needs(FIRST, SECOND)))
    assert batch.state == ImportState.APPLIED
    need = Need.objects.get(source_id="N1")
    assert need.owner == owner
    assert (need.budget_low_fen, need.budget_high_fen) == (30_000_000, 60_000_000)
    assert need.modes == ["development", "pay_after_use"]
    assert (need.technology_field, need.region) == ("environment", "3205")
    assert [(metric["name"], metric["high"]) for metric in need.metrics] == [("六价铬", 0.1)]
    assert (need.source_kind, need.source_name, need.recorded_by) == (
        SourceKind.IMPORTED,
        "needs.csv",
        "test",
    )
    assert need.state == State.PUBLISHED
    assert need.confirmed_on == timezone.localdate()
    assert need.expires_on == timezone.localdate() + timedelta(days=365)
    assert Need.objects.get(source_id="N2").expires_on == date(2027, 12, 31)
    assert set(imported_records(batch)) == set(Need.objects.all())
    assert not any(row.values for row in batch.rows.all())


def test_what_is_taken_over_is_what_a_form_would_accept(check: Check) -> None:
    apply_import(actor=SYSTEM, batch=check(needs(FIRST, SECOND)))
    for need in Need.objects.all():
        clean_record(need)


def test_events_are_those_of_registering_by_hand(check: Check) -> None:
    batch = apply_import(actor=SYSTEM, batch=check(needs(FIRST)))
    need = Need.objects.get()
    events = Event.objects.filter(subject_id=need.public_id).order_by("id")
    by_hand = Event.objects.filter(subject_id=make_need().public_id).order_by("id")
    assert [event.name for event in events] == ["need.registered", "need.published"]
    assert [event.name for event in by_hand][:1] == ["need.registered"]
    assert events[0].data == {"import": str(batch.public_id)}
    assert (events[0].subject_type, events[0].actor_label) == ("need", "test")
    applied = Event.objects.get(name="import.applied", subject_id=batch.public_id)
    assert applied.data == {"file": "needs.csv", "created": 1, "changed": 0, "bad_rows": 0}


def test_drafts_on_request(check: Check) -> None:
    apply_import(actor=SYSTEM, batch=check(needs(FIRST), publish=False))
    assert Need.objects.get().state == State.DRAFT
    assert not Event.objects.filter(name="need.published").exists()


@pytest.mark.parametrize("headers", [HEADERS, [*HEADERS[1:]]], ids=["with ids", "without ids"])
def test_the_same_file_twice_changes_nothing(check: Check, headers: list[str]) -> None:
    content = csv_file([headers, *(row[len(HEADERS) - len(headers) :] for row in (FIRST, SECOND, FIRST))][:3])
    apply_import(actor=SYSTEM, batch=check(content))
    before = list(Need.objects.order_by("id").values())
    again = apply_import(actor=SYSTEM, batch=check(content))
    assert outcomes(again) == ["unchanged", "unchanged"]
    assert list(Need.objects.order_by("id").values()) == before


def test_the_same_file_under_another_name_changes_nothing(check: Check) -> None:
    apply_import(actor=SYSTEM, batch=check(needs(FIRST, SECOND)))
    assert outcomes(check(needs(FIRST, SECOND), "needs (2).csv")) == ["unchanged", "unchanged"]


def test_the_same_ids_in_another_file_are_other_records(check: Check) -> None:
    apply_import(actor=SYSTEM, batch=check(needs(FIRST), "2025.csv"))
    assert outcomes(check(needs(["N1", *SECOND[1:]]), "2026.csv")) == ["create"]


def test_a_changed_row_changes_its_record_alone(check: Check) -> None:
    apply_import(actor=SYSTEM, batch=check(needs(FIRST, SECOND)))
    changed = [*FIRST]
    changed[3] = "六价铬≤0.05 mg/L"
    batch = apply_import(actor=SYSTEM, batch=check(needs(changed, SECOND)))
    assert outcomes(batch) == ["update", "unchanged"]
    need = Need.objects.get(source_id="N1")
    assert need.version == 2
    assert need.metrics[0]["high"] == 0.05
    event = Event.objects.get(name="need.edited")
    assert event.data["changed"] == ["metrics_text"]
    assert Need.objects.get(source_id="N2").version == 1


def test_an_exported_id_finds_its_record(check: Check, owner: Organisation) -> None:
    need = make_need(owner, "老需求", details="原文")
    batch = apply_import(actor=SYSTEM, batch=check(needs([str(need.public_id), "新名称", "新文", *[""] * 6])))
    assert outcomes(batch) == ["update"]
    need.refresh_from_db()
    assert (need.title, need.details, need.source_id) == ("新名称", "新文", "")


def test_an_exported_id_of_somebody_else_does_not(check: Check) -> None:
    stranger = make_need(title="别人的需求")
    batch = apply_import(
        actor=SYSTEM, batch=check(needs([str(stranger.public_id), "新名称", "新文", *[""] * 6]))
    )
    assert outcomes(batch) == ["create"]
    stranger.refresh_from_db()
    assert stranger.title == "别人的需求"


def test_all_or_nothing(check: Check) -> None:
    batch = check(needs(FIRST, BAD))
    with pytest.raises(RuleViolation):
        apply_import(actor=SYSTEM, batch=batch)
    assert not Need.objects.exists()
    applied = apply_import(actor=SYSTEM, batch=batch, only_good_rows=True)
    assert applied.rows_applied == 1
    assert Need.objects.get().title == FIRST[1]


def test_an_id_twice_in_one_file(check: Check) -> None:
    batch = check(needs(FIRST, ["N1", *SECOND[1:]]))
    assert outcomes(batch) == ["create", "error"]
    cell = list_bad_cells(batch)[0]
    assert (cell.code, cell.row) == ("id_twice", 3)


def test_a_row_twice_without_ids_is_one_record(check: Check) -> None:
    content = csv_file([HEADERS[1:], FIRST[1:], FIRST[1:]])
    batch = check(content)
    assert outcomes(batch) == ["create", "unchanged"]
    assert batch.rows.get(number=2).note == {"code": "same_as_row", "row": 2}
    apply_import(actor=SYSTEM, batch=batch)
    assert outcomes(check(content)) == ["unchanged", "unchanged"]


def test_changed_since_the_check(check: Check, owner: Organisation) -> None:
    apply_import(actor=SYSTEM, batch=check(needs(FIRST, SECOND)))
    batch = check(needs([*FIRST[:2], "改过的详情", *FIRST[3:]], [*SECOND[:2], "也改过", *SECOND[3:]]))
    edit_record(actor=SYSTEM, record=Need.objects.get(source_id="N2"), fields={"details": "别人先改了"})
    with pytest.raises(Conflict):
        apply_import(actor=SYSTEM, batch=batch)
    assert Need.objects.get(source_id="N1").details == FIRST[2]
    assert Need.objects.get(source_id="N2").details == "别人先改了"


def test_registered_since_the_check(check: Check) -> None:
    first, second = check(needs(FIRST)), check(needs(FIRST))
    apply_import(actor=SYSTEM, batch=first)
    with pytest.raises(Conflict):
        apply_import(actor=SYSTEM, batch=second)
    assert Need.objects.count() == 1


def test_a_file_that_was_read_goes_a_day_later(owner: Organisation, settings: Any) -> None:
    batches = [
        stage_import(actor=SYSTEM, owner=owner, kind="needs", file=BytesIO(text.encode()), filename="一.csv")
        for text in ("需求名称\n甲\n", "需求名称\n乙\n")
    ]
    read, waiting = (upload_path(batch.file_digest) for batch in batches)
    check_import(actor=SYSTEM, batch=batches[0])
    assert drop_read_files(timezone.now(), waiting_files()) == 0
    assert drop_read_files(timezone.now() + timedelta(days=2), waiting_files()) == 1
    assert (read.exists(), waiting.exists()) == (False, True)
