"""Journey 2: an enterprise tells a vague problem, is led to a complete need, publishes a summary; details stay its own."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from ronglian.apps.clinic.models import Consultation, SlotBooking
from ronglian.apps.registry.models import Need
from tests.factories import make_member, make_organisation, make_result
from tests.factories.clinic import make_slot
from tests.factories.technology_managers import make_manager

pytestmark = [pytest.mark.any_database, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "我厂电镀废水里六价铬经常超标，不知道怎么办。"
SECRET = "镀液配方编号 RL-7781"


def test_from_a_vague_problem_to_a_published_summary(page: Page) -> None:
    firm = make_organisation("某表面处理有限公司")
    make_member(firm, email="owner@example.org")
    for number in range(6):
        make_result(
            title=f"电镀废水六价铬去除工艺{number}",
            metrics_text=f"六价铬 ≤ 0.0{number + 1} mg/L；处理量 {100 * number + 50} m³/d",
            price_high_fen=(number + 1) * 20_000_000,
        )
    page.goto("/")
    page.get_by_role("link", name="我有难题").click()
    page.locator("input[name=login]").fill("owner@example.org")
    page.locator("input[name=password]").fill("correct-horse-42")
    page.locator("main form button[type=submit]").first.click()
    page.get_by_label("一句话概括").fill("电镀废水六价铬超标")
    page.get_by_label("用自己的话说").fill(WORDS)
    page.get_by_role("button", name="开始解读").click()
    expect(page.get_by_text("目前匹配的成果")).to_be_visible()
    expect(page.get_by_text("电镀废水六价铬去除工艺").first).to_be_visible()

    # Typing on is kept and read without a click.
    page.get_by_label("用自己的话说").press_sequentially(f" 希望六价铬不高于0.1 mg/L。{SECRET}")
    expect(page.locator("#understood").get_by_text("六价铬 ≤ 0.1 mg/L")).to_be_visible()
    expect(page.get_by_text("已保存并重新解读")).to_be_visible()

    # Only what is missing is asked; an answer is not asked for again.
    page.reload()
    question = page.locator(".question").first
    asked = question.locator("label").inner_text()
    question.locator("textarea").fill("每天约500 m³")
    question.get_by_role("button").click()
    expect(page.get_by_label(asked)).to_have_count(0)
    expect(page.get_by_text("每天约500 m³", exact=True)).to_be_visible()

    # Without an acceptance test nothing is published.
    page.get_by_role("button", name="发布为需求").click()
    expect(page.get_by_text("验收标准必须完整").first).to_be_visible()
    first = page.get_by_role("group", name="指标 1")
    for label, text in (("方法", "GB 7467"), ("谁来测", "第三方检测机构"), ("证据", "检测报告")):
        first.get_by_label(label).fill(text)
    page.get_by_role("button", name="保存验收标准").click()
    page.get_by_label("公开摘要").fill("寻求电镀废水六价铬达标办法。")
    page.get_by_label("详情保密").check()
    page.get_by_role("button", name="发布为需求").click()
    page.wait_for_url("**/matches/")

    need = Need.objects.get()
    page.goto(f"/needs/{need.public_id}/")
    expect(page.get_by_text(SECRET)).to_be_visible()
    page.context.clear_cookies()
    page.goto(f"/needs/{need.public_id}/")
    expect(page.get_by_text("寻求电镀废水六价铬达标办法。").first).to_be_visible()
    expect(page.get_by_text(SECRET)).to_have_count(0)


BUTTONS = {
    "zh": ("请技术经理人分诊", "预约", "决定", "发布为需求"),
    "en": ("Ask a technology manager", "Book", "Decide", "Publish as a need"),
}


def sign_in(page: Page, email: str, language: str) -> None:
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    if language == "en":
        page.get_by_role("button", name="EN").click()
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill("correct-horse-42")
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/work/")


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
def test_by_way_of_triage_and_a_clinic_hour(page: Page, language: str) -> None:
    """A technology manager sends it to diagnosis, reads it before the hour; then it is published, the details kept."""
    ask, book, decide, publish = BUTTONS[language]
    firm, manager = make_organisation("某表面处理有限公司"), make_manager()
    make_member(firm, email="owner@example.org")
    make_slot(manager, 1)
    sign_in(page, "owner@example.org", language)
    page.goto("/work/clinic/")
    page.locator("[name=title]").fill("电镀废水六价铬超标")
    page.locator("[name=words]").fill(f"{WORDS} 希望六价铬不高于0.1 mg/L。{SECRET}")
    page.locator("form:has([name=words]) button[type=submit]").click()
    page.get_by_role("button", name=ask).click()
    told = Consultation.objects.get()
    assert told.shown_to_managers
    page.goto("/work/hours/")
    page.get_by_role("link", name=book).first.click()
    page.get_by_role("button", name=book, exact=True).click()
    page.wait_for_url("**/work/hours/")
    booking = SlotBooking.objects.get()

    sign_in(page, manager.person.email, language)
    page.goto(f"/work/bookings/{booking.public_id}/")
    expect(page.get_by_text(SECRET)).to_be_visible()
    page.goto("/work/triage/")
    page.get_by_role("link", name="电镀废水六价铬超标").click()
    page.locator("[name=route][value=diagnose], select[name=route]").first.wait_for()
    page.locator("[name=minutes]").fill("先补齐测试方法和日处理量。")
    page.get_by_role("button", name=decide, exact=True).click()
    page.wait_for_url("**/work/triage/")

    sign_in(page, "owner@example.org", language)
    page.goto(f"/work/clinic/{told.public_id}/")
    expect(page.get_by_text("先补齐测试方法和日处理量。")).to_be_visible()
    for name, text in (("method", "GB 7467"), ("measured_by", "第三方检测机构"), ("evidence", "检测报告")):
        page.locator(f"[name=criteria-0-{name}]").fill(text)
    page.locator("form:has([name=criteria-0-method]) button[type=submit]").click()
    page.locator("[name=summary]").fill("寻求电镀废水六价铬达标办法。")
    page.locator("[name=under_nda]").check()
    page.get_by_role("button", name=publish).click()
    page.wait_for_url("**/matches/")
    need = Need.objects.get()
    assert need.under_nda
    page.context.clear_cookies()
    page.goto(f"/needs/{need.public_id}/")
    expect(page.get_by_text("寻求电镀废水六价铬达标办法。").first).to_be_visible()
    expect(page.get_by_text(SECRET)).to_have_count(0)
