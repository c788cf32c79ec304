"""What can be wrong with a file or a cell: codes with parameters; `messages` puts them in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ronglian.kernel.validation import clean_json, clean_text

SHOWN_VALUE = 120


class FileProblem(Exception):
    """The file cannot be read on from here. `place` may name sheet and row."""

    def __init__(self, code: str, *, sheet: str = "", row: int | None = None, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.sheet = sheet
        self.row = row
        self.params = params

    def as_dict(self) -> dict[str, Any]:
        return {
            "sheet": clean_text(self.sheet),
            "row": self.row,
            "code": self.code,
            "params": clean_json(self.params),
        }


class CellProblem(Exception):
    """The cell does not hold what its column asks for."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def cell_error(problem: CellProblem, *, column: str, header: str, value: Any) -> dict[str, Any]:
    """The problem as it is kept with the row; sheet and row stand there already."""
    return {
        "column": column,
        "header": shown(header),
        "value": shown(value),
        "code": problem.code,
        "params": {name: _storable(item) for name, item in problem.params.items()},
    }


def shown(value: Any) -> str:
    """A value as a person sees it in a list of errors: one line, not too long."""
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 400:
        return "…"
    text = clean_text(str(value), one_line=True)
    return text if len(text) <= SHOWN_VALUE else text[:SHOWN_VALUE] + "…"


def _storable(item: Any) -> Any:
    if isinstance(item, Mapping | list | tuple):
        return clean_json(item)
    return item if isinstance(item, bool | int) and abs(item) < 2**53 else shown(item)
