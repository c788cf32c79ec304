"""A list as a file: the same filters, the same readers' rights."""

from __future__ import annotations

from itertools import chain
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from ronglian.apps.matching.listing import open_listing, read_filters
from ronglian.apps.registry.columns import COLUMNS, Kind
from ronglian.apps.registry.exports import FORMATS, MEDIA_TYPES, export_rows
from ronglian.kernel.errors import NotFound
from ronglian.kernel.log.carried import carried_checkpoint
from ronglian.web.context import short_language
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.kinds import KINDS
from ronglian.web.views.lists import narrowed_organisations


@require_safe
def export_list(request: ActorRequest, kind: str, file_format: str) -> HttpResponseBase:
    """The whole list under the filters of the address, newest first, as CSV, XLSX or JSON Lines."""
    if kind not in COLUMNS or file_format not in FORMATS:
        raise NotFound
    pieces = export_rows(request.actor, cast(Kind, kind), _rows(request, kind), file_format, short_language())
    # The first piece is made before the answer begins, so that a refusal is still a page that says why.
    first = next(pieces, b"")
    response = StreamingHttpResponse(chain([first], pieces), content_type=MEDIA_TYPES[file_format])
    name = f"ronglian-{kind}-{timezone.localdate().isoformat()}.{file_format}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    for header, value in carried_checkpoint().items():
        response[header] = value
    return response


def _rows(request: ActorRequest, kind: str) -> QuerySet[Any]:
    if kind == "organisations":
        return narrowed_organisations(request)
    listing = open_listing(request.actor, KINDS[kind].model, read_filters(request.GET), timezone.localdate())
    return listing.records().order_by("-id")
