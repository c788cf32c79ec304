"""The page about the log: what it proves, and the latest checkpoint to keep."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ronglian.kernel.log.proofs import signed_checkpoint
from ronglian.web.middleware import ActorRequest


@require_safe
def show_log(request: ActorRequest) -> HttpResponse:
    """How the platform is held to what it said."""
    return render(request, "web/log.html", {"signed": signed_checkpoint()})
