"""Reading people: oneself; others for the platform's operators only."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from ronglian.apps.accounts.models import Person
from ronglian.apps.accounts.rules import may_keep_people
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound


def list_notable_people(actor: Actor) -> QuerySet[Person]:
    """Those with an office, the operators, and the suspended."""
    return _people(actor).filter(Q(is_operator=True) | ~Q(offices=[]) | Q(suspended_at__isnull=False))


def find_person(actor: Actor, email: str) -> Person | None:
    return _people(actor).filter(email__iexact=email.strip()).first()


def access_person(actor: Actor, public_id: UUID) -> Person:
    person = _people(actor).filter(public_id=public_id).first()
    if person is None:
        raise NotFound
    return person


def access_self(actor: Actor) -> Person:
    """The person who acts."""
    person = Person.objects.filter(public_id=actor.person_id).first() if actor.person_id else None
    if person is None:
        raise NotFound
    return person


def _people(actor: Actor) -> QuerySet[Person]:
    if not may_keep_people(actor, None):
        raise NotFound
    return Person.objects.order_by("-id")
