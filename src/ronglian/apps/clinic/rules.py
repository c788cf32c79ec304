"""Who may see and change what was told in the clinic.

A trouble that is not published yet is the enterprise's own: only its members read it, besides the machine's keeper.
"""

from __future__ import annotations

from typing import Protocol

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.kernel.actor import Actor
from ronglian.kernel.permission import ALLOWED, Verdict, refused


class Owned(Protocol):
    """What the policy needs to know of a consultation."""

    owner_id: int


def visible_q(actor: Actor) -> Q:
    """The consultations the actor may see, as a filter."""
    if actor.is_system:
        return Q()
    return Q(owner_id__in=actor.organisation_ids)


def is_visible(actor: Actor, consultation: Owned) -> bool:
    """The same rule for one consultation."""
    return actor.is_system or actor.is_member(consultation.owner_id)


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
