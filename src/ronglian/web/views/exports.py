"""A list as a file: the same filters, the same readers' rights."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from ronglian.apps.matching.listing import open_listing, read_filters
from ronglian.apps.registry.columns import COLUMNS, Kind
from ronglian.apps.registry.exports import FORMATS, MEDIA_TYPES, Format, begun, export_rows
from ronglian.kernel.errors import NotFound
from ronglian.kernel.log.carried import COMPANION, checkpoint_note
from ronglian.web import bundles
from ronglian.web.context import short_language
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.kinds import KINDS
from ronglian.web.views.lists import narrowed_organisations

BUNDLE = "zip"  # a browser drops the header that carries the checkpoint; here it lies beside the list


@require_safe
def export_list(request: ActorRequest, kind: str, file_format: str) -> HttpResponseBase:
    """The whole list under the filters of the address, newest first: CSV, XLSX, JSON Lines, or CSV with its checkpoint."""
    if kind not in COLUMNS or file_format not in (*FORMATS, BUNDLE):
        raise NotFound
    chosen = cast(Format, "csv" if file_format == BUNDLE else file_format)
    note = checkpoint_note()
    pieces = begun(
        export_rows(request.actor, cast(Kind, kind), _rows(request, kind), chosen, short_language())
    )
    name = f"ronglian-{kind}-{timezone.localdate().isoformat()}"
    if file_format == BUNDLE:
        files: list[tuple[str, Iterable[bytes]]] = [(f"{name}.csv", pieces)]
        if note:
            files.append((f"{name}.csv{COMPANION}", [note.encode()]))
        response = StreamingHttpResponse(bundles.zipped(files), content_type=bundles.MEDIA_TYPE)
    else:
        response = StreamingHttpResponse(pieces, content_type=MEDIA_TYPES[chosen])
    response["Content-Disposition"] = f'attachment; filename="{name}.{file_format}"'
    return response


def _rows(request: ActorRequest, kind: str) -> QuerySet[Any]:
    if kind == "organisations":
        return narrowed_organisations(request)
    listing = open_listing(request.actor, KINDS[kind].model, read_filters(request.GET), timezone.localdate())
    return listing.records().order_by("-id")
