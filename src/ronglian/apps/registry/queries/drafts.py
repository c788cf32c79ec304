"""Reading what a person has typed and not sent."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from ronglian.apps.registry.models import Draft
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound


def own_drafts(actor: Actor) -> QuerySet[Draft]:
    """The person's drafts, the one touched last first."""
    if actor.person_id is None:
        return Draft.objects.none()
    return (
        Draft.objects.filter(person__public_id=actor.person_id)
        .select_related("person")
        .order_by("-updated_at", "-id")
    )


def access_own_draft(actor: Actor, public_id: UUID) -> Draft:
    """The draft, if it is the person's own. Raises NotFound otherwise."""
    draft = own_drafts(actor).filter(public_id=public_id).first()
    if draft is None:
        raise NotFound
    return draft
