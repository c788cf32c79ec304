"""Who looks after needs that lie without an answer, and who reads what was done."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ronglian.apps.clinic.pool_rules import keeps_pools
from ronglian.apps.registry.models import Need
from ronglian.apps.registry.rules import is_visible
from ronglian.kernel.actor import ANONYMOUS, Actor
from ronglian.kernel.permission import ALLOWED, Verdict, refused


def may_attend(actor: Actor, need: Need) -> Verdict:
    """Those who bring firms together, about what everybody may read."""
    if actor.is_system:
        return ALLOWED
    if keeps_pools(actor) and actor.may_write and is_visible(ANONYMOUS, need):
        return ALLOWED
    return refused(
        _("The science and technology bureau, technology managers and operators look after such needs."),
        _("Ask one of them."),
    )


def reads_attention(actor: Actor, need: Need) -> bool:
    """What was done is read by who does it and by the need's own organisation."""
    return keeps_pools(actor) or actor.is_member(need.owner_id)
