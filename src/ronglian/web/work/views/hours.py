"""坐诊与预约: offer an hour, book it, move and cancel it, put it in the calendar, keep the minutes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from icalendar import Alarm, Calendar, Event

from ronglian.apps.clinic.enums import ConsultationState
from ronglian.apps.clinic.hours_enums import BookingState
from ronglian.apps.clinic.hours_rules import may_change_booking, may_keep_minutes, may_offer
from ronglian.apps.clinic.models import Consultation, SlotBooking, TechnologyManager
from ronglian.apps.clinic.operations.hours import (
    book_slot,
    cancel_booking,
    keep_minutes,
    move_booking,
    offer_slot,
    withdraw_slot,
)
from ronglian.apps.clinic.queries.consultations import access_consultation, own_consultations
from ronglian.apps.clinic.queries.hours import (
    access_booking,
    access_slot,
    list_bookings,
    open_slots,
    own_slots,
)
from ronglian.apps.clinic.queries.technology_managers import access_own_manager, own_manager
from ronglian.apps.clinic.reading import read_consultation
from ronglian.apps.clinic.wording import topic_name
from ronglian.kernel.errors import OperationError
from ronglian.web.middleware import ActorRequest
from ronglian.web.work.access import signed_in
from ronglian.web.work.forms.hours import BookForm, CancelForm, MinutesForm, MoveForm, OfferForm
from ronglian.web.work.forms.refusals import add_refusal

SHOWN = 50
REMIND_BEFORE = timedelta(hours=24)


@require_http_methods(["GET", "POST"])
@signed_in
def show_hours(request: ActorRequest) -> HttpResponse:
    """Hours that can be booked, one's bookings, and, for technology managers, offering more."""
    manager = own_manager(request.actor)
    form = OfferForm(request.POST or None)
    status = 200
    if request.method == "POST":
        manager = access_own_manager(request.actor)
        status = 422
        if form.is_valid():
            status = _try(form, lambda: offer_slot(actor=request.actor, manager=manager, **form.cleaned_data))
        if status < 400:
            messages.success(request, _("The hour is offered."))
            return redirect("work:hours")
    offers = bool(manager and may_offer(request.actor, manager))
    return render(
        request, "work/hours.html", _hours_page(request, manager if offers else None, form), status=status
    )


def _hours_page(request: ActorRequest, manager: TechnologyManager | None, form: OfferForm) -> dict[str, Any]:
    others = open_slots().exclude(manager=manager) if manager else open_slots()
    return {
        "form": form,
        "offers": manager is not None,
        "own_slots": own_slots(manager)[:SHOWN] if manager else (),
        "slots": others[:SHOWN],
        "bookings": list_bookings(request.actor)[:SHOWN],
    }


@require_POST
@signed_in
def withdraw(request: ActorRequest, public_id: UUID) -> HttpResponse:
    withdraw_slot(actor=request.actor, slot=access_slot(public_id))
    messages.success(request, _("The hour is offered no longer."))
    return redirect("work:hours")


