"""Technology contracts: mine, a new one, its terms, signing, and the money."""

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
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronglian.apps.accounts.queries.organisations import access_organisation
from ronglian.apps.agreements.contract_document import contract_document
from ronglian.apps.agreements.contract_text import sections_of
from ronglian.apps.agreements.enums import AgreementKind, MovementKind, Side
from ronglian.apps.agreements.models import Agreement
from ronglian.apps.agreements.operations.drafting import (
    abandon_agreement,
    draft_agreement,
    propose_terms,
    send_agreement,
)
from ronglian.apps.agreements.operations.money import (
    accept_work,
    confirm_movement,
    dispute_movement,
    refuse_work,
    report_royalty,
    tell_movement,
    tell_use,
)
from ronglian.apps.agreements.operations.signing import sign_agreement
from ronglian.apps.agreements.queries.agreements import (
    access_agreement,
    access_version,
    latest_version,
    list_agreements,
)
from ronglian.apps.agreements.queries.disputes import list_mediated
from ronglian.apps.agreements.queries.money import access_movement, access_payment
from ronglian.apps.agreements.queries.pricing import prices_for
from ronglian.apps.agreements.rules import may_distribute, sides_of
from ronglian.apps.challenges.queries.reviews import access_award
from ronglian.apps.registry.models import Need, Result
from ronglian.apps.registry.queries.records import access_record
from ronglian.kernel.errors import NotAllowed, NotFound, OperationError
from ronglian.web.asked import read_number
from ronglian.web.context import short_language
from ronglian.web.files import document_file, file_choices, named_language
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.contract_comments import comments_of_version, comments_page
from ronglian.web.presenters.contract_provider import provider_part
from ronglian.web.presenters.contracts import contract_line, contract_page
from ronglian.web.work.access import signed_in, writable_organisations
from ronglian.web.work.contract_start import Start, start_of
from ronglian.web.work.forms.contract_comments import CommentForm
from ronglian.web.work.forms.contracts import (
    ContractForm,
    DemandForm,
    EndForm,
    EvidenceForm,
    MoreTimeForm,
    MovementForm,
    ReasonForm,
    ReportForm,
    TermsForm,
    UseForm,
)
from ronglian.web.work.forms.prices import ContractPriceForm
from ronglian.web.work.steps import take_step

PER_PAGE = 20


