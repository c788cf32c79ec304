"""The public page of what became of bids shown to investors: sums that five or more organisations on each side stand behind."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ronglian.apps.challenges.queries.showing_figures import FEWEST_ORGANISATIONS, investment_figures
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.cases import money


@require_safe
def show_figures(request: ActorRequest) -> HttpResponse:
    """The same for everybody."""
    figures = investment_figures()
    context = {"figures": figures, "amount": money(figures.invested.fen), "least": FEWEST_ORGANISATIONS}
    return render(request, "web/investment.html", context)
