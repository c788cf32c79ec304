"""Offering clinic hours, booking them once, moving and cancelling with notice, and the minutes (坐诊与预约)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.queries.conflicts import has_conflict
from ronglian.apps.clinic.enums import ConsultationState
from ronglian.apps.clinic.hours_enums import BookingState
from ronglian.apps.clinic.hours_rules import (
    may_book,
    may_change_booking,
    may_keep_minutes,
    may_offer,
    may_withdraw_slot,
)
from ronglian.apps.clinic.models import ClinicSlot, Consultation, SlotBooking, TechnologyManager
from ronglian.apps.clinic.rules import may_tell
from ronglian.apps.clinic.tasks import tell_of_booking
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import Conflict, InvalidInput, NotAllowed, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_json, clean_record

SHORTEST, LONGEST = timedelta(minutes=15), timedelta(hours=4)


@operation("slot.offer", target="manager", allowed=may_offer)
def offer_slot(
    *,
    actor: Actor,
    manager: TechnologyManager,
    starts_at: datetime,
    minutes: int,
    is_online: bool,
    place: str = "",
    joining: str = "",
) -> ClinicSlot:
    """Offer an hour to come. Raises Conflict where it overlaps another of one's own."""
    length = timedelta(minutes=minutes)
    if not SHORTEST <= length <= LONGEST:
        raise InvalidInput.of({"minutes": [_("A clinic hour lasts from 15 minutes to 4 hours.")]})
    if starts_at <= timezone.now():
        raise InvalidInput.of({"starts_at": [_("Choose a time that is still to come.")]})
    if not is_online and not place.strip():
        raise InvalidInput.of({"place": [_("Name the place, or say that it is online.")]})
    ends_at = starts_at + length
    others = ClinicSlot.objects.filter(manager=manager, is_withdrawn=False)
    if others.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        raise Conflict(_("You offer another hour at that time."))
    slot = ClinicSlot(
        manager=manager,
        starts_at=starts_at,
        ends_at=ends_at,
        is_online=is_online,
        place=str(clean_json(place)),
        joining=str(clean_json(joining)),
    )
    clean_record(slot)
    slot.save(force_insert=True)
    record_event(actor, "slot.offered", slot)
    return slot


@operation("slot.withdraw", target="slot", allowed=may_withdraw_slot)
def withdraw_slot(*, actor: Actor, slot: ClinicSlot) -> ClinicSlot:
    """Offer it no longer. Who has booked it is told first, by cancelling or moving the booking."""
    if slot.is_withdrawn or slot.bookings.exclude(state=BookingState.CANCELLED).exists():
        raise RuleViolation(_("Somebody has booked it. Move or cancel the booking first."))
    slot.is_withdrawn = True
    slot.version += 1
    slot.save(update_fields=["is_withdrawn", "version", "updated_at"])
    record_event(actor, "slot.withdrawn", slot)
    return slot


@operation("booking.book", target="slot", allowed=may_book)
def book_slot(
    *, actor: Actor, slot: ClinicSlot, consultation: Consultation, allows_preread: bool
) -> SlotBooking:
    """Book an hour for a trouble. Raises Conflict when somebody was faster or it has a booking already."""
    verdict = may_tell(actor, consultation)
    if not verdict:
        raise NotAllowed(verdict.reason)
    if consultation.state != ConsultationState.OPEN:
        raise RuleViolation(_("This consultation is over. Open a new one."))
    _insist_on_free(slot, consultation)
    if SlotBooking.objects.filter(consultation=consultation, state=BookingState.BOOKED).exists():
        raise Conflict(_("This trouble has a booking already. Move it, or cancel it first."))
    booking = SlotBooking(
        slot=slot, consultation=consultation, allows_preread=allows_preread, booked_by=actor.label
    )
    _save_once(booking, insert=True)
    return _told(actor, booking, "booked")


