"""Agreements about confidential details: signing, deciding, and who has read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronglian.apps.disclosure.agreement_text import agreement_text
from ronglian.apps.disclosure.models import Nda
from ronglian.apps.disclosure.operations.agreements import decline_nda, grant_nda, revoke_nda
from ronglian.apps.disclosure.queries.agreements import access_nda, list_ndas, list_viewings
from ronglian.apps.disclosure.rules import may_decide_nda, may_end_nda
from ronglian.apps.registry.models import RegistryRecord
from ronglian.apps.registry.operations.disclosure import sign_nda
from ronglian.apps.registry.queries.duplicates import MODEL_OF
from ronglian.apps.registry.rules import may_sign_for_details
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotAllowed, OperationError
from ronglian.web.context import short_language
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.disclosure import AgreementLine, agreement_line
from ronglian.web.presenters.kinds import record_url
from ronglian.web.presenters.owners import owner_line
from ronglian.web.work.access import access_kind, signed_in, writable_organisations
from ronglian.web.work.forms.disclosure import GrantForm, ReasonForm, SignForm
from ronglian.web.work.forms.refusals import add_refusal

PER_PAGE = 20
READINGS_SHOWN = 200


@require_http_methods(["GET", "POST"])
@signed_in
def sign(request: ActorRequest, kind: str, public_id: UUID) -> HttpResponse:
    """Read the agreement and sign it."""
    record = access_kind(request.actor, kind, public_id)
    verdict = may_sign_for_details(request.actor, record)
    if not verdict:
        raise NotAllowed(f"{verdict.reason} {verdict.who_can}".strip())
    text = agreement_text()
    organisations = writable_organisations(request.actor)
    form = SignForm(request.POST or None, organisations=organisations, initial={"digest": text.digest})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            chosen = form.cleaned_data["organisation"]
            try:
                sign_nda(
                    actor=request.actor,
                    record=record,
                    organisation=next(one for one in organisations if str(one.public_id) == chosen),
                    purpose=form.cleaned_data["purpose"],
                    text_digest=form.cleaned_data["digest"],
                )
            except OperationError as error:
                add_refusal(form, error)
                status = error.status
            else:
                messages.success(request, _("Signed."))
                return redirect(record_url(record))
    page = {
        "record": record,
        "record_url": record_url(record),
        "owner": owner_line(request.actor, record),
        "at_once": getattr(record, "signing_suffices", False),
        "form": form,
        **_text_of(text.version),
    }
    return render(request, "work/sign.html", page, status=status)


@require_safe
@signed_in
def list_agreements(request: ActorRequest) -> HttpResponse:
    """What others ask of us, and what we have signed."""
    page = Paginator(list_ndas(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "lines": agreement_lines(request.actor, page)}
    return render(request, "work/agreements.html", context)


def agreement_lines(actor: Actor, ndas: Iterable[Nda]) -> list[AgreementLine]:
    found = list(ndas)
    records: dict[str, RegistryRecord] = {}
    for kind in {nda.asked_about_type for nda in found}:
        ids = [nda.asked_about_id for nda in found if nda.asked_about_type == kind]
        rows = MODEL_OF[kind].objects.visible_to(actor).filter(public_id__in=ids).select_related("owner")
        records |= {str(row.public_id): row for row in rows}
    return [agreement_line(actor, nda, records) for nda in found]


@require_safe
@signed_in
def show_agreement(request: ActorRequest, public_id: UUID) -> HttpResponse:
    return _agreement_page(request, access_nda(request.actor, public_id))


def _agreement_page(request: ActorRequest, nda: Nda, status: int = 200, **forms: Any) -> HttpResponse:
    line = agreement_lines(request.actor, [nda])[0]
    gives = request.actor.is_member(nda.owner_id)
    page = {
        "nda": nda,
        "line": line,
        "readings": list_viewings(request.actor, nda)[:READINGS_SHOWN] if gives else (),
        "may_decide": may_decide_nda(request.actor, nda) if line.waits_for_us else None,
        "may_end": may_end_nda(request.actor, nda) if nda.state in ("requested", "granted") else None,
        "grant_form": GrantForm(),
        "reason_form": ReasonForm(),
        **_text_of(nda.text_version),
        **forms,
    }
    return render(request, "work/agreement.html", page, status=status)


@require_POST
@signed_in
def grant(request: ActorRequest, public_id: UUID) -> HttpResponse:
    nda = access_nda(request.actor, public_id)
    form = GrantForm(request.POST)
    if not form.is_valid():
        return _agreement_page(request, nda, 422, grant_form=form)
    try:
        grant_nda(actor=request.actor, nda=nda, **form.cleaned_data)
    except NotAllowed:
        raise
    except OperationError as error:
        add_refusal(form, error)
        return _agreement_page(request, nda, error.status, grant_form=form)
    messages.success(request, _("Granted. They can read the details from now on."))
    return redirect("work:agreement", public_id)


@require_POST
@signed_in
def decline(request: ActorRequest, public_id: UUID) -> HttpResponse:
    nda = access_nda(request.actor, public_id)
    decline_nda(actor=request.actor, nda=nda, reason=request.POST.get("reason", ""))
    messages.success(request, _("Declined."))
    return redirect("work:agreement", public_id)


@require_POST
@signed_in
def revoke(request: ActorRequest, public_id: UUID) -> HttpResponse:
    nda = access_nda(request.actor, public_id)
    revoke_nda(actor=request.actor, nda=nda, reason=request.POST.get("reason", ""))
    messages.success(request, _("Ended. The details are closed from the next request on."))
    return redirect("work:agreement", public_id)


def _text_of(version: str) -> dict[str, Any]:
    text = agreement_text(version)
    return {
        "agreement": text.en if short_language() == "en" else text.zh,
        "agreement_version": text.version,
        "agreement_digest": text.digest,
    }
