"""Importing at the screen: send, columns, check, correct, take over, see what fits (journey 3)."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from ronglian.apps.accounts.models import Organisation, Person
from ronglian.apps.registry.enums import State
from ronglian.apps.registry.models import ImportBatch, ImportState, Need, Result
from ronglian.apps.registry.operations.imports import stage_import
from ronglian.web.work.views import imports
from tests.factories import SYSTEM, make_need, make_organisation, make_person, make_result
from tests.web.work.conftest import at_screen

pytestmark = pytest.mark.django_db
IMPORTS = "/work/imports/"
HEADERS = ("成果名称", "成果简介", "技术成熟度", "价格", "关键词", "内部备注")
ROWS = [
    ["除铬树脂", "电镀废水六价铬处理，出水六价铬≤0.05 mg/L。", 7, "30-50万元", "电镀；六价铬", "甲"],
    ["超滤膜组件", "膜通量≥80 L/(m²·h)。", 6, "面议", "膜", "乙"],
    ["低温催化剂", "脱硝效率≥90%。", 5, "100万元", "脱硝", "丙"],
]
BAD = [
    ["", "没有名称的成果", 5, "面议", "", ""],
    ["成熟度写错", "…", 12, "面议", "", ""],
    ["价格写错", "…", 5, "很多钱", "", ""],
]
Committing = Callable[..., AbstractContextManager[list[Any]]]


def workbook(rows: Sequence[Sequence[Any]], headers: Sequence[str] = HEADERS) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("成果")
    for number, row in enumerate([headers, *rows]):
        sheet.write_row(number, 0, row)
    book.close()
    return buffer.getvalue()


def send(
    client: Client, organisation: Organisation, content: bytes, name: str = "成果.xlsx", **more: str
) -> Any:
    fields = {"kind": "results", "owner": str(organisation.public_id), "after": "publish", **more}
    return client.post(IMPORTS, {**fields, "file": SimpleUploadedFile(name, content)})


def checked(
    client: Client,
    organisation: Organisation,
    rows: Sequence[Sequence[Any]],
    committing: Committing,
    **more: str,
) -> ImportBatch:
    """A file that was sent and checked with the columns as recognised."""
    send(client, organisation, workbook(rows), **more)
    batch = ImportBatch.objects.latest("id")
    with committing(execute=True):
        client.post(reverse("work:import-columns", args=[batch.public_id]), {})
    batch.refresh_from_db()
    return batch


def at(name: str, batch: ImportBatch, *more: str) -> str:
    return reverse(f"work:{name}", args=[batch.public_id, *more])


def test_journey_3_from_a_spreadsheet_with_three_bad_rows_to_needs_that_fit(
    client: Client, organisation: Organisation, django_capture_on_commit_callbacks: Committing
) -> None:
    need = make_need(None, "电镀废水六价铬处理", details="电镀废水六价铬处理，六价铬≤0.1 mg/L。")
    page = client.get(IMPORTS)
    assert reverse("work:import-template", args=["results", "xlsx"]) in page.text

    sent = send(client, organisation, workbook(ROWS + BAD))
    batch = ImportBatch.objects.get()
    assert sent.headers["location"] == at("import-columns", batch)
    columns = client.get(at("import-columns", batch))
    read_as = {header.text: header.column for header in columns.context["headers"]}
    assert read_as["成果名称"] == "title"
    assert read_as["内部备注"] == ""

    with django_capture_on_commit_callbacks(execute=True):
        client.post(at("import-columns", batch), {"column-5": ""})
    report = client.get(at("import", batch))
    assert {code: count for code, _words, count in report.context["outcomes"]} == {
        "create": 3, "update": 0, "duplicate": 0, "unchanged": 0, "error": 3,
    }  # fmt: skip
    places = [
        (cell.sheet, cell.row, cell.header, cell.value.removesuffix(".0"))
        for cell in report.context["page_obj"]
    ]
    assert places == [
        ("成果", 5, "成果名称", ""),
        ("成果", 6, "技术成熟度", "12"),
        ("成果", 7, "价格", "很多钱"),
    ]
    assert all(cell.message for cell in report.context["page_obj"])
    assert Result.objects.count() == 0

    refused = client.post(at("import-apply", batch))
    assert refused.status_code == 409
    assert Result.objects.count() == 0

    again = [
        *ROWS,
        ["铬回收装置", "…", 5, "面议", "", ""],
        *(["补正一", "…", 5, "面议", "", ""], ["补正二", "…", 6, "50万元", "", ""]),
    ]
    corrected = checked(
        client, organisation, again, django_capture_on_commit_callbacks, source=batch.source_name
    )
    assert (corrected.state, corrected.bad_rows, corrected.creates) == (ImportState.CHECKED, 0, 6)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(at("import-apply", corrected))
    assert Result.objects.filter(owner=organisation, state=State.PUBLISHED).count() == 6
    result = client.get(at("import", corrected))
    assert "Needs that fit" in result.text
    best = {strip_tags(fit.title): fit.best for fit in result.context["fits"]}
    assert strip_tags(best["除铬树脂"].title) == "电镀废水六价铬处理"
    resin = Result.objects.get(title="除铬树脂")
    assert reverse("match", args=[need.public_id, resin.public_id]) in result.text


def test_only_the_good_rows_when_asked(
    client: Client, organisation: Organisation, django_capture_on_commit_callbacks: Committing
) -> None:
    batch = checked(client, organisation, ROWS + BAD, django_capture_on_commit_callbacks, after="draft")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(at("import-apply", batch), {"only": "good"})
    assert set(Result.objects.values_list("title", "state")) == {(row[0], "draft") for row in ROWS}
    page = client.get(at("import", batch))
    assert at("import-report", batch, "xlsx") in page.text


def test_the_same_file_twice_has_nothing_to_do(
    client: Client, organisation: Organisation, django_capture_on_commit_callbacks: Committing
) -> None:
    batch = checked(client, organisation, ROWS, django_capture_on_commit_callbacks)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(at("import-apply", batch))
    second = checked(client, organisation, ROWS, django_capture_on_commit_callbacks)
    page = client.get(at("import", second))
    assert "Nothing to do" in page.text
    assert at("import-apply", second) not in page.text


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.csv"),
        (b"PK\x03\x04broken", "broken.xlsx"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "old.xls"),
        (b"<html><table></table></html>", "page.xlsx"),
        (b'[\n{"title": "a"}\n]', "list.json"),
    ],
)
def test_an_unreadable_file_says_what_is_wrong(
    content: bytes, name: str, client: Client, organisation: Organisation
) -> None:
    answer = send(client, organisation, content, name)
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "organisations"),
        ("kind", "x"),
        ("owner", "7b0e2f66-9f0f-4c1e-8a52-0a4c5a3c9d11"),
        ("after", "x"),
    ],
)
def test_a_wrong_field_is_named(field: str, value: str, client: Client, organisation: Organisation) -> None:
    answer = send(client, organisation, workbook(ROWS), **{field: value})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_without_a_file(client: Client, organisation: Organisation) -> None:
    answer = client.post(
        IMPORTS, {"kind": "results", "owner": str(organisation.public_id), "after": "publish"}
    )
    assert answer.status_code == 422
    assert "file" in answer.context["form"].errors


class TestColumns:
    def test_a_header_can_be_read_as_something_else(
        self, client: Client, organisation: Organisation, django_capture_on_commit_callbacks: Committing
    ) -> None:
        send(client, organisation, workbook([["甲树脂", "说明"]], ["我们的叫法", "说明文字"]))
        batch = ImportBatch.objects.get()
        page = client.get(at("import-columns", batch))
        assert page.context["missing"]
        with django_capture_on_commit_callbacks(execute=True):
            client.post(at("import-columns", batch), {"column-0": "title", "column-1": "summary"})
        batch.refresh_from_db()
        assert (batch.state, batch.creates) == (ImportState.CHECKED, 1)

    @pytest.mark.parametrize(
        "sent", [{"column-0": "title", "column-1": "title"}, {"column-0": "no_such_column"}]
    )
    def test_a_wrong_assignment_stands_at_its_header(
        self, sent: dict[str, str], client: Client, organisation: Organisation
    ) -> None:
        send(client, organisation, workbook(ROWS))
        batch = ImportBatch.objects.get()
        answer = client.post(at("import-columns", batch), sent)
        assert answer.status_code == 422
        assert any(header.errors for header in answer.context["headers"])
        batch.refresh_from_db()
        assert batch.state == ImportState.STAGED


class TestProgress:
    def running(self, organisation: Organisation, **fields: Any) -> ImportBatch:
        batch = stage_import(
            actor=SYSTEM,
            owner=organisation,
            kind="results",
            file=io.BytesIO(workbook(ROWS)),
            filename="a.xlsx",
        )
        ImportBatch.objects.filter(pk=batch.pk).update(
            **{"state": ImportState.CHECKING, "rows_seen": 500, "rows_total": 2000, **fields}
        )
        return batch

    def test_the_page_asks_again_with_and_without_script(
        self, client: Client, organisation: Organisation
    ) -> None:
        batch = self.running(organisation)
        page = client.get(at("import", batch))
        assert 'hx-trigger="every 1s"' in page.text
        assert '<noscript><meta http-equiv="refresh"' in page.text
        assert "500 of 2,000 rows checked" in page.text

    def test_the_fragment_is_short_and_reloads_the_page_at_the_end(
        self, client: Client, organisation: Organisation
    ) -> None:
        batch = self.running(organisation)
        fragment = client.get(at("import", batch), headers={"hx-request": "true"})
        assert "<html" not in fragment.text
        assert 'value="25"' in fragment.text
        ImportBatch.objects.filter(pk=batch.pk).update(state=ImportState.CHECKED)
        assert client.get(at("import", batch), headers={"hx-request": "true"}).headers["hx-refresh"] == "true"

    def test_a_file_of_unknown_length_shows_no_figure(
        self, client: Client, organisation: Organisation
    ) -> None:
        batch = self.running(organisation, rows_total=None)
        page = client.get(at("import", batch))
        assert "<progress max" in page.text

    def test_cancelling(self, client: Client, organisation: Organisation) -> None:
        batch = self.running(organisation)
        answer = client.post(at("import-cancel", batch), follow=True)
        assert "Nothing of it was taken over" in answer.text
        assert client.post(at("import-cancel", batch)).status_code == 409

    def test_a_failed_import_says_why(self, client: Client, organisation: Organisation) -> None:
        batch = self.running(
            organisation, state=ImportState.FAILED, failure={"code": "no_rows", "params": {}}
        )
        page = client.get(at("import", batch))
        assert "no row below the headers" in page.text


class TestReport:
    @pytest.fixture
    def batch(
        self, client: Client, organisation: Organisation, django_capture_on_commit_callbacks: Committing
    ) -> ImportBatch:
        bad = [["=1+1", "…", 5, "=SUM(A1)", "", ""], *BAD]
        return checked(client, organisation, ROWS + bad, django_capture_on_commit_callbacks)

    def test_as_csv_every_bad_cell_with_its_place_and_no_formula(
        self, client: Client, batch: ImportBatch
    ) -> None:
        answer = client.get(at("import-report", batch, "csv"))
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert len(lines) == 1 + batch.bad_cells
        assert not any(cell.startswith("=") for line in lines for cell in line.split(","))
        assert "很多钱" in answer.content.decode()

    def test_as_workbook(self, client: Client, batch: ImportBatch) -> None:
        answer = client.get(at("import-report", batch, "xlsx"))
        assert answer.content.startswith(b"PK")

    def test_no_other_format(self, client: Client, batch: ImportBatch) -> None:
        assert client.get(at("import-report", batch, "pdf")).status_code == 404

    @pytest.mark.parametrize("outcome", ["create", "update", "error", "nonsense", ""])
    def test_rows_by_outcome(self, outcome: str, client: Client, batch: ImportBatch) -> None:
        page = client.get(at("import", batch), {"outcome": outcome, "page": "9"})
        assert page.status_code == 200
        if outcome == "create":
            assert "除铬树脂" in page.text

    def test_pages(self, client: Client, batch: ImportBatch, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(imports, "BAD_CELLS_A_PAGE", 2)
        page = client.get(at("import", batch), {"outcome": "error"})
        assert page.context["page_obj"].paginator.num_pages > 1
        assert "outcome=error&amp;page=2" in page.text


class TestWhoMay:
    def test_a_viewer_sees_the_report_and_why_he_cannot_apply(
        self,
        client: Client,
        viewer: Person,
        organisation: Organisation,
        django_capture_on_commit_callbacks: Committing,
    ) -> None:
        batch = checked(client, organisation, ROWS, django_capture_on_commit_callbacks)
        browser = at_screen(viewer)
        page = browser.get(at("import", batch))
        assert "Only owners and editors" in page.text
        for action in ("import-apply", "import-cancel"):
            assert browser.post(at(action, batch)).status_code == 403
        assert browser.get(IMPORTS).status_code == 403
        assert Result.objects.count() == 0

    def test_strangers_do_not_learn_of_it(self, client: Client, organisation: Organisation) -> None:
        send(client, organisation, workbook(ROWS))
        batch = ImportBatch.objects.get()
        stranger = at_screen(make_person())
        for name in ("import", "import-columns"):
            assert stranger.get(at(name, batch)).status_code == 404
        for name in ("import-apply", "import-cancel", "import-columns"):
            assert stranger.post(at(name, batch)).status_code == 404
        assert stranger.get(at("import-report", batch, "csv")).status_code == 404

    def test_an_operator_may_import_organisations(self) -> None:
        page = at_screen(make_person(is_operator=True)).get(IMPORTS)
        assert page.status_code == 200
        assert "organisations" in dict(page.context["form"].fields["kind"].choices)


@pytest.mark.parametrize("file_format", ["xlsx", "csv", "jsonl"])
@pytest.mark.parametrize("kind", ["results", "needs", "experts", "scenes", "organisations"])
def test_templates_are_for_everybody(kind: str, file_format: str, db: None) -> None:
    answer: HttpResponse = Client().get(reverse("work:import-template", args=[kind, file_format]))  # type: ignore[assignment]  # the test client's answer
    assert answer.status_code == 200
    assert answer.content
    assert f'filename="ronglian-{kind}.{file_format}"' in answer.headers["content-disposition"]


@pytest.mark.parametrize(("kind", "file_format"), [("results", "exe"), ("people", "csv")])
def test_no_such_template(kind: str, file_format: str, db: None) -> None:
    assert Client().get(reverse("work:import-template", args=[kind, file_format])).status_code == 404


def test_needs_are_imported_the_same_way(
    client: Client, organisation: Organisation, django_capture_on_commit_callbacks: Committing
) -> None:
    make_result(make_organisation(), "除铬树脂", summary="电镀废水六价铬处理")
    content = "需求名称,技术领域,需求详情,预算金额（万元）,所属地区\n电镀废水六价铬处理,环境保护与资源综合利用,六价铬≤0.1 mg/L,50,江苏省苏州市\n"
    send(client, organisation, content.encode("gb18030"), "需求.csv", kind="needs")
    batch = ImportBatch.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(at("import-columns", batch), {})
        client.post(at("import-apply", batch))
    batch.refresh_from_db()
    if batch.state != ImportState.APPLIED:
        with django_capture_on_commit_callbacks(execute=True):
            client.post(at("import-apply", batch))
    need = Need.objects.get()
    assert (need.budget_low_fen, need.region) == (50_000_000, "3205")
    assert "Results that fit" in client.get(at("import", batch)).text
