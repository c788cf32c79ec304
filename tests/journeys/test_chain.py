"""A lead enterprise asks its chain; a partner answers by link, takes the draft over and publishes; the lead sees counts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from ronglian.apps.prospecting.tasks import send_missing_invitations
from tests.factories import make_member, make_organisation

pytestmark = [pytest.mark.any_database, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TITLE = "壳体压铸气孔多"
LIST = "单位名称,关系,层级,供货内容,邮箱\n云澜压铸厂,供应商,1,减速器壳体,partner@example.org\n"


def sign_in(page: Page, email: str) -> None:
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill("correct-horse-42")
    page.locator("main form button[type=submit]").first.click()


def link_of_the_mail() -> str:
    (one,) = mail.outbox
    found = re.search(r"/survey/\S+", str(one.body))
    assert found is not None
    return found.group()


def test_from_the_lead_to_a_partners_need_and_back_as_a_count(page: Page) -> None:
    make_member(make_organisation("云澜减速器股份"), email="lead@example.org")
    make_member(make_organisation("云澜压铸有限公司"), email="partner@example.org")

    page.goto("/work/surveys/")
    sign_in(page, "lead@example.org")
    page.get_by_label("主题").fill("减速器产业链的技术难题")
    page.get_by_label("答复截止日").fill((timezone.localdate() + timedelta(days=20)).isoformat())
    page.get_by_role("button", name="开始").click()
    page.get_by_label("文件").set_input_files(
        {"name": "名单.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
    )
    page.get_by_role("button", name="检查并录入").click()
    page.get_by_role("button", name="邀请 1 家单位").click()
    expect(page.get_by_text("正在发送邮件")).to_be_visible()
    survey = page.url
    send_missing_invitations.func()
    link = link_of_the_mail()

    # The partner has no account at hand, and reads English.
    page.context.clear_cookies()
    page.goto(link)
    page.locator("button[name=language]").click()
    page.get_by_label("The trouble in one line").fill(TITLE)
    page.get_by_label("What goes wrong, where and since when?").fill("试漏不合格率6%")
    page.get_by_label("What is to be reached?").fill("不合格率≤2%")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("Your answer waits to become a draft")).to_be_visible()
    expect(page.get_by_text("试漏不合格率")).to_have_count(0)
    page.locator("main").get_by_role("link", name="Sign in").click()
    sign_in(page, "partner@example.org")
    page.get_by_label("云澜压铸有限公司").check()
    page.get_by_role("button", name="Take it over as a draft").click()
    expect(page.get_by_text("you alone publish them")).to_be_visible()
    draft = page.url

    # The lead sees that one was invited, and of one answer nothing.
    page.context.clear_cookies()
    page.goto(survey)
    sign_in(page, "lead@example.org")
    expect(page.locator("main tbody tr").first).to_contain_text("< 5")
    expect(page.get_by_text(TITLE)).to_have_count(0)

    page.context.clear_cookies()
    page.goto(draft)
    sign_in(page, "partner@example.org")
    page.goto("/work/?kind=needs")
    page.get_by_role("button", name=re.compile("发布")).first.click()

    page.context.clear_cookies()
    page.goto(f"{survey}lists/published/")
    sign_in(page, "lead@example.org")
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_text("第 1 层")).to_be_visible()
