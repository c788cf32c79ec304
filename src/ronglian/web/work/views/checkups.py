"""企业体检: a short questionnaire, what it points to, and the way to the clinic."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronglian.apps.prospecting.checkup_rules import may_fill_in
from ronglian.apps.prospecting.models import Checkup
from ronglian.apps.prospecting.operations.checkups import answer_checkup, bring_to_clinic, open_checkup
from ronglian.apps.prospecting.queries.checkups import access_checkup, list_checkups
from ronglian.apps.prospecting.questionnaire import questionnaires
from ronglian.kernel.errors import OperationError
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.checkups import progress, section_views, trouble_views
from ronglian.web.work.access import signed_in, writable_organisations


@require_http_methods(["GET", "POST"])
@signed_in
def show_checkups(request: ActorRequest) -> HttpResponse:
    """Those made before, and a new one."""
    owners = writable_organisations(request.actor)
    if request.method == "POST" and owners:
        wanted = request.POST.get("owner", str(owners[0].public_id))
        owner = next((one for one in owners if str(one.public_id) == wanted), owners[0])
        checkup = open_checkup(actor=request.actor, owner=owner)
        return redirect("work:checkup", checkup.public_id)
    page = {"owners": owners, "checkups": list_checkups(request.actor)[:50]}
    return render(request, "work/checkups.html", page, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
@signed_in
def fill_in(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The questions. What was sent is kept at once; the report follows."""
    checkup = access_checkup(request.actor, public_id)
    refusal, typed = None, _typed(request, checkup)
    if request.method == "POST":
        try:
            answer_checkup(actor=request.actor, checkup=checkup, answers=typed)
            messages.success(request, _("Kept. Below is what your answers point to."))
            return redirect("work:checkup-report", checkup.public_id)
        except OperationError as error:
            refusal = error
    errors = {key: str(texts[0]) for key, texts in refusal.fields.items()} if refusal else {}
    page = {
        "checkup": checkup,
        "sections": section_views(checkup, typed, errors),
        "may_fill_in": bool(may_fill_in(request.actor, checkup)),
        "refusal": str(refusal.message) if refusal else "",
    }
    return render(request, "work/checkup.html", page, status=refusal.status if refusal else 200)


@require_safe
@signed_in
def report(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """What the answers point to, with reasons; made to be printed, too."""
    checkup = access_checkup(request.actor, public_id)
    answered, asked = progress(checkup)
    page = {
        "checkup": checkup,
        "questionnaire": questionnaires()[checkup.questionnaire],
        "troubles": trouble_views(checkup),
        "answered": answered,
        "asked": asked,
        "may_fill_in": bool(may_fill_in(request.actor, checkup)),
    }
    return render(request, "work/checkup_report.html", page)


@require_POST
@signed_in
def bring(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Take one finding to the clinic."""
    checkup = access_checkup(request.actor, public_id)
    finding = bring_to_clinic(actor=request.actor, checkup=checkup, question=request.POST.get("question", ""))
    messages.success(request, _("In the clinic, in your words. Tell more, and it is matched."))
    return redirect("work:consultation", finding.consultation.public_id)


def _typed(request: ActorRequest, checkup: Checkup) -> dict[str, dict[str, str]]:
    """The answers the form sent, by question; one that it does not hold stays as it is."""
    keys = [
        one.id for section in questionnaires()[checkup.questionnaire].sections for one in section.questions
    ]
    return {
        key: {"choice": request.POST.get(key, ""), "words": request.POST.get(f"{key}-words", "")}
        for key in keys
        if key in request.POST or f"{key}-words" in request.POST
    }
