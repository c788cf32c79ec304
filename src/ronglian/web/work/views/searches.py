"""Saved searches, and which mails one gets."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ronglian.apps.accounts.models import Membership
from ronglian.apps.accounts.operations.organisations import choose_digest
from ronglian.apps.accounts.queries.organisations import access_organisation
from ronglian.apps.registry.enums import AlertFrequency, SearchedKind
from ronglian.apps.registry.operations.searches import change_search, drop_search, save_search
from ronglian.apps.registry.queries.searches import access_search, own_searches
from ronglian.kernel.errors import InvalidInput
from ronglian.web.filters import Filters, read_filters
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.kinds import KINDS
from ronglian.web.tasks import found_by
from ronglian.web.work.access import signed_in

# The parameters of a list's address that say what is looked for; the rest says how it is shown.
LOOKED_FOR = ("q", "field", "region", "stage", "mode", "owner", "verification")


def canonical(query: str) -> str:
    """The words and filters of an address, each known and in one order."""
    typed = QueryDict(query[:2000])
    kept = QueryDict(mutable=True)
    filters = read_filters(typed.dict())
    for name in LOOKED_FOR:
        value = filters.query if name == "q" else getattr(filters, name)
        if value:
            kept[name] = value
    return kept.urlencode()


def described(kind: str, query: str) -> str:
    """How a saved search is called in a list."""
    filters = read_filters(QueryDict(query).dict())
    others = sum(bool(getattr(filters, name)) for name in LOOKED_FOR if name != "q")
    name = str(KINDS[kind].title)
    words = f"“{filters.query}”" if filters.query else ""
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
    kind, query = request.POST.get("kind", ""), canonical(request.POST.get("query", ""))
    if kind not in SearchedKind.values:
        raise InvalidInput.of({"kind": [_("Searches of results and of needs can be saved.")]})
    if read_filters(QueryDict(query).dict()) == Filters():
        raise InvalidInput.of(
            {"query": [_("Type words or choose a filter first; a search for everything is none.")]}
        )
    save_search(
        actor=request.actor,
        kind=kind,
        query=query,
        frequency=request.POST.get("frequency", AlertFrequency.DAILY),
        known=found_by(request.actor, kind, query),
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