@operation("booking.move", target="booking", allowed=may_change_booking)
def move_booking(*, actor: Actor, booking: SlotBooking, slot: ClinicSlot) -> SlotBooking:
    """Move it to another hour of the same technology manager; the other side is told."""
    _insist_on_coming(booking)
    slot = ClinicSlot.objects.select_for_update().get(pk=slot.pk)
    if slot.manager_id != booking.slot.manager_id:
        raise RuleViolation(_("Another technology manager receives then. Cancel this booking and book anew."))
    _insist_on_free(slot, booking.consultation)
    before, booking.slot = booking.slot, slot
    _save_once(booking)
    return _told(actor, booking, "moved", {"from": before.starts_at.isoformat()})


@operation("booking.cancel", target="booking", allowed=may_change_booking)
def cancel_booking(*, actor: Actor, booking: SlotBooking, reason: str) -> SlotBooking:
    """Cancel it with a reason; the hour is free again and the other side is told."""
    _insist_on_coming(booking)
    booking.cancelled_because = str(clean_json(reason))
    if not booking.cancelled_because:
        raise InvalidInput.of({"reason": [_("Say why; the other side reads it.")]})
    booking.state = BookingState.CANCELLED
    _save_once(booking)
    return _told(actor, booking, "cancelled")


@operation("booking.keep_minutes", target="booking", allowed=may_keep_minutes)
def keep_minutes(
    *, actor: Actor, booking: SlotBooking, minutes: str, follow_up: str = "", follow_up_on: date | None = None
) -> SlotBooking:
    """Keep the minutes and what follows; both sides read them. They can be corrected."""
    if booking.state == BookingState.CANCELLED:
        raise RuleViolation(_("This booking was cancelled."))
    if booking.slot.starts_at > timezone.now():
        raise RuleViolation(_("Minutes are kept once the hour has begun."))
    booking.minutes, booking.follow_up = str(clean_json(minutes)), str(clean_json(follow_up))
    if not booking.minutes:
        raise InvalidInput.of({"minutes": [_("Say in the minutes what was talked about and why.")]})
    booking.follow_up_on, booking.state = follow_up_on, BookingState.HELD
    _save_once(booking)
    record_event(actor, "booking.minuted", booking)
    return booking


def _insist_on_free(slot: ClinicSlot, consultation: Consultation) -> None:
    """The slot is locked, so nobody comes between this look and the write; the database refuses a second one besides."""
    if SlotBooking.objects.filter(slot=slot).exclude(state=BookingState.CANCELLED).exists():
        raise Conflict(_("Somebody else has booked this hour. Choose another."))
    if slot.is_withdrawn or slot.starts_at <= timezone.now():
        raise RuleViolation(_("This hour is not offered any more. Choose another."))
    if has_conflict(slot.manager.person.public_id, consultation.owner_id, timezone.localdate()):
        raise RuleViolation(_("This technology manager has a relation to your organisation. Choose another."))


def _insist_on_coming(booking: SlotBooking) -> None:
    if booking.state != BookingState.BOOKED or booking.slot.starts_at <= timezone.now():
        raise RuleViolation(_("Only a booking that is still to come is moved or cancelled."))


def _save_once(booking: SlotBooking, *, insert: bool = False) -> None:
    if not insert:
        booking.version += 1
    try:
        with transaction.atomic():
            clean_record(booking)
            booking.save(force_insert=insert, force_update=not insert)
    except IntegrityError as error:
        raise Conflict(_("Somebody else was faster. Choose another hour.")) from error


def _told(
    actor: Actor, booking: SlotBooking, past: str, data: Mapping[str, Any] | None = None
) -> SlotBooking:
    """Write the event, and tell the side that did not act."""
    record_event(actor, f"booking.{past}", booking, data)
    by_manager = actor.person_id == booking.slot.manager.person.public_id
    transaction.on_commit(partial(tell_of_booking.enqueue, str(booking.public_id), past, by_manager))
    return booking
