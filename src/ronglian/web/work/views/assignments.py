"""Who carries which need: the bureau proposes and confirms, managers decline with a reason."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from ronglian.apps.clinic.assignment_enums import DeclineReason, ProposalState
from ronglian.apps.clinic.manager_rules import keeps_register
from ronglian.apps.clinic.operations.assignments import (
    confirm_assignment,
    decline_assignment,
    propose_assignments,
)
from ronglian.apps.clinic.queries.assignments import (
    access_proposal,
    latest_run,
    list_proposals,
    unproposed_needs,
)
from ronglian.apps.clinic.queries.technology_managers import own_manager
from ronglian.kernel.errors import NotFound, OperationError
from ronglian.web.asked import read_id
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters import assignments as presenter
from ronglian.web.work.access import signed_in
from ronglian.web.work.forms.assignments import DeclineForm

PER_PAGE = 20
LEFT_SHOWN = 50


@require_safe
@signed_in
def show_assignments(request: ActorRequest) -> HttpResponse:
    """By state; for a manager the own ones, for who keeps the register all, with what the last run came to."""
    keeps = keeps_register(request.actor)
    if not keeps and own_manager(request.actor) is None:
        raise NotFound
    state = request.GET.get("state", ProposalState.PROPOSED)
    left = state == "left" and keeps
    rows = list_proposals(request.actor)
    counts = {each.value: rows.filter(state=each).count() for each in ProposalState}
    tabs = [(each.value, str(each.label), counts[each.value]) for each in ProposalState]
    waiting = unproposed_needs() if keeps else None
    if waiting is not None:
        tabs.append(("left", _("without a proposal"), waiting.count()))
    chosen = state if state in ProposalState.values else ProposalState.PROPOSED.value
    page = Paginator(rows.filter(state=chosen).order_by("id"), PER_PAGE).get_page(request.GET.get("page"))
    run = latest_run() if keeps else None
    context = {
        "keeps": keeps,
        "tabs": tabs,
        "state": "left" if left else chosen,
        "page_obj": None if left else page,
        "rows": [] if left else [presenter.shown_proposal(request.actor, each) for each in page],
        "left": [presenter.need_line(each) for each in waiting[:LEFT_SHOWN]]
        if left and waiting is not None
        else [],
        "run": run,
        "sentences": presenter.run_sentences(run) if run else [],
        "declining": DeclineForm(auto_id=False),
    }
    return render(request, "work/assignments.html", context)


@require_POST
@signed_in
def propose(request: ActorRequest) -> HttpResponse:
    propose_assignments(actor=request.actor)
    messages.success(request, _("Proposed. Look at the reasons, then confirm."))
    return redirect("work:assignments")


@require_POST
@signed_in
def confirm(request: ActorRequest) -> HttpResponse:
    """One proposal or several; each stands for itself, and a refusal of one says why."""
    done = 0
    chosen = [read_id(each) for each in request.POST.getlist("proposal")[:PER_PAGE]]
    for proposal in [access_proposal(request.actor, each) for each in chosen]:
        try:
            confirm_assignment(actor=request.actor, proposal=proposal)
            done += 1
        except OperationError as error:
            if len(chosen) == 1:
                raise
            messages.error(request, f"{proposal.need}: {error.message}")
    text = ngettext("%(number)d assignment is confirmed.", "%(number)d assignments are confirmed.", done)
    messages.success(request, text % {"number": done})
    return redirect("work:assignments")


@require_POST
@signed_in
def decline(request: ActorRequest, public_id: UUID) -> HttpResponse:
    proposal = access_proposal(request.actor, public_id)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        raise NotFound
    decline_assignment(
        actor=request.actor,
        proposal=proposal,
        reason=DeclineReason(form.cleaned_data["reason"]),
        note=form.cleaned_data["note"],
    )
    messages.success(request, _("Declined; the next proposal looks for somebody else."))
    return redirect("work:assignments")
