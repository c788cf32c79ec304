"""What operators do about people: offices of the platform, suspensions."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ronglian.apps.accounts.operations.offices import give_office, restore_person, suspend_person
from ronglian.apps.accounts.queries.people import access_person, find_person, list_notable_people
from ronglian.kernel.actor import Office
from ronglian.kernel.errors import NotFound
from ronglian.web.middleware import ActorRequest
from ronglian.web.work.access import signed_in
from ronglian.web.work.forms.actions import PersonForm, SuspendForm

SHOWN = 100


@require_safe
@signed_in
def show_people(request: ActorRequest) -> HttpResponse:
    """Whoever holds an office or is suspended; anybody else by e-mail."""
    people = list(list_notable_people(request.actor)[:SHOWN])
    form = PersonForm(request.GET if "email" in request.GET else None)
    is_unknown = False
    if form.is_bound and form.is_valid():
        found = find_person(request.actor, form.cleaned_data["email"])
        people, is_unknown = ([found] if found else []), found is None
    page = {
        "people": people,
        "form": form,
        "is_unknown": is_unknown,
        "offices": Office.choices,
        "suspend_form": SuspendForm(auto_id=False),
    }
    return render(request, "work/people.html", page)


@require_POST
@signed_in
def office(request: ActorRequest, public_id: UUID) -> HttpResponse:
    person = access_person(request.actor, public_id)
    if request.POST.get("office") not in Office.values:
        raise NotFound
    chosen = Office(request.POST["office"])
    give_office(actor=request.actor, person=person, office=chosen, holds=bool(request.POST.get("holds")))
    messages.success(request, _("Saved."))
    return redirect("work:people")


@require_POST
@signed_in
def suspend(request: ActorRequest, public_id: UUID) -> HttpResponse:
    person = access_person(request.actor, public_id)
    suspend_person(actor=request.actor, person=person, reason=request.POST.get("reason", ""))
    messages.success(request, _("Suspended: sessions and tokens end with the next request."))
    return redirect("work:people")


@require_POST
@signed_in
def restore(request: ActorRequest, public_id: UUID) -> HttpResponse:
    restore_person(actor=request.actor, person=access_person(request.actor, public_id))
    messages.success(request, _("The suspension has ended."))
    return redirect("work:people")
