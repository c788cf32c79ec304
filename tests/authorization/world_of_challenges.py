"""Challenges of the world: ours sets the question, theirs answers it; each state that grants something else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.challenges.enums import Openness
from ronglian.apps.challenges.models import Bid, Question
from ronglian.apps.challenges.operations.bids import hand_in_bid
from ronglian.apps.challenges.operations.drafting import draft_challenge
from ronglian.apps.challenges.operations.exchange import ask_question, publish_answer
from ronglian.kernel.actor import Actor
from tests.factories.challenges import BID, CALL, Setting, close, make_keys, open_all, people_of, publish


def challenges_of(
    ours: Organisation, theirs: Organisation, buyer: Actor, bidder: Actor
) -> Mapping[str, Mapping[str, Any]]:
    """What ours asks, and what theirs answers."""
    draft = _set(ours, buyer, "our draft")
    public = _published(ours, buyer, "public")
    private = _published(ours, buyer, "private", openness=Openness.PRIVATE)
    opened = _published(ours, buyer, "opened")
    waits, told = (_asked(bidder, one, theirs) for one in (public, opened))
    publish_answer(actor=buyer, challenge=opened.challenge, question=told, answer="可以。")
    sealed = hand_in_bid(actor=bidder, challenge=public.challenge, bidder=theirs, content=BID)
    hand_in_bid(actor=bidder, challenge=opened.challenge, bidder=theirs, content=BID)
    open_all(close(opened))
    return {
        "challenge": {
            "our draft": draft.challenge,
            "public": public.fresh(),
            "private": private.fresh(),
            "opened": opened.fresh(),
        },
        "question": {"waits": waits, "answered": Question.objects.get(pk=told.pk)},
        "bid": {"sealed": sealed, "opened": Bid.objects.get(challenge=opened.challenge)},
    }


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


def _published(ours: Organisation, buyer: Actor, label: str, **changes: Any) -> Setting:
    return publish(make_keys(_set(ours, buyer, label, **changes)))
