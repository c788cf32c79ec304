"""From file to records: dry run, taking over, repeating, cancelling, going on, refusing."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.registry.enums import State
from ronglian.apps.registry.imports import running
from ronglian.apps.registry.imports.running import resume_import, run_check
from ronglian.apps.registry.models import Expert, ImportBatch, ImportRow, ImportState, Need, Result, Scene
from ronglian.apps.registry.operations.imports import (
    apply_import,
    cancel_import,
    check_import,
    request_apply,
    request_check,
    stage_import,
)
from ronglian.apps.registry.operations.records import edit_record
from ronglian.apps.registry.queries.imports import (
    access_import,
    imported_records,
    list_bad_cells,
    list_imports,
)
from ronglian.kernel.actor import ANONYMOUS, Role, job_actor
from ronglian.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound, RuleViolation
from ronglian.kernel.models import Event
from ronglian.kernel.provenance import SourceKind
from ronglian.kernel.validation import clean_record
from tests.apps.registry.imports.conftest import Check
from tests.factories import SYSTEM, make_need, make_organisation, make_person, make_person_of
from tests.factories.files import csv_file, json_lines, workbook

pytestmark = pytest.mark.django_db

HEADERS = [
    "需求编号",
    "需求名称",
    "需求详情",
    "技术指标",
    "技术领域",
    "合作方式",
    "预算金额（万元）",
    "所属地区",
    "有效期",
]
FIRST = [
    "N1",
    "电镀废水六价铬处理",
    "现有工艺六价铬降不下来",
    "六价铬≤0.1 mg/L",
    "环境",
    "联合开发；先用后付",
    "30-60",
    "苏州市",
    "",
]
SECOND = [
    "N2",
    "轴承在线检测",
    "高速轴承裂纹在线检测，漏检率低于1%",
    "",
    "先进制造",
    "",
    "面议",
    "宁波",
    "2027-12-31",
]
BAD = ["N3", "", "没有名称", "", "炼丹", "", "很多", "乌托邦", "明年"]


def needs(*rows: list[str]) -> bytes:
    return csv_file([HEADERS, *rows])


def outcomes(batch: ImportBatch) -> list[str]:
    return [str(row.outcome) for row in batch.rows.order_by("number")]


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
    assert not batch.rows.exclude(values={}).exists()


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


def test_a_mapping_by_hand(owner: Organisation) -> None:
    content = csv_file([["我们的叫法", "说明"], ["电镀废水", "处理"]])
    batch = staged(owner, content)
    assert batch.mapping == {"我们的叫法": "", "说明": ""}
    assert check_import(actor=SYSTEM, batch=batch).state == ImportState.FAILED
    checked = check_import(actor=SYSTEM, batch=batch, mapping={"我们的叫法": "title", "说明": "details"})
    assert checked.state == ImportState.CHECKED
    assert checked.rows.get().values["details"] == "处理"


@pytest.mark.parametrize("mapping", [{"需求名称": "nothing"}, {"需求名称": "title", "需求详情": "title"}])
def test_a_wrong_mapping(owner: Organisation, mapping: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        check_import(actor=SYSTEM, batch=staged(owner, needs(FIRST)), mapping=mapping)


def test_who_may_import(owner: Organisation) -> None:
    stranger, viewer = make_person_of(make_organisation()), make_person_of(owner, Role.VIEWER)
    for actor in (stranger, viewer, ANONYMOUS):
        with pytest.raises(NotAllowed):
            stage_import(actor=actor, owner=owner, kind="needs", file=BytesIO(needs(FIRST)), filename="n.csv")
    assert not ImportBatch.objects.exists()


def test_who_may_go_on_with_an_import(check: Check, owner: Organisation) -> None:
    batch = check(needs(FIRST))
    stranger, viewer = make_person_of(make_organisation()), make_person_of(owner, Role.VIEWER)
    for actor in (stranger, viewer, ANONYMOUS):
        for operation in (apply_import, cancel_import, check_import, request_apply, request_check):
            with pytest.raises(NotAllowed):
                operation(actor=actor, batch=batch)
    assert not Need.objects.exists()


def test_who_may_see_an_import(check: Check, owner: Organisation) -> None:
    batch = check(needs(FIRST))
    assert access_import(make_person_of(owner, Role.VIEWER), batch.public_id) == batch
    for actor in (make_person_of(make_organisation()), ANONYMOUS):
        with pytest.raises(NotFound):
            access_import(actor, batch.public_id)
        assert not list_imports(actor).exists()


def test_rows_that_name_their_organisation(check: Check) -> None:
    """For the command line: each row says whose it is, by name, code or id."""
    first = make_organisation("云澜示范有限公司")
    content = csv_file(
        [["需求单位", *HEADERS], ["云澜示范有限公司", *FIRST], ["无名单位", *SECOND], ["", *SECOND]]
    )
    batch = check(content, owner=None)
    assert outcomes(batch) == ["create", "error", "error"]
    assert [cell.code for cell in list_bad_cells(batch)] == ["unknown_organisation", "unknown_organisation"]
    apply_import(actor=SYSTEM, batch=batch, only_good_rows=True)
    assert Need.objects.get().owner == first


def test_only_the_command_line_imports_for_several_organisations(owner: Organisation) -> None:
    for actor in (make_person_of(owner), make_person_of(make_organisation())):
        with pytest.raises(NotAllowed):
            stage_import(actor=actor, owner=None, kind="needs", file=BytesIO(needs(FIRST)), filename="n.csv")


def test_an_unknown_completing_organisation(check: Check, owner: Organisation) -> None:
    content = csv_file([["成果名称", "完成单位"], ["一种涂料", "某某大学"]])
    assert outcomes(check(content, kind="results", owner=None)) == ["error"]
    batch = apply_import(actor=SYSTEM, batch=check(content, kind="results"))
    assert batch.state == ImportState.APPLIED
    result = Result.objects.get()
    assert (result.owner, result.completed_by) == (owner, "某某大学")


def test_organisations(check: Check) -> None:
    rows = [
        ["单位名称", "单位类型", "企业规模", "所属地区", "编号"],
        ["青屿表面处理有限公司", "企业", "小型", "苏州", "o1"],
        ["青屿大学", "高校", "", "", "o2"],
    ]
    batch = apply_import(actor=SYSTEM, batch=check(csv_file(rows), "o.csv", "organisations", owner=None))
    assert batch.state == ImportState.APPLIED
    assert Organisation.objects.get(source_id="o1").size == "small"
    assert outcomes(check(csv_file(rows), "o.csv", "organisations", owner=None)) == ["unchanged"] * 2
    assert outcomes(check(csv_file(rows), "other.csv", "organisations", owner=None)) == ["unchanged"] * 2
    twice = csv_file([*rows, ["青屿大学", "高校", "", "", "o3"]])
    assert outcomes(check(twice, "o.csv", "organisations", owner=None)) == ["unchanged", "unchanged", "error"]


def test_organisations_are_imported_by_operators(owner: Organisation) -> None:
    operator = make_person_of(owner)
    content = csv_file([["单位名称", "单位类型"], ["青屿大学", "高校"]])
    options: dict[str, Any] = {"owner": None, "kind": "organisations", "filename": "o.csv"}
    with pytest.raises(NotAllowed):
        stage_import(actor=operator, file=BytesIO(content), **options)
    platform = actor_of_person(make_person(is_operator=True))
    assert stage_import(actor=platform, file=BytesIO(content), **options).state == ImportState.STAGED
    with pytest.raises(NotAllowed):
        stage_import(actor=platform, owner=None, kind="needs", file=BytesIO(needs(FIRST)), filename="n.csv")


def test_experts_and_scenes(check: Check) -> None:
    experts = csv_file(
        [["姓名", "职称", "ORCID", "技术领域"], ["云澜某", "教授", "0000-0002-1825-0097", "新材料；核应用"]]
    )
    apply_import(actor=SYSTEM, batch=check(experts, "e.csv", "experts"))
    assert Expert.objects.get().technology_fields == ["new_materials", "nuclear"]
    changed = csv_file([["姓名", "职称", "ORCID"], ["云澜某", "研究员", "0000-0002-1825-0097"]])
    assert outcomes(check(changed, "e2.csv", "experts")) == ["update"]
    scenes = csv_file(
        [
            ["场景名称", "开放日期", "关闭日期"],
            ["试点路段", "2026-12-01", "2027-06-30"],
            ["倒着", "2027-01-02", "2027-01-01"],
        ]
    )
    batch = check(scenes, "s.csv", "scenes")
    assert outcomes(batch) == ["create", "error"]
    assert list_bad_cells(batch)[0].code == "closes_before_opens"
    apply_import(actor=SYSTEM, batch=batch, only_good_rows=True)
    assert Scene.objects.get().closes_on == date(2027, 6, 30)


def test_json_lines_with_tokens(check: Check, owner: Organisation) -> None:
    content = json_lines(
        [
            {"id": "a", "title": None, "title_tokens": ["高活性", "氟化锂", "制备"], "agency": "x"},
            {
                "id": "b",
                "title": "水肥一体化系统",
                "title_tokens": [],
                "content": "内容",
                "organisation": "某大学",
            },
        ]
    )
    apply_import(actor=SYSTEM, batch=check(content, "r.jsonl", "results"))
    first, second = Result.objects.order_by("source_id")
    assert first.title == "高活性 氟化锂 制备"
    assert (second.summary, second.completed_by) == ("内容", "某大学")


def test_the_demo_is_marked_as_such(check: Check, owner: Organisation) -> None:
    batch = check(needs(FIRST), source_kind=SourceKind.DEMO, source_name="demo")
    apply_import(actor=SYSTEM, batch=batch)
    need = Need.objects.get()
    assert (need.source_kind, need.source_name) == (SourceKind.DEMO, "demo")


def test_several_sheets_and_a_title_above_the_headers(check: Check) -> None:
    content = workbook(
        [["2026年企业技术需求征集表"], [], HEADERS, FIRST],
        [["说明：请逐项填写"]],
        [HEADERS, SECOND, BAD],
        names=["第一批", "说明", "第二批"],
    )
    batch = check(content, "needs.xlsx")
    assert outcomes(batch) == ["create", "create", "error"]
    places = [(row.sheet, row.row) for row in batch.rows.order_by("number")]
    assert places == [("第一批", 4), ("第二批", 2), ("第二批", 3)]
    assert {cell.sheet for cell in list_bad_cells(batch)} == {"第二批"}


def test_errors_are_counted_beyond_those_shown(check: Check) -> None:
    batch = check(needs(*([f"B{number}", *BAD[1:]] for number in range(150))))
    assert (batch.bad_rows, batch.bad_cells) == (150, 750)
    assert len(list_bad_cells(batch)) == 500


def test_large_files_are_derived_in_other_processes(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same outcome as in this process."""
    alone = check(needs(FIRST, SECOND, ["N9", *FIRST[1:]]))
    expected = [(row.outcome, row.digest, row.bands, row.values) for row in alone.rows.order_by("number")]
    monkeypatch.setattr("ronglian.apps.registry.imports.deriving.LARGE", 1)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1})
    together = check(needs(FIRST, SECOND, ["N9", *FIRST[1:]]))
    assert [
        (row.outcome, row.digest, row.bands, row.values) for row in together.rows.order_by("number")
    ] == expected


def test_what_the_machine_sent_goes_on_as_the_machine(check: Check, owner: Organisation) -> None:
    batch = check(needs(FIRST))
    ImportBatch.objects.filter(pk=batch.pk).update(state=ImportState.APPLYING)
    resume_import(batch.public_id)
    assert Need.objects.get().recorded_by == job_actor("test").label


def staged(owner: Organisation, content: bytes, name: str = "needs.csv") -> ImportBatch:
    return stage_import(actor=SYSTEM, owner=owner, kind="needs", file=BytesIO(content), filename=name)


def cancel(batch: ImportBatch) -> None:
    cancel_import(actor=SYSTEM, batch=batch)
