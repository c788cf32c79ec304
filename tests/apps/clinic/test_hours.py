"""Clinic hours: offered, booked once however many ask, moved and cancelled with notice, minutes for both sides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.clinic.hours_enums import BookingState
from ronglian.apps.clinic.models import ClinicSlot, Consultation, SlotBooking, TechnologyManager
from ronglian.apps.clinic.operations.consultations import close_consultation, open_consultation
from ronglian.apps.clinic.operations.hours import (
    book_slot,
    cancel_booking,
    keep_minutes,
    move_booking,
    offer_slot,
    withdraw_slot,
)
from ronglian.apps.clinic.queries.hours import access_booking, open_slots
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import (
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    RuleViolation,
)
from ronglian.kernel.events import events_about
from tests.factories import SYSTEM, make_organisation, make_person_of
from tests.factories.clinic import make_booking, make_slot
from tests.factories.technology_managers import make_manager


@pytest.fixture
def manager(db: None) -> TechnologyManager:
    return make_manager()


@pytest.fixture
def firm(db: None) -> Organisation:
    return make_organisation("某表面处理有限公司")


@pytest.fixture
def editor(firm: Organisation) -> Actor:
    return make_person_of(firm)


@pytest.fixture
def told(firm: Organisation, editor: Actor) -> Consultation:
    return open_consultation(actor=editor, owner=firm, title="漆膜不匀", words="返工率8%")


def himself(manager: TechnologyManager) -> Actor:
    manager.person.refresh_from_db()
    return actor_of_person(manager.person)


def begun(slot: ClinicSlot) -> None:
    past = timezone.now() - timedelta(minutes=30)
    ClinicSlot.objects.filter(pk=slot.pk).update(starts_at=past, ends_at=past + timedelta(hours=1))


def test_an_hour_is_offered_by_its_manager_and_not_twice(manager: TechnologyManager, editor: Actor) -> None:
    slot = make_slot(manager)
    said = {"manager": manager, "minutes": 60, "is_online": True}
    with pytest.raises(Conflict):
        offer_slot(actor=himself(manager), starts_at=slot.starts_at + timedelta(minutes=30), **said)
    offer_slot(actor=himself(manager), starts_at=slot.ends_at, **said)
    with pytest.raises(NotAllowed):
        offer_slot(actor=editor, starts_at=slot.ends_at + timedelta(hours=2), **said)
    for wrong in ({"minutes": 5}, {"minutes": 600}, {"is_online": False}):
        with pytest.raises(InvalidInput):
            offer_slot(
                actor=himself(manager), starts_at=slot.starts_at + timedelta(days=2), **{**said, **wrong}
            )
    with pytest.raises(InvalidInput):
        offer_slot(actor=himself(manager), starts_at=timezone.now(), **said)


def test_what_is_booked_is_open_no_more(
    manager: TechnologyManager, editor: Actor, told: Consultation
) -> None:
    slot = make_slot(manager)
    booking = book_slot(actor=editor, slot=slot, consultation=told, allows_preread=False)
    assert not open_slots().exists()
    assert access_booking(himself(manager), booking.public_id) == booking
    with pytest.raises(NotFound):
        access_booking(himself(make_manager()), booking.public_id)
    with pytest.raises(Conflict):
        book_slot(actor=editor, slot=make_slot(manager, 2), consultation=told, allows_preread=False)
    with pytest.raises(RuleViolation):
        withdraw_slot(actor=himself(manager), slot=slot)


def test_only_for_a_trouble_of_ones_own_that_is_open(
    manager: TechnologyManager, editor: Actor, told: Consultation
) -> None:
    slot = make_slot(manager)
    with pytest.raises(NotAllowed):
        book_slot(
            actor=make_person_of(make_organisation()), slot=slot, consultation=told, allows_preread=True
        )
    close_consultation(actor=editor, consultation=told, reason="已解决")
    told.refresh_from_db()
    with pytest.raises(RuleViolation):
        book_slot(actor=editor, slot=slot, consultation=told, allows_preread=True)


def test_a_manager_of_the_firm_receives_it_not(manager: TechnologyManager, firm: Organisation, editor: Actor,
                                               told: Consultation) -> None:  # fmt: skip
    firm.memberships.create(person=manager.person, role="viewer")
    with pytest.raises(RuleViolation):
        book_slot(actor=editor, slot=make_slot(manager), consultation=told, allows_preread=True)


def test_moving_and_cancelling_tell_the_other_side(
    manager: TechnologyManager, editor: Actor, told: Consultation, django_capture_on_commit_callbacks: object
) -> None:
    first, second, other = make_slot(manager), make_slot(manager, 2), make_slot(make_manager(), 3)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # pytest-django's fixture
        booking = make_booking(first, told)
        booking = move_booking(actor=editor, booking=booking, slot=second)
        with pytest.raises(RuleViolation):
            move_booking(actor=editor, booking=booking, slot=other)
        with pytest.raises(InvalidInput):
            cancel_booking(actor=himself(manager), booking=booking, reason=" ")
        booking = cancel_booking(actor=himself(manager), booking=SlotBooking.objects.get(), reason="出差")
    assert [event.name for event in events_about(booking)] == [
        "booking.booked",
        "booking.moved",
        "booking.cancelled",
    ]
    assert set(open_slots()) == {first, second, other}
    told_whom = [message.to[0] for message in mail.outbox]
    assert told_whom[:2] == [manager.person.email] * 2
    assert manager.person.email not in told_whom[2:]
    assert not any("漆膜" in message.body for message in mail.outbox)
    book_slot(actor=editor, slot=second, consultation=told, allows_preread=True)


def test_minutes_are_sealed_and_kept_once_it_has_begun(
    manager: TechnologyManager, editor: Actor, told: Consultation
) -> None:
    slot = make_slot(manager)
    booking = make_booking(slot, told)
    with pytest.raises(RuleViolation):
        keep_minutes(actor=himself(manager), booking=booking, minutes="谈了")
    begun(slot)
    with pytest.raises(NotAllowed):
        keep_minutes(actor=editor, booking=booking, minutes="谈了")
    with pytest.raises(RuleViolation):
        cancel_booking(actor=editor, booking=booking, reason="晚了")
    booking = keep_minutes(actor=himself(manager), booking=booking, minutes="机密纪要", follow_up="寄样")
    assert booking.state == BookingState.HELD
    with connection.cursor() as cursor:
        for table in ("clinic_slotbooking", "clinic_clinicslot"):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - names of our tables
            assert "机密" not in str(cursor.fetchall())


def test_the_database_refuses_a_second_booking(
    manager: TechnologyManager, told: Consultation, firm: Organisation
) -> None:
    slot = make_slot(manager)
    make_booking(slot, told)
    other = open_consultation(actor=SYSTEM, owner=firm, title="乙", words="")
    with pytest.raises(IntegrityError), transaction.atomic():
        SlotBooking(slot=slot, consultation=other, booked_by="x").save(force_insert=True)
