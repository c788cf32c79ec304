"""The public catalogue of services."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ronglian.apps.clinic.queries.services import access_service, catalogue, search_services
from ronglian.apps.clinic.service_enums import PriceBasis, ServiceKind
from ronglian.apps.matching.listing import read_query
from ronglian.apps.registry.enums import TechnologyField
from ronglian.kernel.codes.regions import find_region
from ronglian.web.asked import one_of
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters import services as presenter
from ronglian.web.work.forms.fields import region_names
from ronglian.web.work.views.services import service_response

PER_PAGE = 20


@require_safe
def list_page(request: ActorRequest) -> HttpResponse:
    """By kind, field, place and price. A place nobody knows of narrows nothing."""
    place = request.GET.get("region", "").strip()[:100]
    chosen = {
        "kind": one_of(request.GET, "kind", ServiceKind.values),
        "technology_field": one_of(request.GET, "field", TechnologyField.values),
        "price_basis": one_of(request.GET, "price", PriceBasis.values),
    }
    query = read_query(request.GET)
    region = find_region(place) or "" if place else ""
    rows = search_services(catalogue(request.actor), query=query, region=region, **chosen)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "query": query,
        "place": place,
        "chosen": chosen,
        "is_narrowed": bool(query or place or any(chosen.values())),
        "kinds": ServiceKind.choices,
        "fields": TechnologyField.choices,
        "prices": PriceBasis.choices,
        "region_names": region_names(),
        "page_obj": page,
        "cards": [presenter.service_card(one) for one in page],
    }
    return render(request, "web/services.html", context)


@require_safe
def show_page(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """What is done, by whom, for how much; and asking for it."""
    return service_response(request, access_service(request.actor, public_id))
