"""Finding consultations."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from ronglian.apps.clinic.models import Consultation
from ronglian.apps.registry.models import Need
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound


def list_consultations(actor: Actor) -> QuerySet[Consultation]:
    """Those the actor may see, the one touched last first."""
    rows: QuerySet[Consultation] = Consultation.objects.visible_to(actor).select_related("owner", "need")
    return rows.order_by("-updated_at", "-id")


def own_consultations(actor: Actor) -> QuerySet[Consultation]:
    """Those of the actor's organisations."""
    return list_consultations(actor).filter(owner_id__in=actor.organisation_ids)


def access_consultation(actor: Actor, public_id: UUID) -> Consultation:
    """The consultation, if the actor may see it. Raises NotFound."""
    found = list_consultations(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def acceptance_of(need: Need) -> list[dict[str, str]]:
    """The acceptance test its enterprise set for a need; empty where there is none."""
    found: Consultation | None = Consultation.objects.filter(need=need).first()
    return list(found.acceptance) if found else []
