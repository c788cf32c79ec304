"""Bids: sealed on arrival, replaced or withdrawn until they close, refused afterwards."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.challenges.bid_content import BidContent, pack_bid
from ronglian.apps.challenges.enums import BidState, Openness, Phase
from ronglian.apps.challenges.models import Bid, Challenge, HolderKey, Invitation
from ronglian.apps.challenges.rules import may_bid
from ronglian.apps.challenges.teams import partners_of_team
from ronglian.engines.proof.envelopes import envelope_digest, seal_envelope
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotAllowed, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record


@operation("bid.hand_in", target="challenge", allowed=may_bid)
def hand_in_bid(*, actor: Actor, challenge: Challenge, bidder: Organisation, content: BidContent) -> Bid:
    """Seal and keep a bid; one handed in before by the same bidder is replaced. Whom its team has confirmed stands in it.

    The row of the challenge is locked and the clock read after that, so that no bid is kept at or after the deadline.
    """
    if not actor.may_write_for(bidder.pk):
        raise NotAllowed(_("Owners and editors hand in bids for their organisation."))
    now = timezone.now()
    insist_open(challenge, now)
    insist_eligible(challenge, bidder)
    content = replace(content, partners=partners_of_team(challenge, bidder, content))
    keys = {
        row.role: X25519PublicKey.from_public_bytes(base64.b64decode(row.public_key))
        for row in HolderKey.objects.filter(challenge=challenge)
    }
    envelope = seal_envelope(
        pack_bid(challenge, content), context={"challenge": str(challenge.public_id)}, holders=keys
    )
    before = Bid.objects.filter(challenge=challenge, bidder=bidder, state=BidState.SEALED).first()
    if before is not None:
        _leave(actor, before, BidState.REPLACED)
    bid = Bid(
        challenge=challenge,
        bidder=bidder,
        envelope=base64.b64encode(envelope).decode("ascii"),
        digest=envelope_digest(envelope),
        received_at=now,
        handed_in_by=actor.label,
    )
    clean_record(bid)
    bid.save(force_insert=True)
    record_event(
        actor,
        "bid.received",
        bid,
        {"challenge": str(challenge.public_id), "digest": bid.digest, "received_at": now.isoformat()},
    )
    return bid


@operation("bid.withdraw", target="challenge", allowed=may_bid)
def withdraw_bid(*, actor: Actor, challenge: Challenge, bidder: Organisation) -> Bid:
    """Take one's bid back before they close; its envelope is never opened."""
    if not actor.may_write_for(bidder.pk):
        raise NotAllowed(_("Owners and editors take back bids of their organisation."))
    insist_open(challenge, timezone.now())
    bid = Bid.objects.filter(challenge=challenge, bidder=bidder, state=BidState.SEALED).first()
    if bid is None:
        raise RuleViolation(_("There is no bid of this organisation to take back."))
    _leave(actor, bid, BidState.WITHDRAWN)
    return bid


def _leave(actor: Actor, bid: Bid, state: BidState) -> None:
    bid.state = state
    bid.version += 1
    bid.save(update_fields=["state", "version", "updated_at"])
    record_event(actor, f"bid.{state.value}", bid, {"digest": bid.digest})


def insist_open(challenge: Challenge, now: datetime) -> None:
    """Raises RuleViolation where bids cannot come, by the clock of the server and the phase."""
    closes = challenge.closes_at
    if closes is not None and now >= closes:
        raise RuleViolation(
            _("Bids closed at %(moment)s by the clock of this server; nothing is taken or changed any more.")
            % {"moment": timezone.localtime(closes).strftime("%Y-%m-%d %H:%M:%S")}
        )
    if challenge.phase != Phase.OPEN:
        raise RuleViolation(_("This challenge does not take bids now."))


def insist_eligible(challenge: Challenge, bidder: Organisation) -> None:
    """Raises RuleViolation for an organisation that does not answer this challenge."""
    if bidder.pk == challenge.issuer_id:
        raise RuleViolation(_("Whoever sets the question does not answer it."))
    if bidder.pk == challenge.escrow_id:
        raise RuleViolation(_("The escrow holds a key of the bids, and does not bid."))
    if (
        challenge.openness != Openness.PUBLIC
        and not Invitation.objects.filter(challenge=challenge, organisation=bidder).exists()
    ):
        raise RuleViolation(_("This challenge is answered by invitation; your organisation is not invited."))
