"""Who is tied to whom: for reviews, decisions and openings that have to be impartial."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from ronglian.apps.accounts.models import ConflictDeclaration, Membership
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound


def has_conflict(person: UUID, organisation_id: int, today: date | None = None) -> bool:
    """Whether the person acts for the organisation, or has declared a relation to it that holds on the day."""
    today = today or timezone.localdate()
    acts_for = Membership.objects.filter(person__public_id=person, organisation_id=organisation_id)
    holding = Q(starts_on__lte=today) & (Q(ends_on=None) | Q(ends_on__gte=today))
    declared = ConflictDeclaration.objects.filter(
        holding, person__public_id=person, organisation_id=organisation_id
    )
    return acts_for.exists() or declared.exists()


def list_ties(people: Collection[int], organisations: Collection[int], today: date) -> set[tuple[int, int]]:
    """The same for many at once: pairs of row numbers of a person and an organisation."""
    holding = Q(starts_on__lte=today) & (Q(ends_on=None) | Q(ends_on__gte=today))
    both = Q(person_id__in=people, organisation_id__in=organisations)
    acts_for = Membership.objects.filter(both).values_list("person_id", "organisation_id")
    declared = ConflictDeclaration.objects.filter(holding, both).values_list("person_id", "organisation_id")
    return {*acts_for, *declared}


def list_conflicts(actor: Actor) -> QuerySet[ConflictDeclaration]:
    """One's own declarations, newest first. What others declared is read by `has_conflict` alone."""
    if actor.person_id is None:
        return ConflictDeclaration.objects.none()
    rows = ConflictDeclaration.objects.filter(person__public_id=actor.person_id)
    return rows.select_related("organisation").order_by("-id")


def access_conflict(actor: Actor, public_id: UUID) -> ConflictDeclaration:
    found = list_conflicts(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found
