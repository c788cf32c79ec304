"""Automatic evaluation for those who set it, and result files of those who answer."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ronglian.apps.accounts.queries.organisations import access_organisation
from ronglian.apps.challenges.models import Challenge
from ronglian.apps.challenges.operations.drafting import BEFORE_BIDS
from ronglian.apps.challenges.operations.evaluation import drop_evaluation, set_evaluation, submit_try
from ronglian.apps.challenges.queries.challenges import access_challenge
from ronglian.apps.challenges.queries.evaluation import evaluation_of
from ronglian.engines.scoring import LARGEST_FILE
from ronglian.kernel.errors import NotAllowed
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.challenges import challenge_line
from ronglian.web.uploads import files_in_memory
from ronglian.web.views.challenge_board import board_response
from ronglian.web.views.challenges import challenge_response
from ronglian.web.work.access import signed_in, writable_organisations
from ronglian.web.work.forms.challenge_board import EvaluationForm, TryForm
from ronglian.web.work.steps import take_step

# What the engine refuses by name has to arrive whole; beyond it the upload ends.
LARGEST_UPLOAD = LARGEST_FILE + 1024 * 1024


@signed_in
@files_in_memory(LARGEST_UPLOAD)
@require_http_methods(["GET", "HEAD", "POST"])
def evaluation(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The rules of the evaluation with the hidden answers, before publication."""
    challenge = access_challenge(request.actor, public_id)
    if not request.actor.may_write_for(challenge.issuer_id):
        raise NotAllowed(_("Owners and editors of the issuer do this."))
    kept = evaluation_of(challenge)
    if request.method != "POST":
        return _page(request, challenge, EvaluationForm(evaluation=kept))
    form = EvaluationForm(request.POST, request.FILES, evaluation=kept)
    return take_step(
        request,
        lambda: set_evaluation(actor=request.actor, challenge=challenge, **form.rules()),
        lambda status, _error: _page(request, challenge, form, status),
        _("Kept. The answers are sealed, and fixed once the challenge is published."),
        ("challenge-board", public_id),
        form=form,
    )


@require_POST
@signed_in
def drop(request: ActorRequest, public_id: UUID) -> HttpResponse:
    challenge = access_challenge(request.actor, public_id)
    return take_step(
        request,
        lambda: drop_evaluation(actor=request.actor, challenge=challenge),
        lambda status, error: challenge_response(request, public_id, status, refusal=error),
        _("The challenge has no automatic evaluation any more."),
        ("challenge", public_id),
    )


@signed_in
@files_in_memory(LARGEST_UPLOAD)
@require_POST
def attempt(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """A result file. It is scored and not kept."""
    challenge = access_challenge(request.actor, public_id)
    form = TryForm(request.POST, request.FILES, own=writable_organisations(request.actor))
    return take_step(
        request,
        lambda: submit_try(
            actor=request.actor,
            challenge=challenge,
            bidder=access_organisation(request.actor, UUID(form.cleaned_data["bidder"])),
            results=form.cleaned_data["results"].read(),
        ),
        lambda status, _error: board_response(request, public_id, status, try_form=form),
        _("Scored. The board shows where it stands."),
        ("challenge-board", public_id),
        form=form,
    )


def _page(
    request: ActorRequest, challenge: Challenge, form: EvaluationForm, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "challenge": challenge,
        "line": challenge_line(challenge),
        "evaluation": evaluation_of(challenge),
        "is_fixed": challenge.phase not in BEFORE_BIDS,
    }
    return render(request, "work/challenge_evaluation.html", context, status=status)
