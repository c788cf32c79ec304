"""Challenges of the world: ours sets the question, theirs answers it; each state that grants something else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from ronglian.apps.accounts.models import Organisation, Person
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.challenges.enums import AwardState, Openness
from ronglian.apps.challenges.models import (
    Award,
    Bid,
    ChallengeObjection,
    Milestone,
    PaymentOrder,
    Question,
    Review,
    TeamMember,
)
from ronglian.apps.challenges.operations.awarding import award_challenge, object_to_award
from ronglian.apps.challenges.operations.bids import hand_in_bid
from ronglian.apps.challenges.operations.drafting import draft_challenge
from ronglian.apps.challenges.operations.exchange import ask_question, publish_answer
from ronglian.apps.challenges.operations.reviewing import (
    assign_reviews,
    name_reviewer,
    rank_challenge,
    submit_review,
)
from ronglian.apps.challenges.operations.teams import Part, ask_partner, form_team
from ronglian.kernel.actor import Actor
from tests.factories import make_organisation, make_person_of
from tests.factories.challenges import (
    BID,
    CALL,
    Setting,
    answers_file,
    close,
    evaluate,
    make_bid,
    make_keys,
    make_try,
    open_all,
    people_of,
    publish,
    reviews_of,
)


def challenges_of(
    ours: Organisation, theirs: Organisation, buyer: Actor, bidder: Actor, reviewer: Person
) -> Mapping[str, Mapping[str, Any]]:
    """What ours asks, and what theirs answers."""
    draft = evaluate(_set(ours, buyer, "our draft"))
    public = _scored(ours, buyer, "public")
    private = _scored(ours, buyer, "private", openness=Openness.PRIVATE)
    opened = _published(ours, buyer, "opened", is_blind=False)
    waits, told = (_asked(bidder, one, theirs) for one in (public, opened))
    publish_answer(actor=buyer, challenge=opened.challenge, question=told, answer="可以。")
    awarded = _published(ours, buyer, "awarded")
    attempt = make_try(public, answers_file(), (theirs, bidder))
    sealed = hand_in_bid(actor=bidder, challenge=public.challenge, bidder=theirs, content=BID)
    hand_in_bid(actor=bidder, challenge=opened.challenge, bidder=theirs, content=BID)
    open_all(close(opened))
    hand_in_bid(actor=bidder, challenge=awarded.challenge, bidder=theirs, content=BID)
    make_bid(awarded)
    open_all(close(awarded))
    _review_and_award(awarded, reviewer)
    theirs_leads, asks_theirs = _teams(_published(ours, buyer, "teams"), theirs, bidder)
    milestone = _task_of(theirs, opened)
    object_to_award(actor=bidder, challenge=awarded.fresh(), by=theirs, text="没有看检测报告。")
    return {
        "challenge": {
            "our draft": draft.challenge,
            "public": public.fresh(),
            "private": private.fresh(),
            "opened": opened.fresh(),
            "awarded": awarded.fresh(),
        },
        "question": {"waits": waits, "answered": Question.objects.get(pk=told.pk)},
        "bid": {
            "sealed": sealed,
            "opened": Bid.objects.get(challenge=opened.challenge),
            "lost": Bid.objects.get(challenge=awarded.challenge, bidder=theirs),
        },
        "team": {"led by theirs": theirs_leads.team, "asks theirs": asks_theirs.team},
        "team member": {"in their team": theirs_leads, "of theirs": asks_theirs},
        "attempt": {"of theirs": attempt},
        "bid review": {"handed in": Review.objects.get(bid__challenge=awarded.challenge, bid__bidder=theirs)},
        "award": {"of another": Award.objects.get(challenge=awarded.challenge)},
        "milestone": {"of theirs": milestone},
        "payment order": {"to theirs": _order_of(milestone)},
        "award objection": {"of theirs": ChallengeObjection.objects.get()},
    }


def _task_of(winner: Organisation, setting: Setting) -> Milestone:
    """A milestone of an award to theirs, as it would stand after the notice."""
    bid = Bid.objects.get(challenge=setting.challenge, bidder=winner)
    award = Award(challenge=setting.challenge, bid=bid, place=1, state=AwardState.REVOKED, decided_by="test")
    award.save(force_insert=True)
    milestone = Milestone(award=award, number=1, title="中试", evidence="报告", due_at=timezone.now())
    milestone.save(force_insert=True)
    return milestone


def _order_of(milestone: Milestone) -> PaymentOrder:
    """For this milestone, as the step that pays would issue it."""
    award = milestone.award
    order = PaymentOrder(
        challenge=award.challenge, award=award, milestone=milestone, number=1, amount_fen=1000_00,
        basis="里程碑通过", issued_at=timezone.now(), issued_by="test",
    )  # fmt: skip
    order.save(force_insert=True)
    return order


def _review_and_award(setting: Setting, person: Person) -> None:
    """By one reviewer, who is also somebody else of the world; the other bid wins."""
    name_reviewer(actor=setting.buyer, challenge=setting.fresh(), email=person.email)
    assign_reviews(actor=setting.buyer, challenge=setting.fresh(), each=1)
    reviewer = actor_of_person(person)
    for review, scores in zip(reviews_of(reviewer), ((2, 2), (4, 4)), strict=True):
        submit_review(actor=reviewer, review=review, scores=scores, comments=["依据"] * 2)
    rank_challenge(actor=setting.buyer, challenge=setting.fresh())
    best = Bid.objects.filter(challenge=setting.challenge).order_by("received_at").last()
    assert best is not None
    award_challenge(actor=setting.buyer, challenge=setting.fresh(), bids=[best])


def _teams(setting: Setting, theirs: Organisation, bidder: Actor) -> tuple[TeamMember, TeamMember]:
    """One that theirs leads, and one that asks theirs; both ask one organisation."""
    asked, challenge, part = [], setting.challenge, Part("检测", 40)
    outside = make_organisation()
    for lead, actor, partner in ((theirs, bidder, outside), (outside, make_person_of(outside), theirs)):
        team = form_team(
            actor=actor, challenge=challenge, lead=lead, part=Part("工艺", 60), lacks="电化学还原"
        )
        asked.append(ask_partner(actor=actor, team=team, organisation=partner, part=part))
    return asked[0], asked[1]


def _asked(actor: Actor, setting: Setting, asker: Organisation) -> Question:
    return ask_question(actor=actor, challenge=setting.challenge, asker=asker, text="能否提供水样？")


def _set(ours: Organisation, buyer: Actor, label: str, **changes: Any) -> Setting:
    people = people_of(ours, buyer)
    fields = {**CALL, **people.fields, "title": f"榜单 challenge {label}", **changes}
    invited = [people.guest] if "openness" in changes else []
    challenge = draft_challenge(
        actor=buyer, issuer=ours, scheme="prize_challenge", fields=fields, invited=invited
    )
    return Setting(challenge, ours, buyer, people.holders)


def _scored(ours: Organisation, buyer: Actor, label: str, **changes: Any) -> Setting:
    """Published with an automatic evaluation."""
    return publish(evaluate(make_keys(_set(ours, buyer, label, **changes))))


def _published(ours: Organisation, buyer: Actor, label: str, **changes: Any) -> Setting:
    return publish(make_keys(_set(ours, buyer, label, **changes)))
