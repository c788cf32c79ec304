"""The due-diligence file of a contract: party B's own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ronglian.apps.agreements.diligence import diligence_document, diligence_of, is_diligent
from ronglian.apps.agreements.enums import DiligenceStep
from ronglian.apps.agreements.models import Agreement
from ronglian.apps.agreements.operations.diligence import note_diligence
from ronglian.apps.agreements.queries.agreements import access_agreement
from ronglian.apps.agreements.rules import may_distribute
from ronglian.web.context import short_language
from ronglian.web.files import document_file, file_choices, named_language
from ronglian.web.middleware import ActorRequest
from ronglian.web.work.access import signed_in
from ronglian.web.work.forms.contracts import DiligenceForm
from ronglian.web.work.steps import take_step


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def show(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The steps with what shows them, and a further note."""
    agreement = access_agreement(request.actor, public_id)
    if request.method != "POST":
        return _page(request, agreement)
    diligence_of(request.actor, agreement, "zh")
    form = DiligenceForm(request.POST)
    return take_step(
        request,
        lambda: note_diligence(
            actor=request.actor,
            agreement=agreement,
            step=DiligenceStep(form.cleaned_data["step"]),
            taken_on=form.cleaned_data["taken_on"],
            text=form.cleaned_data["text"],
        ),
        lambda status, _error: _page(request, agreement, status, form=form),
        _("Noted. The log keeps when."),
        ("work:contract-diligence", public_id),
        form=form,
    )


@require_safe
@signed_in
def get_file(request: ActorRequest, public_id: UUID, language: str, ending: str) -> HttpResponse:
    """The file as PDF or Word file."""
    known = named_language(language)
    agreement = access_agreement(request.actor, public_id)
    lines = diligence_of(request.actor, agreement, known)
    document = diligence_document(agreement, lines, known)
    return document_file(document, f"diligence-{public_id}-{language}", ending)


def _page(request: ActorRequest, agreement: Agreement, status: int = 200, **bound: Any) -> HttpResponse:
    language = short_language()
    lines = diligence_of(request.actor, agreement, language)
    context = {
        "agreement": agreement,
        "lines": lines,
        "is_whole": is_diligent(lines),
        "may_note": bool(may_distribute(request.actor, agreement)),
        "form": DiligenceForm(initial={"taken_on": timezone.localdate()}),
        "files": file_choices(),
        **bound,
    }
    return render(request, "work/contract_diligence.html", context, status=status)
