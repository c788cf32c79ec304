"""What was asked of the drafting assistant, and what it suggested, for those who tell the trouble."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Prefetch, QuerySet

from ronglian.apps.clinic.models import Consultation, DraftingRun, DraftSuggestion
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound


def list_runs(actor: Actor, consultation: Consultation) -> QuerySet[DraftingRun]:
    """The latest first, with their suggestions. A technology manager who was shown the trouble reads none of it."""
    return _visible(actor).filter(consultation=consultation)


def access_run(actor: Actor, public_id: UUID) -> DraftingRun:
    """The question, if the actor may see it. Raises NotFound."""
    found = _visible(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def access_suggestion(actor: Actor, public_id: UUID) -> DraftSuggestion:
    """The suggestion, if the actor may see it. Raises NotFound."""
    rows = DraftSuggestion.objects.select_related("run__consultation__owner")
    found = rows.filter(public_id=public_id, run__in=_visible(actor)).first()
    if found is None:
        raise NotFound
    return found


def _visible(actor: Actor) -> QuerySet[DraftingRun]:
    rows = DraftingRun.objects.select_related("consultation").order_by("-id")
    if not actor.is_system:
        rows = rows.filter(consultation__owner_id__in=actor.organisation_ids)
    return rows.prefetch_related(Prefetch("suggestions", queryset=DraftSuggestion.objects.order_by("id")))
