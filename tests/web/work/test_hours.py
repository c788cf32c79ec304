"""Clinic hours on the pages: offered, booked with a pre-read or without, calendar, moved, cancelled, minutes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from ronglian.apps.accounts.models import Organisation, Person
from ronglian.apps.clinic.models import ClinicSlot, Consultation, SlotBooking, TechnologyManager
from tests.factories import make_member, make_organisation
from tests.factories.clinic import make_booking, make_slot, open_shown
from tests.factories.technology_managers import make_manager

pytestmark = pytest.mark.django_db


def signed_in(person: Person) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person)
    return client


@pytest.fixture
def firm() -> Organisation:
    return make_organisation("某表面处理有限公司")


@pytest.fixture
def owner(firm: Organisation) -> Person:
    return make_member(firm)


@pytest.fixture
def manager() -> TechnologyManager:
    return make_manager()


def told(owner: Person) -> Consultation:
    signed_in(owner).post("/work/clinic/", {"title": "漆膜不匀", "words": "返工率8%"})
    return Consultation.objects.latest("id")


def offer(manager: TechnologyManager, days: int = 1) -> ClinicSlot:
    begins = timezone.localtime(timezone.now() + timedelta(days=days))
    typed = {
        "starts_at": f"{begins:%Y-%m-%dT%H:%M}",
        "minutes": "60",
        "is_online": "on",
        "joining": "会议号一二三",
    }
    assert signed_in(manager.person).post("/work/hours/", typed).status_code == 302
    return ClinicSlot.objects.latest("id")


@pytest.mark.parametrize("allowed", [True, False])
def test_the_trouble_is_read_before_only_if_its_firm_allows(
    owner: Person, manager: TechnologyManager, allowed: bool
) -> None:
    slot, trouble = offer(manager), told(owner)
    client = signed_in(owner)
    page = client.get("/work/hours/").content.decode()
    assert f"/work/hours/{slot.public_id}/book/" in page
    assert "会议号一二三" not in page
    typed = {"consultation": str(trouble.public_id), **({"allows_preread": "on"} if allowed else {})}
    assert client.post(f"/work/hours/{slot.public_id}/book/", typed).status_code == 302
    address = f"/work/bookings/{SlotBooking.objects.get().public_id}/"
    assert "会议号一二三" in client.get(address).content.decode()
    assert ("返工率8%" in signed_in(manager.person).get(address).content.decode()) is allowed
    assert ("漆膜不匀" in signed_in(manager.person).get("/work/hours/").content.decode()) is False
    assert signed_in(make_member(make_organisation())).get(address).status_code == 404
    again = client.post(f"/work/hours/{slot.public_id}/book/", typed)
    assert again.status_code == 409
    assert "booked this hour" in again.content.decode()


def test_the_calendar_names_the_hour_and_no_trouble(
    owner: Person, firm: Organisation, manager: TechnologyManager
) -> None:
    booking = make_booking(make_slot(manager), open_shown(owner, firm))
    address = f"/work/bookings/{booking.public_id}/"
    response = signed_in(owner).get(f"{address}clinic-hour.ics")
    (event,) = Calendar.from_ical(response.content).walk("VEVENT")
    assert event["DTSTART"].dt == booking.slot.starts_at.replace(microsecond=0)
    assert event["STATUS"] == "CONFIRMED"
    assert "漆膜" not in response.content.decode()
    assert signed_in(owner).post(f"{address}cancel/", {"reason": "停产"}).status_code == 302
    (event,) = Calendar.from_ical(signed_in(owner).get(f"{address}clinic-hour.ics").content).walk("VEVENT")
    assert event["STATUS"] == "CANCELLED"
    assert event["SEQUENCE"] == 2


def test_it_is_moved_cancelled_and_minuted(
    owner: Person, firm: Organisation, manager: TechnologyManager
) -> None:
    booking = make_booking(make_slot(manager), open_shown(owner, firm))
    other = make_slot(manager, 2)
    address = f"/work/bookings/{booking.public_id}/"
    client, receiver = signed_in(owner), signed_in(manager.person)
    assert client.post(f"{address}move/", {"slot": str(other.public_id)}).status_code == 302
    assert SlotBooking.objects.get().slot == other
    assert client.post(f"{address}cancel/", {"reason": ""}).status_code == 422
    assert receiver.post(f"{address}minutes/", {"minutes": "谈了"}).status_code == 409
    past = timezone.now() - timedelta(minutes=10)
    ClinicSlot.objects.filter(pk=other.pk).update(starts_at=past)
    assert client.post(f"{address}minutes/", {"minutes": "谈了"}).status_code == 403
    typed = {"minutes": "先寄三件样", "follow_up": "试喷", "follow_up_on": "2027-01-05"}
    assert receiver.post(f"{address}minutes/", typed).status_code == 302
    read = client.get(address).content.decode()
    assert "先寄三件样" in read
    assert "2027-01-05" in read


def test_who_is_no_manager_offers_nothing(owner: Person) -> None:
    page = signed_in(owner).get("/work/hours/").content.decode()
    assert "No hour is open" in page
    assert "Offer this hour" not in page
    assert signed_in(owner).post("/work/hours/", {}).status_code == 404


def test_the_page_costs_the_same_for_one_and_for_three(
    owner: Person, firm: Organisation, manager: TechnologyManager
) -> None:
    client, counts = signed_in(owner), []
    for numbers in ((1,), (2, 3)):
        for number in numbers:
            make_slot(manager, number)
            make_booking(make_slot(manager, 10 + number), open_shown(owner, firm))
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/work/hours/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 12
