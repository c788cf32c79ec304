"""分诊 and 真需求核验: what waits for technology managers, their decision, checks, and objections to both."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronglian.apps.clinic.enums import Route
from ronglian.apps.clinic.models import AuthenticityCheck, Consultation
from ronglian.apps.clinic.operations.checks import answer_objection, object_to_check, record_check
from ronglian.apps.clinic.operations.triage import decide_triage, object_to_triage, show_to_managers
from ronglian.apps.clinic.queries.consultations import access_consultation
from ronglian.apps.clinic.queries.triage import (
    access_check,
    access_triage,
    latest_triage,
    propose_for_need,
    read_need,
    waiting_consultations,
    waiting_needs,
)
from ronglian.apps.clinic.rules import works_as_manager
from ronglian.apps.clinic.triage_enums import CheckFinding, CheckMeans
from ronglian.apps.clinic.triage_rules import may_check, may_triage
from ronglian.apps.registry.models import Need
from ronglian.apps.registry.queries.records import access_record
from ronglian.engines.diagnosis import Triage as Proposal
from ronglian.engines.diagnosis import score_clarity, score_completeness
from ronglian.kernel.errors import NotAllowed, OperationError
from ronglian.kernel.permission import Verdict
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.clinic import consultation_page
from ronglian.web.presenters.triage import proposal_view, triage_panel, waiting_view
from ronglian.web.work.access import signed_in
from ronglian.web.work.forms.refusals import add_refusal
from ronglian.web.work.forms.triage import AnswerObjectionForm, CheckForm, ObjectionForm, TriageForm

SHOWN = 50


@require_safe
@signed_in
def list_waiting(request: ActorRequest) -> HttpResponse:
    """Troubles shown to the technology managers and published needs that nobody has decided on."""
    if not works_as_manager(request.actor):
        raise NotAllowed(_("Technology managers say which way a trouble goes."))
    today = timezone.localdate()
    told, needs = waiting_consultations(request.actor), waiting_needs(request.actor)
    page = {
        "consultations": [waiting_view(request.actor, one, today) for one in told[:SHOWN]],
        "needs": [waiting_view(request.actor, one, today) for one in needs[:SHOWN]],
        "more_needs": max(0, needs.count() - SHOWN),
    }
    return render(request, "work/triage_list.html", page)


@require_http_methods(["GET", "POST"])
@signed_in
def decide(request: ActorRequest, kind: str, public_id: UUID) -> HttpResponse:
    """What was told, the proposal with its reasons, and the decision; those whose need it is read the decision."""
    subject: Consultation | Need
    if kind == "need":
        subject = access_record(request.actor, Need, public_id)
    else:
        subject = access_consultation(request.actor, public_id)
    if request.method == "GET" and isinstance(subject, Need) and request.actor.is_member(subject.owner_id):
        shown = {"subject": subject, "panel": triage_panel(request.actor, subject)}
        return render(request, "work/triage_read.html", shown)
    _insist(may_triage(request.actor, subject))
    page, proposal = (_need_page if isinstance(subject, Need) else _told_page)(request, subject)
    form = TriageForm(request.POST or None, initial={"route": proposal.route.value})
    status = 200
    if request.method == "POST":
        status = _decide(request, subject, proposal, form)
        if status < HTTPStatus.BAD_REQUEST:
            messages.success(request, _("Decided. The organisation reads it and may object."))
            return redirect("work:triage-list")
    page |= {"subject": subject, "kind": kind, "form": form, "latest": latest_triage(subject)}
    page["triage"] = proposal_view(proposal)
    return render(request, "work/triage.html", page, status=status)


def _decide(request: ActorRequest, subject: Consultation | Need, proposal: Proposal, form: TriageForm) -> int:
    """The status to answer with; what was refused stands in the form."""
    if not form.is_valid():
        return HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        decide_triage(
            actor=request.actor,
            subject=subject,
            proposal=proposal,
            route=Route(form.cleaned_data["route"]),
            minutes=form.cleaned_data["minutes"],
        )
    except OperationError as error:
        add_refusal(form, error)
        return error.status
    return HTTPStatus.OK


def _told_page(request: ActorRequest, consultation: Consultation | Need) -> tuple[dict[str, Any], Proposal]:
    assert isinstance(consultation, Consultation)
    shown = consultation_page(request.actor, consultation)
    return {**shown, "consultation": consultation, "is_open": False}, shown["proposal"]


def _need_page(request: ActorRequest, need: Consultation | Need) -> tuple[dict[str, Any], Proposal]:
    assert isinstance(need, Need)
    sheet, stated = read_need(need)
    page = {
        "need": need,
        "completeness": round(score_completeness(sheet, stated).total),
        "clarity": round(score_clarity(sheet).total),
    }
    return page, propose_for_need(request.actor, need)


@require_POST
@signed_in
def show(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Show a trouble to the technology managers, or no longer."""
    consultation = access_consultation(request.actor, public_id)
    shown = request.POST.get("shown") == "1"
    show_to_managers(actor=request.actor, consultation=consultation, shown=shown)
    messages.success(
        request,
        _("Technology managers can read it now and say which way it goes.")
        if shown
        else _("Only your organisation reads it again."),
    )
    return redirect("work:consultation", public_id)


