"""Two small firms with the same trouble ask together: invited, joined, worded, approved, published."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.factories import make_member, make_organisation
from tests.factories.pools import make_pool

pytestmark = [pytest.mark.any_database, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SECRET = "模具钢号由我方指定"


def sign_in(page: Page, email: str) -> None:
    page.context.clear_cookies()
    page.goto("/work/common-needs/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill("correct-horse-42")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/work/common-needs/")
    page.locator("main tbody a").first.click()


def test_two_firms_ask_together(page: Page) -> None:
    firms = [make_organisation("甲注塑厂"), make_organisation("乙注塑厂")]
    for firm, email in zip(firms, ("a@example.org", "b@example.org"), strict=True):
        make_member(firm, email=email)
    make_pool(firms)

    sign_in(page, "a@example.org")
    page.get_by_label("与其他参与方共享的内容").fill(SECRET)
    page.get_by_label("分担的预算").fill("12万元")
    page.get_by_role("button", name="加入").click()
    page.get_by_label("名称").fill("注塑件翘曲变形的控制")
    page.get_by_role("button", name="保存文本").click()

    sign_in(page, "b@example.org")
    expect(page.get_by_text(SECRET)).to_have_count(0)
    page.get_by_label("分担的预算").fill("8万元")
    page.get_by_role("button", name="加入").click()
    expect(page.get_by_text(SECRET)).to_be_visible()
    page.get_by_role("button", name="确认").click()

    sign_in(page, "a@example.org")
    expect(page.get_by_text("须先由所有已加入的单位确认文本")).to_be_visible()
    page.get_by_role("button", name="确认").click()
    page.get_by_role("button", name="以共同名义发布").click()
    page.get_by_role("link", name="已发布的需求").click()
    page.context.clear_cookies()
    page.reload()
    expect(page.get_by_role("heading", name="注塑件翘曲变形的控制")).to_be_visible()
    expect(page.get_by_text("2 家企业的共性需求")).to_be_visible()
    expect(page.get_by_text(SECRET)).to_have_count(0)
