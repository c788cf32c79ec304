"""Who may see, propose and join common needs.

A group that was only found is for those who bring people together. Once owners are invited each of them sees the group;
of the others it sees what is public, until it has joined.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Protocol

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ronglian.apps.clinic.enums import PoolState, ShareState
from ronglian.kernel.actor import Actor, ActorKind
from ronglian.kernel.permission import ALLOWED, Verdict, refused

if TYPE_CHECKING:
    from ronglian.apps.clinic.models.pool import Pool, PoolShare

INVITED = (PoolState.OPEN, PoolState.PUBLISHED, PoolState.CLOSED)


class Shared(Protocol):
    """What the rules need to know of one owner's share."""

    owner_id: int
    state: str


def keeps_pools(actor: Actor) -> bool:
    """Those who bring firms together: the machine, operators, the bureau, technology managers."""
    return actor.is_system or actor.is_operator or actor.is_bureau or actor.is_technology_manager


def visible_pools_q(actor: Actor) -> Q:
    """The common needs the actor may see, as a filter."""
    if keeps_pools(actor):
        return Q()
    return Q(pk__in=_shares_of(actor.organisation_ids).values("pool_id"), state__in=INVITED)


def _shares_of(owner_ids: Collection[int]) -> QuerySet[PoolShare]:
    from ronglian.apps.clinic.models.pool import PoolShare  # noqa: PLC0415 - the model asks this rule

    return PoolShare.objects.filter(owner_id__in=owner_ids)


def may_find(actor: Actor, _target: None) -> Verdict:
    if actor.is_system:
        return ALLOWED
    return refused(_("Common needs are found by the platform's own job."))


def may_keep(actor: Actor, _pool: Pool) -> Verdict:
    if keeps_pools(actor) and actor.may_write:
        return ALLOWED
    return refused(
        _("The science and technology bureau, technology managers and operators invite the owners."),
        _("Ask one of them."),
    )


def may_take_part(actor: Actor, pool: Pool) -> Verdict:
    """A program cannot bind an organisation: a person joins, declines, approves and leaves, at the site."""
    if actor.kind == ActorKind.PERSON and _shares_of(writable(actor)).filter(pool=pool).exists():
        return ALLOWED
    return refused(_("Owners and editors of an invited organisation decide for it, at the site."))


def may_lead(actor: Actor, pool: Pool) -> Verdict:
    if actor.kind == ActorKind.PERSON and pool.lead_id is not None and actor.may_write_for(pool.lead_id):
        return ALLOWED
    return refused(_("Only owners and editors of the leading organisation do this."))


def writable(actor: Actor) -> list[int]:
    """The organisations the actor decides for."""
    return [pk for pk in actor.organisation_ids if actor.may_write_for(pk)]


def reads_shares(actor: Actor, shares: Iterable[Shared]) -> bool:
    """Whether the actor reads what the others share: those who joined do."""
    return any(share.state == ShareState.JOINED and actor.is_member(share.owner_id) for share in shares)
