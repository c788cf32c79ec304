"""Trying payment after use before signing: what would fall due under an assumption."""

from __future__ import annotations

from fractions import Fraction
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ronglian.apps.agreements.queries.agreements import access_agreement, latest_version
from ronglian.apps.agreements.queries.money import after_use_terms
from ronglian.apps.agreements.terms import read_terms
from ronglian.engines.money import Assumption, TermsError, Year, what_if
from ronglian.kernel.errors import NotFound
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.what_if import draw_years, year_lines
from ronglian.web.work.access import signed_in
from ronglian.web.work.forms.contracts import WhatIfForm


@require_safe
@signed_in
def show(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The years of paying, for both parties; nothing is kept. 404 where payment after use was not agreed."""
    agreement = access_agreement(request.actor, public_id)
    version = agreement.signed or latest_version(agreement)
    problem = ""
    years: tuple[Year, ...] = ()
    form = WhatIfForm(
        request.GET if "base" in request.GET else None, initial={"started": timezone.localdate()}
    )
    try:
        plan = after_use_terms(read_terms(version.terms), agreement.signed_on or timezone.localdate())
    except TermsError:
        plan, problem = None, _("The terms of payment after use contradict each other.")
    if plan is None and not problem:
        raise NotFound
    if plan is not None and form.is_bound and form.is_valid():
        typed = form.cleaned_data
        growth = Fraction(typed["growth"] or 0, 100)
        years = what_if(plan, Assumption(typed["started"], typed["base"], growth, typed["years"]))
        problem = "" if years else _("Payment would not start in time, and the licence would end.")
    context = {
        "agreement": agreement,
        "form": form,
        "years": year_lines(years),
        "bars": draw_years(years),
        "problem": problem,
    }
    return render(request, "work/contract_what_if.html", context, status=422 if form.errors else 200)
