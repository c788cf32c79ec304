"""From a file to rows: header rows found, headers assigned to columns, one row at a time.

Memory stays bounded: nothing here holds more than one row (and the headers) of a file.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from ronglian.apps.registry.columns import (
    Heading,
    Kind,
    columns_by_name,
    columns_of,
    header_unit,
    recognise_header,
)
from ronglian.apps.registry.imports.cells import is_empty
from ronglian.apps.registry.imports.formats import MOST_COLUMNS, MOST_ROWS, FileFormat
from ronglian.apps.registry.imports.problems import CellProblem, FileProblem, shown
from ronglian.apps.registry.imports.sheets import read_sheet_lines
from ronglian.apps.registry.imports.texts import Line, read_csv_lines, read_json_lines

HEADER_SEARCH = 10
PEEKED_OBJECTS = 200
LONGEST_HEADER = 200
# Sheets of our own templates that explain instead of holding records.
GUIDE_SHEETS = frozenset({"填写说明", "Guide", "选项", "Choices"})


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row: what stands under each header, or the problem that kept it from being read."""

    sheet: str
    row: int
    cells: Mapping[str, Any] = field(default_factory=dict)
    problem: CellProblem | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a column is read from: the header, as written in the file, and the unit it names."""

    header: str
    heading: Heading


Assignment = Mapping[str, str]
Plan = Mapping[str, tuple[Source, ...]]  # column name → its sources, the surest first


def measure(path: Path, file_format: FileFormat, kind: Kind) -> tuple[list[str], int]:
    """The headers of the file in their order, and about how many rows it has.

    Raises FileProblem when no header row is found or the file cannot be read to its end.
    """
    headers: dict[str, None] = {}
    count = 0
    if file_format in (FileFormat.JSONL, FileFormat.JSONL_GZ):
        with closing(read_json_lines(path, packed=file_format is FileFormat.JSONL_GZ)) as lines:
            for count, line in enumerate(lines, start=1):
                if count <= PEEKED_OBJECTS:
                    headers.update(dict.fromkeys(line.values or {}))
        return [header for header in headers if header][:MOST_COLUMNS], count
    with closing(_lines(path, file_format)) as table:
        for row, head in _sheets(table, kind, {}):
            if row is None and head is not None:
                headers.update(dict.fromkeys(name for name in head.names if name))
            else:
                count += 1
    return list(headers) or _first_line(path, file_format), count


def _first_line(path: Path, file_format: FileFormat) -> list[str]:
    """Where no header is known: the first line with two cells or more, so that it can be assigned by hand."""
    with closing(_lines(path, file_format)) as table:
        for line in islice(table, HEADER_SEARCH):
            texts = [shown(cell)[:LONGEST_HEADER] for cell in line.cells if not is_empty(cell)]
            if len(texts) > 1:
                return list(dict.fromkeys(texts))[:MOST_COLUMNS]
    return []


def read_rows(
    path: Path, file_format: FileFormat, kind: Kind, mapping: Assignment
) -> Generator[RawRow, None, None]:
    """All rows of the file that hold something. `mapping` assigns headers to columns by hand ("" leaves one out).

    Raises FileProblem where the file cannot be read on.
    """
    rows = (
        _object_rows(path, packed=file_format is FileFormat.JSONL_GZ)
        if file_format in (FileFormat.JSONL, FileFormat.JSONL_GZ)
        else _table_rows(_lines(path, file_format), kind, mapping)
    )
    for count, row in enumerate(rows, start=1):
        if count > MOST_ROWS:
            raise FileProblem("too_many_rows", sheet=row.sheet, row=row.row, limit=MOST_ROWS)
        yield row


def recognise(kind: Kind, headers: Sequence[str]) -> dict[str, str]:
    """The proposal for assigning headers to columns: header → column name, "" for what is not known."""
    plan = make_plan(kind, tuple(headers), ())
    proposed = {source.header: column for column, sources in plan.items() for source in sources}
    return {header: proposed.get(header, "") for header in headers}


@lru_cache(maxsize=1024)
def make_plan(kind: Kind, headers: tuple[str, ...], mapping: tuple[tuple[str, str], ...]) -> Plan:
    """Which headers feed which column. Of two headers for one column the surer one, else the first, is read."""
    by_hand = dict(mapping)
    found: dict[str, list[Source]] = {}
    for header in headers:
        heading = _heading(kind, header, by_hand)
        if heading is not None:
            found.setdefault(heading.column, []).append(Source(header, heading))
    plan = {}
    for column, sources in found.items():
        ranked = sorted(sources, key=lambda source: source.heading.rank)
        fallbacks = [source for source in ranked[1:] if source.heading.rank == 2]
        plan[column] = (ranked[0], *fallbacks)
    return plan


def _heading(kind: Kind, header: str, by_hand: Mapping[str, str]) -> Heading | None:
    recognised = recognise_header(kind, header)
    if header not in by_hand:
        return recognised
    column = by_hand[header]
    if not column:
        return None
    if recognised is not None and recognised.column == column:
        return recognised
    return Heading(column, 0, header_unit(header))


def missing_columns(kind: Kind, headers: tuple[str, ...], mapping: Assignment) -> list[str]:
    """The required columns that no header feeds."""
    plan = make_plan(kind, headers, tuple(mapping.items()))
    return [column.name for column in columns_of(kind) if column.required and column.name not in plan]


def _lines(path: Path, file_format: FileFormat) -> Generator[Line, None, None]:
    return read_sheet_lines(path) if file_format is FileFormat.XLSX else read_csv_lines(path)


def _object_rows(path: Path, *, packed: bool) -> Generator[RawRow, None, None]:
    for line in read_json_lines(path, packed=packed):
        if line.problem is not None:
            yield RawRow("", line.row, problem=line.problem)
        elif line.values is not None and not all(is_empty(value) for value in line.values.values()):
            yield RawRow("", line.row, line.values)


@dataclass(frozen=True, slots=True)
class _Head:
    """The header row of a sheet; `names` has one entry per column of the sheet, empty where it has no header."""

    sheet: str
    row: int
    names: tuple[str, ...]


def _table_rows(
    lines: Generator[Line, None, None], kind: Kind, mapping: Assignment
) -> Generator[RawRow, None, None]:
    any_head = False
    with closing(lines):
        for line, head in _sheets(lines, kind, mapping):
            if head is None:
                continue
            if line is None:
                _require_usable(head, kind, mapping)
                any_head = True
            elif line.problem is not None:
                yield RawRow(line.sheet, line.row, problem=line.problem)
            elif not all(is_empty(cell) for cell in line.cells):
                yield _as_row(head, line)
    if not any_head:
        raise FileProblem("no_header", expected=_expected(kind))


def _as_row(head: _Head, line: Line) -> RawRow:
    beyond = [cell for cell in line.cells[len(head.names) :] if not is_empty(cell)]
    if beyond:
        problem = CellProblem("too_many_cells", count=len(line.cells), limit=len(head.names))
        return RawRow(line.sheet, line.row, problem=problem)
    cells = {name: cell for name, cell in zip(head.names, line.cells, strict=False) if name}
    return RawRow(line.sheet, line.row, cells)


def _sheets(
    lines: Iterator[Line], kind: Kind, mapping: Assignment
) -> Iterator[tuple[Line | None, _Head | None]]:
    """Every sheet's header, as (None, head), then its lines. A sheet without a header row is left out."""
    sheet: str | None = None
    head: _Head | None = None
    waiting: list[Line] = []
    for line in lines:
        if line.sheet != sheet:
            yield from _give_up(waiting, kind, mapping)
            sheet, head, waiting = line.sheet, None, []
        if head is not None:
            yield line, head
        elif line.sheet not in GUIDE_SHEETS and len(waiting) < HEADER_SEARCH:
            waiting.append(line)
            if len(waiting) == HEADER_SEARCH:
                head, rest = _find_head(waiting, kind, mapping)
                yield from _found(head, rest)
    yield from _give_up(waiting if head is None else [], kind, mapping)


