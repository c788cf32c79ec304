"""定价公示: the notices of agreed prices and the public offers that run now, for everybody."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ronglian.apps.agreements.queries.pricing import access_price, list_notices
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.prices import price_line
from ronglian.web.work.views.prices import notice_response

PER_PAGE = 20


@require_safe
def list_page(request: ActorRequest) -> HttpResponse:
    """What ends first comes first."""
    today = timezone.localdate()
    page = Paginator(list_notices(today), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "lines": [price_line(one, today) for one in page]}
    return render(request, "web/price_notices.html", context)


@require_safe
def show_page(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One notice, with one's own objections and their answers."""
    return notice_response(request, access_price(request.actor, public_id))
