"""The public pages of challenges: the list, one challenge, its deadline for a calendar."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ronglian.apps.challenges.enums import Phase
from ronglian.apps.challenges.operations.drafting import BEFORE_BIDS
from ronglian.apps.challenges.queries.challenges import access_challenge, list_challenges
from ronglian.apps.challenges.queries.following import is_following
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.challenges import challenge_line, challenge_page

PER_PAGE = 20
SHOWN_PHASES = tuple(phase for phase in Phase if phase not in BEFORE_BIDS)


@require_safe
def list_page(request: ActorRequest) -> HttpResponse:
    """The published challenges, those open for bids first. `?phase=` shows one phase."""
    asked = request.GET.get("phase", "")
    phase = asked if asked in SHOWN_PHASES else ""
    page = Paginator(list_challenges(request.actor, phase), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "lines": [challenge_line(one) for one in page],
        "phases": [(one.value, one.label) for one in SHOWN_PHASES],
        "phase": phase,
        "follows": is_following(request.actor, None),
    }
    return render(request, "web/challenges.html", context)


@require_safe
def show_page(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One challenge as this reader may see it."""
    return challenge_response(request, public_id)


def challenge_response(
    request: ActorRequest, public_id: UUID, status: int = 200, **bound: object
) -> HttpResponse:
    """The page, with a form that was refused in its place."""
    challenge = access_challenge(request.actor, public_id)
    context = {**challenge_page(request.actor, challenge, timezone.now()), **bound}
    return render(request, "web/challenge.html", context, status=status)
