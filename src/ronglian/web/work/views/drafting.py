"""起草助手: send words to the assistant, and take or leave what it suggests, one by one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronglian.apps.clinic.operations.drafting import ask_for_draft, decide_suggestion
from ronglian.apps.clinic.queries.consultations import access_consultation
from ronglian.apps.clinic.queries.drafting import access_suggestion
from ronglian.kernel.errors import OperationError
from ronglian.web.middleware import ActorRequest
from ronglian.web.work.access import signed_in
from ronglian.web.work.forms.drafting import DecisionForm, DraftingForm
from ronglian.web.work.forms.refusals import add_refusal
from ronglian.web.work.views.clinic import page_of


@require_POST
@signed_in
def ask(request: ActorRequest, public_id: UUID) -> HttpResponse:
    consultation = access_consultation(request.actor, public_id)
    form = DraftingForm(request.POST)
    if not form.is_valid():
        return page_of(request, consultation, status=422, drafting_form=form)
    try:
        ask_for_draft(actor=request.actor, consultation=consultation, **form.cleaned_data)
    except OperationError as error:
        add_refusal(form, error)
        return page_of(request, consultation, status=error.status, drafting_form=form, refusal=error)
    messages.success(
        request, _("The assistant is being asked. Its suggestions will stand here, marked as such.")
    )
    return redirect("work:consultation", consultation.public_id)


@require_POST
@signed_in
def decide(request: ActorRequest, public_id: UUID) -> HttpResponse:
    suggestion = access_suggestion(request.actor, public_id)
    form = DecisionForm(request.POST)
    consultation = suggestion.run.consultation
    if form.is_valid():
        takes = "take" in request.POST
        # Browsers send line ends as two characters; that alone is no change.
        typed = form.cleaned_data["text"].replace("\r\n", "\n").strip()
        text = typed if takes and "text" in request.POST and typed != suggestion.text else None
        decide_suggestion(actor=request.actor, suggestion=suggestion, take=takes, text=text)
        messages.success(request, _("Taken as your answer.") if takes else _("Left. Nothing of it is used."))
    return redirect("work:consultation", consultation.public_id)
