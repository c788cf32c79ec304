"""A deal in the browser, from the match to the certificate: drafted, answered with other terms, signed by both, paid by what
the bank says, registered, and counted by the bureau."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from ronglian.apps.accounts.models import Person
from ronglian.apps.agreements.models import Agreement
from ronglian.kernel.actor import Actor, Office
from tests.factories import make_need, make_organisation, make_person, make_person_of, make_result
from tests.journeys.test_challenge import fill_row, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def email_of(actor: Actor) -> str:
    return str(Person.objects.get(public_id=actor.person).email)


def draft(page: Page, need: str, result: str) -> None:
    """From the page of the match: what need and result say stands in the form."""
    page.goto(f"/needs/{need}/matches/{result}/")
    page.get_by_role("link", name="起草合同").click()
    expect(page.locator("[name=subject]")).to_have_value(
        "六价铬超标：漂洗水六价铬降不到 0.1 mg/L\n电解除铬方法：出水六价铬 0.05 mg/L"
    )
    page.locator("[name=kind]").select_option("licence")
    page.locator("[name=acceptance]").fill("连续 72 小时六价铬不高于 0.1 mg/L")
    page.locator("[name=ownership]").fill("技术归乙方")
    page.locator("[name=ends_on]").fill("2031-11-30")
    page.locator("[name=licence_kind]").select_option("ordinary")
    page.locator("[name=rights-0-kind]").select_option("know_how")
    fill_row(page, "rights", 0, [("name", "电解除铬工艺秘密")])
    fill_row(page, "items", 0, [("name", "许可费"), ("amount_fen", "10万元")])
    fill_row(page, "payments", 0, [("title", "一次付清"), ("amount_fen", "10万元")])
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_text("没有妨碍签署的问题")).to_be_visible()


def sign(page: Page, email: str, place: str) -> None:
    sign_in(page, email, place)
    page.get_by_role("button", name="签署").click()


def test_from_the_match_to_the_certificate(page: Page, tmp_path: Path) -> None:
    buyer_firm = make_organisation("甲方电镀厂", region="320500", industry="C33")
    university = make_organisation("乙方大学", kind="university", size="", region="420106")
    buyer, seller = make_person_of(buyer_firm), make_person_of(university)
    need = make_need(buyer_firm, "六价铬超标", summary="漂洗水六价铬降不到 0.1 mg/L")
    result = make_result(university, "电解除铬方法", summary="出水六价铬 0.05 mg/L")
    bureau = make_person("bureau@example.org")
    bureau.offices = [Office.BUREAU]
    bureau.save()
    sign_in(page, email_of(seller), "/work/contracts/")
    draft(page, str(need.public_id), str(result.public_id))
    page.get_by_role("button", name="发给对方").click()
    agreement = Agreement.objects.get()
    place = f"/work/contracts/{agreement.public_id}/"

    # Party A answers with a later day of acceptance; party B reads what changed, and both sign.
    sign_in(page, email_of(buyer), place)
    page.get_by_role("link", name="修改条款").click()
    page.locator("[name=acceptance]").fill("连续 30 天六价铬不高于 0.1 mg/L")
    page.locator("[name=note]").fill("七十二小时太短")
    page.get_by_role("button", name="提出这些条款").click()
    sign_in(page, email_of(seller), f"{place}versions/2/")
    expect(page.locator("ins", has_text="30").first).to_be_visible()
    for actor in (seller, buyer):
        sign(page, email_of(actor), place)
    expect(page.get_by_text("生效中").first).to_be_visible()

    # Party A says that it paid; party B finds the line of its bank and confirms.
    page.locator("summary", has_text="申报款项").click()
    told = page.locator("form[action$='/movements/']")
    told.locator("[name=kind]").select_option("pay")
    told.locator("[name=amount_fen]").fill("10万元")
    told.locator("[name=reference]").fill("RL-2026-7")
    told.get_by_role("button").click()
    statement = tmp_path / "bank.csv"
    statement.write_text(
        f"交易日期,收入金额,摘要\n{timezone.localdate()},100000.00,许可费 RL-2026-7\n", encoding="utf-8"
    )
    sign_in(page, email_of(seller), "/work/contracts/bank/")
    page.locator("[name=file]").set_input_files(statement)
    page.get_by_role("button", name="比对").click()
    expect(page.get_by_text("流水号和金额一致", exact=True)).to_be_visible()
    page.get_by_role("button", name="确认所选款项").click()
    expect(page.get_by_text("已确认 1 笔款项")).to_be_visible()

    # Registered, and counted by the bureau.
    page.goto(f"{place}registration/")
    for name, value in (("client_nature", "150"), ("plan", "none"), ("objective", "01"), ("technology_field", "environment"),
                        ("said_mastered", "1"), ("said_complete", "1"), ("said_not_public", "1")):  # fmt: skip
        page.locator(f"[name={name}]").select_option(value)
    for name, value in (("technology_fen", "10万元"), ("responsible", "示例甲"), ("filled_by", "示例乙")):
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("没有缺项")).to_be_visible()
    page.locator("[name=body]").fill("示例登记处")
    page.get_by_role("button", name="保存").last.click()
    page.locator("[name=number]").fill("2026420100000017")
    page.get_by_role("button", name="保存").first.click()
    expect(page.get_by_text("2026420100000017").first).to_be_visible()
    sign_in(page, "bureau@example.org", "/work/contracts/statistics/")
    page.locator("[name=region]").fill("湖北")
    page.get_by_role("button", name="显示").click()
    expect(
        page.get_by_role("row", name="其中：输出到外地").get_by_text("100,000.00 元").first
    ).to_be_visible()
