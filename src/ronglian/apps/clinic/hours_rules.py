"""Who offers clinic hours, who books them, and who reads what was booked."""

from __future__ import annotations

from typing import Protocol

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ronglian.apps.clinic.manager_enums import ManagerState
from ronglian.apps.clinic.manager_rules import Registered, is_oneself
from ronglian.apps.clinic.rules import works_as_manager
from ronglian.kernel.actor import Actor
from ronglian.kernel.permission import ALLOWED, Verdict, refused


class Offered(Protocol):
    """What the policy needs to know of a slot."""

    @property
    def manager(self) -> Registered: ...


class HasOwner(Protocol):
    """What the policy needs to know of a consultation."""

    @property
    def owner_id(self) -> int: ...


class Booked(Protocol):
    """What the policy needs to know of a booking."""

    @property
    def slot(self) -> Offered: ...
    @property
    def consultation(self) -> HasOwner: ...


def visible_bookings_q(actor: Actor) -> Q:
    """The bookings of the actor's organisations, and those at the actor's own hours."""
    if actor.is_system:
        return Q()
    own = Q(consultation__owner_id__in=actor.organisation_ids)
    if works_as_manager(actor):
        own |= Q(slot__manager__person__public_id=actor.person_id)
    return own


def may_offer(actor: Actor, manager: Registered) -> Verdict:
    confirmed = manager.state == ManagerState.CONFIRMED
    if confirmed and (actor.is_system or (works_as_manager(actor) and is_oneself(actor, manager))):
        return ALLOWED
    return refused(
        _("Technology managers of the register offer clinic hours, each their own."),
        _("Apply for the register under “My entry as technology manager”."),
    )


def may_withdraw_slot(actor: Actor, slot: Offered) -> Verdict:
    return may_offer(actor, slot.manager)


def may_book(actor: Actor, _slot: object) -> Verdict:
    """Whoever is signed in; whose trouble is brought is a rule of the operation."""
    if actor.is_system or (actor.is_signed_in and actor.may_write):
        return ALLOWED
    return refused(_("Sign in to book a clinic hour."))


def may_change_booking(actor: Actor, booking: Booked) -> Verdict:
    """Both sides cancel and move."""
    if actor.may_write_for(booking.consultation.owner_id) or receives(actor, booking):
        return ALLOWED
    return refused(_("Owners and editors of the organisation and the technology manager change a booking."))


def may_keep_minutes(actor: Actor, booking: Booked) -> Verdict:
    if actor.is_system or receives(actor, booking):
        return ALLOWED
    return refused(_("The technology manager who received keeps the minutes."))


def receives(actor: Actor, booking: Booked) -> bool:
    """Whether the actor is the technology manager of the hour."""
    return works_as_manager(actor) and is_oneself(actor, booking.slot.manager)
