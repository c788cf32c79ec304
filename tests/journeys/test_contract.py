"""After the signing: the same deal shared in three places by their law, and one that defaults, recovers and ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from ronglian.apps.accounts.models import Person
from ronglian.apps.agreements.enums import MovementKind
from ronglian.apps.agreements.models import Agreement, Distribution, MoneyMovement
from ronglian.apps.agreements.operations.money import claim_due, confirm_movement, tell_movement
from ronglian.kernel.actor import Actor
from tests.factories import SYSTEM
from tests.factories.agreements import LICENCE_TERMS, Parties, make_parties, make_signed
from tests.journeys.test_challenge import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT_ONCE = {
    **LICENCE_TERMS,
    "items": [{"name": "许可费", "amount_fen": 1_000_00}],
    "payments": [{"title": "一次付清", "amount_fen": 1_000_00, "due": "signing"}],
}
# The place, what its law takes off, the least reward of 940 yuan net, and what the refusal names.
PLACES = (
    ("3301", {"deal_taxes": "30元", "cost": "30元"}, "658", "浙江省促进科技成果转化条例"),
    ("110108", {"deal_taxes": "30元", "upkeep": "20元", "deal_costs": "10元"}, "470", "促进科技成果转化法"),
    ("4201", {"own_net_income": "940元"}, "470", "促进科技成果转化法"),
)


def email_of(actor: Actor) -> str:
    return str(Person.objects.get(public_id=actor.person).email)


def paid(parties: Parties, place: str) -> Agreement:
    """A licence of 1,000 yuan that is paid, under the law of a place."""
    agreement = make_signed(parties, terms=AT_ONCE, title=f"许可 {place}")
    Agreement.objects.filter(pk=agreement.pk).update(place=place)
    movement = tell_movement(
        actor=parties.buyer,
        agreement=agreement,
        kind=MovementKind.PAY,
        amount_fen=1_000_00,
        day=timezone.localdate(),
    )
    confirm_movement(actor=parties.seller, agreement=agreement, movement=movement)
    return agreement


def fill_in(page: Page, costs: dict[str, str], reward: str) -> None:
    page.locator("[name=state_set]").check()
    for name, amount in costs.items():
        page.locator(f"[name={name}]").fill(amount)
    page.locator("[name=reward_fen]").fill(reward)
    page.locator("[name=shares-0-name]").fill("甲教授")
    page.locator("[name=shares-0-weight]").fill("2")
    page.locator("[name=shares-1-name]").fill("转化办")
    page.locator("[name=shares-1-role]").select_option("transfer_office")
    page.get_by_role("button", name="提出方案").click()


def test_the_same_deal_in_three_places_from_the_payment_to_the_payslip(page: Page) -> None:
    parties, today = make_parties(), timezone.localdate()
    sign_in(page, email_of(parties.seller), "/work/contracts/")
    for place, costs, least, law in PLACES:
        agreement = paid(parties, place)
        page.goto(f"/work/contracts/{agreement.public_id}/income/")
        fill_in(page, costs, f"{int(least) - 1}元")
        refusal = page.locator("main .alert, main .invalid-feedback").first
        expect(refusal).to_contain_text(f"应付不少于 {least}.00 元")
        expect(refusal).to_contain_text(law)
        fill_in(page, costs, f"{least}元")
        expect(page.get_by_text("奖励下限", exact=True)).to_be_visible()
        page.locator("[name=days]").fill("15")
        page.get_by_role("button", name="开始公示").click()
        expect(page.get_by_role("button", name="公示无异议，生效")).to_be_visible()
        Distribution.objects.filter(agreement=agreement).update(
            notice_from=today - timedelta(days=20), notice_until=today - timedelta(days=1)
        )
        page.get_by_role("button", name="公示无异议，生效").click()
        page.locator("summary", has_text="已经发放").click()
        for name in ("income_on", "paid_on"):
            page.locator(f"[name={name}]").fill(today.isoformat())
        for name in ("non_profit", "is_certified"):
            page.locator(f"[name={name}]").check()
        page.locator("[name=withheld_0]").fill("10元")
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_text("已记录发放。")).to_be_visible()
        plan = Distribution.objects.get(agreement=agreement)
        first, office = plan.shares
        assert plan.floor_fen == int(least) * 100
        assert first["fen"] + office["fen"] == plan.reward_fen
        assert first["counted"] * 2 in (first["fen"], first["fen"] + 1)


def test_a_default_is_demanded_cured_and_the_contract_fulfilled(page: Page) -> None:
    parties, today = make_parties(), timezone.localdate()
    due = today - timedelta(days=9)
    payment = {"title": "一期", "amount_fen": 10_000_000, "due": "day", "day": due.isoformat()}
    agreement = make_signed(parties, terms={**LICENCE_TERMS, "payments": [payment]})
    claim_due(actor=SYSTEM, agreement=agreement, today=today)
    MoneyMovement.objects.update(day=due)
    path = f"/work/contracts/{agreement.public_id}/"

    sign_in(page, email_of(parties.seller), path)
    expect(page.get_by_text("逾期金额：10万元")).to_be_visible()
    page.locator("summary", has_text="催告逾期款项").click()
    page.locator("#demandform-cure_by").fill((today + timedelta(days=30)).isoformat())
    page.locator("#demandform-reason").fill("一期许可费到期未付")
    page.get_by_role("button", name="发出催告").click()
    expect(page.get_by_text("已发出催告，并已通知双方。")).to_be_visible()

    sign_in(page, email_of(parties.buyer), path)
    page.locator("summary", has_text="申报款项").click()
    page.locator("#movementform-kind").select_option("pay")
    page.locator("#movementform-amount_fen").fill("10万元")
    page.locator("#movementform-reference").fill("RL-9")
    page.locator("form[action$='/movements/'] button").click()

    sign_in(page, email_of(parties.seller), path)
    page.get_by_role("button", name="确认款项").click()
    expect(page.get_by_text("此前的违约已于")).to_be_visible()
    page.locator("summary", has_text="终止合同").click()
    page.locator("#endform-kind").select_option("fulfilled")
    page.locator("#endform-reason").fill("双方均已履行")
    page.get_by_role("button", name="提议", exact=True).click()
    expect(page.get_by_text("已提议，待对方答复。")).to_be_visible()

    sign_in(page, email_of(parties.buyer), path)
    page.get_by_role("button", name="同意，合同终止").click()
    expect(page.get_by_text("合同已终止。")).to_be_visible()
    agreement.refresh_from_db()
    assert agreement.state == "completed"
