"""Who has read one's opened bid."""

from __future__ import annotations

from django.db.models import QuerySet

from ronglian.apps.challenges.models import Bid, BidReading
from ronglian.kernel.actor import Actor


def readings_of(actor: Actor, bid: Bid) -> QuerySet[BidReading]:
    """For the bidder's people, the latest first. The issuer learns nothing of who else has read."""
    rows = BidReading.objects.filter(bid=bid)
    if not (actor.is_system or (actor.may_read_confidential and actor.is_member(bid.bidder_id))):
        return rows.none()
    return rows.select_related("reviewer").order_by("-first_at", "-pk")
