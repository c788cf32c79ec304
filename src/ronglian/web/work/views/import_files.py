"""Files that go with imports: templates to fill in, and the list of what is to be corrected."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import cast
from uuid import UUID

import xlsxwriter
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ronglian.apps.registry.columns import COLUMNS, Kind
from ronglian.apps.registry.exports import FORMATS, MEDIA_TYPES, guard, template_file
from ronglian.apps.registry.models import ImportBatch
from ronglian.apps.registry.queries.imports import access_import, list_bad_cells
from ronglian.kernel.errors import NotFound
from ronglian.web.context import short_language
from ronglian.web.middleware import ActorRequest
from ronglian.web.work.access import signed_in

REPORT_FORMATS = ("csv", "xlsx")


def attachment(content: bytes, name: str, file_format: str) -> HttpResponse:
    response = HttpResponse(content, content_type=MEDIA_TYPES[file_format])
    response["Content-Disposition"] = f'attachment; filename="{name}.{file_format}"'
    return response


@require_safe
def template(request: ActorRequest, kind: str, file_format: str) -> HttpResponse:
    """An empty file with the headers of a kind; it says nothing of anybody, so everybody may have it."""
    if kind not in COLUMNS or file_format not in FORMATS:
        raise NotFound
    content = template_file(cast(Kind, kind), file_format, short_language())
    return attachment(content, f"ronglian-{kind}", file_format)


@require_safe
@signed_in
def report(request: ActorRequest, public_id: UUID, file_format: str) -> HttpResponse:
    """Every bad cell that is kept, with its place, value, rule and what would be right."""
    if file_format not in REPORT_FORMATS:
        raise NotFound
    batch = access_import(request.actor, public_id)
    rows = list(report_rows(batch))
    content = _workbook(rows) if file_format == "xlsx" else _text(rows)
    return attachment(content, f"to-correct-{batch.public_id}", file_format)


def report_rows(batch: ImportBatch) -> Iterator[Sequence[str]]:
    yield _("File"), _("Sheet"), _("Row"), _("Column"), _("Value"), _("Rule"), _("What is wrong")
    for cell in list_bad_cells(batch):
        column = cell.header or cell.column
        yield cell.file, cell.sheet, str(cell.row), column, cell.value, cell.code, cell.message


def _text(rows: Sequence[Sequence[str]]) -> bytes:
    buffer = io.StringIO(newline="")
    buffer.write("\ufeff")  # without the mark Excel takes UTF-8 for the machine's code page
    csv.writer(buffer).writerows([guard(text) for text in row] for row in rows)
    return buffer.getvalue().encode()


def _workbook(rows: Sequence[Sequence[str]]) -> bytes:
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = workbook.add_worksheet()
    bold = workbook.add_format({"bold": True, "bottom": 1})
    for number, row in enumerate(rows):
        for position, text in enumerate(row):
            sheet.write_string(number, position, guard(text), None if number else bold)
    sheet.set_column(0, 5, 18)
    sheet.set_column(6, 6, 70)
    sheet.freeze_panes(1, 0)
    workbook.close()
    return buffer.getvalue()
