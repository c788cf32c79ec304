"""Clinic hours that can be booked, and bookings."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from ronglian.apps.clinic.hours_enums import BookingState
from ronglian.apps.clinic.hours_rules import visible_bookings_q
from ronglian.apps.clinic.manager_enums import ManagerState
from ronglian.apps.clinic.models import ClinicSlot, SlotBooking, TechnologyManager
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound


def open_slots() -> QuerySet[ClinicSlot]:
    """Those to come that nobody has booked, of managers who take new cases; the next first."""
    taken = SlotBooking.objects.filter(slot=OuterRef("pk")).exclude(state=BookingState.CANCELLED)
    rows = ClinicSlot.objects.filter(
        ~Exists(taken),
        starts_at__gt=timezone.now(),
        is_withdrawn=False,
        manager__state=ManagerState.CONFIRMED,
        manager__takes_new=True,
    )
    return rows.select_related("manager__person").order_by("starts_at", "id")


def own_slots(manager: TechnologyManager) -> QuerySet[ClinicSlot]:
    """The manager's own hours to come."""
    return open_slots().filter(manager=manager)


def access_slot(public_id: UUID) -> ClinicSlot:
    """An hour that anybody signed in may see. Raises NotFound for one that is withdrawn."""
    rows = ClinicSlot.objects.select_related("manager__person")
    found = rows.filter(
        public_id=public_id, is_withdrawn=False, manager__state=ManagerState.CONFIRMED
    ).first()
    if found is None:
        raise NotFound
    return found


def list_bookings(actor: Actor) -> QuerySet[SlotBooking]:
    """Those of both sides, the latest hour first."""
    rows = SlotBooking.objects.filter(visible_bookings_q(actor))
    related = rows.select_related("slot__manager__person", "consultation__owner")
    return related.order_by("-slot__starts_at", "-id")


def access_booking(actor: Actor, public_id: UUID) -> SlotBooking:
    """The booking, if the actor is on one of its sides. Raises NotFound."""
    found = list_bookings(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found
