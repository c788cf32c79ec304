"""Who may see, propose and object to prices.

A notice is for everybody it reaches: the seller's people, or everybody. What is prepared, found or withdrawn is the seller's
own. Who objected keeps seeing the notice, for the answer stands there. The basis and price supports stay with their holder.
"""

from __future__ import annotations

from typing import Protocol

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.agreements.enums import NoticeReach, PriceState
from ronglian.kernel.actor import Actor, ActorKind
from ronglian.kernel.permission import ALLOWED, Verdict, refused

PUBLIC_STATES = (PriceState.NOTICED, PriceState.OFFERED)


class Priced(Protocol):
    """What the rules need to know of a price finding."""

    seller_id: int
    state: str
    reach: str


class Held(Protocol):
    """What the rules need to know of a price support."""

    holder_id: int


def visible_prices_q(actor: Actor) -> Q:
    """The price findings the actor may see, as a filter."""
    if actor.is_system:
        return Q()
    seen = Q(state__in=PUBLIC_STATES, reach=NoticeReach.PUBLIC)
    if actor.organisation_ids:
        own = Q(seller_id__in=actor.organisation_ids)
        seen |= own if actor.may_read_confidential else own & Q(state__in=PUBLIC_STATES)
    return seen


def may_see_price(actor: Actor, finding: Priced) -> bool:
    """The same rule for one."""
    if actor.is_system:
        return True
    is_public = finding.state in PUBLIC_STATES
    if actor.is_member(finding.seller_id) and (actor.may_read_confidential or is_public):
        return True
    return is_public and finding.reach == NoticeReach.PUBLIC


def may_read_basis(actor: Actor, finding: Priced) -> bool:
    """Basis, evidence, price support and who objected: the seller's people."""
    return actor.is_system or (actor.is_member(finding.seller_id) and actor.may_read_confidential)


def may_read_valuation(actor: Actor, valuation: Held) -> bool:
    return actor.is_system or (actor.is_member(valuation.holder_id) and actor.may_read_confidential)


def may_price_for(actor: Actor, organisation: Organisation) -> Verdict:
    """Propose a price, or support one, for an organisation."""
    if actor.may_write_for(organisation.pk) and actor.may_read_confidential:
        return ALLOWED
    return refused(
        _("Owners and editors of an organisation find prices for it."),
        _("Ask an owner of %(organisation)s.") % {"organisation": organisation.name},
    )


def may_find_price(actor: Actor, finding: Priced) -> Verdict:
    if actor.may_write_for(finding.seller_id) and actor.may_read_confidential:
        return ALLOWED
    return refused(_("Owners and editors of the seller do this."))


def may_object_to_price(actor: Actor, finding: Priced) -> Verdict:
    """Whoever the notice reaches, by name: a person who signed in, of the seller or of anywhere else."""
    if actor.kind == ActorKind.PERSON and actor.may_write and may_see_price(actor, finding):
        return ALLOWED
    return refused(_("An objection needs a name: a person who signed in objects."), _("Sign in first."))
