"""Clinic hours for programs: which can be booked, one's bookings, and moving and cancelling them.

Technology managers offer hours and keep minutes at the site: a token has none of an office's rights.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Query, Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import repeatable
from ronglian.api.clinic.consultations import Ending
from ronglian.api.clinic.presenting import ManagerLink, link_manager
from ronglian.api.fields import Id, Strict
from ronglian.api.paging import Page, PageParameters, paginate
from ronglian.apps.clinic.hours_enums import BookingState
from ronglian.apps.clinic.models import ClinicSlot, SlotBooking
from ronglian.apps.clinic.operations.hours import book_slot, cancel_booking, move_booking
from ronglian.apps.clinic.queries.consultations import access_consultation
from ronglian.apps.clinic.queries.hours import access_booking, access_slot, list_bookings, open_slots
from ronglian.kernel.actor import Actor

slots = Router(tags=["clinic hours"], auth=signed_in)
bookings = Router(tags=["clinic hours"], auth=signed_in)


class Booking(Strict):
    """Which trouble is brought."""

    consultation: Id
    allows_preread: bool = Field(description="Whether the technology manager may read it before.")


class Moving(Strict):
    """To which hour."""

    slot: Id = Field(description="An open hour of the same technology manager.")


class SlotShown(BaseModel):
    """坐诊时段."""

    id: UUID
    manager: ManagerLink
    starts_at: datetime
    ends_at: datetime
    is_online: bool
    place: str


class BookingShown(BaseModel):
    """坐诊预约. Texts are null for a token that may not read confidential details."""

    id: UUID
    version: int
    state: BookingState
    slot: SlotShown
    joining: str | None = Field(description="Room or link.")
    consultation: UUID
    allows_preread: bool
    cancelled_because: str
    minutes: str | None
    follow_up: str | None
    follow_up_on: date | None


@slots.get("", response=Page[SlotShown], operation_id="list_clinic_hours", summary="Hours that can be booked")
def list_slots(request: ApiRequest, parameters: Query[PageParameters]) -> Any:
    """Those to come that nobody has booked; the next first."""
    parameters.check_names(request)
    rows = open_slots()

    def present(page: Sequence[ClinicSlot]) -> list[SlotShown]:
        return [_slot(one) for one in page]

    return paginate(request, rows, rows.count(), parameters, present)


@slots.post(
    "/{uuid:public_id}/book",
    response={201: BookingShown},
    operation_id="book_clinic_hour",
    summary="Book an hour for a trouble",
)
@repeatable
def book(request: ApiRequest, public_id: UUID, body: Booking) -> Any:
    """409 when somebody was faster."""
    booking = book_slot(
        actor=request.auth,
        slot=access_slot(public_id),
        consultation=access_consultation(request.auth, body.consultation),
        allows_preread=body.allows_preread,
    )
    return Status(201, show_booking(request.auth, booking))


@bookings.get("", response=Page[BookingShown], operation_id="list_bookings", summary="Your bookings")
def list_own(request: ApiRequest, parameters: Query[PageParameters]) -> Any:
    """Those of your organisations, the latest hour first."""
    parameters.check_names(request)
    rows = list_bookings(request.auth)

    def present(page: Sequence[SlotBooking]) -> list[BookingShown]:
        return [show_booking(request.auth, one) for one in page]

    return paginate(request, rows, rows.count(), parameters, present)


@bookings.get(
    "/{uuid:public_id}", response=BookingShown, operation_id="get_booking", summary="Read one booking"
)
def get_one(request: ApiRequest, public_id: UUID) -> Any:
    """With how to join and, after the hour, the minutes."""
    return show_booking(request.auth, access_booking(request.auth, public_id))


@bookings.post(
    "/{uuid:public_id}/move",
    response=BookingShown,
    operation_id="move_booking",
    summary="Move it to another hour",
)
@repeatable
def move(request: ApiRequest, public_id: UUID, body: Moving) -> Any:
    """The other side is told."""
    booking = access_booking(request.auth, public_id)
    moved = move_booking(actor=request.auth, booking=booking, slot=access_slot(body.slot))
    return show_booking(request.auth, moved)


@bookings.post(
    "/{uuid:public_id}/cancel", response=BookingShown, operation_id="cancel_booking", summary="Cancel it"
)
@repeatable
def cancel(request: ApiRequest, public_id: UUID, body: Ending) -> Any:
    """The hour is free again; the other side is told why."""
    booking = access_booking(request.auth, public_id)
    return show_booking(request.auth, cancel_booking(actor=request.auth, booking=booking, reason=body.reason))


def _slot(slot: ClinicSlot) -> SlotShown:
    return SlotShown(
        id=slot.public_id,
        manager=link_manager(slot.manager),
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        is_online=slot.is_online,
        place=slot.place,
    )


def show_booking(actor: Actor, booking: SlotBooking) -> BookingShown:
    reads = actor.may_read_confidential
    return BookingShown(
        id=booking.public_id,
        version=booking.version,
        state=BookingState(booking.state),
        slot=_slot(booking.slot),
        joining=booking.slot.joining if reads else None,
        consultation=booking.consultation.public_id,
        allows_preread=booking.allows_preread,
        cancelled_because=booking.cancelled_because,
        minutes=booking.minutes if reads else None,
        follow_up=booking.follow_up if reads else None,
        follow_up_on=booking.follow_up_on,
    )
