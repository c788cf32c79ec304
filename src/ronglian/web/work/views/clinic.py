"""问诊室: tell the trouble, see what was understood, answer what is missing, set the test, publish."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronglian.apps.clinic.enums import ConsultationState
from ronglian.apps.clinic.models import Consultation
from ronglian.apps.clinic.operations.consultations import (
    answer_question,
    close_consultation,
    open_consultation,
    register_consultation,
    set_acceptance,
    tell_consultation,
)
from ronglian.apps.clinic.queries.consultations import access_consultation, own_consultations
from ronglian.apps.clinic.rules import may_tell
from ronglian.kernel.errors import OperationError, StaleVersion
from ronglian.web.asked import read_number
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.clinic import consultation_page
from ronglian.web.presenters.drafting import drafting_panel, words_to_send
from ronglian.web.presenters.triage import triage_panel
from ronglian.web.work.access import matches_url, signed_in, writable_organisations
from ronglian.web.work.forms.clinic import (
    AnswerForm,
    CloseForm,
    CriterionFormSet,
    ReadersForm,
    TroubleForm,
    criterion_rows,
)
from ronglian.web.work.forms.drafting import DraftingForm
from ronglian.web.work.forms.refusals import add_refusal

CRITERIA = "criteria"


@require_http_methods(["GET", "POST"])
@signed_in
def show_clinic(request: ActorRequest) -> HttpResponse:
    """The trouble in one's own words; below it those told before."""
    owners = writable_organisations(request.actor)
    form = TroubleForm(request.POST or None, owners=owners)
    status = 200
    if request.method == "POST":
        status = 422
        if owners and form.is_valid():
            wanted = form.cleaned_data.get("owner", str(owners[0].public_id))
            owner = next(one for one in owners if str(one.public_id) == wanted)
            try:
                told = open_consultation(
                    actor=request.actor,
                    owner=owner,
                    title=form.cleaned_data["title"],
                    words=form.cleaned_data["words"],
                )
                return redirect("work:consultation", told.public_id)
            except OperationError as error:
                add_refusal(form, error)
                status = error.status
    page = {"form": form, "owners": owners, "consultations": own_consultations(request.actor)[:50]}
    return render(request, "work/clinic.html", page, status=status)


@require_safe
@signed_in
def show_consultation(request: ActorRequest, public_id: UUID) -> HttpResponse:
    return page_of(request, access_consultation(request.actor, public_id))


@require_POST
@signed_in
def tell(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The words as they stand; the form itself calls it while somebody types, and is answered what was understood."""
    consultation = access_consultation(request.actor, public_id)
    form = TroubleForm(request.POST)
    if not form.is_valid():
        return page_of(request, consultation, status=422, trouble=form)
    typed = form.cleaned_data
    if (typed["title"], typed["words"]) != (consultation.title, consultation.words):
        try:
            consultation = tell_consultation(
                actor=request.actor,
                consultation=consultation,
                title=typed["title"],
                words=typed["words"],
                version=read_number(request.POST.get("version", "")),
            )
        except StaleVersion as error:
            # What was typed stays in the form; the version shown lets the next save go through.
            form.add_error(None, str(error.message))
            return page_of(request, consultation, status=412, trouble=form)
        except OperationError as error:
            add_refusal(form, error)
            return page_of(request, consultation, status=error.status, trouble=form)
    if request.htmx:
        return _understood(request, consultation)
    return redirect("work:consultation", consultation.public_id)


@require_POST
@signed_in
def answer(request: ActorRequest, public_id: UUID) -> HttpResponse:
    consultation = access_consultation(request.actor, public_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return page_of(request, consultation, status=422, answer=form)
    answer_question(
        actor=request.actor,
        consultation=consultation,
        topic=form.cleaned_data["topic"],
        text=form.cleaned_data["choice"] or form.cleaned_data["text"],
    )
    return redirect("work:consultation", consultation.public_id)


@require_POST
@signed_in
def keep_acceptance(request: ActorRequest, public_id: UUID) -> HttpResponse:
    consultation = access_consultation(request.actor, public_id)
    rows = CriterionFormSet(request.POST, prefix=CRITERIA)
    if not rows.is_valid():
        return page_of(request, consultation, status=422, criteria=rows)
    typed = [row for row in rows.cleaned_data if any(row.values())]
    try:
        set_acceptance(actor=request.actor, consultation=consultation, criteria=typed)
    except OperationError as error:
        return page_of(request, consultation, status=error.status, criteria=rows, refusal=error)
    messages.success(request, _("The acceptance test is kept."))
    return redirect("work:consultation", consultation.public_id)


@require_POST
@signed_in
def register(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Make a need of it, published or as a draft of one's own."""
    consultation = access_consultation(request.actor, public_id)
    form = ReadersForm(request.POST)
    if not form.is_valid():
        return page_of(request, consultation, status=422, readers=form)
    is_published = "publish" in request.POST
    try:
        consultation = register_consultation(
            actor=request.actor, consultation=consultation, fields=form.cleaned_data, publish=is_published
        )
    except OperationError as error:
        add_refusal(form, error)
        return page_of(request, consultation, status=error.status, readers=form)
    need = consultation.need
    assert need is not None
    messages.success(
        request,
        _("Published. Others can find it from now on.")
        if is_published
        else _("Saved as a draft that only your organisation sees. Publish it when it is ready."),
    )
    return redirect(
        matches_url(need) if is_published else "work:consultation", *(() if is_published else [public_id])
    )


@require_POST
@signed_in
def close(request: ActorRequest, public_id: UUID) -> HttpResponse:
    consultation = access_consultation(request.actor, public_id)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return page_of(request, consultation, status=422, closing=form)
    close_consultation(actor=request.actor, consultation=consultation, reason=form.cleaned_data["reason"])
    messages.success(request, _("Closed. The reason stays with it."))
    return redirect("work:clinic")


def _understood(request: ActorRequest, consultation: Consultation) -> HttpResponse:
    page = {"consultation": consultation, **consultation_page(request.actor, consultation), "is_open": True}
    return render(request, "work/consultation_read.html", page)


def page_of(
    request: ActorRequest,
    consultation: Consultation,
    *,
    status: int = 200,
    trouble: forms.Form | None = None,
    criteria: Any = None,
    **bound: Any,
) -> HttpResponse:
    verdict = may_tell(request.actor, consultation)
    shown = consultation_page(request.actor, consultation)
    page = {
        "consultation": consultation,
        **shown,
        "is_open": consultation.state == ConsultationState.OPEN and bool(verdict),
        "trouble": trouble or TroubleForm(initial={"title": consultation.title, "words": consultation.words}),
        "criteria": criteria
        or CriterionFormSet(prefix=CRITERIA, initial=criterion_rows(shown["reading"].criteria)),
        "readers": ReadersForm(),
        "closing": CloseForm(),
        "may_tell": bool(verdict),
        "panel": triage_panel(request.actor, consultation),
        "drafting": drafting_panel(request.actor, consultation),
        "drafting_form": DraftingForm(initial=words_to_send(consultation)),
        **bound,
    }
    return render(request, "work/consultation.html", page, status=status)
