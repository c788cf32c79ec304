"""Who shows a bid to an investor, who reads it, and who says what became of it.

A showing is its team's and that investor's own: neither the issuer, nor reviewers, nor any office learns that there is one.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Protocol

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.kernel.actor import Actor, ActorKind
from ronglian.kernel.permission import ALLOWED, Verdict, refused

if TYPE_CHECKING:
    from ronglian.apps.challenges.models.bid import Bid


class Shown(Protocol):
    """What the rules need to know of a showing."""

    team_id: int
    investor_id: int

    def is_in_force(self, today: date) -> bool: ...


class Told(Protocol):
    """What the rules need to know of an outcome."""

    @property
    def showing(self) -> Shown: ...


def visible_showings_q(actor: Actor) -> Q:
    """The showings of which the actor may know: those of the own team, and those to the own investor."""
    if actor.is_system:
        return Q()
    if not actor.may_read_confidential:
        return Q(pk__in=())
    own = actor.organisation_ids
    return Q(team_id__in=own) | Q(investor_id__in=own)


def may_see_showing(actor: Actor, showing: Shown) -> bool:
    """The same rule for one showing."""
    if actor.is_system:
        return True
    sides = (showing.team_id, showing.investor_id)
    return actor.may_read_confidential and any(actor.is_member(side) for side in sides)


def may_read_shown(actor: Actor, showing: Shown) -> bool:
    """The team reads what it shows; the investor's people do while their agreement is in force."""
    if not actor.may_read_confidential:
        return False
    if actor.is_member(showing.team_id):
        return True
    return actor.is_member(showing.investor_id) and showing.is_in_force(timezone.localdate())


def may_read_readings(actor: Actor, showing: Shown) -> bool:
    """Who of the investor has read: told to the team."""
    return actor.is_system or (actor.may_read_confidential and actor.is_member(showing.team_id))


def may_show(actor: Actor, bid: Bid) -> Verdict:
    """Consent is the bidder's, given by a person at the site; a program consents to nothing."""
    if actor.kind == ActorKind.PERSON and actor.may_write_for(bid.bidder_id):
        return ALLOWED
    return refused(_("Owners and editors of the bidder show a bid to an investor, at the site."))


def may_sign_for_showing(actor: Actor, showing: Shown) -> Verdict:
    """A program cannot bind an organisation."""
    if actor.kind == ActorKind.PERSON and actor.may_write_for(showing.investor_id):
        return ALLOWED
    return refused(_("Owners and editors of the investor sign or decline, at the site."))


def may_withdraw_showing(actor: Actor, showing: Shown) -> Verdict:
    if actor.may_write_for(showing.team_id):
        return ALLOWED
    return refused(_("Owners and editors of the team withdraw what it shows."))


def may_tell_outcome(actor: Actor, showing: Shown) -> Verdict:
    if actor.may_write_for(showing.investor_id):
        return ALLOWED
    return refused(_("Owners and editors of the investor tell what became of it."))


def may_answer_outcome(actor: Actor, outcome: Told) -> Verdict:
    if actor.may_write_for(outcome.showing.team_id):
        return ALLOWED
    return refused(_("Owners and editors of the team confirm what the investor told."))
