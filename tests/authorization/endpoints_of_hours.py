"""Clinic hours: `their_editor` receives, our organisation has booked."""

from __future__ import annotations

from collections.abc import Iterator

from tests.authorization.endpoint import Endpoint, at, below, fixed, of
from tests.authorization.world import World


def _trouble(world: World) -> dict[str, str]:
    return {"consultation": str(world.rest["consultation"]["shown"].public_id)}


def _hour(world: World) -> dict[str, str]:
    return {"slot": str(world.rest["slot"]["open"].public_id)}


def web() -> Iterator[Endpoint]:
    hour = {"starts_at": "2999-01-05T09:00", "minutes": "60", "is_online": "on"}
    yield Endpoint("web", "work:hours", "GET", at("work:hours"))
    yield Endpoint("web", "work:hours", "POST", at("work:hours"), body=fixed(hour))
    yield Endpoint("web", "work:withdraw-slot", "POST", at("work:withdraw-slot"), "slot")
    yield Endpoint("web", "work:book", "GET", at("work:book"), "slot")
    yield Endpoint("web", "work:book", "POST", at("work:book"), "slot", body=of(_trouble))
    yield Endpoint("web", "work:booking", "GET", at("work:booking"), "booking")
    yield Endpoint("web", "work:booking-calendar", "GET", at("work:booking-calendar"), "booking")
    yield Endpoint("web", "work:booking-move", "POST", at("work:booking-move"), "booking", body=of(_hour))
    why = fixed({"reason": "出差"})
    yield Endpoint("web", "work:booking-cancel", "POST", at("work:booking-cancel"), "booking", body=why)
    minutes = fixed({"minutes": "谈过"})
    yield Endpoint("web", "work:booking-minutes", "POST", at("work:booking-minutes"), "booking", body=minutes)


def api() -> Iterator[Endpoint]:
    """Booking, for programs."""
    yield Endpoint("api", "list_clinic_hours", "GET", below("/clinic-hours"), lists=("slot",))
    trouble = of(lambda world: {**_trouble(world), "allows_preread": False})
    yield Endpoint("api", "book_clinic_hour", "POST", below("/clinic-hours/{}/book"), "slot", body=trouble)
    yield Endpoint("api", "list_bookings", "GET", below("/bookings"), lists=("booking",))
    yield Endpoint("api", "get_booking", "GET", below("/bookings/{}"), "booking")
    yield Endpoint("api", "move_booking", "POST", below("/bookings/{}/move"), "booking", body=of(_hour))
    why = fixed({"reason": "出差"})
    yield Endpoint("api", "cancel_booking", "POST", below("/bookings/{}/cancel"), "booking", body=why)
