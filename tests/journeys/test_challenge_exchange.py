"""While bids can come, in English: a team asks and bids, the issuer answers and amends, the team is told and replaces its bid."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from ronglian.apps.accounts.models import Person
from ronglian.apps.challenges.models import Amendment, Bid
from tests.factories.challenges import make_bid, make_open
from tests.journeys.test_challenge import sign_in

pytestmark = [pytest.mark.any_database, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def email_of(person_id: object) -> str:
    return Person.objects.get(public_id=person_id).email


def sign_in_english(page: Page, email: str, path: str) -> None:
    sign_in(page, email, path)
    page.get_by_role("button", name="EN").click()


def test_ask_answer_amend_and_replace(page: Page) -> None:
    setting = make_open()
    make_bid(setting)
    firm, team = email_of(setting.buyer.person_id), email_of(setting.bidders[0][1].person_id)
    path = f"/challenges/{setting.challenge.public_id}/"

    sign_in_english(page, team, path)
    page.get_by_text("Ask the issuer").click()
    page.get_by_label("Your question").fill("We are team 1: may we have a sample?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_text("asked by you")).to_be_visible()

    sign_in_english(page, firm, path)
    expect(page.get_by_text("asked by you")).to_have_count(0)
    page.get_by_text("Answer for everybody").click()
    page.get_by_label("The question as it is published").fill("May we have a sample?")
    page.locator("[name=answer]").fill("Yes, five litres.")
    page.get_by_role("button", name="Publish the answer").click()
    expect(page.get_by_text("Yes, five litres.")).to_be_visible()
    expect(page.get_by_text("team 1")).to_have_count(0)
    page.get_by_role("link", name="Amend the challenge").click()
    later = timezone.localtime() + timedelta(days=10)
    page.locator("[name=closes_at]").fill(f"{later:%Y-%m-%dT%H:%M}")
    page.get_by_label("Why it is amended").fill("Samples take a week.")
    page.get_by_role("button", name="Publish the amendment").click()
    expect(page.get_by_text("Samples take a week.")).to_be_visible()
    assert set(Amendment.objects.get().changes) == {"closes_at"}

    sign_in_english(page, team, path)
    expect(page.get_by_text("amended after you handed in your bid")).to_be_visible()
    page.get_by_role("link", name="Replace your bid").click()
    page.get_by_label("How you will solve it").fill("With the sample in hand.")
    page.locator("[name=answer_0]").fill("Two works.")
    page.get_by_role("button", name="Seal and hand in").click()
    expect(page.get_by_text("Sealed and received")).to_be_visible()
    page.goto(path)
    expect(page.get_by_text("amended after you handed in your bid")).to_have_count(0)
    assert sorted(Bid.objects.values_list("state", flat=True)) == ["replaced", "sealed"]