@require_safe
@signed_in
def list_all(request: ActorRequest) -> HttpResponse:
    page = Paginator(list_agreements(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    lines = [contract_line(request.actor, one) for one in page]
    context = {
        "page_obj": page,
        "lines": lines,
        "may_draft": bool(writable_organisations(request.actor)),
        "mediated": list_mediated(request.actor),
    }
    return render(request, "work/contracts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def begin(request: ActorRequest) -> HttpResponse:
    """A new contract, from nothing or from a need and a result."""
    own = writable_organisations(request.actor)
    if not own:
        raise NotAllowed(_("Owners and editors draft agreements for their organisation."))
    start = start_of(request.actor, request.POST if request.method == "POST" else request.GET, own)
    form = ContractForm(request.POST if request.method == "POST" else None, own=own, initial=start.initial)
    terms = TermsForm(request.POST if request.method == "POST" else None, terms=start.terms)
    if request.method != "POST":
        return _form(request, form, terms, start)
    if not all([form.is_valid(), terms.is_valid()]):
        return _form(request, form, terms, start, 422)
    try:
        agreement = _draft(request, form.cleaned_data, terms.terms(), start)
    except NotFound:
        form.add_error("other", _("There is no such organisation."))
        return _form(request, form, terms, start, 422)
    except NotAllowed:
        raise
    except OperationError as error:
        terms.add_terms_error(error)
        return _form(request, form, terms, start, error.status)
    messages.success(request, _("Drafted. Only your side sees it until you send it."))
    return redirect("work:contract", agreement.public_id)


def _draft(request: ActorRequest, typed: dict[str, Any], terms: dict[str, Any], start: Start) -> Agreement:
    own = access_organisation(request.actor, UUID(typed["own"]))
    other = access_organisation(request.actor, UUID(typed["other"]))
    side = Side(typed["side"])
    client, provider = (own, other) if side == Side.CLIENT else (other, own)
    return draft_agreement(
        actor=request.actor,
        kind=AgreementKind(typed["kind"]),
        title=typed["title"],
        client=client,
        provider=provider,
        drafted_by=side,
        terms=terms,
        need=access_record(request.actor, Need, start.need) if start.need else None,
        result=access_record(request.actor, Result, start.result) if start.result else None,
        award=access_award(request.actor, start.award) if start.award else None,
    )


def _form(
    request: ActorRequest, form: ContractForm, terms: TermsForm, start: Start, status: int = 200
) -> HttpResponse:
    context = {"form": form, "terms_form": terms, "start": start}
    return render(request, "work/contract_form.html", context, status=status)


@require_safe
@signed_in
def show(request: ActorRequest, public_id: UUID) -> HttpResponse:
    return _page(request, access_agreement(request.actor, public_id))


@require_safe
@signed_in
def show_text(request: ActorRequest, public_id: UUID, number: int) -> HttpResponse:
    """One version as a document to print, with what it changed."""
    agreement = access_agreement(request.actor, public_id)
    version = access_version(agreement, number)
    before = access_version(agreement, number - 1) if number > 1 else None
    language = request.GET.get("text") or short_language()
    sections = sections_of(version, "en" if language == "en" else "zh")
    context = {
        "agreement": agreement,
        "version": version,
        **comments_of_version(request.actor, agreement, before, version, sections),
        "files": file_choices(),
    }
    return render(request, "work/contract_text.html", context)


@require_safe
@signed_in
def get_file(request: ActorRequest, public_id: UUID, number: int, language: str, ending: str) -> HttpResponse:
    """One version as PDF or Word file, in one of its two languages."""
    version = access_version(access_agreement(request.actor, public_id), number)
    document = contract_document(version, named_language(language))
    return document_file(document, f"contract-{public_id}-{number}-{language}", ending)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def propose(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Other terms, from the latest ones."""
    agreement = access_agreement(request.actor, public_id)
    version = latest_version(agreement)
    form = TermsForm(request.POST if request.method == "POST" else None, terms=version.terms)
    context = {
        "agreement": agreement,
        "version": version,
        "terms_form": form,
        "sides": sides_of(request.actor, agreement),
    }
    if request.method != "POST":
        return render(request, "work/contract_terms.html", context)
    if not form.is_valid():
        return render(request, "work/contract_terms.html", context, status=422)
    number = read_number(request.POST.get("number", ""), digits=5)
    try:
        propose_terms(
            actor=request.actor,
            agreement=agreement,
            terms=form.terms(),
            note=form.cleaned_data["note"],
            number=version.number if number is None else number,
            side=spoken_side(request),
        )
    except NotAllowed:
        raise
    except OperationError as error:
        form.add_terms_error(error)
        return render(request, "work/contract_terms.html", context, status=error.status)
    messages.success(request, _("A new version. Earlier signatures count no more."))
    return redirect("work:contract", public_id)


@require_POST
@signed_in
def send(request: ActorRequest, public_id: UUID) -> HttpResponse:
    return do_step(request, public_id, send_agreement, _("Sent. The other side is told by e-mail."))


@require_POST
@signed_in
def sign(request: ActorRequest, public_id: UUID) -> HttpResponse:
    digest = request.POST.get("digest", "")

    def act(**named: Any) -> object:
        return sign_agreement(digest=digest, side=spoken_side(request), **named)

    return do_step(request, public_id, act, _("Signed. The log keeps it; both sides are told."))


@require_POST
@signed_in
def abandon(request: ActorRequest, public_id: UUID) -> HttpResponse:
    return send_step(
        request, public_id, "abandon_form", ReasonForm(request.POST), abandon_agreement, _("Given up.")
    )


@require_POST
@signed_in
def accept(request: ActorRequest, public_id: UUID, number: int) -> HttpResponse:
    def act(**typed: Any) -> object:
        return accept_work(payment=access_payment(typed["agreement"], number), **typed)

    return send_step(
        request,
        public_id,
        "evidence_form",
        EvidenceForm(request.POST),
        act,
        _("Accepted; the payment is due."),
    )


@require_POST
@signed_in
def refuse(request: ActorRequest, public_id: UUID, number: int) -> HttpResponse:
    def act(**typed: Any) -> object:
        return refuse_work(payment=access_payment(typed["agreement"], number), **typed)

    return send_step(
        request,
        public_id,
        "refuse_form",
        ReasonForm(request.POST),
        act,
        _("The other side reads what is missing."),
    )


@require_POST
@signed_in
def move(request: ActorRequest, public_id: UUID) -> HttpResponse:
    def act(**typed: Any) -> object:
        return tell_movement(**typed | {"kind": MovementKind(typed["kind"]), "side": spoken_side(request)})

    return send_step(
        request,
        public_id,
        "movement_form",
        MovementForm(request.POST),
        act,
        _("Noted. The other side confirms it."),
    )


@require_POST
@signed_in
def confirm(request: ActorRequest, public_id: UUID, movement_id: UUID) -> HttpResponse:
    def act(**named: Any) -> object:
        return confirm_movement(movement=access_movement(named["agreement"], movement_id), **named)

    return do_step(request, public_id, act, _("Confirmed."))


@require_POST
@signed_in
def dispute(request: ActorRequest, public_id: UUID, movement_id: UUID) -> HttpResponse:
    def act(**typed: Any) -> object:
        return dispute_movement(movement=access_movement(typed["agreement"], movement_id), **typed)

    return send_step(
        request,
        public_id,
        "dispute_form",
        ReasonForm(request.POST),
        act,
        _("The other side reads what is not right."),
    )


@require_POST
@signed_in
def use(request: ActorRequest, public_id: UUID) -> HttpResponse:
    def act(**typed: Any) -> object:
        return tell_use(side=spoken_side(request), **typed)

    return send_step(request, public_id, "use_form", UseForm(request.POST), act, _("Noted."))


@require_POST
@signed_in
def report(request: ActorRequest, public_id: UUID) -> HttpResponse:
    return send_step(
        request, public_id, "report_form", ReportForm(request.POST), report_royalty, _("Reported.")
    )


def spoken_side(request: ActorRequest) -> str:
    """For which side, where somebody speaks for both."""
    return request.POST.get("side", "")


def do_step(request: ActorRequest, public_id: UUID, act: Callable[..., object], done: str) -> HttpResponse:
    agreement = access_agreement(request.actor, public_id)

    def refused(status: int, error: OperationError | None) -> HttpResponse:
        return _page(request, access_agreement(request.actor, public_id), status, refusal=error)

    return take_step(
        request,
        lambda: act(actor=request.actor, agreement=agreement),
        refused,
        done,
        ("work:contract", public_id),
    )


def send_step(
    request: ActorRequest, public_id: UUID, name: str, form: forms.Form, act: Callable[..., object], done: str
) -> HttpResponse:
    agreement = access_agreement(request.actor, public_id)
    return take_step(
        request,
        lambda: act(actor=request.actor, agreement=agreement, **form.cleaned_data),
        lambda status, _error: _page(
            request, access_agreement(request.actor, public_id), status, **{name: form}
        ),
        done,
        ("work:contract", public_id),
        form=form,
    )


def _page(request: ActorRequest, agreement: Agreement, status: int = 200, **bound: Any) -> HttpResponse:
    today = timezone.localdate()
    findings = list(prices_for(agreement)) if may_distribute(request.actor, agreement) else []
    chosen = str(agreement.price_finding.public_id) if agreement.price_finding else ""
    page = contract_page(request.actor, agreement, today)
    context = {
        **page,
        **comments_page(request.actor, agreement, page["version"]),
        **provider_part(agreement, page["sides"]),
        "comment_form": CommentForm(
            sections=page["sections"], initial={"clause": request.GET.get("clause", "")}
        ),
        "price_form": ContractPriceForm(findings=findings, chosen=chosen) if findings else None,
        "movement_form": MovementForm(initial={"day": today}),
        "evidence_form": EvidenceForm(),
        "refuse_form": ReasonForm(),
        "dispute_form": ReasonForm(),
        "abandon_form": ReasonForm(),
        "use_form": UseForm(),
        "report_form": ReportForm(),
        "demand_form": DemandForm(),
        "more_time_form": MoreTimeForm(),
        "end_form": EndForm(),
        "decline_form": ReasonForm(),
        "end_for_default_form": ReasonForm(),
        **bound,
    }
    return render(request, "work/contract.html", context, status=status)
