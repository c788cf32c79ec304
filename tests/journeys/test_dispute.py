"""A dispute in the browser: raised, answered, mediated by a technology manager, and settled by both."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from ronglian.apps.accounts.models import Person
from ronglian.apps.agreements.models import Dispute
from ronglian.kernel.actor import Actor
from tests.factories.agreements import LICENCE_TERMS, make_parties, make_signed
from tests.factories.technology_managers import make_manager
from tests.journeys.test_challenge import fill_row, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def email_of(actor: Actor) -> str:
    return str(Person.objects.get(public_id=actor.person).email)


def test_from_the_claim_to_the_settlement(page: Page) -> None:
    parties = make_parties()
    agreement = make_signed(parties, terms={**LICENCE_TERMS, "disputes": "提交苏州仲裁委员会仲裁"})
    manager = make_manager(name="云岚")
    contract = f"/work/contracts/{agreement.public_id}/"
    place = f"{contract}disputes/1/"

    sign_in(page, email_of(parties.buyer), contract)
    page.get_by_role("link", name="争议", exact=True).click()
    page.locator("summary", has_text="提出争议").click()
    page.locator("#disputeform-subject").select_option("quality")
    page.locator("#disputeform-claim").fill("连续三天出水六价铬超标，拒付验收款")
    page.locator("#disputeform-clause").select_option("acceptance")
    page.locator("#disputeform-amount_fen").fill("6万元")
    page.locator("#disputeform-asks_hold").check()
    page.get_by_role("button", name="提出", exact=True).click()
    expect(page.get_by_text("已提出。对方会收到通知")).to_be_visible()

    sign_in(page, email_of(parties.seller), place)
    page.locator("#disputeanswerform-text").fill("进水浓度超出约定")
    page.locator("#disputeanswerform-agrees_hold").check()
    page.locator("form[action$='/answer/'] button").click()
    expect(page.get_by_text("双方同意暂缓")).to_be_visible()
    page.locator("#mediatorform-mediator").fill(f"https://example.org/managers/{manager.public_id}/")
    page.locator("form[action$='/mediator/'] button").click()
    expect(page.get_by_text("乙方提名：")).to_be_visible()

    sign_in(page, email_of(parties.buyer), place)
    page.get_by_role("button", name="同意该调解人").click()
    expect(page.get_by_text("调解人已确定")).to_be_visible()

    sign_in(page, manager.person.email, "/work/contracts/")
    page.get_by_role("link", name="除铬技术许可").click()
    expect(page.get_by_text("由您调解")).to_be_visible()
    page.locator("#settlementform-text").fill("甲方付一半，乙方一个月内整改")
    fill_row(page, "amounts", 0, [("amount_fen", "3万元"), ("title", "验收款的一半")])
    page.get_by_role("button", name="提出和解方案").click()
    expect(page.get_by_role("heading", name="和解方案 1")).to_be_visible()

    for actor in (parties.buyer, parties.seller):
        sign_in(page, email_of(actor), place)
        page.locator("form[action$='/accept/'] button").click()
        expect(page.get_by_text("已接受，并载入日志。")).to_be_visible()
    expect(page.get_by_text("已和解：双方接受了同一文本。")).to_be_visible()
    assert Dispute.objects.get().state == "settled"
