"""The child process that opens a workbook: `python -m ronglian.apps.registry.imports.sheet_child FILE`.

Writes one JSON line for each sheet name, row or problem, then {"end": true}. Imports no Django.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 60
MOST_CELLS = 10_000_000  # of a sheet, empty ones included: the reader holds them all
MOST_MERGED = 100_000


def main(path: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    from python_calamine import CalamineWorkbook, PasswordError  # noqa: PLC0415 - only once memory is limited

    try:
        for message in messages(CalamineWorkbook.from_path(path)):
            sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.write('{"end": true}\n')
    except PasswordError:
        sys.stdout.write('{"problem": "encrypted"}\n')
    except MemoryError:
        sys.stdout.write('{"problem": "takes_too_much_memory"}\n')
    except BaseException:
        sys.stdout.write('{"problem": "damaged_workbook"}\n')
    sys.stdout.flush()


def messages(workbook: Any) -> Iterator[dict[str, Any]]:
    """What the parent hears, in order."""
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        yield {"sheet": name}
        if sheet.total_height * max(sheet.total_width, 1) > MOST_CELLS:
            yield {"problem": "too_many_cells_in_sheet"}
            return
        for row, cells in enumerate(rows_of(sheet), start=1):
            if any(value != "" for value in cells):
                yield {"row": row, "cells": [plain(value) for value in cells]}


def rows_of(sheet: Any) -> Iterator[list[Any]]:
    """All rows from the sheet's first on, so that numbers are those a person sees.

    A cell merged downwards shows its value in every row, and is read so; across, its first column alone has it.
    """
    left_out = sheet.start[1] if sheet.start else 0
    ends_by_start: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, _) in (sheet.merged_cell_ranges or [])[:MOST_MERGED]:
        if bottom > top:
            ends_by_start.setdefault(top, []).append((left, bottom))
    open_ranges: dict[int, tuple[int, Any]] = {}  # column → last row, value
    for row, found in enumerate(sheet.iter_rows()):
        cells = [""] * left_out + list(found)
        for column, (last, value) in list(open_ranges.items()):
            if row > last:
                del open_ranges[column]
            elif column < len(cells):
                cells[column] = value
        for column, last in ends_by_start.get(row, ()):
            if column < len(cells):
                open_ranges[column] = (last, cells[column])
        yield cells


def plain(value: Any) -> Any:
    """As JSON has it; dates marked, durations and times as text."""
    if isinstance(value, datetime | date):
        return {"date": value.isoformat()}
    if isinstance(value, time | timedelta):
        return str(value)
    return value


if __name__ == "__main__":
    main(sys.argv[1])
