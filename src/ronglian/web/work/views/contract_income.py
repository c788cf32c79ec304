"""Sharing what a contract brought: party B's own page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ronglian.apps.agreements.granted_share import grant_of_contract, granted_rate
from ronglian.apps.agreements.models import Agreement
from ronglian.apps.agreements.operations.distributions import (
    COSTS,
    RULE,
    WAYS,
    begin_notice,
    notice_days,
    propose_distribution,
    settle_distribution,
    withdraw_distribution,
)
from ronglian.apps.agreements.operations.payouts import answer_share_objection, object_to_shares, pay_out
from ronglian.apps.agreements.queries.agreements import access_agreement
from ronglian.apps.agreements.queries.distributions import (
    access_distribution,
    access_share_objection,
    list_distributions,
    undistributed,
)
from ronglian.apps.agreements.rules import may_distribute, may_object_to_shares
from ronglian.engines.rules import inputs_of
from ronglian.rulebook import load_rulebook
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.cases import money
from ronglian.web.presenters.income import plan_view
from ronglian.web.work.access import signed_in
from ronglian.web.work.forms.contracts import ReasonForm
from ronglian.web.work.forms.income import (
    IncomeForm,
    NoticeForm,
    ObjectionAnswerForm,
    ObjectionForm,
    PayoutForm,
)
from ronglian.web.work.steps import take_step


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def show(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """What was planned, and a new plan."""
    agreement = access_agreement(request.actor, public_id)
    list_distributions(request.actor, agreement)
    asked = _asked(agreement)
    if request.method != "POST":
        return _page(request, agreement, _new_form(agreement))
    form = IncomeForm(request.POST, asked=asked)
    return take_step(
        request,
        lambda: propose_distribution(actor=request.actor, agreement=agreement, **form.chosen()),
        lambda status, _error: _page(request, access_agreement(request.actor, public_id), form, status),
        _("Planned. It goes on public notice next."),
        ("work:contract-income", public_id),
        form=form,
    )


@require_POST
@signed_in
def notice(request: ActorRequest, public_id: UUID, number: int) -> HttpResponse:
    return _act(request, public_id, number, NoticeForm(request.POST), begin_notice, _("On public notice."))


@require_POST
@signed_in
def settle(request: ActorRequest, public_id: UUID, number: int) -> HttpResponse:
    return _act(
        request, public_id, number, forms.Form(request.POST), settle_distribution, _("The plan is effective.")
    )


@require_POST
@signed_in
def withdraw(request: ActorRequest, public_id: UUID, number: int) -> HttpResponse:
    return _act(request, public_id, number, ReasonForm(request.POST), withdraw_distribution, _("Withdrawn."))


@require_POST
@signed_in
def object_to(request: ActorRequest, public_id: UUID, number: int) -> HttpResponse:
    return _act(
        request,
        public_id,
        number,
        ObjectionForm(request.POST),
        object_to_shares,
        _("Noted. The plan waits for the answer."),
    )


@require_POST
@signed_in
def answer(request: ActorRequest, public_id: UUID, objection_id: UUID) -> HttpResponse:
    """Answer an objection: the plan stays, or is withdrawn."""
    agreement = access_agreement(request.actor, public_id)
    objection = access_share_objection(request.actor, agreement, objection_id)
    form = ObjectionAnswerForm(request.POST)
    upholds = request.POST.get("upholds") == "1"
    return take_step(
        request,
        lambda: answer_share_objection(
            actor=request.actor,
            agreement=agreement,
            objection=objection,
            upholds=upholds,
            **form.cleaned_data,
        ),
        lambda status, _error: _page(request, agreement, _new_form(agreement), status, refused=form),
        _("Answered."),
        ("work:contract-income", public_id),
        form=form,
    )


@require_POST
@signed_in
def pay(request: ActorRequest, public_id: UUID, number: int) -> HttpResponse:
    """What was paid out, and withheld from each."""
    agreement = access_agreement(request.actor, public_id)
    plan = access_distribution(request.actor, agreement, number)
    form = PayoutForm(request.POST, names=[share["name"] for share in plan.shares])
    return take_step(
        request,
        lambda: pay_out(actor=request.actor, agreement=agreement, plan=plan, **form.chosen()),
        lambda status, _error: _page(request, agreement, _new_form(agreement), status, refused=form),
        _("Paid out."),
        ("work:contract-income", public_id),
        form=form,
    )


def _new_form(agreement: Agreement) -> IncomeForm:
    return IncomeForm(asked=_asked(agreement), granted_rate=granted_rate(agreement))


def _act(
    request: ActorRequest,
    public_id: UUID,
    number: int,
    form: forms.Form,
    act: Callable[..., object],
    done: str,
) -> HttpResponse:
    agreement = access_agreement(request.actor, public_id)
    plan = access_distribution(request.actor, agreement, number)
    new = _new_form(agreement)
    return take_step(
        request,
        lambda: act(actor=request.actor, agreement=agreement, plan=plan, **form.cleaned_data),
        lambda status, _error: _page(request, agreement, new, status, refused=form),
        done,
        ("work:contract-income", public_id),
        form=form,
    )


def _asked(agreement: Agreement) -> list[str]:
    """The costs that the law of the place takes off the income."""
    specs = inputs_of(load_rulebook(), RULE, on=timezone.localdate(), place=agreement.place or "cn")
    return [spec.id for spec in specs if spec.id in COSTS]


def _page(
    request: ActorRequest, agreement: Agreement, form: IncomeForm, status: int = 200, **more: Any
) -> HttpResponse:
    left = undistributed(agreement)
    context = {
        "agreement": agreement,
        "form": form,
        "plans": [plan_view(plan) for plan in list_distributions(request.actor, agreement)],
        "left": money(left),
        "grant": grant_of_contract(agreement),
        "may_plan": may_distribute(request.actor, agreement) and left > 0 and agreement.kind in WAYS,
        "gives_rewards": agreement.kind in WAYS,
        "may_act": bool(may_distribute(request.actor, agreement)),
        "may_object": bool(may_object_to_shares(request.actor, agreement)),
        "days": notice_days(agreement.place or "cn", timezone.localdate()) or "",
        **more,
    }
    return render(request, "work/contract_income.html", context, status=status)
