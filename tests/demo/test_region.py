"""The demo region: whole, bilingual, invented, and readable by the engines."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.clinic.case_enums import CaseStage
from ronglian.apps.clinic.enums import Route
from ronglian.apps.clinic.models import Attention, Case, Consultation, SlotBooking, TechnologyManager, Triage
from ronglian.apps.clinic.queries.hours import open_slots
from ronglian.apps.matching.queries.matches import match_need
from ronglian.apps.registry.enums import TechnologyField
from ronglian.apps.registry.models import Expert, Need, Result, SavedSearch, Scene
from ronglian.demo.cases import OF_THE_ACCOUNT, enter_account, invented_managers, load_cases
from ronglian.demo.clinic import HOURS, TROUBLES, load_clinic, save_searches
from ronglian.demo.load import SHOWN_NEED, TRIED_AS, load_region
from ronglian.demo.region import FOLDER, KINDS, STEP_DAYS, WRITTEN_ON, invented_uscc, read_region
from ronglian.demo.technology_managers import load_managers
from ronglian.engines.text import read_metrics
from ronglian.kernel.actor import ANONYMOUS, command_actor
from ronglian.kernel.codes.regions import is_region
from ronglian.kernel.identifiers import check_uscc
from ronglian.kernel.provenance import SourceKind
from tests.factories import make_person

COMMAND = command_actor("test")
TEXTS = {
    "organisations": ("name", "summary"),
    "results": ("title", "summary", "keywords"),
    "needs": ("title", "details", "difficulty", "existing_conditions", "keywords"),
    "experts": ("name", "title", "summary", "keywords"),
    "scenes": ("title", "summary", "conditions"),
}
HAN = re.compile(r"[\u4e00-\u9fff]")
# An e-mail address, a telephone number, a Chinese patent number.
PRIVATE = re.compile(
    r"[\w.]+@[\w.]+\.\w|(?<!\d)1[3-9]\d{9}(?!\d)|\d{3,4}-\d{7,8}|(?:ZL|CN)\s?\d{9,}|https?://"
)


@cache
def rows(kind: str) -> tuple[dict[str, Any], ...]:
    return tuple(read_region(kind, WRITTEN_ON))


def every_row() -> list[tuple[str, dict[str, Any]]]:
    return [(kind, row) for kind in KINDS for row in rows(kind)]


def test_it_is_as_large_as_promised_and_most_firms_are_small() -> None:
    assert len(rows("organisations")) >= 40
    assert len(rows("results")) >= 150
    assert len(rows("needs")) >= 90
    assert len(rows("experts")) >= 15
    assert len(rows("scenes")) >= 10
    sizes = Counter(row["size"] for row in rows("organisations") if row["kind"] == "enterprise")
    assert sizes["small"] + sizes["micro"] > sizes["medium"] + sizes["large"]


@pytest.mark.parametrize("kind", ["results", "needs"])
def test_all_eleven_fields_occur(kind: str) -> None:
    fields = Counter(row["technology_field"] for row in rows(kind))
    assert set(fields) == set(TechnologyField.values)
    assert min(fields.values()) >= 3


def test_ids_are_unique_and_owners_exist() -> None:
    ids = [row["id"] for _, row in every_row()]
    assert len(set(ids)) == len(ids)
    organisations = {row["id"] for row in rows("organisations")}
    owners = {
        row.get("owner") or row.get("organisation") for kind, row in every_row() if kind != "organisations"
    }
    assert owners <= organisations
    assert {row["owner"] for row in rows("needs")} <= {
        row["id"] for row in rows("organisations") if row["kind"] == "enterprise"
    } | {row["id"] for row in rows("organisations") if row["kind"] in ("hospital", "government")}


def test_everything_is_said_in_both_languages() -> None:
    missing = [
        (row["id"], name)
        for kind, row in every_row()
        for name in TEXTS[kind]
        if bool(row.get(name)) != bool(row.get(f"{name}_en"))
        or (name in TEXTS[kind][:2] and not row.get(name))
    ]
    assert missing == []
    lists = [row for _, row in every_row() if row.get("keywords")]
    assert [row["id"] for row in lists if len(row["keywords"]) != len(row["keywords_en"])] == []


def test_english_texts_are_english() -> None:
    mixed = [
        (row["id"], name)
        for kind, row in every_row()
        for name in (*TEXTS[kind], "metrics")
        if HAN.search(str(row.get(f"{name}_en") or ""))
    ]
    assert mixed == []


def test_nothing_points_to_a_real_person_or_right() -> None:
    found = [
        (row["id"], match)
        for _, row in every_row()
        if (match := PRIVATE.search(json.dumps(row, ensure_ascii=False)))
    ]
    assert found == []


def test_credit_codes_are_well_formed_unique_and_of_no_real_place() -> None:
    codes = [row["uscc"] for row in rows("organisations")]
    assert len(set(codes)) == len(codes)
    for code in codes:
        assert check_uscc(code) == code
        assert code.startswith("91000000YUNLAN")
    assert not is_region("000000")
    assert invented_uscc("demo-org-b07")[14:17] == "207"


@pytest.mark.parametrize("kind", ["results", "needs"])
def test_every_metric_can_be_read_in_both_languages(kind: str) -> None:
    unread = {
        f"{row['id']} {name}": [item.verbatim or item.sentence for item in reading.unread]
        for row in rows(kind)
        for name in ("metrics", "metrics_en")
        if (reading := read_metrics(row.get(name) or "")).unread
    }
    assert unread == {}


def test_metric_lists_run_in_parallel() -> None:
    uneven = [
        row["id"]
        for kind in ("results", "needs")
        for row in rows(kind)
        if len(read_metrics(row.get("metrics") or "").metrics)
        != len(read_metrics(row.get("metrics_en") or "").metrics)
    ]
    assert uneven == []


def test_dates_follow_the_calendar_in_steps() -> None:
    def dates(day: date) -> list[date]:
        return [date.fromisoformat(row["expires_on"]) for row in read_region("needs", day)]

    written = dates(WRITTEN_ON)
    assert dates(WRITTEN_ON + timedelta(days=STEP_DAYS - 1)) == written
    later = dates(WRITTEN_ON + timedelta(days=12 * STEP_DAYS + 3))
    assert {second - first for first, second in zip(written, later, strict=True)} == {
        timedelta(days=12 * STEP_DAYS)
    }
    for day in (WRITTEN_ON, WRITTEN_ON + timedelta(days=1000), WRITTEN_ON - timedelta(days=40)):
        assert all(date.fromisoformat(row["confirmed_on"]) <= day for row in read_region("results", day))


def test_some_records_have_expired_and_most_have_not() -> None:
    for kind in ("results", "needs"):
        expired = sum(row["expires_on"] < WRITTEN_ON.isoformat() for row in rows(kind))
        assert 1 <= expired <= len(rows(kind)) // 10


def test_each_part_is_one_object_a_line() -> None:
    for file in FOLDER.glob("*.jsonl"):
        assert all(
            isinstance(json.loads(line), dict) for line in file.read_text(encoding="utf-8").splitlines()
        )


@pytest.mark.django_db
class TestLoading:
    def load(self, day: date = WRITTEN_ON) -> dict[str, int]:
        return {each.kind: each.changes for each in load_region(COMMAND, day, lambda kind: None)}

    def test_it_is_loaded_once_marked_as_invented_and_matched(self) -> None:
        counts = self.load()
        assert counts == {kind: len(rows(kind)) for kind in KINDS}
        for model in (Organisation, Result, Need, Expert, Scene):
            assert set(model.objects.values_list("source_kind", flat=True)) == {SourceKind.DEMO}
        assert Organisation.objects.filter(source_id__in=TRIED_AS).count() == len(TRIED_AS)
        need = Need.objects.get(source_id=SHOWN_NEED)
        best = match_need(ANONYMOUS, need, top=3)
        assert [view.match.score > 50 for view in best] == [True, True, True]
        assert best[0].match.metric_rows[0].verdict == "met"

        assert self.load() == dict.fromkeys(KINDS, 0)
        assert Need.objects.count() == len(rows("needs"))

    def test_the_clinic_and_the_board_are_filled_once(self) -> None:
        """Every way of triage, every stage of a case, hours to book and booked; again changes nothing."""
        self.load()
        load_managers(COMMAND)
        managers = invented_managers()
        person = make_person()
        for _time in range(2):
            load_clinic(COMMAND, managers)
            load_cases(COMMAND, enter_account(COMMAND, person), OF_THE_ACCOUNT)
            save_searches(person)
        assert set(Triage.objects.values_list("route", flat=True)) == set(Route.values)
        assert set(Case.objects.values_list("stage", flat=True)) == set(CaseStage.values)
        assert Consultation.objects.count() == len(TROUBLES)
        assert SlotBooking.objects.count() == 2
        assert open_slots().count() == len(HOURS) - 2
        assert SavedSearch.objects.filter(person=person).count() == 2
        assert all("虚构" in note for note in Attention.objects.values_list("note", flat=True))
        assert all("虚构" in manager.name for manager in TechnologyManager.objects.all())
