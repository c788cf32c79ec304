"""Journey 2, its second half: an enterprise publishes a summary while the details stay under an agreement."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.registry.models import Need
from ronglian.kernel.actor import Role
from tests.factories import make_member, make_organisation

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SECRET = "药剂甲九一七"


def sign_in(page: Page, organisation: Organisation) -> None:
    person = make_member(organisation, Role.OWNER)
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(person.email)
    page.locator("input[name=password]").fill("correct-horse-42")
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/work/")


def test_publish_a_summary_and_let_one_organisation_read_on(
    page: Page, browser: Browser, live_server: object
) -> None:
    sign_in(page, make_organisation("云澜表面处理有限公司"))
    page.goto("/work/needs/new/")
    page.locator("[name=title]").fill("电镀废水深度处理")
    page.locator("[name=summary]").fill("寻求电镀废水的处理技术。")
    page.locator("[name=details]").fill(f"现场使用{SECRET}，出水不达标。")
    page.locator("[name=under_nda]").check()
    page.locator("button[name=publish]").click()
    page.wait_for_url("**/matches/")
    need = Need.objects.get()
    address = f"/needs/{need.public_id}/"

    context = browser.new_context(base_url=live_server.url, locale="zh-CN")  # type: ignore[attr-defined]  # pytest-django's
    other = context.new_page()
    other.goto(address)
    expect(other.get_by_text("寻求电镀废水的处理技术。").first).to_be_visible()
    assert SECRET not in other.content()
    sign_in(other, make_organisation("云澜理工大学"))
    other.goto(address)
    other.get_by_role("link", name="阅读并签署协议").click()
    other.locator("[name=purpose]").fill("我们有可能适用的工艺")
    other.locator("[name=agreed]").check()
    other.get_by_role("button", name="签署").click()
    expect(other.locator("#nda")).to_contain_text("下一步由披露方决定")

    page.goto("/work/agreements/")
    page.get_by_role("link", name="电镀废水深度处理").click()
    page.get_by_role("button", name="同意查阅").click()
    other.goto(address)
    expect(other.get_by_text(SECRET)).to_be_visible()
    page.reload()
    expect(page.get_by_role("cell", name="云澜理工大学").first).to_be_visible()
    page.get_by_role("button", name="终止查阅权").click()
    other.goto(address)
    assert SECRET not in other.content()
    context.close()
