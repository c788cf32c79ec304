"""What a person follows."""

from __future__ import annotations

from ronglian.apps.challenges.models import Challenge, Following
from ronglian.kernel.actor import Actor


def is_following(actor: Actor, challenge: Challenge | None) -> bool:
    """Whether the actor is told of this challenge, or of every new one without a challenge."""
    if actor.person_id is None:
        return False
    return Following.objects.filter(person__public_id=actor.person_id, challenge=challenge).exists()
