"""被忽视的需求: the figures for everybody, and the lists behind them."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ronglian.apps.clinic.pool_rules import keeps_pools
from ronglian.apps.clinic.queries.neglect import list_neglected, read_neglect
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.neglect import figures, list_title, lying_line

PER_PAGE = 20


@require_safe
def show_neglect(request: ActorRequest) -> HttpResponse:
    report = read_neglect(request.actor)
    context = {
        "report": report,
        "figures": figures(report),
        "keeps": keeps_pools(request.actor),
    }
    return render(request, "web/neglect.html", context)


@require_safe
def show_list(request: ActorRequest, name: str) -> HttpResponse:
    """The needs behind a figure; which of them are neglected is told to who looks after them, and of one's own."""
    page = Paginator(list_neglected(request.actor, name), PER_PAGE).get_page(request.GET.get("page"))
    keeps = keeps_pools(request.actor)
    context = {
        "title": list_title(name),
        "page_obj": page,
        "lines": [lying_line(request.actor, lying) for lying in page],
        "keeps": keeps,
        "is_private": name.startswith("neglected") and not keeps,
        "tells": name.startswith("neglected"),
    }
    return render(request, "web/neglect_list.html", context)
