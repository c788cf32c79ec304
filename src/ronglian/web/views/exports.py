"""A list as a file: the same filters, the same readers' rights."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from ronglian.web.middleware import ActorRequest


@require_safe
def export_list(request: ActorRequest, kind: str, file_format: str) -> HttpResponse:
    raise Http404
