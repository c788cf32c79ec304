"""Registrations of contracts: those of one agreement, and what the statistics of a region count."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from ronglian.apps.agreements.enums import RegistrationState
from ronglian.apps.agreements.models import Agreement, Registration
from ronglian.apps.agreements.models.registration import STANDING
from ronglian.apps.agreements.rules import may_read_statistics
from ronglian.engines.contracts import Entry
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound


def list_registrations(agreement: Agreement) -> QuerySet[Registration]:
    """All of an agreement the actor holds, the latest first."""
    return Registration.objects.filter(agreement=agreement).order_by("-id")


def standing_registration(agreement: Agreement) -> Registration | None:
    """The one that is prepared, handed in or registered."""
    return list_registrations(agreement).filter(state__in=STANDING).first()


def registered_of(agreement: Agreement) -> Registration | None:
    """The registration that has its certificate."""
    return list_registrations(agreement).filter(state=RegistrationState.REGISTERED).first()


def access_registration(agreement: Agreement, public_id: UUID) -> Registration:
    """A registration of an agreement the actor holds; raises NotFound."""
    row = list_registrations(agreement).select_related("agreement").filter(public_id=public_id).first()
    if row is None:
        raise NotFound
    return row


def registered_entries(actor: Actor, first: date, last: date) -> list[Entry]:
    """What was registered in the days from `first` to `last`, without names; raises NotFound for who keeps no statistics."""
    if not may_read_statistics(actor):
        raise NotFound
    rows = Registration.objects.filter(
        state=RegistrationState.REGISTERED, decided_on__gte=first, decided_on__lte=last
    )
    return [Entry(**counted) for counted in rows.order_by("id").values_list("counted", flat=True)]


def registered_years(actor: Actor) -> list[int]:
    """The years in which something was registered, the latest first."""
    if not may_read_statistics(actor):
        raise NotFound
    days = Registration.objects.filter(state=RegistrationState.REGISTERED).dates("decided_on", "year")
    return sorted((day.year for day in days), reverse=True)
