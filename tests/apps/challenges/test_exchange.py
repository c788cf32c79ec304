"""While bids can come: nobody learns who asks, and a published call changes with notice only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from ronglian.apps.accounts.models import Person
from ronglian.apps.challenges.enums import BidState, Phase
from ronglian.apps.challenges.models import Amendment, Bid, Challenge, Question
from ronglian.apps.challenges.operations.exchange import (
    MOST_OPEN_QUESTIONS,
    amend_challenge,
    ask_question,
    publish_answer,
)
from ronglian.apps.challenges.operations.steps import advance_challenge
from ronglian.apps.challenges.queries.exchange import access_question, questions_of
from ronglian.apps.challenges.standing import process_of
from ronglian.kernel.actor import ANONYMOUS, Actor
from ronglian.kernel.errors import InvalidInput, NotAllowed, NotFound, RuleViolation
from ronglian.kernel.log.coverage import uncovered_rows
from ronglian.kernel.process.models import ProcessTimer, TimerState
from ronglian.web.presenters.challenges import number_of_bids
from tests.factories import make_need, make_organisation, make_person_of
from tests.factories.challenges import Setting, close, make_bid, make_draft, make_open

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
LATER = timedelta(days=10)


def client_of(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(Person.objects.get(public_id=actor.person_id))
    return client


def ask(setting: Setting, text: str = "能否提供水样？", name: str = "只有提问者自己知道的单位") -> Question:
    asker = make_organisation(name)
    setting.bidders.append((asker, make_person_of(asker)))
    return ask_question(actor=setting.bidders[-1][1], challenge=setting.challenge, asker=asker, text=text)


def test_everybody_reads_the_answer_and_nobody_learns_who_asked(
    django_capture_on_commit_callbacks: Any,
) -> None:
    setting = make_open()
    with django_capture_on_commit_callbacks(execute=True):
        question = ask(setting, "我们是第三队，能否提供水样？")
    asker, stranger = setting.bidders[0][1], make_person_of(make_organisation())
    assert (
        list(questions_of(setting.buyer, setting.challenge))
        == list(questions_of(asker, setting.challenge))
        == [question]
    )
    for actor in (stranger, ANONYMOUS):
        assert not questions_of(actor, setting.challenge)
        with pytest.raises(NotFound):
            access_question(actor, question.public_id)
    with django_capture_on_commit_callbacks(execute=True):
        publish_answer(
            actor=setting.buyer,
            challenge=setting.challenge,
            question=question,
            answer="可以。",
            shown="能否提供水样？",
        )
    address = f"/challenges/{setting.challenge.public_id}/"
    pages = [client_of(actor).get(address).content.decode() for actor in (setting.buyer, stranger)]
    pages.append(Client().get(address).content.decode())
    for page in pages:
        assert "能否提供水样？" in page
        assert "可以。" in page
        assert "第三队" not in page
        assert "只有提问者自己知道的单位" not in page
        assert "asked by you" not in page
    assert "asked by you" in client_of(asker).get(address).content.decode()
    for message in mail.outbox:
        assert "只有提问者自己知道的单位" not in message.subject + str(message.body)
    assert {address for message in mail.outbox for address in message.to} >= {
        Person.objects.get(public_id=actor.person_id).email for actor in (setting.buyer, asker)
    }
    assert not list(uncovered_rows(Question))


def test_questions_end_with_the_bids_and_are_answered_once() -> None:
    setting = make_open()
    question = ask(setting)
    with pytest.raises(NotAllowed):
        publish_answer(
            actor=setting.bidders[0][1], challenge=setting.challenge, question=question, answer="否"
        )
    with pytest.raises(InvalidInput):
        publish_answer(actor=setting.buyer, challenge=setting.challenge, question=question, answer=" ")
    publish_answer(actor=setting.buyer, challenge=setting.challenge, question=question, answer="可以。")
    with pytest.raises(RuleViolation, match="not changed"):
        publish_answer(actor=setting.buyer, challenge=setting.challenge, question=question, answer="不可以。")
    with pytest.raises(RuleViolation, match="answers, and does not ask"):
        ask_question(actor=setting.buyer, challenge=setting.challenge, asker=setting.issuer, text="？")
    asker, actor = setting.bidders[0]
    for _number in range(MOST_OPEN_QUESTIONS):
        ask_question(actor=actor, challenge=setting.challenge, asker=asker, text="？")
    with pytest.raises(RuleViolation, match="Ten of your questions"):
        ask_question(actor=actor, challenge=setting.challenge, asker=asker, text="？")
    close(setting)
    with pytest.raises(RuleViolation, match="while bids can come"):
        ask(setting)


def test_an_amendment_is_told_and_moves_the_closing(django_capture_on_commit_callbacks: Any) -> None:
    setting = make_open()
    bid = make_bid(setting)
    was, later = setting.challenge.closes_at, timezone.now() + LATER
    fields = {"text": setting.challenge.text + "另请说明能耗。", "closes_at": later}
    with django_capture_on_commit_callbacks(execute=True):
        made = amend_challenge(
            actor=setting.buyer, challenge=setting.challenge, fields=fields, reason="漏了能耗"
        )
    assert was is not None
    assert (made.number, set(made.changes)) == (1, {"text", "closes_at"})
    assert made.changes["closes_at"] == [was.isoformat(), later.isoformat()]
    assert setting.fresh().closes_at == later
    timer = ProcessTimer.objects.get(
        process=process_of(setting.challenge), name="bids_close", state=TimerState.WAITING
    )
    assert timer.due_at == later
    assert Bid.objects.get(pk=bid.pk).state == BidState.SEALED
    told = Person.objects.get(public_id=setting.bidders[0][1].person_id).email
    assert [message.to for message in mail.outbox] == [[told]]
    page = (
        client_of(setting.bidders[0][1]).get(f"/challenges/{setting.challenge.public_id}/").content.decode()
    )
    assert "amended after you handed in your bid" in page
    assert "漏了能耗" in Client().get(f"/challenges/{setting.challenge.public_id}/").content.decode()
    for model in (Challenge, Amendment):
        assert not list(uncovered_rows(model))


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        (lambda one: {"closes_at": one.closes_at - timedelta(minutes=1)}, InvalidInput, "closes_at"),
        (lambda one: {"reward_fen": one.reward_fen - 1}, InvalidInput, "reward_fen"),
        (lambda one: {"text": one.text + "更难。"}, InvalidInput, "closes_at"),
        (lambda _one: {"eligibility": []}, InvalidInput, "eligibility"),
        (lambda _one: {"rubric": [], "closes_at": timezone.now() + LATER}, RuleViolation, ""),
        (lambda one: {"text": one.text}, RuleViolation, ""),
    ],
)
def test_what_bidders_rely_on_is_not_taken_away(change: Any, error: type[Exception], said: str) -> None:
    setting = make_open()
    with pytest.raises(error) as refused:
        amend_challenge(
            actor=setting.buyer, challenge=setting.challenge, fields=change(setting.challenge), reason="改"
        )
    if isinstance(refused.value, InvalidInput):
        assert list(refused.value.fields) == [said]
    assert not Amendment.objects.exists()


def test_the_form_of_an_amendment_changes_only_what_was_changed() -> None:
    setting = make_open()
    issuer = client_of(setting.buyer)
    address = f"/work/challenges/{setting.challenge.public_id}/amend/"
    page = issuer.get(address)
    form = page.context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    sent |= {"closes_at": (timezone.localtime() + LATER).strftime("%Y-%m-%dT%H:%M"), "reward_fen": "60万元"}
    for rows in form.rows.values():
        for bound in (*rows.management_form, *(field for row in rows for field in row)):
            sent[bound.html_name] = bound.value() if bound.value() is not None else ""
    assert issuer.post(address, sent | {"reason": ""}).status_code == 422
    assert issuer.post(address, sent | {"reason": "加奖"}).status_code == 302
    assert set(Amendment.objects.get().changes) == {"closes_at", "reward_fen"}
    assert client_of(make_person_of(make_organisation())).get(address).status_code == 403


def withdraw(setting: Setting, reason: str) -> Challenge:
    return advance_challenge(
        actor=setting.buyer,
        challenge=setting.fresh(),
        step="withdraw",
        documents={"withdrawal_reason": reason},
    )


def test_a_draft_is_withdrawn_without_paying_anybody() -> None:
    assert withdraw(make_draft(), "不再需要").phase == Phase.WITHDRAWN


def test_a_published_challenge_is_withdrawn_with_a_public_reason(
    django_capture_on_commit_callbacks: Any,
) -> None:
    from ronglian.apps.challenges.operations.drafting import state_facts  # noqa: PLC0415 - of this test alone

    setting = make_open()
    bid = make_bid(setting)
    with pytest.raises(RuleViolation, match="compensation"):
        withdraw(setting, "产线停产")
    state_facts(actor=setting.buyer, challenge=setting.fresh(), facts={"compensation_settled": True})
    with pytest.raises(RuleViolation):
        withdraw(setting, "")
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(setting, "产线停产")
    page = Client().get(f"/challenges/{setting.challenge.public_id}/").content.decode()
    assert "产线停产" in page
    assert number_of_bids(setting.fresh()) is None, "never opened, never counted"
    kept = Bid.objects.get(pk=bid.pk)
    assert (kept.state, kept.content) == (BidState.SEALED, None)
    assert [message.to for message in mail.outbox] == [
        [Person.objects.get(public_id=setting.bidders[0][1].person_id).email]
    ]


def test_deadlines_for_a_calendar_and_the_feed() -> None:
    setting = make_open()
    make_bid(setting)
    calendar = Client().get(f"/challenges/{setting.challenge.public_id}/deadlines.ics")
    assert calendar.status_code == 200
    closes = setting.challenge.closes_at
    assert closes is not None
    assert f"DTSTART:{closes:%Y%m%dT%H%M%SZ}" in calendar.content.decode()
    make_draft(title="草稿")
    feed = Client().get("/challenges/feed.json").json()
    assert [item["title"] for item in feed["items"]] == [setting.challenge.title]
    assert feed["items"][0]["_challenge"]["number_of_bids"] is None


def test_a_need_is_put_out_as_a_challenge() -> None:
    firm = make_organisation()
    owner, stranger = make_person_of(firm), make_person_of(make_organisation())
    need = make_need(owner=firm, title="电镀废水六价铬")
    link = f"/work/challenges/new/?need={need.public_id}"
    page = f"/needs/{need.public_id}/"
    assert link in client_of(owner).get(page).content.decode()
    assert link not in client_of(stranger).get(page).content.decode()
    assert client_of(owner).get(link).context["form"]["title"].value() == "电镀废水六价铬"