@require_http_methods(["GET", "POST"])
@signed_in
def book(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Choose the trouble to bring."""
    slot = access_slot(public_id)
    told = [
        one
        for one in own_consultations(request.actor).filter(state=ConsultationState.OPEN)[:SHOWN]
        if request.actor.may_write_for(one.owner_id)
    ]
    form = BookForm(request.POST or None, consultations=told)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            consultation = access_consultation(request.actor, UUID(form.cleaned_data["consultation"]))
            allowed = form.cleaned_data["allows_preread"]
            status = _try(
                form,
                lambda: book_slot(
                    actor=request.actor, slot=slot, consultation=consultation, allows_preread=allowed
                ),
            )
        if status < 400:
            messages.success(request, _("Booked. The technology manager is told."))
            return redirect("work:hours")
    return render(request, "work/book.html", {"slot": slot, "form": form, "told": told}, status=status)


@require_safe
@signed_in
def show_booking(request: ActorRequest, public_id: UUID) -> HttpResponse:
    return _page(request, access_booking(request.actor, public_id))


@require_POST
@signed_in
def move(request: ActorRequest, public_id: UUID) -> HttpResponse:
    booking = access_booking(request.actor, public_id)
    form = MoveForm(request.POST, slots=own_slots(booking.slot.manager)[:SHOWN])
    if not form.is_valid():
        return _page(request, booking, status=422, move=form)
    slot = access_slot(UUID(form.cleaned_data["slot"]))
    status = _try(form, lambda: move_booking(actor=request.actor, booking=booking, slot=slot))
    return _done(request, booking, status, _("Moved. The other side is told."), move=form)


@require_POST
@signed_in
def cancel(request: ActorRequest, public_id: UUID) -> HttpResponse:
    booking = access_booking(request.actor, public_id)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _page(request, booking, status=422, cancelling=form)
    reason = form.cleaned_data["reason"]
    status = _try(form, lambda: cancel_booking(actor=request.actor, booking=booking, reason=reason))
    return _done(request, booking, status, _("Cancelled. The other side is told."), cancelling=form)


@require_POST
@signed_in
def minutes(request: ActorRequest, public_id: UUID) -> HttpResponse:
    booking = access_booking(request.actor, public_id)
    form = MinutesForm(request.POST)
    if not form.is_valid():
        return _page(request, booking, status=422, minutes=form)
    status = _try(form, lambda: keep_minutes(actor=request.actor, booking=booking, **form.cleaned_data))
    return _done(request, booking, status, _("The minutes are kept; both sides read them."), minutes=form)


@require_safe
@signed_in
def calendar(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The hour for a calendar. It names no trouble: calendars are shared and synchronised."""
    booking = access_booking(request.actor, public_id)
    slot = booking.slot
    event = Event()
    event.add("uid", f"{booking.public_id}@ronglian")
    event.add("sequence", booking.version)
    event.add("summary", _("Clinic hour: %(manager)s") % {"manager": slot.manager})
    event.add("dtstart", slot.starts_at.astimezone(UTC))
    event.add("dtend", slot.ends_at.astimezone(UTC))
    event.add("dtstamp", datetime.now(UTC))
    event.add("location", _("Online") if slot.is_online else slot.place)
    event.add("status", "CANCELLED" if booking.state == BookingState.CANCELLED else "CONFIRMED")
    event.add("url", request.build_absolute_uri(reverse("work:booking", args=[booking.public_id])))
    reminder = Alarm()
    reminder.add("action", "DISPLAY")
    reminder.add("description", _("Clinic hour"))
    reminder.add("trigger", -REMIND_BEFORE)
    event.add_component(reminder)
    file = Calendar()
    file.add("prodid", "-//Ronglian//Clinic hours//EN")
    file.add("version", "2.0")
    file.add_component(event)
    response = HttpResponse(file.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="clinic-{booking.public_id}.ics"'
    return response


def _try(form: forms.Form, call: Callable[[], models.Model]) -> int:
    """The status to answer with; what was refused stands in the form."""
    try:
        call()
    except OperationError as error:
        add_refusal(form, error)
        return error.status
    return 200


def _done(request: ActorRequest, booking: SlotBooking, status: int, text: str, **bound: Any) -> HttpResponse:
    if status >= 400:
        return _page(request, access_booking(request.actor, booking.public_id), status=status, **bound)
    messages.success(request, text)
    return redirect("work:booking", booking.public_id)


def _page(request: ActorRequest, booking: SlotBooking, *, status: int = 200, **bound: Any) -> HttpResponse:
    consultation: Consultation = booking.consultation
    is_firm = request.actor.is_member(consultation.owner_id)
    reads = is_firm or (booking.allows_preread and booking.state != BookingState.CANCELLED)
    is_coming = booking.state == BookingState.BOOKED and booking.slot.starts_at > timezone.now()
    may_change = is_coming and bool(may_change_booking(request.actor, booking))
    page = {
        "booking": booking,
        "slot": booking.slot,
        "consultation": consultation if reads else None,
        "is_firm": is_firm,
        "reading": read_consultation(consultation) if reads else None,
        "answers": [(topic_name(each["topic"]), each["text"]) for each in consultation.answers]
        if reads
        else [],
        "may_change": may_change,
        "move": MoveForm(slots=own_slots(booking.slot.manager)[:SHOWN]) if may_change else None,
        "cancelling": CancelForm(),
        "minutes": MinutesForm(
            initial={
                "minutes": booking.minutes,
                "follow_up": booking.follow_up,
                "follow_up_on": booking.follow_up_on,
            }
        ),
        "may_keep_minutes": booking.state != BookingState.CANCELLED
        and booking.slot.starts_at <= timezone.now()
        and bool(may_keep_minutes(request.actor, booking)),
        **bound,
    }
    return render(request, "work/booking.html", page, status=status)
