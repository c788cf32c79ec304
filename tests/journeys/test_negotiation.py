"""Negotiating in the browser: a comment on a clause, the answer, other terms beside it, settled, and signed."""

from __future__ import annotations

from copy import deepcopy

import pytest
from playwright.sync_api import Page, expect

from ronglian.apps.agreements.operations.drafting import propose_terms
from tests.factories.agreements import LICENCE_TERMS, make_agreement, make_parties
from tests.journeys.test_challenge import sign_in
from tests.journeys.test_contract import email_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_clause_is_talked_over_and_signed(page: Page) -> None:
    parties = make_parties()
    agreement = make_agreement(parties)
    place = f"/work/contracts/{agreement.public_id}/"

    sign_in(page, email_of(parties.buyer), place)
    page.locator("#clause-subject").get_by_role("link", name="提意见").click()
    expect(page.locator("#commentform-clause")).to_have_value("subject")
    page.locator("#commentform-text").fill("请限定在镀铬线")
    page.locator("form[action$='/comments/'] button").click()
    expect(page.locator("#clause-subject").get_by_text("请限定在镀铬线")).to_be_visible()

    sign_in(page, email_of(parties.seller), place)
    expect(page.get_by_text("还有 1 条意见未解决")).to_be_visible()
    page.locator("#clause-subject textarea").fill("可以，改为镀铬线")
    page.locator("#clause-subject").get_by_role("button", name="答复").click()
    terms = deepcopy(LICENCE_TERMS) | {"subject": "镀铬线含铬废水处理技术的实施"}
    propose_terms(actor=parties.seller, agreement=agreement, terms=terms)

    sign_in(page, email_of(parties.buyer), place)
    expect(page.locator("ins", has_text="镀铬线").first).to_be_visible()
    page.locator("#clause-subject").get_by_role("button", name="已解决").click()
    expect(page.get_by_text("条意见未解决")).to_have_count(0)
    for actor in (parties.buyer, parties.seller):
        sign_in(page, email_of(actor), place)
        page.get_by_role("button", name="签署").click()
    expect(page.get_by_text("生效中").first).to_be_visible()
