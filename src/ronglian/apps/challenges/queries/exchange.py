"""Reading questions, answers and amendments."""

from __future__ import annotations

from uuid import UUID

from ronglian.apps.challenges.models import Amendment, Challenge, Question
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound


def questions_of(actor: Actor, challenge: Challenge) -> list[Question]:
    """Those that wait first, then the answered, the latest first."""
    rows = list(Question.objects.visible_to(actor).filter(challenge=challenge).order_by("-answered_at", "pk"))
    return sorted(rows, key=lambda row: row.answered_at is not None)


def access_question(actor: Actor, challenge: Challenge, public_id: UUID) -> Question:
    """One question that the actor may read; raises NotFound."""
    rows = Question.objects.visible_to(actor).filter(challenge=challenge, public_id=public_id)
    found: Question | None = rows.first()
    if found is None:
        raise NotFound
    return found


def amendments_of(challenge: Challenge) -> list[Amendment]:
    """What was changed after publication, the latest first."""
    return list(Amendment.objects.filter(challenge=challenge).order_by("-number"))
