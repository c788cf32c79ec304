"""What was registered in a region and a year: the bureau's statistics of technology contracts."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ronglian.apps.agreements.queries.registrations import registered_entries, registered_years
from ronglian.apps.agreements.registration_document import percent, statistics_document, statistics_tables
from ronglian.engines.contracts import Tables, count_contracts
from ronglian.kernel.codes.regions import find_region, region_name
from ronglian.kernel.errors import NotFound
from ronglian.web.asked import read_number
from ronglian.web.context import short_language
from ronglian.web.files import document_file, file_choices, named_language
from ronglian.web.middleware import ActorRequest
from ronglian.web.work.access import signed_in
from ronglian.web.work.forms.fields import region_names


@require_safe
@signed_in
def show(request: ActorRequest) -> HttpResponse:
    """The tables of one year, with the growth against the year before."""
    years = registered_years(request.actor)
    year = _year(request) or (years[0] if years else timezone.localdate().year)
    asked = request.GET.get("region", "").strip()
    region = find_region(asked) if asked else ""
    language = short_language()
    tables = _tables(request, year, region or "")
    before = _tables(request, year - 1, region or "")
    context = {
        "year": year,
        "years": years,
        "asked": asked,
        "unknown_region": bool(asked) and region is None,
        "place": region_name(region, language) if region else "",
        "region_names": region_names(),
        "tables": [
            (heading, table.heads, [list(zip(table.heads, row, strict=True)) for row in table.rows])
            for heading, table in statistics_tables(tables, language)
        ]
        if tables.sold.contracts or tables.bought.contracts
        else [],
        "growth": percent_growth(tables, before),
        "files": file_choices(),
    }
    return render(
        request, "work/contract_statistics.html", context, status=422 if context["unknown_region"] else 200
    )


@require_safe
@signed_in
def get_file(request: ActorRequest, year: int, language: str, ending: str) -> HttpResponse:
    """The report of a year as PDF or Word file."""
    known = named_language(language)
    if not 1 <= year <= 9998:
        raise NotFound
    asked = request.GET.get("region", "").strip()
    region = find_region(asked) if asked else ""
    if region is None:
        raise NotFound
    title = _("Registered technology contracts, %(year)d") % {"year": year}
    place = region_name(region, known) if region else ""
    document = statistics_document(_tables(request, year, region), title, place, known)
    return document_file(document, f"contracts-{year}-{region or 'all'}-{language}", ending)


def percent_growth(now: Tables, before: Tables) -> str:
    """Growth of the turnover against the year before; empty where there was none."""
    share = now.sold.share_of(before.sold)
    if share is None:
        return ""
    return f"+{percent(share - 1)}" if share >= 1 else f"−{percent(1 - share)}"


def _tables(request: ActorRequest, year: int, region: str) -> Tables:
    entries = registered_entries(request.actor, date(year, 1, 1), date(year, 12, 31))
    return count_contracts(entries, region)


def _year(request: ActorRequest) -> int | None:
    year = read_number(request.GET.get("year", ""), digits=4)
    return year if year and year > 1 else None
