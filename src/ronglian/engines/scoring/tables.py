"""Reading answers and result files: CSV in UTF-8, each row once, and errors that say where and what would be right."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from ronglian.engines.scoring.metrics import METRICS
from ronglian.engines.scoring.splitting import FEWEST_ROWS

LARGEST_FILE = 5 * 1024 * 1024
MOST_ROWS = 100_000
LONGEST_CELL = 200
SHOWN = 40
LARGEST_NUMBER = Decimal(10**9)
MOST_DECIMALS = 400
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")


def gettext_noop(text: str) -> str:
    """Mark a text for the catalogue; whoever shows the error translates it."""
    return text


class TableError(ValueError):
    """A file was refused. `text` is a sentence with named gaps in English, `values` fills them; `line` counts from 1."""

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text.format(**values))
        self.text, self.values = text, values

    @property
    def line(self) -> int | None:
        found = self.values.get("line")
        return found if isinstance(found, int) else None


def read_answers(data: bytes, *, metric: str, key_column: str, value_column: str) -> dict[str, Any]:
    """The truth by row key. Raises TableError."""
    is_binary = METRICS[metric].reads == "binary"
    found = _read(data, key_column, value_column, _truth if is_binary else _reader_of(metric))
    if len(found) < FEWEST_ROWS:
        raise TableError(
            gettext_noop("The file has {rows} rows. A hidden test set has {fewest} at least."),
            rows=len(found),
            fewest=FEWEST_ROWS,
        )
    return {key: value for key, (value, _line) in found.items()}


def read_submission(
    data: bytes, *, metric: str, key_column: str, value_column: str, keys: Iterable[str]
) -> dict[str, Any]:
    """What was handed in by row key: every key of the test set once, and no other. Raises TableError.

    Whatever is said follows from the file and the keys alone, never from the answers.
    """
    wanted = set(keys)
    found = _read(data, key_column, value_column, _reader_of(metric))
    for key, (_value, line) in found.items():
        if key not in wanted:
            raise TableError(
                gettext_noop(
                    "Line {line}, column {column}: the test set has no row {cell}. Take the rows of the template."
                ),
                line=line,
                column=_short(key_column),
                cell=_short(key),
            )
    if missing := sorted(wanted - set(found)):
        raise TableError(
            gettext_noop(
                "Column {column}: rows are missing ({count} of {rows}), the first is {cell}. Each row of the template has a line."
            ),
            column=_short(key_column),
            count=len(missing),
            rows=len(wanted),
            cell=_short(missing[0]),
        )
    return {key: value for key, (value, _line) in found.items()}


def write_template(keys: Iterable[str], key_column: str, value_column: str) -> str:
    """A result file with every row key and nothing beside it; sorted, so that their order tells nothing."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow([key_column, value_column])
    lines.writerows([key, ""] for key in sorted(keys))
    return text.getvalue()


def _reader_of(metric: str) -> Any:
    return _text if METRICS[metric].reads == "classes" else _number


def _read(data: bytes, key_column: str, value_column: str, read: Any) -> dict[str, tuple[Any, int]]:
    """Value and line by key."""
    rows = _rows(decode_file(data))
    _line, names = next(rows, (1, []))
    names = [name.strip() for name in names]
    at_key, at_value = (_place(names, column) for column in (key_column, value_column))
    found: dict[str, tuple[Any, int]] = {}
    for line, cells in rows:
        if len(cells) != len(names):
            raise TableError(
                gettext_noop(
                    "Line {line}: the number of cells is {cells}, and that of the first line is {columns}. Write one cell for each column."
                ),
                line=line,
                cells=len(cells),
                columns=len(names),
            )
        key = _text(cells[at_key], line, key_column)
        if key in found:
            raise TableError(
                gettext_noop(
                    "Line {line}, column {column}: {cell} stands in line {first} already. Each row has one line."
                ),
                line=line,
                column=_short(key_column),
                cell=_short(key),
                first=found[key][1],
            )
        if len(found) == MOST_ROWS:
            raise TableError(
                gettext_noop("Line {line}: a file has {most} rows at most."), line=line, most=MOST_ROWS
            )
        found[key] = read(cells[at_value], line, value_column), line
    return found


def decode_file(data: bytes) -> str:
    """The text of a file in UTF-8. Raises TableError where it is none, or too large."""
    if len(data) > LARGEST_FILE:
        raise TableError(
            gettext_noop("The file is too large. {most} MB are taken."), most=LARGEST_FILE // 1024**2
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise TableError(
            gettext_noop("Line {line}: this is not UTF-8. Save the file as “CSV UTF-8”."), line=line
        ) from error


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise TableError(
                gettext_noop(
                    "Line {line}: this is no CSV. A quotation mark opens a cell and closes it; inside it is written twice."
                ),
                line=line,
            ) from error
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1


def _place(names: list[str], column: str) -> int:
    if names.count(column) == 1:
        return names.index(column)
    shown = ", ".join(_short(name) for name in names[:10]) or "–"
    raise TableError(
        gettext_noop(
            "Line {line}: the first line names the columns, and {column} stands there once. Found are: {found}."
        ),
        line=1,
        column=_short(column),
        found=shown,
    )


def _text(cell: str, line: int, column: str) -> str:
    text = cell.strip()
    if text and len(text) <= LONGEST_CELL and text.isprintable():
        return text
    raise TableError(
        gettext_noop(
            "Line {line}, column {column}: the cell is empty, longer than {most} characters, or has a sign that cannot be seen."
        ),
        line=line,
        column=_short(column),
        most=LONGEST_CELL,
    )


def _number(cell: str, line: int, column: str) -> Decimal:
    text = _text(cell, line, column)
    if not _NUMBER.fullmatch(text):
        raise TableError(
            gettext_noop(
                "Line {line}, column {column}: {cell} is no number. Right would be 0.25 or 1e-3; NaN and infinity are not taken."
            ),
            line=line,
            column=_short(column),
            cell=_short(text),
        )
    number = Decimal(text)
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)  # it is finite
    if (
        exponent >= -MOST_DECIMALS
        and (not number or number.adjusted() <= 9)
        and abs(number) <= LARGEST_NUMBER
    ):
        return number
    raise TableError(
        gettext_noop(
            "Line {line}, column {column}: {cell} is out of bounds. Numbers are −1e9 to 1e9, with {most} decimals at most."
        ),
        line=line,
        column=_short(column),
        cell=_short(text),
        most=MOST_DECIMALS,
    )


def _truth(cell: str, line: int, column: str) -> int:
    text = _text(cell, line, column)
    if text in ("0", "1"):
        return int(text)
    raise TableError(
        gettext_noop(
            "Line {line}, column {column}: {cell} is neither 0 nor 1, the two classes of this metric."
        ),
        line=line,
        column=_short(column),
        cell=_short(text),
    )


def _short(text: str) -> str:
    """A piece of the file, in quotation marks and not long."""
    kept = "".join(each if each.isprintable() else "�" for each in text)
    return f"“{kept[:SHOWN]}…”" if len(kept) > SHOWN else f"“{kept}”"
