"""Following challenges by mail: one of them, or every new one."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Person
from ronglian.apps.challenges.models import Challenge, Following
from ronglian.apps.challenges.rules import may_follow
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import Conflict, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation


@operation("challenge.follow", target="challenge", allowed=may_follow)
def follow_challenge(*, actor: Actor, challenge: Challenge | None) -> Following:
    """Be told by mail of amendments, answers, the award and the end of a challenge; without one, of every new one."""
    person = Person.objects.get(public_id=actor.person)
    if Following.objects.filter(person=person, challenge=challenge).exists():
        raise Conflict(_("You follow it already."))
    following = Following(person=person, challenge=challenge)
    following.save(force_insert=True)
    record_event(actor, "following.begun", following)
    return following


@operation("challenge.unfollow", target="challenge", allowed=may_follow)
def unfollow_challenge(*, actor: Actor, challenge: Challenge | None) -> Following:
    """Be told no more."""
    following = Following.objects.filter(person__public_id=actor.person, challenge=challenge).first()
    if following is None:
        raise RuleViolation(_("You do not follow it."))
    record_event(actor, "following.ended", following)
    following.delete()
    return following
