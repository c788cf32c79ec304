"""From one row of a file to the values of a record, and the list of what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ronglian.apps.registry.columns import COLUMNS, MODELS, CellKind, Column, Kind, columns_by_name
from ronglian.apps.registry.imports.cells import CellContext, is_empty, read_cell, without_guard
from ronglian.apps.registry.imports.owners import OrganisationBook
from ronglian.apps.registry.imports.problems import CellProblem, cell_error
from ronglian.apps.registry.imports.reading import Plan, RawRow, make_plan
from ronglian.apps.registry.operations.records import LONGEST_VALIDITY
from ronglian.engines.text.money import Unit

SYSTEM_DATES = ("confirmed_on", "expires_on")


@dataclass(slots=True)
class ReadRow:
    """A row as read: `values` by attribute, `errors` as they are kept."""

    number: int
    sheet: str
    row: int
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> tuple[int, int]:
        return self.number, self.row

    @property
    def source_id(self) -> str:
        return str(self.values.get("source_id") or "")


class RowReader:
    """Reads rows of one file. `owner_id` is the organisation all rows belong to; None where each names its own."""

    def __init__(
        self,
        kind: Kind,
        mapping: Mapping[str, str],
        *,
        owner_id: int | None,
        source_name: str,
        has_guards: bool,
        today: date,
    ) -> None:
        self._kind = kind
        self._mapping = tuple(mapping.items())
        self._columns = columns_by_name(kind)
        self._required = [column for column in COLUMNS[kind] if column.required]
        self._limits = {name: _limit(kind, column) for name, column in self._columns.items()}
        self._owner_id = owner_id
        self._book = OrganisationBook(source_name) if owner_id is None and kind != "organisations" else None
        self._contexts: dict[tuple[str, Unit | None], CellContext] = {}
        self._has_guards = has_guards
        self._today = today

    def read(self, number: int, raw: RawRow) -> ReadRow:
        row = ReadRow(number, raw.sheet, raw.row)
        if raw.problem is not None:
            self._note(row, raw.problem, column="", value="")
            return row
        plan = make_plan(self._kind, tuple(raw.cells), self._mapping)
        for name in plan:
            self._read_column(row, self._columns[name], plan, raw.cells)
        for column in self._required:
            if is_empty(row.values.get(column.attributes[0])) and not _has_error(row, column.name):
                self._note(row, CellProblem("required"), column=column.name, value="")
        self._set_owner(row)
        self._check_dates(row)
        return row

    def _read_column(self, row: ReadRow, column: Column, plan: Plan, cells: Mapping[str, Any]) -> None:
        if column.read_only or (column.kind is CellKind.ORGANISATION and self._book is None):
            return
        filled = (source for source in plan[column.name] if not is_empty(cells[source.header]))
        source = next(filled, plan[column.name][0])
        raw = cells[source.header]
        if self._has_guards and isinstance(raw, str):
            raw = without_guard(raw)
        row.headers[column.name] = source.header
        if column.name in SYSTEM_DATES and is_empty(raw):
            return  # says nothing: a new record gets the usual date, a known one keeps its own
        try:
            row.values |= read_cell(column, raw, self._context(column.name, source.heading.unit))
        except CellProblem as problem:
            self._note(row, problem, column=column.name, value=raw)

    def _context(self, column: str, unit: Unit | None) -> CellContext:
        """One for each column and unit, not for each cell."""
        context = self._contexts.get((column, unit))
        if context is None:
            finder = self._book.find if self._book is not None else None
            context = self._contexts[column, unit] = CellContext(unit, self._limits[column], finder)
        return context

    def _set_owner(self, row: ReadRow) -> None:
        if self._kind == "organisations":
            return
        if self._owner_id is not None:
            row.values["owner_id"] = self._owner_id
            return
        if row.values.get("owner_id") is not None or _has_error(row, "owner"):
            return
        assert self._book is not None
        try:
            row.values["owner_id"] = self._book.find(str(row.values.get("completed_by") or ""))
        except CellProblem as problem:
            column = "completed_by" if row.values.get("completed_by") else "owner"
            self._note(row, problem, column=column, value=row.values.get("completed_by"))

    def _check_dates(self, row: ReadRow) -> None:
        for column, problem in date_problems(row.values, self._today):
            self._note(row, problem, column=column, value=row.values.get(column))

    def _note(self, row: ReadRow, problem: CellProblem, *, column: str, value: Any) -> None:
        header = row.headers.get(column, "")
        row.errors.append(
            {"kind": self._kind, **cell_error(problem, column=column, header=header, value=value)}
        )

    def note(self, row: ReadRow, problem: CellProblem, column: str) -> None:
        """Add what was found by comparing rows with each other or with the registry."""
        attribute = self._columns[column].attributes[0]
        self._note(row, problem, column=column, value=row.values.get(attribute))


def date_problems(values: Mapping[str, Any], today: date) -> Iterator[tuple[str, CellProblem]]:
    """What one date says against another, or against today: the rules of the operations, per column."""
    opens, closes = values.get("opens_on"), values.get("closes_on")
    if opens and closes and closes < opens:
        yield "closes_on", CellProblem("closes_before_opens", opens=opens.isoformat())
    confirmed, expires = values.get("confirmed_on"), values.get("expires_on")
    if confirmed and confirmed > today:
        yield "confirmed_on", CellProblem("in_the_future")
    if expires and expires > today + LONGEST_VALIDITY:
        yield "expires_on", CellProblem("valid_too_long", latest=(today + LONGEST_VALIDITY).isoformat())


def _has_error(row: ReadRow, column: str) -> bool:
    return any(error["column"] == column for error in row.errors)


def _limit(kind: Kind, column: Column) -> int | None:
    model_field: Any = MODELS[kind]._meta.get_field(
        column.attributes[0].removesuffix("_id") if column.name == "owner" else column.attributes[0]
    )
    limit: int | None = getattr(model_field, "max_length", None)
    return limit
