"""Reading text files: CSV in the encodings and with the separators that occur, and JSON Lines."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from ronglian.apps.registry.imports.formats import LARGEST_UNPACKED, MIB, detect_encoding
from ronglian.apps.registry.imports.problems import CellProblem, FileProblem

SEPARATORS = (",", ";", "\t")
LONGEST_LINE = 1_000_000
MOST_KEYS = 500


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table (`cells`) or one object (`values`), or the problem that kept it from being read."""

    sheet: str
    row: int
    cells: Sequence[Any] = ()
    values: Mapping[str, Any] | None = None
    problem: CellProblem | None = None


def read_csv_lines(path: Path) -> Generator[Line, None, None]:
    """The rows of a CSV file; `row` counts as a spreadsheet does, a quoted line break not starting a new one."""
    encoding = detect_encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        start = file.read(16_384)
        file.seek(0)
        reader = csv.reader(file, delimiter=_separator(start), strict=True)
        row = 0
        while True:
            row += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise FileProblem(_csv_problem(error), row=row, line=reader.line_num) from error
            yield Line("", row, cells)


def _csv_problem(error: csv.Error) -> str:
    text = str(error)
    if "field larger" in text:
        return "quote_or_cell_too_long"
    return "stray_line_end" if "new-line" in text else "unbalanced_quotes"


def _separator(start: str) -> str:
    """The separator that splits most of the first lines alike, of equals into most cells; else the comma."""
    lines = [line for line in start.splitlines()[:10] if line.strip()]
    best, best_score = ",", (0, 0)
    for separator in SEPARATORS:
        counts = Counter(cells for line in lines if (cells := _cells(line, separator)) > 1)
        score = max(((alike, cells) for cells, alike in counts.items()), default=(0, 0))
        if score > best_score:
            best, best_score = separator, score
    return best


def _cells(line: str, separator: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=separator)))
    except (csv.Error, StopIteration):
        return line.count(separator) + 1


def read_json_lines(path: Path, *, packed: bool) -> Generator[Line, None, None]:
    """One object for each line. A line that is none is a row with its problem; the others are still read."""
    with _open_binary(path, packed=packed) as file:
        encoding = "utf-8" if packed else detect_encoding(path)
        text = io.TextIOWrapper(file, encoding=encoding, errors="strict", newline="\n")
        row = read = 0
        while True:
            row += 1
            try:
                line = text.readline(LONGEST_LINE + 1)
            except (EOFError, OSError, zlib.error) as error:
                raise FileProblem("damaged_archive", row=row) from error
            except UnicodeDecodeError as error:
                raise FileProblem("encoding", row=row) from error
            if not line:
                return
            read += len(line)
            if len(line) > LONGEST_LINE:
                raise FileProblem("line_too_long", row=row, limit=LONGEST_LINE)
            if read > LARGEST_UNPACKED:
                raise FileProblem(
                    "unpacks_too_large", row=row, megabytes=read // MIB, limit=LARGEST_UNPACKED // MIB
                )
            if line.strip("\ufeff \t\r\n"):
                yield _object(row, line.lstrip("\ufeff"))


def _open_binary(path: Path, *, packed: bool) -> IO[bytes]:
    opened = gzip.open(path, "rb") if packed else path.open("rb")  # noqa: SIM115 - the caller's with closes it
    return cast(IO[bytes], opened)


def _object(row: int, text: str) -> Line:
    try:
        value = json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_constant)
    except CellProblem as problem:
        return Line("", row, problem=problem)
    except json.JSONDecodeError as error:
        return Line("", row, problem=CellProblem("broken_json", position=error.colno))
    except RecursionError:
        return Line("", row, problem=CellProblem("too_deep"))
    except ValueError:  # more digits than Python turns into a number
        return Line("", row, problem=CellProblem("number_too_large"))
    if not isinstance(value, dict):
        return Line("", row, problem=CellProblem("not_an_object"))
    if len(value) > MOST_KEYS:
        return Line("", row, problem=CellProblem("too_many_cells", count=len(value), limit=MOST_KEYS))
    return Line("", row, values=value)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise CellProblem("key_twice", key=twice)
    return values


def _no_constant(name: str) -> Any:
    raise CellProblem("not_json_number", constant=name)
