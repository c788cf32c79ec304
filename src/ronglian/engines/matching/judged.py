"""Needs, results and judged levels, as files have them (评测数据)."""

import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from ronglian.engines.matching.fusion import FOLDS
from ronglian.engines.matching.records import NeedProfile, ResultProfile
from ronglian.engines.text import normalise


class JudgedFileError(ValueError):
    """A file of needs, results or judgements is not what it should be; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Needs, results and levels per need and result (评测数据)."""

    needs: tuple[NeedProfile, ...]
    results: tuple[ResultProfile, ...]
    levels: Mapping[str, Mapping[str, int]]


def load_judged(needs: Path, results: Path, judgements: Path) -> Judged:
    """Read needs, results and judgements (tab-separated, with a header line). Raises OSError and JudgedFileError."""
    need_rows, result_rows = load_needs(needs), load_results(results)
    known = {need.id for need in need_rows}, {result.id for result in result_rows}
    return Judged(tuple(need_rows), tuple(result_rows), load_levels(judgements, *known))


def load_needs(path: Path) -> list[NeedProfile]:
    """Needs of a file of JSON lines (.gz too) with id, title and content. Raises OSError and JudgedFileError."""
    return [
        NeedProfile(str(row["id"]), row.get("title") or "", body=row.get("content") or "")
        for row in _json_lines(path)
    ]


def load_results(path: Path) -> list[ResultProfile]:
    """The same for results; one without title is given its ``title_tokens`` joined by blanks."""
    return [
        ResultProfile(
            str(row["id"]),
            row.get("title") or " ".join(row.get("title_tokens") or ()),
            body=row.get("content") or "",
        )
        for row in _json_lines(path)
    ]


def load_levels(path: Path, needs: Iterable[str], results: Iterable[str]) -> dict[str, dict[str, int]]:
    """Levels per need and result; raises JudgedFileError for a bad line or an id that is not among the records."""
    known_needs, known_results = set(needs), set(results)
    levels: dict[str, dict[str, int]] = {}
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            cells = line.rstrip("\r\n").split("\t")
            if number == 1 or cells == [""]:
                continue
            if len(cells) != 3 or not cells[2].isdecimal():
                raise JudgedFileError(f"{path}:{number}: expected need, result and level separated by tabs")
            need, result, level = cells
            if need not in known_needs or result not in known_results:
                missing = need if need not in known_needs else result
                raise JudgedFileError(f"{path}:{number}: {missing!r} is not among the records")
            levels.setdefault(need, {})[result] = int(level)
    return levels


def _json_lines(path: Path) -> list[dict[str, Any]]:
    content = path.read_bytes()
    if content.startswith(b"\x1f\x8b"):
        content = gzip.decompress(content)
    rows = []
    for number, line in enumerate(content.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise JudgedFileError(f"{path}:{number}: not JSON ({error})") from error
        if not isinstance(row, dict) or "id" not in row:
            raise JudgedFileError(f"{path}:{number}: expected an object with an id")
        rows.append(row)
    return rows


def fold_of(need: NeedProfile, folds: int = FOLDS) -> int:
    """The fold of a need; needs with the same title always share one."""
    digest = blake2b(normalise(need.title).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") % folds
