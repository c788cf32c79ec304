"""Lists as files."""

from __future__ import annotations

from typing import Any, Literal

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from pydantic import Field

from ronglian.api.calling import Known
from ronglian.apps.registry.columns import Kind
from ronglian.apps.registry.exports import MEDIA_TYPES, begun, export_rows
from ronglian.kernel.actor import Actor

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
    """The rows in pieces; a refusal is still a problem document."""
    pieces = export_rows(actor, kind, rows, parameters.format, parameters.language)
    name = f"ronglian-{kind}-{timezone.localdate().isoformat()}.{parameters.format}"
    return StreamingHttpResponse(
        begun(pieces),
        content_type=MEDIA_TYPES[parameters.format],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
