"""Journey 1: a visitor types a sentence and sees matching results with reasons, without an account."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from ronglian.apps.registry.models import Result
from tests.factories import make_need, make_organisation, make_result

pytestmark = [pytest.mark.any_database, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SENTENCE = "我们的电镀废水里六价铬降不到0.1 mg/L，处理成本要低于 20 元/吨"


@pytest.fixture
def result() -> Result:
    institute = make_organisation("云澜环境研究院", kind="research_institute", size="")
    plater = make_organisation("青屿表面处理有限公司")
    make_need(
        plater,
        "镀铬废水六价铬深度去除",
        details="六价铬降不下来。",
        metrics_text="六价铬≤0.1 mg/L",
        anonymous=True,
    )
    make_result(institute, "葡萄采后保鲜纸", summary="果蔬采后保鲜。")
    return make_result(
        institute,
        "含铬电镀废水还原沉淀成套工艺",
        title_en="Reduction and precipitation of chromium in plating waste water",
        summary="电化学还原去除电镀废水中的六价铬。",
        metrics_text="六价铬≤0.05 mg/L；处理成本18 元/吨",
        maturity=8,
    )


def test_from_a_sentence_to_reasons(page: Page, result: Result) -> None:
    page.goto("/")
    page.get_by_label("用您自己的话描述难题或成果").fill(SENTENCE)
    page.get_by_role("button", name="匹配").click()
    answer = page.locator("#answer")
    expect(answer.get_by_text(result.title)).to_be_visible()
    expect(answer.get_by_text("葡萄采后保鲜纸")).to_have_count(0)
    expect(answer).to_contain_text("满足 2 项")
    answer.get_by_text(result.title).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(result.title)


def test_the_whole_reasons_of_a_pair_add_up_and_hide_who_asked_not_to_be_named(
    page: Page, result: Result
) -> None:
    page.goto(f"/results/{result.public_id}/")
    expect(page.locator("body")).not_to_contain_text("青屿")
    page.get_by_text("镀铬废水六价铬深度去除").first.click()
    expect(page.locator("body")).not_to_contain_text("青屿")
    expect(page.locator("body")).to_contain_text("≤ 0.1 mg/L")
    expect(page.locator("body")).to_contain_text("满足")


def test_in_english_and_without_script(browser: Browser, live_server: LiveServer, result: Result) -> None:
    context = browser.new_context(base_url=live_server.url, locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.locator("textarea[name=q]").fill("hexavalent chromium in plating waste water")
    page.get_by_role("button", name="Match").click()
    expect(page.locator("#answer")).to_contain_text("Reduction and precipitation of chromium")
    context.close()
