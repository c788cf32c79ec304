"""Who may see and fill in a check-up: the enterprise alone."""

from __future__ import annotations

from typing import Protocol

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ronglian.apps.clinic.rules import may_open
from ronglian.kernel.actor import Actor
from ronglian.kernel.permission import ALLOWED, Verdict, refused


class Checked(Protocol):
    """What the rules need to know of a check-up."""

    owner_id: int


def visible_checkups_q(actor: Actor) -> Q:
    """The check-ups the actor may see, as a filter."""
    return Q() if actor.is_system else Q(owner_id__in=actor.organisation_ids)


may_open_checkup = may_open


def may_fill_in(actor: Actor, checkup: Checked) -> Verdict:
    if actor.may_write_for(checkup.owner_id):
        return ALLOWED
    return refused(_("Only owners and editors of the organisation fill in its check-up."))
