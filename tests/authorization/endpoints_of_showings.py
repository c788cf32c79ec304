"""Bids shown to investors: what is asked of their pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone

from tests.authorization.endpoint import Endpoint, at, below, fixed
from tests.authorization.world import Subject, World
from tests.authorization.world_of_showings import PURPOSE

MET = {"kind": "met", "note": ""}
CONFIRMED = {"answer": "confirmed", "note": ""}


def web() -> Iterator[Endpoint]:
    yield Endpoint("web", "challenge-investment", "GET", at("challenge-investment"))
    yield Endpoint("web", "work:showings", "GET", at("work:showings"), lists=("showing",))
    yield Endpoint("web", "work:showing-new", "GET", at("work:showing-new"), "bid")
    yield Endpoint("web", "work:showing-new", "POST", at("work:showing-new"), "bid", body=_offered)
    yield Endpoint("web", "work:showing", "GET", at("work:showing"), "showing")
    yield Endpoint("web", "work:showing-read", "GET", at("work:showing-read"), "showing")
    yield Endpoint("web", "work:showing-file", "GET", _file, "showing")
    yield Endpoint("web", "work:showing-sign", "POST", at("work:showing-sign"), "showing", body=_signed)
    yield Endpoint("web", "work:showing-decline", "POST", at("work:showing-decline"), "showing")
    yield Endpoint("web", "work:showing-withdraw", "POST", at("work:showing-withdraw"), "showing")
    yield Endpoint("web", "work:showing-outcome", "POST", at("work:showing-outcome"), "showing", body=_told)
    yield Endpoint(
        "web", "work:showing-answer", "POST", at("work:showing-answer"), "outcome", body=fixed(CONFIRMED)
    )


def api() -> Iterator[Endpoint]:
    yield Endpoint("api", "get_investment_figures", "GET", below("/investment-figures"))
    yield Endpoint("api", "list_showings", "GET", below("/showings"), lists=("showing",))
    yield Endpoint("api", "get_showing", "GET", below("/showings/{}"), "showing")
    for name, path in (("get_shown_material", "material"), ("list_showing_readings", "readings"),
                       ("list_showing_outcomes", "outcomes")):  # fmt: skip
        yield Endpoint("api", name, "GET", below(f"/showings/{{}}/{path}"), "showing")
    yield Endpoint(
        "api", "withdraw_showing", "POST", below("/showings/{}/withdraw"), "showing", body=fixed({})
    )
    yield Endpoint(
        "api", "tell_showing_outcome", "POST", below("/showings/{}/outcomes"), "showing", body=_told
    )
    yield Endpoint("api", "answer_showing_outcome", "POST", below("/showing-outcomes/{}/answer"), "outcome",
                   body=fixed(CONFIRMED))  # fmt: skip


def _file(_world: World, showing: Subject) -> str:
    return reverse("work:showing-file", args=[showing.public_id, 1])


def _told(_world: World, _showing: Subject) -> dict[str, Any]:
    return {**MET, "happened_on": timezone.localdate().isoformat()}


def _signed(_world: World, showing: Subject) -> dict[str, Any]:
    return {"agreed": "on", "digest": showing.text_digest}


def _offered(world: World, _bid: Subject) -> dict[str, Any]:
    investor = world.rest["showing"]["signed"].investor
    parts = ["proposal", "price"]
    day = timezone.localdate().isoformat()
    return {
        "investor": str(investor.public_id),
        "parts": parts,
        "purpose": PURPOSE,
        "ends_on": day,
        "agreed": "on",
    }
