"""Pages about the site itself, and what machines ask for: catalogue, calendar, health."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from uuid import UUID

from django.db.models import Count
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe
from icalendar import Alarm, Calendar, Event

from ronglian.apps.matching.listing import current
from ronglian.apps.matching.queries.matches import version_in_use
from ronglian.apps.matching.queries.training import points_in_use
from ronglian.apps.matching.wording import factor_name
from ronglian.apps.registry.enums import TechnologyField
from ronglian.apps.registry.exports import FORMATS
from ronglian.apps.registry.models import Need, RegistryRecord, Result
from ronglian.apps.registry.queries.records import access_record
from ronglian.engines.matching import ENGINE_VERSION, FACTORS
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound
from ronglian.kernel.read_only import read_only_reason
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.catalogue import DATA_SETS, dcat

REMIND_BEFORE = timedelta(days=14)
VERSION = version("ronglian")
# Workers of one server share their parent process: a stale server on the same port shows another.
INSTANCE = os.environ.get("RONGLIAN_INSTANCE", str(os.getppid()))

COMPARED = {
    "text": _lazy(
        "The words of both texts; rare technical words weigh more than common ones. "
        "Where a language model is installed, a quarter is how near they are in meaning"
    ),
    "metrics": _lazy("Each figure the need asks for against what the result claims, in the same unit"),
    "field": _lazy("Technology field and industry"),
    "maturity": _lazy("Technology readiness level against the lowest one accepted"),
    "region": _lazy("How near the two sides are"),
    "budget": _lazy("Price against budget"),
    "mode": _lazy("Ways of cooperating that both accept"),
    "freshness": _lazy("How long ago both records were confirmed"),
}


@require_safe
def show_about(request: ActorRequest) -> HttpResponse:
    """How matching works, with the points in use."""
    in_use = points_in_use()
    context = {
        "engine_version": ENGINE_VERSION,
        "parameters_version": version_in_use(),
        "factors": [
            (factor_name(factor), f"{in_use.points[factor]:g}", COMPARED[factor]) for factor in FACTORS
        ],
    }
    return render(request, "web/about.html", context)


@require_safe
def show_data(request: ActorRequest) -> HttpResponse:
    """The open data sets, and needs beside results in each technology field."""
    context = {
        "data_sets": [(name, *texts) for name, texts in DATA_SETS.items()],
        "export_formats": FORMATS,
        "fields": _by_field(request.actor),
    }
    return render(request, "web/data.html", context)


def _by_field(actor: Actor) -> list[tuple[str, str, int, int]]:
    needs, results = _field_counts(actor, Need), _field_counts(actor, Result)
    rows = [
        (code, str(label), needs.get(code, 0), results.get(code, 0))
        for code, label in TechnologyField.choices
    ]
    return sorted(rows, key=lambda row: -row[2])


def _field_counts(actor: Actor, model: type[RegistryRecord]) -> dict[str, int]:
    records = current(actor, model, timezone.localdate()).order_by()
    return dict(records.values_list("technology_field").annotate(number=Count("pk")))


@require_safe
def catalogue_jsonld(request: ActorRequest) -> JsonResponse:
    catalogue = dcat(request.build_absolute_uri)
    parameters = {"ensure_ascii": False, "indent": 2}
    return JsonResponse(catalogue, content_type="application/ld+json", json_dumps_params=parameters)


@require_safe
def need_deadline(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The day a need expires, as a calendar file with a reminder two weeks before."""
    need = access_record(request.actor, Need, public_id)
    if need.expires_on is None:
        raise NotFound
    event = Event()
    event.add("uid", f"{need.public_id}@ronglian")
    event.add("summary", _("Need expires: %(title)s") % {"title": need.headline})
    event.add("dtstart", need.expires_on)
    event.add("dtend", need.expires_on + timedelta(days=1))
    event.add("dtstamp", datetime.now(UTC))
    event.add("url", request.build_absolute_uri(reverse("need", args=[need.public_id])))
    reminder = Alarm()
    reminder.add("action", "DISPLAY")
    reminder.add("description", need.headline)
    reminder.add("trigger", -REMIND_BEFORE)
    event.add_component(reminder)
    calendar = Calendar()
    calendar.add("prodid", "-//Ronglian//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    response = HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="need-{need.public_id}.ics"'
    return response


@require_safe
def robots(request: ActorRequest) -> HttpResponse:
    """Open pages are there to be found; work pages, account pages and filtered lists are not."""
    lines = ["User-agent: *", "Disallow: /work/", "Disallow: /accounts/", "Disallow: /api/", "Disallow: /*?"]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@require_safe
def health(request: ActorRequest) -> JsonResponse:
    """For whoever watches the server: it answers, which server and version it is, and whether it takes writes."""
    state = {
        "status": "ok",
        "instance": INSTANCE,
        "version": VERSION,
        "read_only": read_only_reason() is not None,
    }
    return JsonResponse(state, headers={"Cache-Control": "no-store"})
