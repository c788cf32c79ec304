"""Disputes about a contract: the list, and one dispute with its log, mediation and settlement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronglian.apps.accounts.queries.organisations import access_organisation
from ronglian.apps.agreements.dispute_enums import DisputeSubject
from ronglian.apps.agreements.dispute_rules import is_mediator
from ronglian.apps.agreements.models import Agreement, Dispute
from ronglian.apps.agreements.operations.disputing import (
    answer_dispute,
    end_unsettled,
    raise_dispute,
    say_in_dispute,
    withdraw_dispute,
)
from ronglian.apps.agreements.operations.mediating import (
    accept_settlement,
    answer_mediator,
    decline_settlement,
    end_mediation,
    propose_mediator,
    propose_settlement,
)
from ronglian.apps.agreements.queries.agreements import access_agreement
from ronglian.apps.agreements.queries.disputes import (
    access_dispute,
    access_mediator_proposal,
    access_settlement,
    list_disputes,
)
from ronglian.apps.agreements.queries.money import access_payment
from ronglian.apps.agreements.rules import sides_of
from ronglian.apps.agreements.settlement_document import settlement_document
from ronglian.apps.clinic.queries.technology_managers import access_manager
from ronglian.kernel.errors import InvalidInput, NotFound, OperationError
from ronglian.web.files import document_file, named_language
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.disputes import clause_choices, dispute_line, dispute_page, payment_choices
from ronglian.web.work.access import signed_in
from ronglian.web.work.forms.contracts import ReasonForm
from ronglian.web.work.forms.disputes import (
    DisputeAnswerForm,
    DisputeForm,
    DisputeStatementForm,
    MediatorForm,
    SettlementForm,
)
from ronglian.web.work.steps import take_step
from ronglian.web.work.views.contracts import spoken_side

# The forms of the page that ask for a reason and nothing else, each with ids of its own.
REASONS = ("withdraw_form", "fail_form", "leave_form", "decline_form", "refuse_form")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def show_all(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The disputes of a contract, and a new one."""
    agreement = _signed(request, public_id)
    if request.method != "POST":
        return _list(request, agreement, _new_form(agreement))
    form = DisputeForm(request.POST, clauses=clause_choices(agreement), payments=payment_choices(agreement))

    def act() -> object:
        typed = dict(form.cleaned_data)
        number = typed.pop("payment")
        return raise_dispute(
            actor=request.actor,
            agreement=agreement,
            payment=access_payment(agreement, int(number)) if number else None,
            side=spoken_side(request),
            **typed | {"subject": DisputeSubject(typed["subject"])},
        )

    return take_step(
        request,
        act,
        lambda status, _error: _list(request, _signed(request, public_id), form, status),
        _("Raised. The other side is told and has until the day you left it."),
        ("work:contract-disputes", public_id),
        form=form,
    )


@require_safe
@signed_in
def show(request: ActorRequest, public_id: UUID, number: int) -> HttpResponse:
    return _page(request, access_dispute(request.actor, public_id, number))


@require_POST
@signed_in
def answer(request: ActorRequest, public_id: UUID, number: int) -> HttpResponse:
    dispute = access_dispute(request.actor, public_id, number)
    form = DisputeAnswerForm(request.POST, asks_hold=dispute.asks_hold)
    return _send(request, dispute, "answer_form", form, answer_dispute, _("Answered."))


@require_POST
@signed_in
def say(request: ActorRequest, public_id: UUID, number: int) -> HttpResponse:
    def act(**typed: Any) -> object:
        return say_in_dispute(side=spoken_side(request), **typed)

    dispute = access_dispute(request.actor, public_id, number)
    form = DisputeStatementForm(request.POST)
    return _send(request, dispute, "statement_form", form, act, _("Added to the log."))


@require_POST
@signed_in
def withdraw(request: ActorRequest, public_id: UUID, number: int) -> HttpResponse:
    dispute = access_dispute(request.actor, public_id, number)
    return _send(request, dispute, "withdraw_form", _reason(request), withdraw_dispute, _("Taken back."))


@require_POST
@signed_in
def fail(request: ActorRequest, public_id: UUID, number: int) -> HttpResponse:
    def act(**typed: Any) -> object:
        return end_unsettled(side=spoken_side(request), **typed)

    dispute = access_dispute(request.actor, public_id, number)
    return _send(request, dispute, "fail_form", _reason(request), act, _("Ended without a settlement."))


@require_POST
@signed_in
def name_mediator(request: ActorRequest, public_id: UUID, number: int) -> HttpResponse:
    def act(**typed: Any) -> object:
        kind, chosen = typed.pop("mediator")
        try:
            named = (
                {"manager": access_manager(request.actor, chosen)}
                if kind == "managers"
                else {"organisation": access_organisation(request.actor, chosen)}
            )
        except NotFound as error:
            raise InvalidInput.of({"mediator": [_("There is nobody at this address.")]}) from error
        return propose_mediator(side=spoken_side(request), **named, **typed)

    dispute = access_dispute(request.actor, public_id, number)
    form = MediatorForm(request.POST)
    return _send(request, dispute, "mediator_form", form, act, _("Proposed. The other side answers."))


@require_POST
@signed_in
def accept_mediator(request: ActorRequest, public_id: UUID, number: int, proposal_id: UUID) -> HttpResponse:
    dispute = access_dispute(request.actor, public_id, number)
    proposal = access_mediator_proposal(dispute, proposal_id)
    return _do(
        request,
        dispute,
        lambda: answer_mediator(actor=request.actor, dispute=dispute, proposal=proposal, agrees=True),
        _("Appointed. The mediator reads the dispute from here on."),
    )


