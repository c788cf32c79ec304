"""An operator reads how good the matches are, lets the engine learn, looks before and after, and takes it back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from ronglian.apps.matching.models import TrainingRun
from ronglian.engines.matching import DEFAULT_PARAMETERS
from tests.factories import make_person
from tests.factories.decisions import make_decisions

pytestmark = [pytest.mark.any_database, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def operator(page: Page) -> Page:
    person = make_person(is_operator=True)
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(person.email)
    page.locator("input[name=password]").fill("correct-horse-42")
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/work/")
    return page


def test_from_the_report_to_a_run_in_use_and_back(operator: Page) -> None:
    page = operator
    make_decisions()
    page.locator("summary", has_text="我的").click()
    page.get_by_role("link", name="照看匹配").click()
    figure = page.locator("tr", has_text="已作决定的推荐中获确认的")
    expect(figure).to_contain_text("50%")
    expect(page.locator("svg.curve circle")).not_to_have_count(0)
    figure.get_by_role("link", name="36", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(20)
    page.goto("/quality/")
    page.locator("article").get_by_role("link", name="从决定中学到了什么").click()
    page.get_by_role("button", name="从现有决定中学习").click()
    expect(page.get_by_role("status").first).to_contain_text("请阅读报告")
    run = TrainingRun.objects.get()
    region = page.locator("tr", has=page.get_by_role("rowheader", name="地区", exact=True))
    expect(region).to_contain_text(f"{run.points_before['region']:.2f}")
    expect(region).to_contain_text(f"{run.points_after['region']:.2f}")
    expect(page.locator("article")).to_contain_text(f"正在使用：参数 {DEFAULT_PARAMETERS.version}。")
    page.get_by_role("button", name=re.compile("^启用")).click()
    expect(page.locator("article")).to_contain_text(f"正在使用：参数 {run.version_after}。")
    page.get_by_role("button", name=re.compile("^撤回")).click()
    expect(page.locator("article")).to_contain_text(f"正在使用：参数 {DEFAULT_PARAMETERS.version}。")
    expect(page.get_by_role("button", name=re.compile("^启用"))).to_have_count(0)


def test_a_visitor_with_a_small_screen_and_no_script_reads_the_same(
    browser: Browser, live_server: LiveServer
) -> None:
    make_decisions()
    context = browser.new_context(
        base_url=live_server.url,
        locale="en-GB",
        java_script_enabled=False,
        viewport={"width": 360, "height": 800},
    )
    page = context.new_page()
    for address in ("/quality/", "/quality/model-card/", "/quality/learning/", "/quality/lists/decisions/"):
        page.goto(address)
        body = page.locator("body")
        assert body.evaluate("() => document.documentElement.scrollWidth") <= 360, address
    page.goto("/quality/")
    expect(page.locator("article")).to_contain_text("36 of 72")
    expect(page.get_by_role("button", name="Learn from the decisions so far")).to_have_count(0)
    context.close()
