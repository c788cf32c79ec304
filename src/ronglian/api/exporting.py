"""Lists as files."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any, Literal

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from pydantic import Field

from ronglian.api.calling import Known
from ronglian.apps.registry.columns import Kind
from ronglian.apps.registry.exports import MEDIA_TYPES, export_rows
from ronglian.kernel.actor import Actor
from ronglian.kernel.log.carried import carried_checkpoint

FILES: dict[str, Any] = {
    "responses": {
        200: {
            "content": {
                media.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
                for media in MEDIA_TYPES.values()
            }
        }
    }
}


class ExportParameters(Known):
    """How the file is written."""

    format: Literal["csv", "xlsx", "jsonl"] = Field("csv", description="CSV (UTF-8), XLSX or JSON Lines.")
    language: Literal["zh", "en"] = Field("zh", description="The language of headers and codes.")


def send_file(
    actor: Actor, kind: Kind, rows: QuerySet[Any], parameters: ExportParameters
) -> HttpResponseBase:
    """The rows in pieces; the first is made before the answer begins, so that a refusal is still a problem document."""
    pieces = export_rows(actor, kind, rows, parameters.format, parameters.language)
    first = next(pieces, b"")
    name = f"ronglian-{kind}-{timezone.localdate().isoformat()}.{parameters.format}"
    return StreamingHttpResponse(
        joined(first, pieces),
        content_type=MEDIA_TYPES[parameters.format],
        headers={"Content-Disposition": f'attachment; filename="{name}"', **carried_checkpoint()},
    )


def joined(first: bytes, rest: Iterator[bytes]) -> Generator[bytes]:
    """A generator, unlike `chain`, is closed with the answer: nobody's cursor stays open when a reader hangs up."""
    yield first
    yield from rest
