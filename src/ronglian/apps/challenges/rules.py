"""Who may see a challenge, set it, hold its keys, and answer it.

A challenge that is published is what its openness says. Before that it is its issuer's and its key holders' own; the science
and technology bureau sees it from the moment it is handed in for examination. A bid is its bidder's own until two holders of
keys have opened it; not even that it exists is told before.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ronglian.apps.challenges.enums import (
    BidState,
    HolderRole,
    Openness,
    Phase,
    ReviewState,
)
from ronglian.apps.clinic.models import TechnologyManager
from ronglian.kernel.actor import Actor, ActorKind
from ronglian.kernel.permission import ALLOWED, Verdict, refused

if TYPE_CHECKING:
    from ronglian.apps.challenges.models import Award, Reviewer

SHOWN_TO_ALL = (Openness.PUBLIC, Openness.INVITED)


class Issued(Protocol):
    """What the rules need to know of a challenge."""

    issuer_id: int
    escrow_id: int | None
    phase: str
    openness: str
    published_at: datetime | None

    @property
    def manager(self) -> TechnologyManager | None: ...
    def invites(self, organisations: Collection[int]) -> bool: ...


class HandedIn(Protocol):
    """What the rules need to know of a bid."""

    bidder_id: int
    state: str

    @property
    def challenge(self) -> Issued: ...
    def is_reviewed_by(self, person: UUID | None) -> bool: ...


class Ordered(Protocol):
    """What the rules need to know of a payment order."""

    @property
    def award(self) -> Award: ...


class Scored(Protocol):
    """What the rules need to know of a try."""

    bidder_id: int


class InTaskBook(Protocol):
    """What the rules need to know of a milestone."""

    @property
    def award(self) -> Award: ...


class Reviewed(Protocol):
    """What the rules need to know of a review."""

    @property
    def reviewer(self) -> Reviewer: ...


class Asked(Protocol):
    """What the rules need to know of a question."""

    asker_id: int
    answered_at: datetime | None

    @property
    def challenge(self) -> Issued: ...


def is_authority(actor: Actor) -> bool:
    """The bureau's people, at the site; a token never has an office's rights."""
    return actor.kind == ActorKind.PERSON and actor.is_bureau


def visible_challenges_q(actor: Actor) -> Q:
    """The challenges the actor may see, as a filter."""
    if actor.is_system:
        return Q()
    published = Q(published_at__isnull=False)
    seen = published & Q(openness__in=SHOWN_TO_ALL)
    if not actor.may_read_confidential:
        return seen
    own = actor.organisation_ids
    seen |= Q(issuer_id__in=own) | Q(escrow_id__in=own)
    seen |= published & Q(pk__in=_invited(own))
    if actor.person_id is not None:
        seen |= Q(manager__person__public_id=actor.person_id)
    if is_authority(actor):
        seen |= ~Q(phase=Phase.DRAFT)
    return seen


def _invited(own: frozenset[int]) -> object:
    from ronglian.apps.challenges.models import Invitation  # noqa: PLC0415 - the models rest on these rules

    return Invitation.objects.filter(organisation_id__in=own).values("challenge_id")


def may_see_challenge(actor: Actor, challenge: Issued) -> bool:
    """The same rule for one challenge."""
    if actor.is_system:
        return True
    is_published = challenge.published_at is not None
    if is_published and challenge.openness in SHOWN_TO_ALL:
        return True
    if not actor.may_read_confidential:
        return False
    if actor.is_member(challenge.issuer_id) or actor.is_member(challenge.escrow_id):
        return True
    if challenge.manager is not None and challenge.manager.person.public_id == actor.person_id:
        return True
    if is_authority(actor) and challenge.phase != Phase.DRAFT:
        return True
    return is_published and challenge.invites(actor.organisation_ids)


def visible_bids_q(actor: Actor) -> Q:
    """The bids the actor may see: one's own, and opened ones of one's own challenge."""
    if actor.is_system:
        return Q()
    if not actor.may_read_confidential:
        return Q(pk__in=())
    own = actor.organisation_ids
    opened = Q(challenge__issuer_id__in=own, state=BidState.OPENED)
    seen = Q(bidder_id__in=own) | opened
    if actor.person_id is not None:
        asked = Q(reviews__reviewer__person__public_id=actor.person_id) & ~Q(
            reviews__state=ReviewState.RECUSED
        )
        seen |= Q(pk__in=_bids(asked & Q(state=BidState.OPENED)))
    return seen


def _bids(asked: Q) -> object:
    from ronglian.apps.challenges.models import Bid  # noqa: PLC0415 - the models rest on these rules

    return Bid.objects.filter(asked).values("pk")


def may_see_bid(actor: Actor, bid: HandedIn) -> bool:
    """The same rule for one bid."""
    if actor.is_system:
        return True
    if not actor.may_read_confidential:
        return False
    if actor.is_member(bid.bidder_id):
        return True
    return bid.state == BidState.OPENED and (
        actor.is_member(bid.challenge.issuer_id) or bid.is_reviewed_by(actor.person_id)
    )


def visible_tries_q(actor: Actor) -> Q:
    """Tries are their bidder's own; what everybody sees of them is the board."""
    if actor.is_system:
        return Q()
    if not actor.may_read_confidential:
        return Q(pk__in=())
    return Q(bidder_id__in=actor.organisation_ids)


