"""产业链调研: the lead's side. Open, enter partners, invite, remind, see how far it has come, close."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronglian.apps.prospecting.models import ChainSurvey
from ronglian.apps.prospecting.operations.surveys import (
    close_survey,
    drop_partner,
    enter_partners,
    invite_partners,
    open_survey,
    remind_partners,
)
from ronglian.apps.prospecting.partner_file import partner_template, read_partner_file
from ronglian.apps.prospecting.queries.surveys import (
    access_partner,
    access_survey,
    list_partners,
    list_surveys,
    published_needs,
)
from ronglian.apps.prospecting.rules import may_close_survey, may_run_survey, reads_partners
from ronglian.apps.registry.imports.side_table import WrongCell
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound, OperationError
from ronglian.web.asked import read_number
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.surveys import coverage_rows, partner_view
from ronglian.web.work.access import signed_in, writable_organisations
from ronglian.web.work.forms.refusals import add_refusal
from ronglian.web.work.forms.surveys import EndForm, PartnerFileForm, PartnerForm, SurveyForm

PER_PAGE = 50
LISTS = ("partners", "invited", "replied", "told", "published")


@require_http_methods(["GET", "POST"])
@signed_in
def show_surveys(request: ActorRequest) -> HttpResponse:
    """One's surveys, and a new one."""
    owners = writable_organisations(request.actor)
    form = SurveyForm(request.POST or None, owners=owners)
    status = 200
    if request.method == "POST":
        status = 422
        if owners and form.is_valid():
            wanted = form.cleaned_data.pop("lead", str(owners[0].public_id))
            lead = next(one for one in owners if str(one.public_id) == wanted)
            try:
                survey = open_survey(actor=request.actor, lead=lead, **form.cleaned_data)
                return redirect("work:survey", survey.public_id)
            except OperationError as error:
                add_refusal(form, error)
                status = error.status
    page = {"form": form, "owners": owners, "surveys": list_surveys(request.actor)[:50]}
    return render(request, "work/surveys.html", page, status=status)


@require_safe
@signed_in
def show_survey(request: ActorRequest, public_id: UUID) -> HttpResponse:
    return _page(request, access_survey(request.actor, public_id))


