"""The opening: two holders of keys, one after the other, after the bids have closed."""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.challenges.bid_content import unpack_bid
from ronglian.apps.challenges.enums import LIVE_BIDS, BidState, Phase
from ronglian.apps.challenges.models import Bid, Challenge, HolderKey, Opening
from ronglian.apps.challenges.rules import may_hold
from ronglian.apps.challenges.standing import facts_of, follow, list_digest, process_of
from ronglian.engines.proof.envelopes import (
    EnvelopeError,
    Peeled,
    envelope_digest,
    open_envelope,
    peel_envelope,
)
from ronglian.engines.proof.holder_keys import HolderKeyError, unlock_holder_key
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.process.running import advance


@operation("challenge.open_bids", target="challenge", allowed=may_hold)
def open_bids(*, actor: Actor, challenge: Challenge, passphrase: str) -> Challenge:
    """Open one's layer of all bids. The first holder leaves nothing readable; the second, another person, opens.

    Every envelope is held against the digest of its receipt, and all of them against the list that was published when
    bids closed. One that was changed does not open; it is named in the record and left out.
    """
    now = timezone.now()
    if challenge.phase != Phase.SEALED or challenge.closes_at is None or now < challenge.closes_at:
        raise RuleViolation(_("Bids are opened once, after they have closed."))
    holder = _key_of(actor, challenge)
    try:
        private = unlock_holder_key(holder.kept_key, passphrase)
    except HolderKeyError as error:
        raise InvalidInput.of({"passphrase": [_("This is not the passphrase of your key.")]}) from error
    bids = list(Bid.objects.filter(challenge=challenge, state__in=LIVE_BIDS).order_by("received_at", "pk"))
    if list_digest(bid.digest for bid in bids) != challenge.list_digest:
        raise RuleViolation(
            _("The bids are not those of the list that was published when they closed. Nothing is opened.")
        )
    opening = Opening.objects.filter(challenge=challenge).first()
    if opening is None:
        _peel(actor, challenge, holder, private, bids)
    elif opening.first_person == actor.person:
        raise RuleViolation(_("You have opened your layer. A second person opens the bids with another key."))
    else:
        _open(actor, challenge, opening, holder, private, bids)
    return challenge


def _key_of(actor: Actor, challenge: Challenge) -> HolderKey:
    key = HolderKey.objects.filter(challenge=challenge, person=actor.person).first()
    if key is None:
        raise RuleViolation(_("You have made no key for this challenge; those who made one open it."))
    return key


def _peel(
    actor: Actor, challenge: Challenge, holder: HolderKey, private: X25519PrivateKey, bids: list[Bid]
) -> None:
    left: dict[str, dict[str, str]] = {}
    faults = []
    for bid in bids:
        try:
            peeled = peel_envelope(_envelope_of(bid), holder=holder.role, key=private)
        except EnvelopeError:
            faults.append(bid.digest)
            continue
        left[bid.digest] = {
            role: base64.b64encode(part).decode("ascii") for role, part in peeled.inner.items()
        }
    opening = Opening(
        challenge=challenge,
        first_role=holder.role,
        first_person=actor.person,
        first_label=actor.label,
        first_at=timezone.now(),
        peeled=left,  # type: ignore[misc]  # a sealed field holds any JSON
        faults=faults,
    )
    opening.save(force_insert=True)
    said = {"challenge": str(challenge.public_id), "role": holder.role, "faults": faults}
    record_event(actor, "opening.begun", opening, said)


def _open(
    actor: Actor,
    challenge: Challenge,
    opening: Opening,
    holder: HolderKey,
    private: X25519PrivateKey,
    bids: list[Bid],
) -> None:
    left: dict[str, dict[str, str]] = opening.peeled
    faults = list(opening.faults)
    for bid in bids:
        if bid.digest not in left:
            continue
        inner = {role: base64.b64decode(part) for role, part in left[bid.digest].items()}
        try:
            peeled = Peeled(bid.digest, opening.first_role, inner)
            packed = open_envelope(_envelope_of(bid), peeled, holder=holder.role, key=private)
        except EnvelopeError:
            faults.append(bid.digest)
            continue
        bid.state = BidState.OPENED
        bid.content = unpack_bid(packed)
        bid.version += 1
        bid.save(update_fields=["state", "content", "version", "updated_at"])
        record_event(actor, "bid.opened", bid, {"digest": bid.digest})
    opening.second_role, opening.second_person, opening.second_label = holder.role, actor.person, actor.label
    opening.second_at, opening.peeled, opening.faults = timezone.now(), None, faults
    opening.version += 1
    opening.save(force_update=True)
    said = {
        "challenge": str(challenge.public_id), "roles": [opening.first_role, holder.role],
        "opened": [bid.digest for bid in bids if bid.state == BidState.OPENED], "faults": faults,
    }  # fmt: skip
    event = record_event(actor, "opening.done", opening, said)
    _advance(actor, challenge, str(event.public_id))


def _advance(actor: Actor, challenge: Challenge, record: str) -> None:
    """The step of the scheme that leads from the sealed bids to their review. It is the holders' act, whose it is called."""
    process, now = process_of(challenge), timezone.now()
    definition = process.definition
    step = next(
        each
        for each in definition.transitions.values()
        if set(each.sources) & set(process.states)
        and any(definition.states[target].stage == "review" for target in each.targets)
    )
    advance(
        process,
        step.id,
        actor=actor,
        roles={"holder", "issuer"},
        facts=facts_of(challenge, definition),
        now=now,
        documents=dict.fromkeys(step.produces, record),
    )
    follow(actor, challenge, process, now)


def _envelope_of(bid: Bid) -> bytes:
    """The stored envelope; raises EnvelopeError where it is not the one of the receipt."""
    try:
        envelope = base64.b64decode(bid.envelope, validate=True)
    except ValueError as error:
        raise EnvelopeError("the stored envelope is no base64") from error
    if envelope_digest(envelope) != bid.digest:
        raise EnvelopeError("the stored envelope is not the one of the receipt")
    return envelope
