"""The public register of technology managers."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ronglian.apps.clinic.manager_enums import ManagerLevel, WorkingLanguage
from ronglian.apps.clinic.manager_rules import is_oneself, keeps_register
from ronglian.apps.clinic.queries.performance import performance_of
from ronglian.apps.clinic.queries.services import services_of
from ronglian.apps.clinic.queries.technology_managers import access_manager, list_register, search_managers
from ronglian.apps.matching.listing import read_query
from ronglian.apps.registry.enums import TechnologyField
from ronglian.kernel.codes.regions import find_region
from ronglian.web.asked import one_of
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters import technology_managers as presenter
from ronglian.web.presenters.owners import organisation_line
from ronglian.web.presenters.services import service_card
from ronglian.web.presenters.texts import said, show, show_paragraphs
from ronglian.web.work.forms.fields import region_names

PER_PAGE = 20


@require_safe
def list_page(request: ActorRequest) -> HttpResponse:
    """By field, place, level and language. A place nobody knows of narrows nothing."""
    place = request.GET.get("region", "").strip()[:100]
    chosen = {
        "technology_field": one_of(request.GET, "field", TechnologyField.values),
        "level": one_of(request.GET, "level", ManagerLevel.values),
        "language": one_of(request.GET, "language", WorkingLanguage.values),
    }
    takes_new = request.GET.get("open") == "1"
    query = read_query(request.GET)
    rows = search_managers(
        list_register(request.actor),
        query=query,
        region=find_region(place) or "" if place else "",
        takes_new=takes_new,
        **chosen,
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "query": query,
        "place": place,
        "chosen": chosen,
        "takes_new": takes_new,
        "is_narrowed": bool(query or place or takes_new or any(chosen.values())),
        "fields": TechnologyField.choices,
        "levels": ManagerLevel.choices,
        "languages": WorkingLanguage.choices,
        "region_names": region_names(),
        "page_obj": page,
        "cards": [presenter.manager_card(manager) for manager in page],
    }
    return render(request, "web/managers.html", context)


@require_safe
def show_page(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Who it is, what for, where, and what stands behind it."""
    manager = access_manager(request.actor, public_id)
    context = {
        "manager": manager,
        "name": show(presenter.manager_name(manager)),
        "line": organisation_line(manager.organisation) if manager.organisation else None,
        "badges": presenter.manager_badges(manager),
        "facts": presenter.manager_facts(manager),
        "summary": show_paragraphs(said(manager, "summary")),
        "certificates": presenter.shown_certificates(request.actor, manager),
        "outcomes": presenter.known_outcomes(performance_of(request.actor, manager)),
        "is_told_all": keeps_register(request.actor) or is_oneself(request.actor, manager),
        "services": [service_card(one) for one in services_of(request.actor, manager)],
        "is_own": is_oneself(request.actor, manager),
    }
    return render(request, "web/manager.html", context)
