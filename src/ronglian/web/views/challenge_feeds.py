"""Challenges for calendars and for programs that follow what is new."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from icalendar import Alarm, Calendar, Event

from ronglian.apps.challenges.document import challenge_document
from ronglian.apps.challenges.models import Challenge
from ronglian.apps.challenges.ocds import record_package, release_package
from ronglian.apps.challenges.queries.challenges import access_challenge, list_challenges
from ronglian.apps.challenges.standing import process_of
from ronglian.kernel.actor import ANONYMOUS
from ronglian.kernel.errors import NotFound
from ronglian.web.files import document_file, named_language
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.challenges import ChallengeLine, challenge_line, clocks_of

REMIND_BEFORE = timedelta(days=1)
MOST_ENTRIES = 100


@require_safe
def deadlines(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The deadlines that run for a challenge, as a calendar file with a reminder a day before each."""
    challenge = access_challenge(request.actor, public_id)
    due = [
        (clock.name, clock.due_at) for clock in clocks_of(challenge, process_of(challenge)) if clock.due_at
    ]
    if not due:
        raise NotFound
    calendar = Calendar()
    calendar.add("prodid", "-//Ronglian//Deadlines//EN")
    calendar.add("version", "2.0")
    address = request.build_absolute_uri(reverse("challenge", args=[challenge.public_id]))
    for number, (name, moment) in enumerate(due, 1):
        calendar.add_component(_entry(challenge, number, name, moment, address))
    response = HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="challenge-{challenge.public_id}.ics"'
    return response


@require_safe
def document(request: ActorRequest, public_id: UUID, language: str, ending: str) -> HttpResponse:
    """The call, and what has become public since, as PDF or Word file."""
    challenge = access_challenge(request.actor, public_id)
    made = challenge_document(request.actor, challenge, named_language(language))
    return document_file(made, f"challenge-{challenge.public_id}-{language}", ending)


@require_safe
def feed(request: ActorRequest) -> HttpResponse:
    """What everybody may see, as JSON Feed 1.1: the same for each reader, so that it can be kept and passed on."""
    rows = list_challenges(ANONYMOUS).order_by("-published_at", "-id")[:MOST_ENTRIES]
    return JsonResponse(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": _("Challenges"),
            "home_page_url": request.build_absolute_uri(reverse("challenges")),
            "feed_url": request.build_absolute_uri(),
            "items": [_item(request, challenge_line(one)) for one in rows],
        },
        content_type="application/feed+json; charset=utf-8",
        json_dumps_params={"ensure_ascii": False},
    )


@require_safe
def ocds_releases(request: ActorRequest) -> HttpResponse:
    """The challenges that everybody may see, as an OCDS release package, the latest first."""
    rows = list_challenges(ANONYMOUS).order_by("-published_at", "-id")[:MOST_ENTRIES]
    return _json(release_package(list(rows), request.build_absolute_uri()))


@require_safe
def ocds_record(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One challenge that everybody may see, as an OCDS record package."""
    challenge = access_challenge(ANONYMOUS, public_id)
    return _json(record_package(challenge, request.build_absolute_uri()))


def _json(package: dict[str, Any]) -> HttpResponse:
    return JsonResponse(package, json_dumps_params={"ensure_ascii": False})


def _entry(challenge: Challenge, number: int, name: str, moment: datetime, address: str) -> Event:
    event = Event()
    event.add("uid", f"{challenge.public_id}-{number}@ronglian")
    event.add("summary", f"{name}: {challenge.title}")
    event.add("dtstart", moment.astimezone(UTC))
    event.add("dtstamp", datetime.now(UTC))
    event.add("url", address)
    reminder = Alarm()
    reminder.add("action", "DISPLAY")
    reminder.add("description", challenge.title)
    reminder.add("trigger", -REMIND_BEFORE)
    event.add_component(reminder)
    return event


def _item(request: ActorRequest, line: ChallengeLine) -> dict[str, Any]:
    challenge = line.challenge
    address = request.build_absolute_uri(line.url)
    assert challenge.published_at is not None
    return {
        "id": address,
        "url": address,
        "title": challenge.title,
        "content_text": challenge.text,
        "date_published": timezone.localtime(challenge.published_at).isoformat(),
        "authors": [{"name": challenge.issuer.name}],
        "_challenge": {
            "phase": challenge.phase,
            "kind": challenge.kind,
            "openness": challenge.openness,
            "reward_kind": challenge.reward_kind,
            "reward_fen": challenge.reward_fen,
            "closes_at": challenge.closes_at and timezone.localtime(challenge.closes_at).isoformat(),
            "number_of_bids": line.number_of_bids,
        },
    }
