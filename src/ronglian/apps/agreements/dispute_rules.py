"""Who may read and act in disputes: the two parties of the agreement, and the mediator whom both appointed.

A mediator is a registered technology manager, or the owners and editors of an organisation. A mediator reads the dispute and
not the agreement; who was only proposed reads nothing.
"""

from __future__ import annotations

from typing import Protocol

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ronglian.apps.agreements.rules import Agreed, sides_of
from ronglian.apps.clinic.manager_enums import ManagerState
from ronglian.apps.clinic.manager_rules import Registered, is_oneself
from ronglian.kernel.actor import WRITING_ROLES, Actor, ActorKind
from ronglian.kernel.permission import ALLOWED, Verdict, refused


class Mediating(Protocol):
    """What the rules need to know of who mediates: one of the two is there."""

    organisation_id: int | None

    @property
    def manager(self) -> Registered | None: ...


class Disputed(Protocol):
    """What the rules need to know of a dispute."""

    @property
    def agreement(self) -> Agreed: ...

    @property
    def mediator(self) -> Mediating | None: ...


def visible_disputes_q(actor: Actor) -> Q:
    """The disputes the actor may read, as a filter."""
    if actor.is_system:
        return Q()
    if not actor.may_read_confidential:
        return Q(pk__in=())
    own = actor.organisation_ids
    party = Q(agreement__client_id__in=own) | Q(agreement__provider_id__in=own)
    return party | mediated_q(actor)


def mediated_q(actor: Actor) -> Q:
    """The disputes in which both sides appointed the actor, as a filter."""
    named = Q(mediator__organisation_id__in=_written_for(actor))
    if actor.person_id is None:
        return named
    return named | Q(
        mediator__manager__person__public_id=actor.person_id,
        mediator__manager__state=ManagerState.CONFIRMED,
    )


def may_see_dispute(actor: Actor, dispute: Disputed) -> bool:
    """The same rule for one dispute."""
    if actor.is_system:
        return True
    agreement = dispute.agreement
    is_party = actor.is_member(agreement.client_id) or actor.is_member(agreement.provider_id)
    return actor.may_read_confidential and (is_party or is_mediator(actor, dispute))


def is_mediator(actor: Actor, dispute: Disputed) -> bool:
    """Whether both sides appointed the actor, or an organisation for which the actor writes."""
    named = dispute.mediator
    if named is None:
        return False
    if named.manager is not None:
        return named.manager.state == ManagerState.CONFIRMED and is_oneself(actor, named.manager)
    return named.organisation_id in _written_for(actor)


def may_take_part(actor: Actor, dispute: Disputed) -> Verdict:
    """Answer, name a mediator, decline: owners and editors of either side."""
    if sides_of(actor, dispute.agreement) and may_see_dispute(actor, dispute):
        return ALLOWED
    return refused(_("Owners and editors of the two parties do this."))


def may_mediate(actor: Actor, dispute: Disputed) -> Verdict:
    if actor.may_write and may_see_dispute(actor, dispute) and is_mediator(actor, dispute):
        return ALLOWED
    return refused(_("The mediator whom both sides appointed does this."))


def may_speak(actor: Actor, dispute: Disputed) -> Verdict:
    """Add to the log, or end the talks: either side, and the mediator."""
    if may_take_part(actor, dispute) or may_mediate(actor, dispute):
        return ALLOWED
    return refused(_("The two parties and the mediator whom both appointed do this."))


def may_note_lateness(actor: Actor, _dispute: Disputed) -> Verdict:
    """The job of each night."""
    return ALLOWED if actor.is_system else refused(_("The platform does this by itself."))


def may_settle(actor: Actor, dispute: Disputed) -> Verdict:
    """A program cannot bind an organisation."""
    if actor.kind != ActorKind.PERSON:
        return refused(_("A person accepts a settlement, at the site."), _("Sign in first."))
    return may_take_part(actor, dispute)


def _written_for(actor: Actor) -> frozenset[int]:
    """The organisations whose owner or editor the actor is."""
    return frozenset(pk for pk, role in actor.memberships.items() if role in WRITING_ROLES)
