"""Reading challenges and bids."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Case, Q, QuerySet, When

from ronglian.apps.challenges.enums import LIVE_BIDS, BidState, Phase
from ronglian.apps.challenges.models import Bid, Challenge, Opening
from ronglian.apps.challenges.rules import visible_bids_q
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound
from ronglian.kernel.models import Event


def list_challenges(actor: Actor, phase: str = "") -> QuerySet[Challenge]:
    """The published challenges that the actor may see, those open for bids first, then the latest."""
    rows: QuerySet[Challenge] = Challenge.objects.visible_to(actor).filter(published_at__isnull=False)
    if phase:
        rows = rows.filter(phase=phase)
    others_later = Case(When(phase=Phase.OPEN, then=0), default=1)
    return rows.select_related("issuer").order_by(others_later, "-published_at", "-id")


def own_challenges(actor: Actor) -> QuerySet[Challenge]:
    """Those of the actor's organisations, and those whose keys the actor is asked to hold; the latest first."""
    own = actor.organisation_ids
    mine = Q(issuer_id__in=own) | Q(escrow_id__in=own)
    if actor.person_id is not None:
        mine |= Q(manager__person__public_id=actor.person_id)
    rows: QuerySet[Challenge] = Challenge.objects.visible_to(actor).filter(mine)
    return rows.select_related("issuer").order_by("-id")


def access_challenge(actor: Actor, public_id: UUID) -> Challenge:
    """The challenge; raises NotFound for one the actor may not know of."""
    found: Challenge | None = (
        Challenge.objects.visible_to(actor)
        .select_related("issuer", "need", "escrow", "manager__person")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def own_bids(actor: Actor, challenge: Challenge | None = None) -> QuerySet[Bid]:
    """The bids of the actor's organisations, the latest first, without their envelopes."""
    rows = Bid.objects.filter(bidder_id__in=actor.organisation_ids).filter(visible_bids_q(actor))
    if challenge is not None:
        rows = rows.filter(challenge=challenge)
    return rows.select_related("challenge", "bidder").defer("envelope").order_by("-received_at", "-pk")


def access_bid(actor: Actor, public_id: UUID) -> Bid:
    """One bid that the actor may see; raises NotFound."""
    found = (
        Bid.objects.filter(visible_bids_q(actor), public_id=public_id)
        .select_related("challenge__issuer", "bidder")
        .first()
    )
    if found is None:
        raise NotFound
    return found


def opened_bids(actor: Actor, challenge: Challenge) -> QuerySet[Bid]:
    """The opened bids of a challenge, as far as the actor may see them, in the order of their receipts."""
    rows = Bid.objects.filter(visible_bids_q(actor), challenge=challenge, state=BidState.OPENED)
    return rows.select_related("bidder").defer("envelope").order_by("received_at", "pk")


def receipt_event(bid: Bid) -> Event:
    """What the log keeps of the arrival of a bid."""
    return Event.objects.get(subject_id=bid.public_id, name="bid.received")


def opening_of(challenge: Challenge) -> Opening | None:
    return Opening.objects.filter(challenge=challenge).first()


def published_digests(challenge: Challenge) -> list[str]:
    """The list of bids as it is public once they are closed: digests alone, sorted."""
    if not challenge.list_digest:
        return []
    rows = Bid.objects.filter(challenge=challenge, state__in=LIVE_BIDS)
    return sorted(rows.values_list("digest", flat=True))
