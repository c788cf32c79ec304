"""Writing records to files that people open and that can be read back: import(export(x)) changes nothing.

Only what the reader may see is written; an anonymous need comes without its owner. What a spreadsheet would run as
a formula is written with an apostrophe before it, which imports drop again; in workbooks all cells are strings.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Generator, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Literal

import xlsxwriter
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.registry.cell_texts import cell_text, json_value
from ronglian.apps.registry.columns import COLUMNS, CellKind, Column, Kind
from ronglian.apps.registry.imports.reading import GUIDE_SHEETS
from ronglian.apps.registry.imports.vocabulary import choice_labels
from ronglian.apps.registry.queries.records import with_own_details
from ronglian.apps.registry.rules import may_see_owner, visible_q
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import RuleViolation
from ronglian.kernel.log.carried import checkpoint_note

Format = Literal["csv", "xlsx", "jsonl"]
Language = Literal["zh", "en"]
FORMATS: tuple[Format, ...] = ("csv", "xlsx", "jsonl")
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl; charset=utf-8",
}
LONGEST_XLSX_CELL = 32_767
DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")
READ_AT_ONCE = 500
BLOCK = 64 * 1024
EXAMPLE_ROWS = 200  # rows of a template that offer the list of choices


def export_rows(
    actor: Actor,
    kind: Kind,
    queryset: QuerySet[Any],
    format: Format,  # noqa: A002 - the word every door uses
    language: Language = "zh",
) -> Iterator[bytes]:
    """The file in pieces, records in the order of `queryset`; filtered to what the actor may see."""
    records = _readable(actor, kind, queryset)
    columns = COLUMNS[kind]
    if format == "jsonl":
        return _jsonl(actor, columns, records)
    rows = ([_cell(actor, column, record, language) for column in columns] for record in records)
    headers = [column.header(language) for column in columns]
    if format == "csv":
        return _csv([headers], rows)
    return _xlsx(columns, headers, rows)


def begun(pieces: Iterator[bytes]) -> Generator[bytes]:
    """The same pieces, the first made already: a refusal is raised here, before an answer begins.

    A generator, unlike `chain`, is closed with the answer: nobody's cursor stays open when a reader hangs up.
    """
    return _joined(next(pieces, b""), pieces)


def _joined(first: bytes, rest: Iterator[bytes]) -> Generator[bytes]:
    yield first
    yield from rest


def template_file(kind: Kind, format: Format, language: Language = "zh") -> bytes:  # noqa: A002 - as above
    """An empty file with the headers; a workbook also has lists to choose from and a sheet that explains."""
    columns = [column for column in COLUMNS[kind] if not column.read_only]
    headers = [column.header(language) for column in columns]
    if format == "xlsx":
        return _template_workbook(columns, headers, language)
    if format == "csv":
        return b"".join(_csv([headers], ()))
    example = {column.name: column.example(language) for column in columns if column.example(language)}
    return (json.dumps(example, ensure_ascii=False) + "\n").encode()


def guard(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would run; `imports.cells.without_guard` drops it."""
    return f"'{text}" if text.lstrip("'").startswith(DANGEROUS) else text


def _readable(actor: Actor, kind: Kind, queryset: QuerySet[Any]) -> Iterable[Any]:
    if kind == "organisations":
        return queryset.iterator(chunk_size=READ_AT_ONCE)
    rows = queryset.filter(visible_q(actor)).select_related("owner").iterator(chunk_size=READ_AT_ONCE)
    return _opened(actor, rows)


def _opened(actor: Actor, rows: Iterator[Any]) -> Iterator[Any]:
    """The records, the actor's own with their details."""
    while chunk := list(islice(rows, READ_AT_ONCE)):
        yield from with_own_details(actor, chunk)


def _cell(actor: Actor, column: Column, record: Any, language: Language) -> str:
    if column.name == "id":
        return str(record.public_id)
    if column.kind is CellKind.ORGANISATION:
        return _owner(actor, record)
    return cell_text(column, record, language)


def _owner(actor: Actor, record: Any) -> str:
    """The organisation's name; nothing where the reader may not know it."""
    if not may_see_owner(actor, record):
        return ""
    owner: Organisation = record.owner
    return owner.name


