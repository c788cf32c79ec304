"""Reading task books: the issuer's and the winner's own."""

from __future__ import annotations

from uuid import UUID

from ronglian.apps.challenges.models import Challenge, Milestone
from ronglian.apps.challenges.rules import visible_milestones_q
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound


def list_milestones(actor: Actor, challenge: Challenge) -> list[Milestone]:
    """The milestones of a challenge that the actor may see, by place and number."""
    rows = Milestone.objects.filter(visible_milestones_q(actor), award__challenge=challenge)
    rows = rows.select_related("award__challenge", "award__bid__bidder")
    return list(rows.defer("award__bid__envelope", "award__bid__content").order_by("award__place", "number"))


def access_milestone(actor: Actor, public_id: UUID) -> Milestone:
    """One milestone; raises NotFound for one the actor may not know of."""
    rows = Milestone.objects.filter(visible_milestones_q(actor), public_id=public_id)
    found: Milestone | None = rows.select_related("award__challenge", "award__bid__bidder").first()
    if found is None:
        raise NotFound
    return found
