"""Registering a contract: the form, the conditions of recognition, and what the registration body decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronglian.apps.agreements.models import Agreement, Registration
from ronglian.apps.agreements.operations.registering import (
    cancel_registration,
    change_registration,
    fill_in_registration,
    hand_in_registration,
    record_registration,
    refuse_registration,
)
from ronglian.apps.agreements.queries.agreements import access_agreement
from ronglian.apps.agreements.queries.money import signed_terms
from ronglian.apps.agreements.queries.registrations import (
    access_registration,
    list_registrations,
    standing_registration,
)
from ronglian.apps.agreements.recognition import basis_of, recognition_of
from ronglian.apps.agreements.registration_document import registration_document
from ronglian.apps.agreements.registration_form import (
    Particulars,
    computed_technology_fen,
    form_rows,
    missing_of,
    particulars_of,
    suggested,
)
from ronglian.apps.agreements.registration_texts import asked_of
from ronglian.apps.agreements.rules import may_register
from ronglian.engines.contracts import Kind
from ronglian.kernel.errors import NotFound
from ronglian.web.context import short_language
from ronglian.web.files import document_file, file_choices, named_language
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.cases import money
from ronglian.web.work.access import signed_in
from ronglian.web.work.forms.registrations import (
    CancelForm,
    CertificateForm,
    ChangeForm,
    HandInForm,
    ParticularsForm,
    RefusedForm,
)
from ronglian.web.work.steps import take_step

SIGNS = {
    "met": ("good", "check", _lazy("met")),
    "not_met": ("bad", "circle-x", _lazy("not met")),
    "open": ("", "help-circle", _lazy("not said yet")),
    "look": ("warn", "alert-triangle", _lazy("look at it")),
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def show(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The form as it stands; what the contract does not say is typed here."""
    agreement = _signed(request, public_id)
    if request.method != "POST":
        return _page(request, agreement)
    form = ParticularsForm(request.POST, asked=asked_of(Kind(agreement.kind)))
    return take_step(
        request,
        lambda: fill_in_registration(
            actor=request.actor, agreement=agreement, particulars=form.particulars()
        ),
        lambda status, _error: _page(request, agreement, status, form=form),
        _("Kept. The form below is filled in anew."),
        ("work:contract-registration", public_id),
        form=form,
    )


@require_safe
@signed_in
def get_file(request: ActorRequest, public_id: UUID, language: str, ending: str) -> HttpResponse:
    """The form as PDF or Word file."""
    agreement = _signed(request, public_id)
    known = named_language(language)
    row = list_registrations(agreement).first()
    document = registration_document(agreement, _typed(agreement, row), known, row.number if row else "")
    return document_file(document, f"registration-{public_id}-{language}", ending)


@require_POST
@signed_in
def hand_in(request: ActorRequest, public_id: UUID, registration_id: UUID) -> HttpResponse:
    form = HandInForm(request.POST)
    return _step(request, public_id, registration_id, "hand_in_form", form, hand_in_registration, _("Noted."))


@require_POST
@signed_in
def record(request: ActorRequest, public_id: UUID, registration_id: UUID) -> HttpResponse:
    form = CertificateForm(request.POST)
    return _step(
        request, public_id, registration_id, "certificate_form", form, record_registration, _("Registered.")
    )


@require_POST
@signed_in
def refuse(request: ActorRequest, public_id: UUID, registration_id: UUID) -> HttpResponse:
    form = RefusedForm(request.POST)
    return _step(request, public_id, registration_id, "refused_form", form, refuse_registration, _("Noted."))


@require_POST
@signed_in
def change(request: ActorRequest, public_id: UUID, registration_id: UUID) -> HttpResponse:
    form = ChangeForm(request.POST)
    return _step(request, public_id, registration_id, "change_form", form, change_registration, _("Noted."))


@require_POST
@signed_in
def cancel(request: ActorRequest, public_id: UUID, registration_id: UUID) -> HttpResponse:
    form = CancelForm(request.POST)
    return _step(request, public_id, registration_id, "cancel_form", form, cancel_registration, _("Noted."))


def _step(
    request: ActorRequest,
    public_id: UUID,
    registration_id: UUID,
    name: str,
    form: forms.Form,
    act: Callable[..., object],
    done: str,
) -> HttpResponse:
    agreement = _signed(request, public_id)
    registration = access_registration(agreement, registration_id)
    return take_step(
        request,
        lambda: act(actor=request.actor, agreement=agreement, registration=registration, **form.cleaned_data),
        lambda status, _error: _page(request, _signed(request, public_id), status, **{name: form}),
        done,
        ("work:contract-registration", public_id),
        form=form,
    )


def _signed(request: ActorRequest, public_id: UUID) -> Agreement:
    """The contract, once both have signed it: before, there is nothing to register."""
    agreement = access_agreement(request.actor, public_id)
    if agreement.signed_id is None:
        raise NotFound
    return agreement


def _typed(agreement: Agreement, row: Registration | None) -> Particulars:
    return particulars_of(row) if row is not None else suggested(agreement)


def _page(request: ActorRequest, agreement: Agreement, status: int = 200, **bound: Any) -> HttpResponse:
    language = short_language()
    row = standing_registration(agreement)
    typed = _typed(agreement, row)
    rows = form_rows(agreement, typed, language, row.number if row else "")
    terms, today = signed_terms(agreement), timezone.localdate()
    amounts = {"turnover_fen": terms.price_fen}
    amounts["technology_fen"] = typed.technology_fen or computed_technology_fen(agreement, terms) or 0
    standing = {"turnover_fen": row.turnover_fen, "technology_fen": row.technology_fen} if row else {}
    context = {
        "agreement": agreement,
        "registration": row,
        "earlier": [one for one in list_registrations(agreement) if row is None or one.pk != row.pk],
        "amounts": [money(one) for one in standing.values()] if row and row.number else [],
        "rows": rows,
        "missing": missing_of(rows),
        "recognition": [(line, *SIGNS[line.verdict]) for line in recognition_of(agreement, typed, language)],
        "basis": basis_of(agreement, language),
        "may_register": bool(may_register(request.actor, agreement)),
        "form": ParticularsForm(asked=asked_of(Kind(agreement.kind)), typed=typed),
        "hand_in_form": HandInForm(initial={"day": today}),
        "certificate_form": CertificateForm(initial={"day": today, **amounts}),
        "refused_form": RefusedForm(initial={"day": today}),
        "change_form": ChangeForm(initial={"day": today, **standing}),
        "cancel_form": CancelForm(initial={"day": today}),
        "files": file_choices(),
        **bound,
    }
    return render(request, "work/contract_registration.html", context, status=status)
