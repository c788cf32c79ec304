"""Saved searches: one's own; and those that are due."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from ronglian.apps.registry.enums import AlertFrequency
from ronglian.apps.registry.models import SavedSearch
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound

EVERY = {AlertFrequency.DAILY: timedelta(days=1), AlertFrequency.WEEKLY: timedelta(days=7)}


def own_searches(actor: Actor) -> QuerySet[SavedSearch]:
    """The person's own, newest first."""
    if actor.person_id is None:
        return SavedSearch.objects.none()
    return SavedSearch.objects.filter(person__public_id=actor.person_id).order_by("-id")


def access_search(actor: Actor, public_id: UUID) -> SavedSearch:
    """One's own search. Raises NotFound."""
    found = own_searches(actor).select_related("person").filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def due_searches(now: datetime) -> QuerySet[SavedSearch]:
    """Those whose day or week is over, of people who may sign in."""
    due = Q()
    for frequency, every in EVERY.items():
        due |= Q(frequency=frequency) & (Q(looked_at=None) | Q(looked_at__lte=now - every))
    return SavedSearch.objects.filter(due, person__is_active=True).select_related("person").order_by("id")
