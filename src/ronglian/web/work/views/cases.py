"""The technology manager's board, and the page of one case for everybody it concerns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ronglian.apps.accounts.queries.organisations import access_organisation
from ronglian.apps.clinic.case_enums import CaseStage
from ronglian.apps.clinic.case_rules import may_confirm, may_name, may_work, view_of
from ronglian.apps.clinic.models import Case
from ronglian.apps.clinic.operations.cases import (
    advance_case,
    carry_need,
    choose_result,
    confirm_agreement,
    name_owner,
    plan_case,
)
from ronglian.apps.clinic.operations.introductions import introduce_sides
from ronglian.apps.clinic.operations.stop_objections import object_to_stop
from ronglian.apps.clinic.queries.cases import (
    access_case,
    carried_cases,
    colleagues_of,
    list_cases,
    list_contacts,
    list_fee_terms,
    list_objections,
    list_tasks,
    offers_to,
    open_hand_over,
    own_manager,
)
from ronglian.apps.registry.models import Need, Result
from ronglian.apps.registry.queries.records import access_record
from ronglian.web.asked import read_id
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.cases import OVER, OVER_SHOWN, amount_of, board, case_card, timeline
from ronglian.web.work.access import signed_in
from ronglian.web.work.forms.cases import (
    ContactForm,
    IntroduceForm,
    MoveForm,
    OfferForm,
    PartnerForm,
    PlanForm,
    StopForm,
    TaskForm,
    WordsForm,
)
from ronglian.web.work.steps import take_step

OTHERS_SHOWN = 50


@require_safe
@signed_in
def show_board(request: ActorRequest) -> HttpResponse:
    return render(request, "work/cases.html", _board(request))


def _board(request: ActorRequest) -> dict[str, Any]:
    actor, today = request.actor, timezone.localdate()
    carried = carried_cases(actor)
    over = carried.filter(stage__in=OVER)[: OVER_SHOWN + 1]
    shown = [*carried.exclude(stage__in=OVER), *over[:OVER_SHOWN]]
    others = list_cases(actor).exclude(pk__in=[case.pk for case in shown])
    if actor.person_id is not None:
        others = others.exclude(manager__person__public_id=actor.person_id)
    return {
        "manager": own_manager(actor),
        "columns": board(actor, shown, today) if shown else [],
        "others": [case_card(actor, case, today) for case in others[:OTHERS_SHOWN]],
        "offers": list(offers_to(actor)),
    }


@require_POST
@signed_in
def open_new(request: ActorRequest) -> HttpResponse:
    """From a need or a match: 加入个案. A case of one's own that waits for a partner gets it."""
    actor = request.actor
    need = access_record(actor, Need, read_id(request.POST.get("need", "")))
    result = (
        access_record(actor, Result, read_id(request.POST["result"])) if request.POST.get("result") else None
    )
    case = carry_need(actor=actor, need=need, result=result)
    messages.success(request, _("The case is on your board."))
    return redirect("work:case", case.public_id)


@require_safe
@signed_in
def show_case(request: ActorRequest, public_id: UUID) -> HttpResponse:
    return case_page(request, access_case(request.actor, public_id))


@require_POST
@signed_in
def plan(request: ActorRequest, public_id: UUID) -> HttpResponse:
    return carry_out(request, public_id, "plan_form", PlanForm(request.POST), plan_case, _("Noted."))


