"""A bid shown to an investor: by the team's consent, under a signature, until withdrawn; every reading is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from ronglian.apps.accounts.models import Person
from ronglian.apps.accounts.operations.erasure import erase_person
from ronglian.apps.accounts.personal import personal_data
from ronglian.apps.challenges.bid_content import Attachment, BidContent
from ronglian.apps.challenges.models import (
    Award,
    Bid,
    Milestone,
    Review,
    Showing,
    ShowingOutcome,
    ShowingReading,
)
from ronglian.apps.challenges.operations.awarding import award_challenge
from ronglian.apps.challenges.operations.showing_outcomes import answer_outcome, tell_outcome
from ronglian.apps.challenges.operations.showing_readings import read_shown, read_shown_file
from ronglian.apps.challenges.operations.showings import (
    decline_showing,
    offer_showing,
    sign_showing,
    withdraw_showing,
)
from ronglian.apps.challenges.queries.showings import (
    access_outcome,
    access_showing,
    list_outcomes,
    list_showing_readings,
    list_showings,
    showings_of_bid,
    waiting_showings,
)
from ronglian.apps.challenges.showing_enums import OutcomeAnswer, OutcomeKind, PassReason, ShowingState
from ronglian.apps.challenges.showing_text import CURRENT, DIGESTS, showing_text
from ronglian.kernel.actor import ANONYMOUS, Actor, Role, job_actor
from ronglian.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound, RuleViolation
from ronglian.kernel.log.coverage import uncovered_rows
from tests.apps.challenges.test_review_and_award import best_first, make_bureau
from tests.apps.challenges.test_task_book import awarded, national, plan, side_of, step, take
from tests.factories import make_organisation, make_person_of
from tests.factories.challenges import BID, Setting, close, make_bid, make_open, make_reviewed, open_all
from tests.factories.showings import ALL, Shown, make_investor, make_shown, make_signed, offer, sign

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
__all__ = ["national"]  # the fixture
PDF = b"%PDF-1.7 drawing"


@pytest.fixture
def shown() -> Shown:
    return make_shown()


def propose_award(setting: Setting) -> None:
    award_challenge(actor=setting.buyer, challenge=setting.fresh(), bids=best_first(setting)[:1])


def test_released_texts_never_change() -> None:
    assert {version: showing_text(version).digest for version in DIGESTS} == DIGESTS
    assert CURRENT in DIGESTS
    with pytest.raises(KeyError):
        showing_text("2025-1")


def test_nothing_is_read_before_the_signature_nor_after_the_withdrawal(shown: Shown) -> None:
    showing = offer(shown)
    with pytest.raises(NotFound):
        read_shown(shown.reader, showing)
    signed = sign(shown, showing)
    material = read_shown(shown.reader, signed)
    assert material.proposal == BID.proposal
    assert material.price_fen == BID.price_fen
    withdraw_showing(actor=shown.team, showing=signed, reason="已选定他人")
    again = access_showing(shown.reader, showing.public_id)
    assert (again.state, again.reason) == (ShowingState.WITHDRAWN, "已选定他人")
    with pytest.raises(NotFound):
        read_shown(shown.reader, again)
    with pytest.raises(NotFound):  # the row as it was fetched before does not help who has not read today
        read_shown(make_person_of(shown.investor), signed)
    assert read_shown(shown.team, again).proposal == BID.proposal


def test_nothing_is_read_after_the_last_day(shown: Shown) -> None:
    showing = make_signed(shown)
    Showing.objects.filter(pk=showing.pk).update(ends_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(NotFound):
        read_shown(shown.reader, access_showing(shown.reader, showing.public_id))
    assert not ShowingReading.objects.exists()


def test_every_reading_is_told_to_the_team_alone(shown: Shown) -> None:
    showing = make_signed(shown)
    colleague = make_person_of(shown.investor, Role.VIEWER)
    for actor in (shown.reader, shown.reader, colleague, shown.team):
        read_shown(actor, showing)
    told = list_showing_readings(shown.team, showing)
    assert [(one.person_id, one.file) for one in told] == [
        (colleague.person_id, 0),
        (shown.reader.person_id, 0),
    ]
    for actor in (shown.reader, shown.setting.buyer, make_bureau(), ANONYMOUS):
        with pytest.raises(NotFound):
            list_showing_readings(actor, showing)


def test_files_are_read_one_by_one() -> None:
    setting = make_open(is_blind=False)
    content = BidContent(proposal="x", answers=("y",), attachments=(Attachment("a.pdf", PDF),))
    make_bid(setting, content)
    open_all(close(setting))
    shown = make_shown(setting)
    showing = make_signed(shown)
    assert read_shown(shown.reader, showing).files == ("a.pdf",)
    assert read_shown_file(shown.reader, showing, 1).data == PDF
    for number in (0, 2):
        with pytest.raises(NotFound):
            read_shown_file(shown.reader, showing, number)
    assert sorted(list_showing_readings(shown.team, showing).values_list("file", flat=True)) == [0, 1]
    withdraw_showing(actor=shown.team, showing=showing)
    other = make_signed(shown, ["proposal"])
    assert read_shown(shown.reader, other).files is None
    with pytest.raises(NotFound):
        read_shown_file(shown.reader, other, 1)


@pytest.mark.parametrize("part", ALL)
def test_only_what_was_chosen_is_shown(part: str, shown: Shown) -> None:
    propose_award(shown.setting)
    material = read_shown(shown.reader, make_signed(shown, [part]))
    found = {
        "proposal": material.proposal,
        "files": material.files,
        "scores": material.reviews,
        "milestones": material.milestones,
        "price": material.price_fen,
    }
    assert [name for name, value in found.items() if value is not None] == [part]
    assert bool(material.answers or material.days) == (part == "proposal")
    assert (material.place is not None) == (part == "scores")


def test_scores_wait_for_the_record_and_name_nobody(shown: Shown) -> None:
    showing = make_signed(shown, ["scores"])
    before = read_shown(shown.reader, showing)
    assert (before.reviews, before.place, before.scores_wait) == (None, None, True)
    propose_award(shown.setting)
    after = read_shown(shown.reader, showing)
    assert after.reviews is not None
    assert [one.reviewer for one in after.reviews] == [1, 2]
    assert [(each.criterion, each.score, each.comment) for each in after.reviews[0].scores] == [
        ("技术可行", 5, "依据充分"),
        ("处理成本", 4, "依据充分"),
    ]
    assert after.place == 1
    people = [review.reviewer.person for review in Review.objects.select_related("reviewer__person")]
    assert not [one for one in people if one.email in repr(after) or str(one.public_id) in repr(after)]


def test_milestones_come_with_what_the_winner_handed_in(national: Setting) -> None:
    bid = awarded(national, 1, 1)[0]
    plan(national, Award.objects.get(), 10_000_000)
    step(national, national.buyer, "sign")
    take(side_of(national, bid), Milestone.objects.get(), "hand_in")
    take(national.buyer, Milestone.objects.get(), "pass")
    shown = make_shown(national)
    reached = read_shown(shown.reader, make_signed(shown, ["milestones"])).milestones
    assert reached is not None
    assert [(one.title, one.evidence, one.amount_fen) for one in reached] == [
        ("第1阶段", (("evidence", "见附件"),), None)
    ]
    withdraw_showing(actor=shown.team, showing=Showing.objects.get())
    with_price = read_shown(shown.reader, make_signed(shown, ["milestones", "price"])).milestones
    assert with_price is not None
    assert with_price[0].amount_fen == 10_000_000


def test_consent_is_the_bidders_alone(shown: Shown) -> None:
    viewer = make_person_of(shown.bid.bidder, Role.VIEWER)
    for actor in (shown.setting.buyer, viewer, shown.reader, make_bureau(), job_actor("keeper"), ANONYMOUS):
        with pytest.raises(NotAllowed):
            offer_showing(
                actor=actor, bid=shown.bid, investor=shown.investor, parts=ALL, purpose="x",
                ends_on=timezone.localdate(),
            )  # fmt: skip
    assert not Showing.objects.exists()


def test_only_opened_bids_are_shown() -> None:
    setting = make_open(is_blind=False)
    make_bid(setting)
    shown = make_shown(setting)
    with pytest.raises(RuleViolation, match="opened it"):
        offer(shown)
    open_all(close(setting))
    shown.bid = Bid.objects.get(pk=shown.bid.pk)
    assert offer(shown).state == ShowingState.ASKED


def test_bids_of_a_private_challenge_are_shown_to_nobody(shown: Shown) -> None:
    type(shown.setting.challenge).objects.filter(pk=shown.setting.challenge.pk).update(openness="private")
    with pytest.raises(RuleViolation, match="private"):
        offer(shown)


def test_where_reviewers_do_not_learn_who_bid_nobody_does_before_the_award() -> None:
    shown = make_shown(make_reviewed())
    with pytest.raises(RuleViolation, match="without the bidders' names"):
        offer(shown)
    propose_award(shown.setting)
    assert offer(shown).state == ShowingState.ASKED


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"investor": "firm"}, "investor"),
        ({"parts": []}, "parts"),
        ({"parts": ["everything"]}, "parts"),
        ({"ends_on": -1}, "ends_on"),
        ({"ends_on": 800}, "ends_on"),
        ({"purpose": " "}, "purpose"),
    ],
)
def test_what_is_offered_is_whole(changes: dict[str, Any], field: str, shown: Shown) -> None:
    asked = dict(changes)
    if "investor" in asked:
        asked["investor"] = make_organisation()
    if "ends_on" in asked:
        asked["ends_on"] = timezone.localdate() + timedelta(days=asked["ends_on"])
    with pytest.raises(InvalidInput) as refused:
        offer(shown, **asked)
    assert list(refused.value.fields) == [field]


def test_the_issuer_is_no_investor_of_its_own_challenge(shown: Shown) -> None:
    issuer = shown.setting.issuer
    type(issuer).objects.filter(pk=issuer.pk).update(kind="investor")
    with pytest.raises(InvalidInput):
        offer(shown, investor=issuer)


def test_the_investor_signs_the_text_that_was_offered(shown: Shown) -> None:
    showing = offer(shown)
    with pytest.raises(RuleViolation, match="not the text"):
        sign_showing(actor=shown.reader, showing=showing, text_digest=showing_text().digest)
    for actor in (shown.team, make_person_of(shown.investor, Role.VIEWER), job_actor("keeper")):
        with pytest.raises(NotAllowed):
            sign_showing(actor=actor, showing=showing, text_digest=showing.text_digest)
    Showing.objects.filter(pk=showing.pk).update(ends_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(RuleViolation, match="gone by"):
        sign_showing(actor=shown.reader, showing=showing, text_digest=showing.text_digest)


def test_once_at_a_time_and_again_after_the_end(shown: Shown) -> None:
    first = offer(shown)
    with pytest.raises(Conflict):
        offer(shown)
    decline_showing(actor=shown.reader, showing=first, reason="赛道不符")
    for again in (decline_showing, sign_showing):
        more = {"text_digest": first.text_digest} if again is sign_showing else {}
        with pytest.raises(RuleViolation):
            again(actor=shown.reader, showing=first, **more)  # type: ignore[operator]  # two operations alike
    with pytest.raises(RuleViolation, match="over already"):
        withdraw_showing(actor=shown.team, showing=first)
    assert offer(shown).pk != first.pk
    assert [one.state for one in list_showings(shown.team)] == [ShowingState.ASKED, ShowingState.DECLINED]


def test_a_showing_is_the_two_sides_own(shown: Shown) -> None:
    showing = offer(shown)
    loser = next(
        actor for organisation, actor in shown.setting.bidders if organisation.pk != shown.bid.bidder_id
    )
    for actor in (shown.team, shown.reader):
        assert access_showing(actor, showing.public_id) == showing
    assert list(showings_of_bid(shown.team, shown.bid)) == [showing]
    assert list(waiting_showings(shown.reader)) == [showing]
    outsiders = [shown.setting.buyer, loser, make_bureau(), make_person_of(make_investor()), ANONYMOUS]
    for actor in outsiders:
        assert not list_showings(actor).exists()
        with pytest.raises(NotFound):
            access_showing(actor, showing.public_id)
    assert not showings_of_bid(shown.reader, shown.bid).exists()
    Showing.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert not waiting_showings(shown.reader).exists()


def test_what_became_of_it_is_told_confirmed_and_kept(shown: Shown) -> None:
    showing, today = make_signed(shown), timezone.localdate()
    met = tell_outcome(actor=shown.reader, showing=showing, kind=OutcomeKind.MET, happened_on=today)
    withdraw_showing(actor=shown.team, showing=showing)
    invested = tell_outcome(
        actor=shown.reader,
        showing=showing,
        kind=OutcomeKind.INVESTED,
        happened_on=today,
        amount_fen=300_000_000,
    )
    with pytest.raises(InvalidInput):
        answer_outcome(actor=shown.team, outcome=invested, answer=OutcomeAnswer.CONTRADICTED)
    answer_outcome(actor=shown.team, outcome=invested, answer=OutcomeAnswer.CONTRADICTED, note="二百万元")
    with pytest.raises(RuleViolation, match="answered already"):
        answer_outcome(actor=shown.team, outcome=invested, answer=OutcomeAnswer.CONFIRMED)
    with pytest.raises(NotAllowed):
        answer_outcome(actor=shown.reader, outcome=met, answer=OutcomeAnswer.CONFIRMED)
    answer_outcome(actor=shown.team, outcome=met, answer=OutcomeAnswer.CONFIRMED)
    assert [(one.number, one.kind, one.answer) for one in list_outcomes(shown.team, showing)] == [
        (1, "met", "confirmed"),
        (2, "invested", "contradicted"),
    ]
    assert access_outcome(shown.reader, met.public_id) == met
    with pytest.raises(NotFound):
        access_outcome(shown.setting.buyer, met.public_id)
    assert not list_outcomes(shown.setting.buyer, showing).exists()
    assert not list(uncovered_rows(Showing))
    assert not list(uncovered_rows(ShowingOutcome))


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": OutcomeKind.INVESTED}, "amount_fen"),
        ({"kind": OutcomeKind.INVESTED, "amount_fen": 0}, "amount_fen"),
        ({"kind": OutcomeKind.INVESTED, "amount_fen": 10**16}, "amount_fen"),
        ({"kind": OutcomeKind.MET, "amount_fen": 1}, "amount_fen"),
        ({"kind": OutcomeKind.PASSED}, "reason"),
        ({"kind": OutcomeKind.MET, "reason": PassReason.TEAM}, "reason"),
        ({"kind": OutcomeKind.PASSED, "reason": "mood"}, "reason"),
        ({"kind": OutcomeKind.PASSED, "reason": PassReason.OTHER}, "note"),
        ({"kind": OutcomeKind.MET, "happened_on": 1}, "happened_on"),
        ({"kind": OutcomeKind.MET, "happened_on": -1}, "happened_on"),
    ],
)
def test_an_outcome_is_whole(said: dict[str, Any], field: str, shown: Shown) -> None:
    showing = make_signed(shown)
    day = timezone.localdate() + timedelta(days=said.pop("happened_on", 0))
    with pytest.raises(InvalidInput) as refused:
        tell_outcome(actor=shown.reader, showing=showing, happened_on=day, **said)
    assert list(refused.value.fields) == [field]


def test_nothing_is_told_of_what_nobody_signed_for(shown: Shown) -> None:
    showing = offer(shown)
    with pytest.raises(RuleViolation, match="signed"):
        tell_outcome(
            actor=shown.reader, showing=showing, kind=OutcomeKind.MET, happened_on=timezone.localdate()
        )
    with pytest.raises(NotAllowed):
        tell_outcome(
            actor=shown.team, showing=showing, kind=OutcomeKind.MET, happened_on=timezone.localdate()
        )


def test_the_database_refuses_what_no_operation_writes(shown: Shown) -> None:
    showing = offer(shown)
    for wrong in ({"state": "accepted"}, {"signed_at": timezone.now()}, {"state": "withdrawn"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Showing.objects.filter(pk=showing.pk).update(**wrong)


def test_mails_name_neither_the_bid_nor_the_other_side(shown: Shown, settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    mail.outbox.clear()
    showing = make_signed(shown)
    tell_outcome(actor=shown.reader, showing=showing, kind=OutcomeKind.MET, happened_on=timezone.localdate())
    investor, team = (Person.objects.get(public_id=one.person_id).email for one in (shown.reader, shown.team))
    assert [message.to for message in mail.outbox] == [[investor], [team], [team]]
    text = "".join(message.subject + message.body for message in mail.outbox)
    names = (shown.investor.name, shown.bid.bidder.name, shown.setting.challenge.title)
    assert not [name for name in names if name in text]


def test_ones_own_data_and_what_erasing_leaves(shown: Shown) -> None:
    showing = make_signed(shown)
    actor: Actor = make_person_of(shown.investor, Role.VIEWER)
    read_shown(actor, showing)
    person = Person.objects.get(public_id=actor.person_id)
    told = personal_data(person)["showings"]
    assert [(one["id"], one["consented"], one["signed_at"], len(one["read_at"])) for one in told] == [
        (str(showing.public_id), False, None, 1)
    ]
    erase_person(actor=actor, person=person, email=person.email)
    assert ShowingReading.objects.get().person_label == ""