def _give_up(
    waiting: list[Line], kind: Kind, mapping: Assignment
) -> Iterator[tuple[Line | None, _Head | None]]:
    """The sheet was shorter than the search for its header."""
    if waiting and len(waiting) < HEADER_SEARCH:
        yield from _found(*_find_head(waiting, kind, mapping))


def _found(head: _Head | None, rest: list[Line]) -> Iterator[tuple[Line | None, _Head | None]]:
    if head is not None:
        yield None, head
        for line in rest:
            yield line, head


def _find_head(waiting: list[Line], kind: Kind, mapping: Assignment) -> tuple[_Head | None, list[Line]]:
    """The row that most looks like headers, and the lines below it. Titles and instructions stand above."""
    best, best_count = -1, 0
    for index, line in enumerate(waiting):
        count = _recognised(line, kind, mapping)
        if count > best_count:
            best, best_count = index, count
    if best < 0:
        return None, []
    line = waiting[best]
    if len(line.cells) > MOST_COLUMNS:
        raise FileProblem(
            "too_many_columns", sheet=line.sheet, row=line.row, count=len(line.cells), limit=MOST_COLUMNS
        )
    names = tuple(shown(cell)[:LONGEST_HEADER] if not is_empty(cell) else "" for cell in line.cells)
    return _Head(line.sheet, line.row, names), waiting[best + 1 :]


def _recognised(line: Line, kind: Kind, mapping: Assignment) -> int:
    """How many columns the line names; 0 unless two or all of its cells do."""
    texts = [shown(cell)[:LONGEST_HEADER] for cell in line.cells[:MOST_COLUMNS] if not is_empty(cell)]
    found = [heading.column for text in texts if (heading := _heading(kind, text, mapping)) is not None]
    count = len(set(found))
    return count if count >= 2 or len(found) == len(texts) else 0


def _require_usable(head: _Head, kind: Kind, mapping: Assignment) -> None:
    seen: set[str] = set()
    for name in head.names:
        if name in seen and _heading(kind, name, mapping) is not None:
            raise FileProblem("duplicate_header", sheet=head.sheet, row=head.row, header=name)
        seen.add(name)
    missing = missing_columns(kind, tuple(name for name in head.names if name), mapping)
    if missing:
        raise FileProblem("missing_columns", sheet=head.sheet, row=head.row, columns=missing)


def _expected(kind: Kind) -> list[str]:
    return [name for name, column in columns_by_name(kind).items() if column.required]
