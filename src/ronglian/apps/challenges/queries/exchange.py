"""Reading questions, answers and amendments."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F, QuerySet

from ronglian.apps.challenges.models import Amendment, Challenge, Question
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound


def questions_of(actor: Actor, challenge: Challenge) -> QuerySet[Question]:
    """Those that wait first, then the answered, the latest first."""
    rows: QuerySet[Question] = Question.objects.visible_to(actor).filter(challenge=challenge)
    return rows.order_by(F("answered_at").desc(nulls_first=True), "pk")


def access_question(actor: Actor, public_id: UUID) -> Question:
    """One question that the actor may read; raises NotFound."""
    found: Question | None = (
        Question.objects.visible_to(actor).select_related("challenge").filter(public_id=public_id).first()
    )
    if found is None:
        raise NotFound
    return found


def amendments_of(challenge: Challenge) -> list[Amendment]:
    """What was changed after publication, the latest first."""
    return list(Amendment.objects.filter(challenge=challenge).order_by("-number"))