def may_see_try(actor: Actor, attempt: Scored) -> bool:
    """The same rule for one try."""
    return actor.is_system or (actor.may_read_confidential and actor.is_member(attempt.bidder_id))


def visible_questions_q(actor: Actor) -> Q:
    """The questions the actor may read: answered ones with their challenge, one's own, and those asked of one."""
    if actor.is_system:
        return Q()
    from ronglian.apps.challenges.models import Challenge  # noqa: PLC0415 - the models rest on these rules

    answered = Q(answered_at__isnull=False, challenge__in=Challenge.objects.visible_to(actor))
    if not actor.may_read_confidential:
        return answered
    own = actor.organisation_ids
    return answered | Q(asker_id__in=own) | Q(challenge__issuer_id__in=own)


def may_see_question(actor: Actor, question: Asked) -> bool:
    """The same rule for one question."""
    if actor.is_system:
        return True
    if question.answered_at is not None and may_see_challenge(actor, question.challenge):
        return True
    if not actor.may_read_confidential:
        return False
    return actor.is_member(question.asker_id) or actor.is_member(question.challenge.issuer_id)


def holder_roles_of(actor: Actor, challenge: Issued) -> list[HolderRole]:
    """The keys of a challenge that the actor is asked to hold."""
    if actor.kind != ActorKind.PERSON or not actor.may_write:
        return []
    found = []
    if actor.may_write_for(challenge.issuer_id):
        found.append(HolderRole.BUYER)
    manager = challenge.manager
    if manager is not None and manager.person.public_id == actor.person_id:
        found.append(HolderRole.MANAGER)
    if challenge.escrow_id is not None and actor.may_write_for(challenge.escrow_id):
        found.append(HolderRole.ESCROW)
    return found


def may_draft(actor: Actor, _target: None) -> Verdict:
    if actor.is_system or any(actor.may_write_for(pk) for pk in actor.organisation_ids):
        return ALLOWED
    return refused(
        _("Owners and editors put out challenges for their organisation."),
        _("Ask an owner of yours, or register your organisation."),
    )


def may_change(actor: Actor, challenge: Issued) -> Verdict:
    if actor.may_write_for(challenge.issuer_id):
        return ALLOWED
    return refused(_("Owners and editors of the issuer do this."))


def may_hold(actor: Actor, challenge: Issued) -> Verdict:
    """A key is a person's: neither a program nor the machine holds one, nor opens with one."""
    if holder_roles_of(actor, challenge):
        return ALLOWED
    return refused(
        _(
            "The three holders of keys do this: a person of the issuer, the technology manager, a person of the escrow."
        )
    )


