"""What is said while bids can come: ask, answer, amend."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ronglian.apps.accounts.queries.organisations import access_organisation
from ronglian.apps.challenges.operations.exchange import amend_challenge, ask_question, publish_answer
from ronglian.apps.challenges.queries.challenges import access_challenge
from ronglian.apps.challenges.queries.exchange import access_question
from ronglian.kernel.errors import NotAllowed, OperationError
from ronglian.web.middleware import ActorRequest
from ronglian.web.views.challenges import challenge_response
from ronglian.web.work.access import signed_in, writable_organisations
from ronglian.web.work.forms.challenge_exchange import AmendForm, AnswerForm, AskForm
from ronglian.web.work.steps import take_step


@require_POST
@signed_in
def ask(request: ActorRequest, public_id: UUID) -> HttpResponse:
    challenge = access_challenge(request.actor, public_id)
    form = AskForm(request.POST, own=writable_organisations(request.actor))
    return take_step(
        request,
        lambda: ask_question(
            actor=request.actor,
            challenge=challenge,
            asker=access_organisation(request.actor, UUID(form.cleaned_data["asker"])),
            text=form.cleaned_data["text"],
        ),
        lambda status, _error: challenge_response(request, public_id, status, ask_form=form),
        _("Asked. The answer is published here for everybody."),
        ("challenge", public_id),
        form=form,
    )


@require_POST
@signed_in
def answer(request: ActorRequest, public_id: UUID) -> HttpResponse:
    question = access_question(request.actor, public_id)
    challenge = access_challenge(request.actor, question.challenge.public_id)
    form = AnswerForm(request.POST, auto_id=f"a{question.pk}-%s")
    return take_step(
        request,
        lambda: publish_answer(
            actor=request.actor,
            challenge=challenge,
            question=question,
            answer=form.cleaned_data["answer"],
            shown=form.cleaned_data["shown"],
        ),
        lambda status, error: challenge_response(
            request, challenge.public_id, status, answer_form=form, answered=question, refusal=error
        ),
        _("Published with its answer."),
        ("challenge", challenge.public_id),
        form=form,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def amend(request: ActorRequest, public_id: UUID) -> HttpResponse:
    challenge = access_challenge(request.actor, public_id)
    if not request.actor.may_write_for(challenge.issuer_id):
        raise NotAllowed(_("Owners and editors of the issuer do this."))
    form = AmendForm(request.POST if request.method == "POST" else None, challenge=challenge)
    context = {"form": form, "challenge": challenge}
    if request.method != "POST":
        return render(request, "work/challenge_amend.html", context)
    if not form.is_valid():
        return render(request, "work/challenge_amend.html", context, status=422)
    try:
        reason = form.cleaned_data["reason"]
        amend_challenge(actor=request.actor, challenge=challenge, fields=form.fields_of(), reason=reason)
    except NotAllowed:
        raise
    except OperationError as error:
        form.add_call_error(error)
        return render(request, "work/challenge_amend.html", context, status=error.status)
    messages.success(request, _("Amended. Whoever has bid or asked is told."))
    return redirect("challenge", public_id)
