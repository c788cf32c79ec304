"""Journey 3: a transfer office imports 2,000 results, corrects three bad rows, sees needs that fit.

The fast suite imports 60.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import Page, expect

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.registry.models import Result
from ronglian.kernel.actor import Role
from tests.factories import make_member, make_need, make_organisation

pytestmark = [pytest.mark.any_database, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BAD = {17: ("成熟度", "十二级"), 41: ("所处阶段", "很成熟"), 59: ("成果名称", "")}
HEADERS = ("成果编号", "成果名称", "成果简介", "所属高新技术领域", "成熟度", "所处阶段")
SUBJECTS = ("含铬废水处理", "铝合金焊接", "葡萄保鲜", "轴承故障诊断", "锂电池隔膜", "中药饮片干燥")


def workbook(path: Path, rows: int, *, corrected: bool) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("成果")
        sheet.write_row(0, 0, HEADERS)
        for number in range(1, rows + 1):
            subject = SUBJECTS[number % len(SUBJECTS)]
            row = dict(
                zip(
                    HEADERS,
                    (
                        f"R{number}",
                        f"{subject}技术{number}",
                        f"{subject}，编号{number}。",
                        "新材料",
                        6,
                        "中期阶段",
                    ),
                    strict=True,
                )
            )
            if number in BAD and not corrected:
                column, value = BAD[number]
                row[column] = value
            sheet.write_row(number, 0, list(row.values()))
    return path


@pytest.fixture
def office() -> Organisation:
    return make_organisation("云澜理工大学", kind="university", size="")


def sign_in(page: Page, office: Organisation) -> None:
    person = make_member(office, Role.EDITOR)
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(person.email)
    page.locator("input[name=password]").fill("correct-horse-42")
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/work/")


def send(page: Page, file: Path) -> None:
    page.goto("/work/imports/")
    page.locator("select[name=kind]").select_option("results")
    page.locator("input[type=file]").set_input_files(file)
    page.locator("form[enctype] button[type=submit]").click()
    page.locator("form:has(.column-table) .btn-primary").click()
    page.wait_for_url(lambda url: url.rstrip("/").count("/") == 5, timeout=60_000)


@pytest.mark.parametrize("rows", [60, pytest.param(2_000, marks=pytest.mark.slow)])
def test_from_a_spreadsheet_with_three_bad_rows_to_needs_that_fit(
    page: Page, office: Organisation, tmp_path: Path, rows: int
) -> None:
    page.set_default_timeout(60_000)
    need = make_need(title="铝合金焊接技术改进", details="铝合金焊接变形大。")
    sign_in(page, office)
    send(page, workbook(tmp_path / "成果.xlsx", rows, corrected=False))
    page.goto(page.url + "?outcome=error")
    for number, (column, value) in BAD.items():
        row = page.locator("table.bad-cells tr", has_text=str(number + 1))
        expect(row).to_contain_text(column)
        if value:
            expect(row).to_contain_text(value)
    assert not Result.objects.exists()
    send(page, workbook(tmp_path / "成果.xlsx", rows, corrected=True))
    page.locator("form[action$='/apply/'] button").first.click()
    expect(page.get_by_role("link", name=need.title).first).to_be_visible(timeout=60_000)
    assert Result.objects.filter(owner=office).count() == rows