@require_POST
@signed_in
def object_to(request: ActorRequest, public_id: UUID) -> HttpResponse:
    triage = access_triage(request.actor, public_id)
    object_to_triage(actor=request.actor, triage=triage, objection=request.POST.get("objection", ""))
    messages.success(request, _("Your objection stands; a technology manager decides anew."))
    if triage.consultation:
        return redirect("work:consultation", triage.consultation.public_id)
    assert triage.need is not None
    return redirect("work:triage", "need", triage.need.public_id)


@require_http_methods(["GET", "POST"])
@signed_in
def check(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Say what was verified of a need."""
    need = access_record(request.actor, Need, public_id)
    _insist(may_check(request.actor, need))
    form = CheckForm(request.POST or None, initial={"checked_on": timezone.localdate().isoformat()})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                record_check(
                    actor=request.actor,
                    need=need,
                    means=CheckMeans(form.cleaned_data["means"]),
                    finding=CheckFinding(form.cleaned_data["finding"]),
                    checked_on=form.cleaned_data["checked_on"],
                    what=form.cleaned_data["what"],
                )
            except OperationError as error:
                add_refusal(form, error)
                status = error.status
            else:
                messages.success(request, _("It stands on the page of the need."))
                return redirect("need", public_id)
    return render(request, "work/check.html", {"need": need, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
@signed_in
def dispute(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Object to a check; then, for those who check, answer the objection."""
    one = access_check(request.actor, public_id)
    answering = bool(one.objection)
    form: forms.Form
    if answering:
        _insist(may_check(request.actor, one.need))
        form = AnswerObjectionForm(request.POST or None)
    else:
        form = ObjectionForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _say(request, one, form)
            except OperationError as error:
                add_refusal(form, error)
                status = error.status
            else:
                messages.success(request, _("It stands on the page of the need."))
                return redirect("need", one.need.public_id)
    page = {"check": one, "form": form, "answering": answering}
    return render(request, "work/dispute.html", page, status=status)


def _say(request: ActorRequest, one: AuthenticityCheck, form: forms.Form) -> None:
    said = form.cleaned_data
    if "answer" in said:
        answer_objection(
            actor=request.actor, check=one, answer=said["answer"], is_upheld=not said["is_dropped"]
        )
    else:
        object_to_check(actor=request.actor, check=one, objection=said["objection"])


def _insist(verdict: Verdict) -> None:
    if not verdict:
        raise NotAllowed(f"{verdict.reason} {verdict.who_can}".strip())
