"""Saved searches, and which mails one gets."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ronglian.apps.accounts.models import Membership
from ronglian.apps.accounts.operations.organisations import choose_digest
from ronglian.apps.accounts.queries.organisations import access_organisation
from ronglian.apps.matching.listing import read_filters
from ronglian.apps.matching.operations.searches import keep_search
from ronglian.apps.matching.saved_searches import looked_for, parameters_of
from ronglian.apps.registry.enums import AlertFrequency
from ronglian.apps.registry.operations.searches import change_search, drop_search
from ronglian.apps.registry.queries.searches import access_search, own_searches
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.kinds import KINDS
from ronglian.web.work.access import signed_in


def described(kind: str, query: str) -> str:
    """How a saved search is called in a list."""
    wanted = looked_for(read_filters(parameters_of(query)))
    others = len(wanted) - ("q" in wanted)
    name = str(KINDS[kind].title)
    words = f"“{wanted['q']}”" if "q" in wanted else ""
    more = _("%(count)d filters") % {"count": others} if others else ""
    return " · ".join(part for part in (name, words, more) if part)


@require_safe
@signed_in
def show_searches(request: ActorRequest) -> HttpResponse:
    memberships = Membership.objects.filter(person__public_id=request.actor.person)
    context = {
        "searches": [
            (search, described(search.kind, search.query), f"{reverse(search.kind)}?{search.query}")
            for search in own_searches(request.actor)
        ],
        "frequencies": AlertFrequency.choices,
        "memberships": memberships.select_related("organisation").order_by("organisation__name"),
    }
    return render(request, "work/searches.html", context)


@require_POST
@signed_in
def save(request: ActorRequest) -> HttpResponse:
    """Save the search of a list page."""
    keep_search(
        actor=request.actor,
        kind=request.POST.get("kind", ""),
        parameters=parameters_of(request.POST.get("query", "")),
        frequency=request.POST.get("frequency", AlertFrequency.DAILY),
    )
    messages.success(request, _("Saved. You are told by e-mail of what is new."))
    return redirect("work:searches")


@require_POST
@signed_in
def change(request: ActorRequest, public_id: UUID) -> HttpResponse:
    search = access_search(request.actor, public_id)
    change_search(actor=request.actor, search=search, frequency=request.POST.get("frequency", ""))
    messages.success(request, _("Changed."))
    return redirect("work:searches")


@require_POST
@signed_in
def drop(request: ActorRequest, public_id: UUID) -> HttpResponse:
    drop_search(actor=request.actor, search=access_search(request.actor, public_id))
    messages.success(request, _("Dropped."))
    return redirect("work:searches")


@require_POST
@signed_in
def digest(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Get an organisation's weekly digest, or not any more."""
    organisation = access_organisation(request.actor, public_id)
    wanted = request.POST.get("wanted") == "1"
    choose_digest(actor=request.actor, organisation=organisation, wanted=wanted)
    messages.success(request, _("You get the digest.") if wanted else _("You get no digest any more."))
    return redirect("work:searches")
