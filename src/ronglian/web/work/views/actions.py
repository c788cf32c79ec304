"""Publishing, withdrawing and confirming a record: each a POST that calls one operation."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ronglian.apps.registry.enums import State
from ronglian.apps.registry.operations.records import (
    confirm_record,
    publish_record,
    verify_record,
    withdraw_record,
)
from ronglian.apps.registry.rules import may_verify_record
from ronglian.kernel.errors import InvalidInput, NotAllowed, OperationError
from ronglian.kernel.provenance import Verification
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.kinds import record_url
from ronglian.web.work.access import access_kind, go_back, matches_url, signed_in
from ronglian.web.work.forms.actions import VerifyForm, WithdrawForm
from ronglian.web.work.forms.refusals import add_refusal


@require_POST
@signed_in
def publish(request: ActorRequest, kind: str, public_id: UUID) -> HttpResponse:
    record = publish_record(actor=request.actor, record=access_kind(request.actor, kind, public_id))
    messages.success(request, _("Published. Others can find it from now on."))
    return go_back(request, matches_url(record))


@require_http_methods(["GET", "POST"])
@signed_in
def withdraw(request: ActorRequest, kind: str, public_id: UUID) -> HttpResponse:
    """Ask for the reason, then take the record out of lists and matches."""
    record = access_kind(request.actor, kind, public_id)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                withdraw_record(actor=request.actor, record=record, reason=form.cleaned_data["reason"])
            except InvalidInput as error:
                add_refusal(form, error)
            else:
                messages.success(
                    request, _("Withdrawn. The record stays with you and can be published again.")
                )
                return redirect(record_url(record))
    page = {
        "record": record,
        "record_url": record_url(record),
        "form": form,
        "is_published": record.state == State.PUBLISHED,
    }
    return render(request, "work/withdraw.html", page, status=status)


@require_http_methods(["GET", "POST"])
@signed_in
def verify(request: ActorRequest, kind: str, public_id: UUID) -> HttpResponse:
    """Say how far a record was checked; for the bureau and operators."""
    record = access_kind(request.actor, kind, public_id)
    verdict = may_verify_record(request.actor, record)
    if not verdict:
        raise NotAllowed(f"{verdict.reason} {verdict.who_can}".strip())
    form = VerifyForm(request.POST or None, initial={"verification": record.verification})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            chosen = Verification(form.cleaned_data["verification"])
            try:
                verify_record(
                    actor=request.actor, record=record, verification=chosen, note=form.cleaned_data["note"]
                )
            except OperationError as error:
                add_refusal(form, error)
                status = error.status
            else:
                messages.success(request, _("Saved."))
                return redirect(record_url(record))
    page = {"record": record, "record_url": record_url(record), "form": form}
    return render(request, "work/verify.html", page, status=status)


@require_POST
@signed_in
def confirm(request: ActorRequest, kind: str, public_id: UUID) -> HttpResponse:
    """Say that the record still holds."""
    record = confirm_record(actor=request.actor, record=access_kind(request.actor, kind, public_id))
    assert record.expires_on is not None
    messages.success(request, _("Confirmed: valid until %(day)s.") % {"day": record.expires_on.isoformat()})
    return go_back(request, record_url(record))
