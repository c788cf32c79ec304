"""The board of a challenge with automatic evaluation, and the template of a result file."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ronglian.apps.challenges.queries.challenges import access_challenge
from ronglian.apps.challenges.queries.evaluation import access_evaluation, template_of
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.challenge_board import board_page


@require_safe
def show_board(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Who stands where: by the public rows while bids can come, by the hidden ones once they have closed."""
    return board_response(request, public_id)


@require_safe
def template(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """A result file to fill in: the row keys of the hidden test set."""
    challenge = access_challenge(request.actor, public_id)
    response = HttpResponse(template_of(access_evaluation(challenge)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="template-{challenge.public_id}.csv"'
    return response


def board_response(
    request: ActorRequest, public_id: UUID, status: int = 200, **bound: object
) -> HttpResponse:
    """The page, with a form that was refused in its place."""
    challenge = access_challenge(request.actor, public_id)
    context = {**board_page(request.actor, challenge, timezone.now()), **bound}
    return render(request, "web/challenge_board.html", context, status=status)
