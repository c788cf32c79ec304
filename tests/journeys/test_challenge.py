"""揭榜挂帅: a firm sets a question, two teams answer sealed, two people open after the deadline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from ronglian.apps.challenges.models import Challenge
from ronglian.kernel.process.tasks import fire_due
from tests.factories import make_member, make_organisation, make_person
from tests.factories.technology_managers import make_manager

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = "三个词 four words 五个词"
SECRET = "电化学还原加螯合沉淀，小试出水 0.05 mg/L"


def sign_in(page: Page, email: str, address: str) -> None:
    page.context.clear_cookies()
    page.goto(f"/accounts/login/?next={address}")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill("correct-horse-42")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(f"**{address}")


def fill_row(page: Page, prefix: str, number: int, values: Sequence[tuple[str, str]]) -> None:
    for name, value in values:
        page.locator(f"[name={prefix}-{number}-{name}]").fill(value)


def set_the_question(page: Page, escrow: str, manager: str) -> str:
    page.get_by_role("link", name="发榜").click()
    page.get_by_label("一句话").fill("电镀废水六价铬稳定达标")
    page.get_by_label("征集什么").select_option("prototype")
    page.get_by_label("回报方式").select_option("prize")
    page.locator("[name=reward_fen]").fill("50万元")
    page.get_by_label("问题是什么、出在哪道工序、想要达到什么").fill(
        "我们的电镀废水里六价铬降不到 0.1 mg/L，还原加沉淀后仍有波动，处理成本不能高于 20 元/吨，希望得到能在现有车间里连续运行三十天的方法。"
    )
    measured = (("quantity", "六价铬"), ("threshold", "≤ 0.1 mg/L"), ("method", "GB 7467"),
                ("measured_by", "第三方检测机构"), ("evidence", "三十天逐日检测报告"))  # fmt: skip
    fill_row(page, "acceptance", 0, measured)
    fill_row(
        page,
        "rubric",
        0,
        (("title", "技术可行"), ("weight", "60"), ("low", "没有依据"), ("high", "有连续运行数据")),
    )
    fill_row(
        page,
        "rubric",
        1,
        (("title", "处理成本"), ("weight", "40"), ("low", "高于 20 元/吨"), ("high", "低于 15 元/吨")),
    )
    page.locator("[name=closes_at]").fill(f"{timezone.localtime() + timedelta(days=3):%Y-%m-%dT%H:%M}")
    page.get_by_label("撤榜时给揭榜方的补偿").fill("撤榜不作补偿。")
    page.get_by_label("持密钥的技术经理人").select_option(label=manager)
    page.locator("[name=escrow]").fill(escrow)
    page.get_by_role("button", name="保存草稿").click()
    page.wait_for_url("**/challenges/*/")
    return page.url


def make_key(page: Page) -> None:
    page.get_by_text("生成您的密钥").click()
    page.locator("[name=passphrase]").fill(WORDS)
    page.get_by_label("再输一次").fill(WORDS)
    page.get_by_role("button", name="生成密钥").click()
    expect(page.get_by_text("您的密钥已生成")).to_be_visible()


def test_from_the_question_to_the_opened_bids(page: Page) -> None:
    firm, notary = make_organisation("甲电镀厂"), make_organisation("乙公证处")
    make_member(firm, email="firm@example.org")
    make_member(notary, email="notary@example.org")
    make_manager(make_person("manager@example.org"))
    for number in (1, 2):
        make_member(make_organisation(f"第{number}队"), email=f"team{number}@example.org")

    sign_in(page, "firm@example.org", "/challenges/")
    address = set_the_question(page, f"/organisations/{notary.public_id}/", "云岚")
    path = "/challenges/" + address.rstrip("/").rpartition("/")[2] + "/"
    make_key(page)
    page.get_by_text("填写办法要求说明的事项").click()
    page.get_by_label("奖金已托管或有担保").check()
    page.locator("form[action$='/facts/'] button").click()
    for email in ("manager@example.org", "notary@example.org"):
        sign_in(page, email, path)
        make_key(page)

    sign_in(page, "firm@example.org", path)
    page.locator("summary", has_text="发榜").click()
    page.get_by_label("榜单文本").fill("见本页题目")
    page.get_by_label("评审规则与公式").fill("见本页规则")
    page.get_by_role("button", name="发榜").click()
    expect(page.get_by_text("揭榜中").first).to_be_visible()

    for number in (1, 2):
        sign_in(page, f"team{number}@example.org", path)
        page.get_by_role("link", name="揭榜", exact=True).last.click()
        page.get_by_label("您将如何解决").fill(f"{SECRET}（第{number}队）")
        page.locator("[name=price_fen]").fill("45万元")
        page.get_by_role("button", name="密封并提交").click()
        expect(page.get_by_text("已密封收讫")).to_be_visible()
        expect(page.get_by_text(SECRET)).to_have_count(0)

    Challenge.objects.update(closes_at=timezone.now() - timedelta(seconds=1))
    challenge = Challenge.objects.get()
    from ronglian.apps.challenges.standing import process_of  # noqa: PLC0415

    process_of(challenge).timers.update(due_at=challenge.closes_at)
    assert fire_due(timezone.now()) == 1
    for email in ("manager@example.org", "notary@example.org"):
        sign_in(page, email, path)
        page.get_by_label("您的口令").fill(WORDS)
        page.get_by_role("button", name="开启").click()
        expect(page.get_by_text("已开启")).to_be_visible()

    sign_in(page, "firm@example.org", path)
    page.get_by_role("link", name="第2队").click()
    expect(page.get_by_text(f"{SECRET}（第2队）")).to_be_visible()
