"""Who may see and change what was told in the clinic.

A trouble that is not published yet is the enterprise's own: only its members read it, besides the machine's keeper, until
the enterprise shows it to the technology managers.
"""

from __future__ import annotations

from typing import Protocol

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.clinic.enums import ConsultationState
from ronglian.kernel.actor import Actor, ActorKind
from ronglian.kernel.permission import ALLOWED, Verdict, refused


class Owned(Protocol):
    """What the policy needs to know of a consultation."""

    owner_id: int
    state: str
    shown_to_managers: bool


def works_as_manager(actor: Actor) -> bool:
    """A technology manager at the site; a token never has an office's rights."""
    return actor.kind == ActorKind.PERSON and actor.is_technology_manager


def visible_q(actor: Actor) -> Q:
    """The consultations the actor may see, as a filter."""
    if actor.is_system:
        return Q()
    own = Q(owner_id__in=actor.organisation_ids)
    return own | Q(shown_to_managers=True, state=ConsultationState.OPEN) if works_as_manager(actor) else own


def is_visible(actor: Actor, consultation: Owned) -> bool:
    """The same rule for one consultation."""
    if actor.is_system or actor.is_member(consultation.owner_id):
        return True
    shown = consultation.shown_to_managers and consultation.state == ConsultationState.OPEN
    return shown and works_as_manager(actor)


def may_open(actor: Actor, owner: Organisation) -> Verdict:
    if actor.may_write_for(owner.pk):
        return ALLOWED
    return refused(
        _("Only owners and editors of an organisation bring its troubles to the clinic."),
        _("Ask an owner of %(organisation)s.") % {"organisation": owner.name},
    )


def may_tell(actor: Actor, consultation: Owned) -> Verdict:
    if actor.may_write_for(consultation.owner_id):
        return ALLOWED
    return refused(_("Only owners and editors of the organisation may change what it told."))