@require_POST
@signed_in
def enter(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One partner more."""
    survey = access_survey(request.actor, public_id)
    form = PartnerForm(request.POST)
    if not form.is_valid():
        return _page(request, survey, status=422, partner_form=form)
    try:
        enter_partners(actor=request.actor, survey=survey, rows=[form.cleaned_data])
    except OperationError as error:
        add_refusal(form, error, {f"1.{name}": name for name in form.fields})
        return _page(request, survey, status=error.status, partner_form=form)
    messages.success(request, _("Entered. Nobody was asked yet."))
    return redirect("work:survey", survey.public_id)


@require_POST
@signed_in
def enter_file(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """A whole list; with one bad cell nothing of it is entered."""
    survey = access_survey(request.actor, public_id)
    verdict = may_run_survey(request.actor, survey)
    form = PartnerFileForm(request.POST, request.FILES)
    if not form.is_valid() or not verdict:
        if not verdict:
            form.add_error(None, str(verdict.reason))
        return _page(request, survey, status=422 if verdict else 403, file_form=form)
    sent = form.cleaned_data["file"]
    found = read_partner_file(sent, sent.name)
    if found.wrong:
        return _page(request, survey, status=422, file_form=form, wrong_cells=found.wrong)
    before = list_partners(request.actor, survey).count()
    try:
        enter_partners(actor=request.actor, survey=survey, rows=found.rows)
    except OperationError as error:
        wrong = [
            WrongCell(sent.name, field, "", str(text))
            for field, texts in error.fields.items()
            for text in texts
        ]
        if not wrong:
            form.add_error(None, str(error.message))
        return _page(request, survey, status=error.status, file_form=form, wrong_cells=wrong)
    new = list_partners(request.actor, survey).count() - before
    text = ngettext("%(new)d partner entered", "%(new)d partners entered", new) % {"new": new}
    if len(found.rows) > new:
        text += _("; %(known)d were on the list already") % {"known": len(found.rows) - new}
    messages.success(request, text)
    return redirect("work:survey", survey.public_id)


@require_safe
@signed_in
def template(request: ActorRequest) -> HttpResponse:
    """The headers of a list, with one example."""
    response = HttpResponse("\ufeff" + partner_template(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="partners.csv"'
    return response


@require_POST
@signed_in
def drop(request: ActorRequest, public_id: UUID, partner_id: UUID) -> HttpResponse:
    survey = access_survey(request.actor, public_id)
    partner = access_partner(request.actor, survey, partner_id)
    drop_partner(actor=request.actor, survey=survey, partner=partner)
    return redirect("work:survey", survey.public_id)


def _sending(run: Callable[..., ChainSurvey], said: Promise) -> Callable[..., HttpResponse]:
    @require_POST
    @signed_in
    def send(request: ActorRequest, public_id: UUID) -> HttpResponse:
        survey = access_survey(request.actor, public_id)
        run(actor=request.actor, survey=survey)
        messages.success(request, str(said))
        return redirect("work:survey", survey.public_id)

    return send


invite = _sending(invite_partners, _lazy("The mails go out now. Each holds a link that needs no account."))
remind = _sending(remind_partners, _lazy("The reminders go out now."))


@require_POST
@signed_in
def close(request: ActorRequest, public_id: UUID) -> HttpResponse:
    survey = access_survey(request.actor, public_id)
    form = EndForm(request.POST)
    if not form.is_valid():
        return _page(request, survey, status=422, closing=form)
    close_survey(actor=request.actor, survey=survey, reason=form.cleaned_data["reason"])
    messages.success(request, _("Closed. The reason stays with it."))
    return redirect("work:survey", survey.public_id)


@require_safe
@signed_in
def show_list(request: ActorRequest, public_id: UUID, name: str) -> HttpResponse:
    """The list behind a number: the lead's own partners, or what partners have published. What they answered is in none."""
    survey = access_survey(request.actor, public_id)
    if name not in LISTS:
        raise NotFound
    tier = read_number(request.GET.get("tier", ""), digits=2)
    page: dict[str, Any] = {"survey": survey, "name": name, "tier": tier, "is_own": True}
    if name in ("partners", "invited"):
        if reads_partners(request.actor, survey):
            rows = list_partners(request.actor, survey)
            rows = rows.filter(mails__gt=0) if name == "invited" else rows
            rows = rows.filter(tier=tier) if tier else rows
            page["page_obj"] = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
            page["partners"] = [partner_view(each, may_run=False) for each in page["page_obj"]]
        else:
            page["is_own"] = False
    else:
        needs = published_needs(survey)
        page["needs"] = list((needs.filter(tier=tier) if tier else needs)[:PER_PAGE])
    return render(request, "work/survey_list.html", page)


def _page(
    request: ActorRequest,
    survey: ChainSurvey,
    *,
    status: int = 200,
    partner_form: forms.Form | None = None,
    file_form: forms.Form | None = None,
    closing: forms.Form | None = None,
    wrong_cells: list[WrongCell] | None = None,
) -> HttpResponse:
    actor: Actor = request.actor
    is_open = survey.takes_answers(timezone.localdate())
    may_run = bool(may_run_survey(actor, survey)) and is_open
    rows = list_partners(actor, survey) if reads_partners(actor, survey) else None
    page_obj = Paginator(rows, PER_PAGE).get_page(request.GET.get("page")) if rows is not None else None
    page = {
        "survey": survey,
        "coverage": coverage_rows(survey),
        "is_open": is_open,
        "may_run": may_run,
        "may_close": is_open and bool(may_close_survey(actor, survey)),
        "reads": page_obj is not None,
        "page_obj": page_obj,
        "partners": [partner_view(each, may_run=may_run) for each in page_obj or ()],
        "uninvited": rows.filter(mails=0).count() if rows is not None and may_run else 0,
        "partner_form": partner_form or PartnerForm(),
        "file_form": file_form or PartnerFileForm(),
        "closing": closing or EndForm(),
        "wrong_cells": wrong_cells or [],
    }
    return render(request, "work/survey.html", page, status=status)
