"""After the opening: reviewers score blind, the published formula ranks, the award is proposed, an appeal succeeds, the winner works."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from ronglian.apps.accounts.models import Person
from ronglian.apps.challenges.models import Award
from ronglian.apps.challenges.standing import process_of
from ronglian.engines.review import verify_record
from ronglian.kernel.actor import Office
from ronglian.kernel.process.tasks import fire_due
from tests.factories import make_person
from tests.factories.challenges import Setting, close, make_bid, make_open, open_all
from tests.journeys.test_challenge import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def email_of(setting: Setting, number: int) -> str:
    """Of a bidder's person, by the order of the bids."""
    return str(Person.objects.get(public_id=setting.bidders[number][1].person_id).email)


def opened() -> tuple[Setting, str, str]:
    setting = make_open()
    make_bid(setting)
    make_bid(setting)
    open_all(close(setting))
    path = f"/challenges/{setting.challenge.public_id}/"
    return setting, path, str(Person.objects.get(public_id=setting.buyer.person_id).email)


def score(page: Page, email: str, scores: tuple[str, str], *, again: bool = False) -> None:
    """Both bids of a reviewer, the first with these scores and the second with 3 and 3."""
    sign_in(page, email, "/work/reviews/")
    for number in range(1 if again else 2):
        page.goto("/work/reviews/")
        page.locator("main tbody a").first.click()  # what waits stands first
        expect(page.get_by_text("揭榜方不公开")).to_be_visible()
        given = scores if number == 0 else ("3", "3")
        for at, value in enumerate(given):
            page.locator(f"[name=score_{at}][value='{value}']").check()
            page.locator(f"[name=comment_{at}]").fill("与锚点相符，有数据。")
        if again:
            page.locator("#scoreform-reason").fill("申诉成立，看到了检测报告。")
        page.locator("main button.btn-primary").click()
        expect(page.get_by_text("已提交。")).to_be_visible()


def propose(page: Page) -> None:
    """Compute the ranking and propose its first bid."""
    page.get_by_role("button", name="计算排名").click()
    page.locator("summary", has_text="提出定榜").click()
    page.locator("[name=bids]").first.check()
    page.get_by_role("button", name="提出定榜").click()
    expect(page.get_by_text("已提出，公示期开始")).to_be_visible()


def test_from_the_review_to_an_appeal_that_succeeds(page: Page) -> None:
    setting, path, buyer = opened()
    reviewers = [make_person(f"reviewer{number}@example.org") for number in (1, 2)]
    make_person("bureau@example.org", offices=[Office.BUREAU])

    sign_in(page, buyer, path)
    for person in reviewers:
        page.locator("summary", has_text="指定评审专家").click()
        page.locator("[name=email]").fill(person.email)
        page.locator("[name=expertise]").fill("电化学 废水")
        page.get_by_role("button", name="指定评审专家").click()
    page.locator("[name=each]").fill("2")
    page.get_by_role("button", name="分配评审").click()
    expect(page.get_by_text("已按最佳匹配分配")).to_be_visible()
    for person in reviewers:
        score(page, person.email, ("2", "2"))
    sign_in(page, buyer, path)
    propose(page)
    expect(page.get_by_text("第 1 名")).to_be_visible()
    with page.expect_download() as loading:
        page.locator("a[href$='review.json']").click()
    record = json.loads(Path(loading.value.path()).read_text(encoding="utf-8"))
    assert verify_record(record) is None

    # The other one objects during the notice; the bureau answers; then the appeal succeeds.
    loser = 1 - next(
        at for at, (organisation, _actor) in enumerate(setting.bidders)
        if organisation == Award.objects.get().bid.bidder
    )  # fmt: skip
    sign_in(page, email_of(setting, loser), path)
    page.locator("summary", has_text="提出异议").click()
    page.locator("[name=text]").fill("评审没有看检测报告。")
    page.get_by_role("button", name="提出异议").click()
    timer = process_of(setting.challenge).timers.get(name="publicity_over", state="waiting")
    assert fire_due(timer.due_at or timezone.now()) == 1
    for step, paper, verdict in (
        ("答复异议", "objection_answer", "no"),
        ("申诉成立，重评", "appeal_decision", "yes"),
    ):
        sign_in(page, "bureau@example.org", path)
        page.locator("[name=answer]").fill("已核对材料。")
        page.locator("[name=is_upheld]").select_option(verdict)
        page.locator("form[action*='award-objections'] button").click()
        page.locator("summary", has_text=step).click()
        page.locator(f"[name={paper}]").locator("visible=true").fill("见决定")
        page.get_by_role("button", name=step).click()
        expect(page.get_by_text("已办理")).to_be_visible()
        if verdict == "no":
            sign_in(page, email_of(setting, loser), path)
            page.locator("summary", has_text="提出异议").click()
            page.locator("[name=text]").fill("第三页被漏看。")
            page.get_by_role("button", name="提出异议").click()
    expect(page.get_by_text("评审中").first).to_be_visible()
    assert Award.objects.get().state == "revoked"

    for person in reviewers:
        score(page, person.email, ("5", "5"), again=True)
    sign_in(page, buyer, path)
    propose(page)
    page.get_by_role("button", name="EN").click()
    expect(page.get_by_text("Place 1:")).to_be_visible()
    expect(page.get_by_text("Public notice", exact=True)).to_be_visible()
    assert Award.objects.filter(state="standing").count() == 1
