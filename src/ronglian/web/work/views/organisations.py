"""Registering an organisation, changing what is said of it, and who acts for it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.accounts.operations.organisations import (
    edit_organisation,
    grant_role,
    register_organisation,
)
from ronglian.apps.accounts.queries.organisations import (
    access_organisation,
    list_members,
    list_organisations,
)
from ronglian.apps.accounts.rules import may_edit_organisation, may_grant_role
from ronglian.kernel.actor import Role
from ronglian.kernel.errors import NotAllowed, NotFound, OperationError, StaleVersion
from ronglian.web.asked import read_id
from ronglian.web.middleware import ActorRequest
from ronglian.web.work.access import signed_in
from ronglian.web.work.forms.actions import RoleForm
from ronglian.web.work.forms.fields import industry_names, region_names
from ronglian.web.work.forms.organisations import OrganisationForm
from ronglian.web.work.forms.refusals import add_refusal, differences


@require_http_methods(["GET", "POST"])
@signed_in
def new_organisation(request: ActorRequest) -> HttpResponse:
    if request.method != "POST":
        return _form_page(request, OrganisationForm())
    form = OrganisationForm(request.POST)
    if form.is_valid():
        try:
            organisation = register_organisation(actor=request.actor, fields=form.attributes())
        except OperationError as error:
            add_refusal(form, error)
            return _form_page(request, form, status=error.status, same=_same_code(request, form))
        messages.success(
            request,
            _("%(organisation)s is registered, and you are its owner.") % {"organisation": organisation.name},
        )
        return redirect("work")
    return _form_page(request, form, status=422)


def _same_code(request: ActorRequest, form: OrganisationForm) -> Organisation | None:
    """The organisation that carries the code already: whom to ask instead."""
    if "uscc" not in form.errors:
        return None
    typed = form.data.get("uscc", "").strip().upper()
    return list_organisations(request.actor).filter(uscc=typed).first() if typed else None


@require_http_methods(["GET", "POST"])
@signed_in
def change_organisation(request: ActorRequest, public_id: UUID) -> HttpResponse:
    organisation = access_organisation(request.actor, public_id)
    verdict = may_edit_organisation(request.actor, organisation)
    if not verdict:
        raise NotAllowed(f"{verdict.reason} {verdict.who_can}")
    if request.method != "POST":
        form = OrganisationForm(initial=OrganisationForm.values_of(organisation))
        return _form_page(request, form, organisation=organisation)
    form = OrganisationForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, organisation=organisation, status=422)
    try:
        edit_organisation(
            actor=request.actor,
            organisation=organisation,
            fields=form.attributes(),
            version=form.cleaned_data["version"],
        )
    except StaleVersion:
        return _stale_page(request, organisation)
    except OperationError as error:
        add_refusal(form, error)
        return _form_page(request, form, organisation=organisation, status=error.status)
    messages.success(request, _("Saved."))
    return redirect("organisation", organisation.public_id)


def _stale_page(request: ActorRequest, organisation: Organisation) -> HttpResponse:
    """Somebody else was faster: show both, keep what was typed, and let the next save go through."""
    typed = request.POST.copy()
    typed["version"] = str(organisation.version)
    form = OrganisationForm(typed)
    stored = OrganisationForm(initial=OrganisationForm.values_of(organisation))
    found = differences(form, stored)
    return _form_page(request, form, organisation=organisation, status=412, differences=found, is_stale=True)


def _form_page(
    request: ActorRequest,
    form: OrganisationForm,
    *,
    organisation: Organisation | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    page = {
        "form": form,
        "organisation": organisation,
        "record_url": reverse("organisation", args=[organisation.public_id]) if organisation else "",
        "region_names": region_names(),
        "industry_names": industry_names(),
        **more,
    }
    return render(request, "work/organisation_form.html", page, status=status)


@require_http_methods(["GET", "POST"])
@signed_in
def show_members(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Who acts for the organisation; owners also say who."""
    organisation = access_organisation(request.actor, public_id)
    members = list_members(request.actor, organisation)
    form = RoleForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                grant_role(
                    actor=request.actor,
                    organisation=organisation,
                    email=form.cleaned_data["email"],
                    role=Role(form.cleaned_data["role"]),
                )
            except NotAllowed:
                raise
            except OperationError as error:
                add_refusal(form, error)
                status = error.status
            else:
                messages.success(request, _("The role is given."))
                return redirect("work:members", public_id)
    page = {
        "organisation": organisation,
        "members": members,
        "form": form,
        "verdict": may_grant_role(request.actor, organisation),
    }
    return render(request, "work/members.html", page, status=status)


@require_POST
@signed_in
def end_role(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """End the role of the member named by `person`."""
    organisation = access_organisation(request.actor, public_id)
    person = read_id(request.POST.get("person", ""))
    member = list_members(request.actor, organisation).filter(person__public_id=person).first()
    if member is None:
        raise NotFound
    grant_role(actor=request.actor, organisation=organisation, email=member.person.email, role=None)
    messages.success(request, _("The role has ended."))
    if person == request.actor.person_id:
        return redirect("work")
    return redirect("work:members", public_id)