def _csv(headers: Sequence[Sequence[str]], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write("\ufeff")  # without the mark Excel takes UTF-8 for the machine's code page
    for row in headers:
        writer.writerow(row)
    for row in rows:
        writer.writerow([guard(text) for text in row])
        if buffer.tell() > BLOCK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _jsonl(actor: Actor, columns: Sequence[Column], records: Iterable[Any]) -> Iterator[bytes]:
    for record in records:
        values: dict[str, Any] = {}
        for column in columns:
            if column.name == "id":
                values["id"] = str(record.public_id)
            elif column.kind is CellKind.ORGANISATION:
                values[column.name] = _owner(actor, record) or None
            else:
                values[column.name] = json_value(column, record)
        yield (json.dumps(values, ensure_ascii=False) + "\n").encode()


def _xlsx(
    columns: Sequence[Column], headers: Sequence[str], rows: Iterable[Sequence[str]]
) -> Iterator[bytes]:
    """Built at once: what does not fit is told before a reader receives half a file."""
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"constant_memory": True})
    workbook.set_properties({"comments": checkpoint_note()})
    try:
        sheet = workbook.add_worksheet()
        _write_headers(workbook, sheet, columns, headers)
        for number, row in enumerate(rows, start=1):
            for position, text in enumerate(row):
                if len(text) >= LONGEST_XLSX_CELL:
                    raise RuleViolation(
                        _("A text is longer than a cell of a workbook can hold. Export as CSV or JSON Lines.")
                    )
                if text:
                    sheet.write_string(number, position, guard(text))
    finally:
        workbook.close()
    return iter((buffer.getvalue(),))


def _write_headers(workbook: Any, sheet: Any, columns: Sequence[Column], headers: Sequence[str]) -> None:
    bold = workbook.add_format({"bold": True, "bottom": 1})
    required = workbook.add_format({"bold": True, "bottom": 1, "font_color": "#b02a37"})
    for position, (column, header) in enumerate(zip(columns, headers, strict=True)):
        long = column.kind in (CellKind.LONG_TEXT, CellKind.METRICS) or column.name in ("title", "name")
        sheet.set_column(position, position, 40 if long else 18)
        sheet.write_string(0, position, header, required if column.required else bold)
    sheet.freeze_panes(1, 0)


def _template_workbook(columns: Sequence[Column], headers: Sequence[str], language: Language) -> bytes:
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    chinese = language == "zh"
    sheet = workbook.add_worksheet("数据" if chinese else "Data")
    _write_headers(workbook, sheet, columns, headers)
    guide = workbook.add_worksheet("填写说明" if chinese else "Guide")
    choices = workbook.add_worksheet("选项" if chinese else "Choices")
    assert {guide.get_name(), choices.get_name()} <= GUIDE_SHEETS
    _write_guide(workbook, guide, columns, language)
    for position, column in enumerate(columns):
        if column.choices is None:
            continue
        labels = choice_labels(column.choices, language)
        choices.write_column(0, position, [column.header(language), *labels])
        if column.kind is CellKind.CHOICE:
            name = xlsxwriter.utility.xl_col_to_name(position, col_abs=True)
            source = f"='{choices.get_name()}'!{name}$2:{name}${len(labels) + 1}"
            sheet.data_validation(
                1,
                position,
                EXAMPLE_ROWS,
                position,
                {"validate": "list", "source": source, "error_type": "warning"},
            )
    workbook.close()
    return buffer.getvalue()


def _write_guide(workbook: Any, guide: Any, columns: Sequence[Column], language: Language) -> None:
    bold = workbook.add_format({"bold": True, "bottom": 1})
    wrap = workbook.add_format({"text_wrap": True, "valign": "top"})
    heads = (
        ("列名", "必填", "怎么填", "示例")
        if language == "zh"
        else ("Column", "Required", "What to write", "Example")
    )
    for position, (head, width) in enumerate(zip(heads, (28, 8, 60, 40), strict=True)):
        guide.set_column(position, position, width)
        guide.write_string(0, position, head, bold)
    yes = "是" if language == "zh" else "yes"
    for row, column in enumerate(columns, start=1):
        cells = (
            column.header(language),
            yes if column.required else "",
            column.help(language),
            column.example(language),
        )
        for position, text in enumerate(cells):
            guide.write_string(row, position, guard(text), wrap)
