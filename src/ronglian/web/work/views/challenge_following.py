"""Following challenges by mail."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronglian.apps.challenges.operations.following import follow_challenge, unfollow_challenge
from ronglian.apps.challenges.queries.challenges import access_challenge
from ronglian.kernel.errors import OperationError
from ronglian.web.middleware import ActorRequest
from ronglian.web.views.challenges import challenge_response
from ronglian.web.work.access import signed_in
from ronglian.web.work.steps import take_step


@require_POST
@signed_in
def of_one(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Be told of one challenge, or no more."""
    challenge, follows = access_challenge(request.actor, public_id), request.POST.get("follow") == "yes"
    act = follow_challenge if follows else unfollow_challenge
    return take_step(
        request,
        lambda: act(actor=request.actor, challenge=challenge),
        lambda status, error: challenge_response(request, public_id, status, refusal=error),
        _("A mail tells you what happens here.") if follows else _("You are told no more."),
        ("challenge", public_id),
    )


@require_POST
@signed_in
def of_all(request: ActorRequest) -> HttpResponse:
    """Be told of every new challenge, or no more."""
    follows = request.POST.get("follow") == "yes"
    act = follow_challenge if follows else unfollow_challenge

    def refused(_status: int, error: OperationError | None) -> HttpResponse:
        messages.error(request, str(error.message) if error else "")
        return redirect("challenges")

    return take_step(
        request,
        lambda: act(actor=request.actor, challenge=None),
        refused,
        _("A mail tells you of every new challenge.") if follows else _("You are told no more."),
        ("challenges",),
    )