def may_bid(actor: Actor, challenge: Issued) -> Verdict:
    if not may_see_challenge(actor, challenge):
        return refused(_("There is no such challenge."))
    if actor.is_system or any(actor.may_write_for(pk) for pk in actor.organisation_ids):
        return ALLOWED
    return refused(
        _("Owners and editors hand in bids for their organisation."),
        _("Ask an owner of yours, or register your organisation."),
    )


def may_take_steps(actor: Actor, challenge: Issued) -> Verdict:
    """Which step is whose is the scheme's to say, and the process refuses with its reasons."""
    writes = actor.is_system or (actor.may_write and actor.is_signed_in)
    if writes and may_see_challenge(actor, challenge):
        return ALLOWED
    return refused(_("Sign in first."))


def may_review(actor: Actor, review: Reviewed) -> Verdict:
    """A review is the named person's own, given at the site or by their token."""
    if (
        actor.may_write
        and actor.person_id is not None
        and review.reviewer.person.public_id == actor.person_id
    ):
        return ALLOWED
    return refused(_("The reviewer to whom this bid was assigned does this."))


def may_follow(actor: Actor, challenge: Issued | None) -> Verdict:
    """Any person, for themselves; of a challenge that they may see."""
    is_person = actor.person_id is not None and actor.may_write
    if is_person and (challenge is None or may_see_challenge(actor, challenge)):
        return ALLOWED
    return refused(_("Sign in first."))


def may_object(actor: Actor, challenge: Issued) -> Verdict:
    if may_see_challenge(actor, challenge) and any(actor.may_write_for(pk) for pk in actor.organisation_ids):
        return ALLOWED
    return refused(_("Owners and editors object for their organisation."))


def may_answer_objections(actor: Actor, _objection: object) -> Verdict:
    """Not the issuer: whoever watches over the challenge."""
    if actor.is_system or is_authority(actor):
        return ALLOWED
    return refused(_("The science and technology bureau answers objections and decides appeals."))


def visible_milestones_q(actor: Actor) -> Q:
    """Task books are the issuer's and the winner's own."""
    if actor.is_system:
        return Q()
    if not actor.may_read_confidential:
        return Q(pk__in=())
    own = actor.organisation_ids
    return Q(award__challenge__issuer_id__in=own) | Q(award__bid__bidder_id__in=own)


def may_see_milestone(actor: Actor, milestone: InTaskBook) -> bool:
    """The same rule for one milestone."""
    award = milestone.award
    own = actor.is_member(award.challenge.issuer_id) or actor.is_member(award.bid.bidder_id)
    return actor.is_system or (actor.may_read_confidential and own)


def may_take_steps_of(actor: Actor, milestone: InTaskBook) -> Verdict:
    """Which step is whose is the scheme's to say."""
    if (actor.is_system or actor.may_write) and may_see_milestone(actor, milestone):
        return ALLOWED
    return refused(_("The issuer and the winner take the steps of a milestone."))


def visible_payment_orders_q(actor: Actor) -> Q:
    """Payment orders are the issuer's and the payee's own."""
    if actor.is_system:
        return Q()
    if not actor.may_read_confidential:
        return Q(pk__in=())
    own = actor.organisation_ids
    return Q(award__challenge__issuer_id__in=own) | Q(award__bid__bidder_id__in=own)


def may_see_payment_order(actor: Actor, payment_order: Ordered) -> bool:
    """The same rule for one payment order."""
    award = payment_order.award
    own = actor.is_member(award.challenge.issuer_id) or actor.is_member(award.bid.bidder_id)
    return actor.is_system or (actor.may_read_confidential and own)


def may_confirm_receipt(actor: Actor, payment_order: Ordered) -> Verdict:
    if actor.may_write_for(payment_order.award.bid.bidder_id):
        return ALLOWED
    return refused(_("Owners and editors of the payee confirm that money has arrived."))
