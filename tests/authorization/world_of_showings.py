"""Bids of theirs shown to the reading organisation, which invests in this world; each state that grants something else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from ronglian.apps.accounts.models import Organisation, Person
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.challenges.enums import BidState
from ronglian.apps.challenges.models import Bid, Showing
from ronglian.apps.challenges.operations.showing_outcomes import tell_outcome
from ronglian.apps.challenges.operations.showing_readings import read_shown
from ronglian.apps.challenges.operations.showings import offer_showing, sign_showing, withdraw_showing
from ronglian.apps.challenges.showing_enums import OutcomeKind, ShownPart
from ronglian.kernel.actor import Actor

PURPOSE = "天使轮"


def showings_of(
    theirs: Organisation, investor: Organisation, team: Person, reader: Person
) -> Mapping[str, Mapping[str, Any]]:
    """Of two opened bids of theirs: one signed and withdrawn and then offered again, one in force and told of."""
    first, second = Bid.objects.filter(bidder=theirs, state=BidState.OPENED).order_by("pk")[:2]
    consenting, signing = actor_of_person(team), actor_of_person(reader)
    withdrawn = withdraw_showing(
        actor=consenting, showing=_signed(signing, _offered(consenting, first, investor))
    )
    signed = _signed(signing, _offered(consenting, second, investor))
    read_shown(signing, signed)
    told = tell_outcome(actor=signing, showing=signed, kind=OutcomeKind.MET, happened_on=timezone.localdate())
    return {
        "showing": {
            "asked": _offered(consenting, first, investor),
            "signed": signed,
            "withdrawn": withdrawn,
        },
        "outcome": {"told": told},
    }


def over(showing: Showing, bid: Bid) -> Showing:
    """The same of another bid, signed, and its last day was yesterday."""
    yesterday = timezone.localdate() - timedelta(days=1)
    fields = {
        name: getattr(showing, name)
        for name in ("team", "investor", "parts", "purpose", "state", "text_version", "text_digest",
                     "consented_by", "signed_by", "signed_at")
    }  # fmt: skip
    found: Showing = Showing.objects.create(bid=bid, ends_on=yesterday, **fields)
    return found


def _offered(actor: Actor, bid: Bid, investor: Organisation) -> Showing:
    return offer_showing(
        actor=actor, bid=bid, investor=investor, parts=[part.value for part in ShownPart], purpose=PURPOSE,
        ends_on=timezone.localdate() + timedelta(days=30),
    )  # fmt: skip


def _signed(actor: Actor, showing: Showing) -> Showing:
    return sign_showing(actor=actor, showing=showing, text_digest=showing.text_digest)
