"""A technology manager offers a service, a small firm asks for it, both in their own language, to the confirmation."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from ronglian.apps.clinic.models import ServiceRequest
from tests.factories import make_member, make_organisation, make_person
from tests.factories.technology_managers import make_manager
from tests.journeys.test_challenge import sign_in

pytestmark = [pytest.mark.any_database, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WISH = "请来取样，重点看六价铬"


def test_offered_asked_for_answered_and_confirmed(page: Page) -> None:
    make_manager(make_person("manager@example.org"))
    firm = make_organisation("某表面处理有限公司")
    make_member(firm, email="firm@example.org")

    sign_in(page, "manager@example.org", "/work/services/new/")
    page.get_by_label("技术评价", exact=True).check()
    page.locator("[name=title]").fill("电镀废水治理技术评价")
    page.locator("[name=summary]").fill("取样、检测、出具评价报告。")
    page.locator("[name=regions]").fill("江苏省苏州市")
    page.locator("[name=price_note]").fill("每份报告8000元起")
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_text("服务已进入目录。")).to_be_visible()

    sign_in(page, "firm@example.org", "/services/")
    page.locator("[name=region]").fill("苏州市")
    page.get_by_role("button", name="搜索").last.click()
    page.get_by_role("link", name="电镀废水治理技术评价").click()
    page.locator("[name=wish]").fill(WISH)
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_text("已提交申请")).to_be_visible()

    sign_in(page, "manager@example.org", "/work/")
    page.get_by_role("button", name="EN", exact=True).click()
    page.get_by_role("link", name="1 request waits for your answer").click()
    page.locator("main section a").first.click()
    expect(page.get_by_text(WISH)).to_be_visible()
    page.locator("[name=answer]").fill("下周一上午到厂取样。")
    page.get_by_role("button", name="Accept the request").click()
    expect(page.get_by_text("Answered. Who asked is told.")).to_be_visible()

    sign_in(page, "firm@example.org", f"/work/service-requests/{ServiceRequest.objects.get().public_id}/")
    page.get_by_label("满足了诉求").check()
    page.get_by_role("button", name="确认交付").click()
    expect(page.get_by_text("已确认，并已通知服务提供方。")).to_be_visible()
