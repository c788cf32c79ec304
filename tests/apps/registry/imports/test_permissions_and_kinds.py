"""Who may import what, and what each kind of file brings."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.registry.imports.running import resume_import
from ronglian.apps.registry.models import Expert, ImportBatch, ImportState, Need, Result, Scene
from ronglian.apps.registry.operations.imports import (
    apply_import,
    cancel_import,
    check_import,
    request_apply,
    request_check,
    stage_import,
)
from ronglian.apps.registry.queries.imports import (
    access_import,
    list_bad_cells,
    list_imports,
)
from ronglian.kernel.actor import ANONYMOUS, Role, job_actor
from ronglian.kernel.errors import InvalidInput, NotAllowed, NotFound
from ronglian.kernel.provenance import SourceKind
from tests.apps.registry.imports.conftest import Check
from tests.apps.registry.imports.samples import BAD, FIRST, HEADERS, SECOND, needs, outcomes, staged
from tests.factories import SYSTEM, make_organisation, make_person, make_person_of
from tests.factories.files import csv_file, json_lines, workbook

pytestmark = pytest.mark.django_db


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