@require_POST
@signed_in
def decline_mediator(request: ActorRequest, public_id: UUID, number: int, proposal_id: UUID) -> HttpResponse:
    dispute = access_dispute(request.actor, public_id, number)
    proposal = access_mediator_proposal(dispute, proposal_id)

    def act(**typed: Any) -> object:
        return answer_mediator(proposal=proposal, agrees=False, **typed)

    return _send(request, dispute, "decline_form", _reason(request), act, _("Declined."))


@require_POST
@signed_in
def leave(request: ActorRequest, public_id: UUID, number: int) -> HttpResponse:
    """The mediator steps down and reads the dispute no more, or a side wants this one no more."""

    def act(**typed: Any) -> object:
        return end_mediation(side=spoken_side(request), **typed)

    dispute = access_dispute(request.actor, public_id, number)
    if is_mediator(request.actor, dispute):
        done, to = _("You have stepped down."), ("work:contracts",)
        return _send(request, dispute, "leave_form", _reason(request), act, done, to)
    done = _("This mediation has ended. Either side may name another mediator.")
    return _send(request, dispute, "leave_form", _reason(request), act, done)


@require_POST
@signed_in
def propose(request: ActorRequest, public_id: UUID, number: int) -> HttpResponse:
    dispute = access_dispute(request.actor, public_id, number)
    form = SettlementForm(request.POST)
    return take_step(
        request,
        lambda: propose_settlement(actor=request.actor, dispute=dispute, **form.chosen()),
        lambda status, _error: _page(request, _again(request, dispute), status, settlement_form=form),
        _("Proposed. Both sides are told."),
        ("work:dispute", public_id, number),
        form=form,
    )


@require_POST
@signed_in
def accept(request: ActorRequest, public_id: UUID, number: int) -> HttpResponse:
    dispute = access_dispute(request.actor, public_id, number)
    digest, side = request.POST.get("digest", ""), spoken_side(request)
    return _do(
        request,
        dispute,
        lambda: accept_settlement(actor=request.actor, dispute=dispute, digest=digest, side=side),
        _("Accepted. The log keeps it."),
    )


@require_POST
@signed_in
def decline(request: ActorRequest, public_id: UUID, number: int) -> HttpResponse:
    def act(**typed: Any) -> object:
        return decline_settlement(side=spoken_side(request), **typed)

    dispute = access_dispute(request.actor, public_id, number)
    return _send(request, dispute, "refuse_form", _reason(request), act, _("Declined."))


@require_safe
@signed_in
def get_settlement(
    request: ActorRequest, public_id: UUID, number: int, settlement: int, language: str, ending: str
) -> HttpResponse:
    """A proposal of a settlement as PDF or Word file."""
    known = named_language(language)
    row = access_settlement(access_dispute(request.actor, public_id, number), settlement)
    name = f"settlement-{public_id}-{number}-{settlement}-{language}"
    return document_file(settlement_document(row, known), name, ending)


def _reason(request: ActorRequest) -> ReasonForm:
    return ReasonForm(request.POST)


def _send(
    request: ActorRequest,
    dispute: Dispute,
    name: str,
    form: forms.Form,
    act: Callable[..., object],
    done: str,
    to: tuple[str, *tuple[object, ...]] | None = None,
) -> HttpResponse:
    return take_step(
        request,
        lambda: act(actor=request.actor, dispute=dispute, **form.cleaned_data),
        lambda status, _error: _page(request, _again(request, dispute), status, **{name: form}),
        done,
        to or ("work:dispute", dispute.agreement.public_id, dispute.number),
        form=form,
    )


def _do(request: ActorRequest, dispute: Dispute, act: Callable[[], object], done: str) -> HttpResponse:
    def refused(status: int, error: OperationError | None) -> HttpResponse:
        return _page(request, _again(request, dispute), status, refusal=error)

    return take_step(
        request, act, refused, done, ("work:dispute", dispute.agreement.public_id, dispute.number)
    )


def _again(request: ActorRequest, dispute: Dispute) -> Dispute:
    """As it stands after a step was refused."""
    return access_dispute(request.actor, dispute.agreement.public_id, dispute.number)


def _signed(request: ActorRequest, public_id: UUID) -> Agreement:
    """Disputes are about what both have signed."""
    agreement = access_agreement(request.actor, public_id)
    if agreement.signed_id is None:
        raise NotFound
    return agreement


def _new_form(agreement: Agreement) -> DisputeForm:
    return DisputeForm(clauses=clause_choices(agreement), payments=payment_choices(agreement))


def _list(request: ActorRequest, agreement: Agreement, form: DisputeForm, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "agreement": agreement,
        "lines": [dispute_line(one, today) for one in list_disputes(request.actor, agreement)],
        "sides": sides_of(request.actor, agreement),
        "form": form,
    }
    return render(request, "work/contract_disputes.html", context, status=status)


def _page(request: ActorRequest, dispute: Dispute, status: int = 200, **bound: Any) -> HttpResponse:
    context = {
        **dispute_page(request.actor, dispute, timezone.localdate()),
        "answer_form": DisputeAnswerForm(asks_hold=dispute.asks_hold),
        "statement_form": DisputeStatementForm(),
        "mediator_form": MediatorForm(),
        "settlement_form": SettlementForm(),
        **{name: ReasonForm() for name in REASONS},
        **bound,
    }
    for name in REASONS:
        context[name].auto_id = f"{name}-%s"
    return render(request, "work/contract_dispute.html", context, status=status)
