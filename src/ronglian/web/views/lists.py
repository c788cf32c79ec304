"""Lists with search and facets, the search across all kinds, and their exports."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ronglian.apps.accounts.enums import OrganisationKind
from ronglian.apps.accounts.models import Organisation
from ronglian.apps.accounts.queries.organisations import list_organisations
from ronglian.apps.matching.listing import Filters, open_listing, read_filters, read_query
from ronglian.apps.matching.queries.matches import search_organisations
from ronglian.apps.registry.exports import FORMATS
from ronglian.kernel.actor import Actor
from ronglian.web.facets import facets
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.cards import Card, organisation_card, record_card
from ronglian.web.presenters.kinds import KINDS, Kind

PER_PAGE = 20
IN_OVERVIEW = 3


@require_safe
def list_kind(request: ActorRequest, kind: str) -> HttpResponse:
    """找成果, 看需求, 专家, 场景: one list page for the four kinds."""
    shown = KINDS[kind]
    filters = read_filters(request.GET)
    listing = open_listing(request.actor, shown.model, filters, timezone.localdate())
    page = Paginator(listing.ordered(), PER_PAGE).get_page(request.GET.get("page"))
    records = listing.page_of(page.object_list)
    context = {
        "kind": shown,
        "export_formats": FORMATS,
        "filters": filters,
        "facets": facets(listing),
        "page_obj": page,
        "cards": [record_card(request.actor, record, terms=filters.terms) for record in records],
        "is_narrowed": filters != Filters(),
    }
    return render(request, "web/list.html", context)


@require_safe
def list_organisations_page(request: ActorRequest) -> HttpResponse:
    query = read_query(request.GET)
    page = Paginator(narrowed_organisations(request), PER_PAGE).get_page(request.GET.get("page"))
    terms = Filters(query=query).terms
    context = {
        "query": query,
        "page_obj": page,
        "kinds": OrganisationKind.choices,
        "export_formats": FORMATS,
        "chosen_kind": request.GET.get("owner", ""),
        "cards": [organisation_card(organisation, terms=terms) for organisation in page],
    }
    return render(request, "web/organisations.html", context)


def narrowed_organisations(request: ActorRequest) -> QuerySet[Organisation]:
    """The organisations under the words and the kind in the address."""
    organisations = list_organisations(request.actor)
    query = read_query(request.GET)
    if query:
        organisations = organisations.filter(public_id__in=search_organisations(query))
    kind = request.GET.get("owner", "")
    return organisations.filter(kind=kind) if kind in OrganisationKind.values else organisations


@require_safe
def search_everything(request: ActorRequest) -> HttpResponse:
    """One sentence or word across all kinds: the first few of each, and the way to the rest."""
    query = read_query(request.GET)
    groups = [_group(request.actor, kind, query) for kind in KINDS.values()] if query else []
    if query:
        groups.append(_organisation_group(request.actor, query))
    context = {
        "search_text": query,
        "groups": [group for group in groups if group["total"]],
        "kinds": KINDS.values(),
    }
    return render(request, "web/search.html", context)


def _group(actor: Actor, kind: Kind, query: str) -> dict[str, Any]:
    filters = Filters(query=query)
    listing = open_listing(actor, kind.model, filters, timezone.localdate())
    ordered = listing.ordered()
    first = listing.page_of(ordered[:IN_OVERVIEW])
    cards = [record_card(actor, record, terms=filters.terms) for record in first]
    return {"url_name": kind.name, "title": kind.title, "total": len(ordered), "cards": cards}


def _organisation_group(actor: Actor, query: str) -> dict[str, Any]:
    found = search_organisations(query)
    rows = list_organisations(actor).filter(public_id__in=found[:IN_OVERVIEW])
    cards: list[Card] = [organisation_card(row, terms=Filters(query=query).terms) for row in rows]
    return {"url_name": "organisations", "title": _("Organisations"), "total": len(found), "cards": cards}
