"""Tables that are no records: a list of partners, a bank statement. Read by the machinery that reads records, all rows or none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import IO, Any, Literal

from ronglian.apps.registry.columns import Column, Kind
from ronglian.apps.registry.imports.cells import CellContext, is_empty, read_cell, without_guard
from ronglian.apps.registry.imports.formats import detect_format, require_fitting_name
from ronglian.apps.registry.imports.messages import (
    column_label,
    describe_cell_error,
    describe_file_problem,
    describe_place,
)
from ronglian.apps.registry.imports.problems import CellProblem, FileProblem, cell_error, shown
from ronglian.apps.registry.imports.reading import Plan, RawRow, make_plan, read_rows
from ronglian.apps.registry.imports.uploads import received

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class WrongCell:
    """错误单元格: where it stands, what is in it, and what would be right."""

    place: str
    column: str
    value: str
    message: str

    def __str__(self) -> str:
        return (
            f"{self.place} · {self.column}: {self.message}"
            if self.column
            else f"{self.place}: {self.message}"
        )


@dataclass(slots=True)
class SideTable:
    """What the rows of a file say as far as the columns are declared, and what is wrong in it.

    `unit` is that of amounts where neither the cell nor its head names one.
    """

    kind: Kind
    columns: Sequence[Column]
    limits: Mapping[str, int]
    unit: Literal["yuan", "wan_yuan"] | None = None
    wrong: list[WrongCell] = field(default_factory=list)

    def read(self, file: IO[bytes], filename: str, take: Callable[[RawRow], None]) -> None:
        """Call `take` for each row of a CSV, XLSX or JSON Lines file; ends once fifty cells are wrong."""
        try:
            with received(file) as upload:
                file_format = detect_format(upload.path)
                require_fitting_name(filename, file_format)
                with closing(read_rows(upload.path, file_format, self.kind, {})) as rows:
                    for raw in rows:
                        if raw.problem is not None:
                            self.note(raw, "", "", raw.problem)
                        else:
                            take(raw)
                        if len(self.wrong) >= MOST_SHOWN:
                            break
        except FileProblem as problem:
            self.wrong.append(WrongCell(filename, "", "", describe_file_problem(problem, self.kind)))

    def plan(self, raw: RawRow) -> Plan:
        return make_plan(self.kind, tuple(raw.cells), ())

    def cell(self, raw: RawRow, plan: Plan, column: Column) -> dict[str, Any] | None:
        """The values of one cell; None, and a note, where it is wrong."""
        source = next(
            (each for each in plan.get(column.name, ()) if not is_empty(raw.cells[each.header])), None
        )
        cell = raw.cells[source.header] if source else None
        if isinstance(cell, str):
            cell = without_guard(cell)
        try:
            if column.required and is_empty(cell):
                raise CellProblem("required")
            unit = (source.heading.unit if source else None) or self.unit
            return read_cell(column, cell, CellContext(unit=unit, limit=self.limits.get(column.name)))
        except CellProblem as problem:
            self.note(raw, column.name, cell, problem)
            return None

    def note(self, raw: RawRow, column: str, value: Any, problem: CellProblem) -> None:
        """A problem that the shared readers know."""
        error = {**cell_error(problem, column=column, header="", value=value), "kind": self.kind}
        self.say(raw, column, value, describe_cell_error(error))

    def say(self, raw: RawRow, column: str, value: Any, message: str) -> None:
        """A problem of this table alone."""
        label = column_label(self.kind, column) if column else ""
        self.wrong.append(WrongCell(describe_place(raw.sheet, raw.row), label, shown(value), message))
