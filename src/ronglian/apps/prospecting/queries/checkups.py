"""Finding check-ups, and what they find."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from ronglian.apps.prospecting.models import Checkup, CheckupFinding
from ronglian.apps.prospecting.questionnaire import questionnaires
from ronglian.engines.diagnosis.checkup import Answer, Trouble, find_troubles
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound


def list_checkups(actor: Actor) -> QuerySet[Checkup]:
    """Those the actor may see, the newest first."""
    rows: QuerySet[Checkup] = Checkup.objects.visible_to(actor).select_related("owner")
    return rows.order_by("-id")


def access_checkup(actor: Actor, public_id: UUID) -> Checkup:
    """The check-up, if the actor may see it. Raises NotFound."""
    found = list_checkups(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def troubles_of(checkup: Checkup) -> tuple[Trouble, ...]:
    """What the answers point to, by the questionnaire they were given to."""
    answers = {key: Answer(told["choice"], told["words"]) for key, told in dict(checkup.answers).items()}
    return find_troubles(questionnaires()[checkup.questionnaire], answers)


def brought(checkup: Checkup) -> dict[str, CheckupFinding]:
    """What of it is in the clinic, by question."""
    rows = CheckupFinding.objects.filter(checkup=checkup).select_related("consultation")
    return {row.question: row for row in rows}