@require_POST
@signed_in
def advance(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """A move from the board or from the page; stopping has its own form."""
    is_stop = request.POST.get("stage") == CaseStage.STOPPED
    form: forms.Form = StopForm(request.POST) if is_stop else MoveForm(request.POST)

    def act(**fields: Any) -> Case:
        stage = CaseStage(CaseStage.STOPPED if is_stop else fields.pop("stage"))
        return advance_case(stage=stage, **fields)

    done = _("The case has moved. Both sides are told.")
    answer = carry_out(request, public_id, "stop_form" if is_stop else "move_form", form, act, done)
    if answer.status_code == 302 and "board" in request.POST:
        if request.htmx:
            return render(request, "work/case_board.html", _board(request))
        return redirect("work:cases")
    return answer


@require_POST
@signed_in
def introduce(request: ActorRequest, public_id: UUID) -> HttpResponse:
    done = _("Both sides are introduced and told. The receipt stands on the page of the introduction.")
    form = IntroduceForm(request.POST)
    return carry_out(request, public_id, "introduce_form", form, introduce_sides, done)


@require_POST
@signed_in
def choose(request: ActorRequest, public_id: UUID) -> HttpResponse:
    def act(*, address: tuple[str, UUID], **named: Any) -> Case:
        kind, wanted = address
        if kind == "organisation":
            return choose_result(partner=access_organisation(request.actor, wanted), **named)
        return choose_result(result=access_record(request.actor, Result, wanted), **named)

    form = PartnerForm(request.POST)
    return carry_out(request, public_id, "partner_form", form, act, _("The partner is chosen."))


@require_POST
@signed_in
def name(request: ActorRequest, public_id: UUID) -> HttpResponse:
    name_owner(actor=request.actor, case=access_case(request.actor, public_id))
    messages.success(request, _("Your organisation is named to the technology manager and the other side."))
    return redirect("work:case", public_id)


@require_POST
@signed_in
def confirm(request: ActorRequest, public_id: UUID) -> HttpResponse:
    case = access_case(request.actor, public_id)
    confirm_agreement(actor=request.actor, case=case)
    messages.success(request, _("Your side has confirmed the agreement."))
    return redirect("work:case", public_id)


@require_POST
@signed_in
def object_to(request: ActorRequest, public_id: UUID) -> HttpResponse:
    def act(*, words: str, **named: Any) -> object:
        return object_to_stop(note=words, **named)

    form = WordsForm(request.POST)
    return carry_out(
        request,
        public_id,
        "object_form",
        form,
        act,
        _("Your objection is kept; the technology manager has to answer it."),
    )


def carry_out(
    request: ActorRequest,
    public_id: UUID,
    name: str,
    form: forms.Form,
    act: Callable[..., object],
    done: str,
) -> HttpResponse:
    """Call the operation with what the form says, and show the case again: with the form where it is refused."""
    case = access_case(request.actor, public_id)
    return take_step(
        request,
        lambda: act(actor=request.actor, case=case, **form.cleaned_data),
        lambda status, _error: case_page(
            request, access_case(request.actor, public_id), status, **{name: form}
        ),
        done,
        ("work:case", public_id),
        form=form,
    )


def case_page(request: ActorRequest, case: Case, status: int = 200, **bound: Any) -> HttpResponse:
    """Everything of the case that its reader may know, with the forms for what the reader may do."""
    actor = request.actor
    view = view_of(actor, case)
    card = case_card(actor, case, timezone.localdate())
    page: dict[str, Any] = {
        "case": case,
        "card": card,
        "view": view,
        "amount": amount_of(case),
        "contacts": list_contacts(actor, case),
        "terms": list_fee_terms(actor, case),
        "objections": list_objections(actor, case),
        "timeline": timeline(case, view),
        "hand_over": open_hand_over(case) if view.carries or view.is_offered else None,
        "may_speak": may_confirm(actor, case) if view.sides else None,
        "may_name": may_name(actor, case) if view.sides and not case.owner_named else None,
        "object_form": WordsForm(),
    }
    if view.carries:
        page |= {"tasks": list_tasks(actor, case), "may_work": may_work(actor, case), **_forms(case)}
    return render(request, "work/case.html", {**page, **bound}, status=status)


def _forms(case: Case) -> Mapping[str, forms.Form]:
    """What the manager may do, each with its form."""
    contract = {"contract_number": case.contract_number}
    return {
        "plan_form": PlanForm(initial={"next_step": case.next_step, "next_due": case.next_due}),
        "move_form": MoveForm(initial=contract),
        "stop_form": StopForm(),
        "introduce_form": IntroduceForm(),
        "partner_form": PartnerForm(),
        "contact_form": ContactForm(),
        "task_form": TaskForm(),
        "offer_form": OfferForm(colleagues=colleagues_of(case.manager)),
        "answer_form": WordsForm(),
    }
