"""Reading an opened bid: whoever is not the bidder's own is written down, and the bidder sees who it was.

That is the guarantee against silent later use: after another bid has won, the first reading of each day is told by mail.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from ronglian.apps.challenges.enums import AwardState, BidState
from ronglian.apps.challenges.models import Bid, BidReading, Reviewer
from ronglian.apps.challenges.tasks import tell_of_late_reading
from ronglian.kernel.actor import Actor
from ronglian.kernel.events import record_event
from ronglian.kernel.read_only import require_writable


def read_bid(actor: Actor, bid: Bid) -> Mapping[str, Any] | None:
    """What a bid says, which the actor may read; None while it is sealed.

    No operation: nobody asks for it, and it must not take the idempotency key of the call within which it happens.
    Without the entry nothing is shown.
    """
    if bid.state != BidState.OPENED or not isinstance(bid.content, dict):
        return None
    if not (actor.is_system or actor.is_member(bid.bidder_id)):
        _write_down(actor, bid)
    return bid.content


def _write_down(actor: Actor, bid: Bid) -> None:
    today = timezone.localdate()
    if BidReading.objects.filter(bid=bid, person_id=actor.person, read_on=today).exists():
        return
    reviewer = None
    if not actor.is_member(bid.challenge.issuer_id):
        reviewer = Reviewer.objects.filter(challenge=bid.challenge_id, person__public_id=actor.person).first()
    awards = bid.challenge.awards.filter(state=AwardState.STANDING)
    reading = BidReading(
        bid=bid,
        reviewer=reviewer,
        person_id=actor.person,
        person_label="" if reviewer else actor.label,
        read_on=today,
        is_late=awards.exists() and not awards.filter(bid=bid).exists(),
    )
    require_writable()
    try:
        with transaction.atomic():
            reading.save(force_insert=True)
            record_event(actor, "bid.read", bid, {"late": reading.is_late})
    except IntegrityError:  # the same person in two windows at once
        return
    if reading.is_late:
        transaction.on_commit(lambda: tell_of_late_reading.enqueue(str(bid.public_id)))
