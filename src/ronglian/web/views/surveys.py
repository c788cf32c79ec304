"""The page behind the link of an invitation: whoever holds it answers, without an account. Looking at it changes nothing."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ronglian.apps.prospecting.enums import PartnerState
from ronglian.apps.prospecting.links import partner_of
from ronglian.apps.prospecting.models import ChainNeed, ChainPartner
from ronglian.apps.prospecting.operations.replies import decline_survey, say_no_need, take_over, tell_need
from ronglian.apps.prospecting.rules import LINK
from ronglian.kernel.errors import OperationError
from ronglian.web.middleware import ActorRequest
from ronglian.web.work.access import signed_in, writable_organisations
from ronglian.web.work.forms.refusals import add_refusal
from ronglian.web.work.forms.surveys import AnswerForm, DeclineForm, TakeOverForm

NEED, NO_NEED, DECLINE = "need", "no_need", "decline"


@never_cache
@require_http_methods(["GET", "POST"])
def answer_survey(request: ActorRequest, token: str) -> HttpResponse:
    """The questions; a need, none, or no."""
    partner = partner_of(token)
    if request.method != "POST":
        return _page(request, token, partner)
    kind = request.POST.get("answer", NEED)
    form: forms.Form = DeclineForm(request.POST) if kind == DECLINE else AnswerForm(request.POST)
    if kind != NO_NEED and not form.is_valid():
        return _page(request, token, partner, status=422, form=form)
    try:
        if kind == NO_NEED:
            say_no_need(actor=LINK, partner=partner)
        elif kind == DECLINE:
            decline_survey(actor=LINK, partner=partner, no_more_mails=form.cleaned_data["no_more_mails"])
        else:
            said = form.cleaned_data
            tell_need(actor=LINK, partner=partner, title=said["title"], about=said["about"], answers=said)
    except OperationError as error:
        form = form if kind == NEED else AnswerForm()
        if kind == NEED:
            add_refusal(form, error)
        return _page(request, token, partner, status=error.status, form=form, refusal=error)
    messages.success(request, _("Thank you. Your answer is kept."))
    return redirect("survey", token)


@require_POST
@signed_in
def take_drafts(request: ActorRequest, token: str) -> HttpResponse:
    """Make the answers drafts of one's organisation."""
    partner = partner_of(token)
    owners = writable_organisations(request.actor)
    form = TakeOverForm(request.POST, owners=owners, name=partner.name)
    if not form.is_valid():
        return _page(request, token, partner, status=422)
    owner = next((one for one in owners if str(one.public_id) == form.cleaned_data["owner"]), None)
    take_over(actor=request.actor, partner=partner, owner=owner)
    messages.success(
        request,
        _("Taken over. The drafts are below: only your organisation sees them, and you alone publish them."),
    )
    return redirect("work")


def _page(
    request: ActorRequest,
    token: str,
    partner: ChainPartner,
    *,
    status: int = 200,
    form: forms.Form | None = None,
    refusal: OperationError | None = None,
) -> HttpResponse:
    waiting = ChainNeed.objects.filter(partner=partner, need=None).count()
    signed = request.actor.is_signed_in
    owners = writable_organisations(request.actor) if signed and waiting else []
    page = {
        "token": token,
        "partner": partner,
        "survey": partner.survey,
        "is_open": partner.survey.takes_answers(timezone.localdate()),
        "state": partner.state,
        "has_told": partner.state == PartnerState.TOLD,
        "waiting": waiting,
        "form": form if isinstance(form, AnswerForm) else AnswerForm(initial={"about": partner.product}),
        "declining": DeclineForm(),
        "taking": TakeOverForm(owners=owners, name=partner.name) if signed else None,
        "refusal": refusal if refusal and not refusal.fields else None,
    }
    response = render(request, "web/survey.html", page, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
