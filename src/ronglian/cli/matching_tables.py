"""The files that `ronglian match --all` leaves: CSV for a spreadsheet, JSON Lines for a program."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from gettext import gettext as _
from pathlib import Path
from typing import Any, TextIO

from ronglian.apps.matching.queries.everything import CatalogueRow
from ronglian.apps.registry.exports import guard
from ronglian.cli.language import current_language
from ronglian.engines.matching.batch import ROLES, Ranked, read_ranked
from ronglian.engines.matching.similarity import Role

PAIRS_FILE, LEFT_OUT_FILE, SUMMARY_FILE = "proposals.csv", "left-out.csv", "proposals.json"
DIGITS = 4  # of a score: beyond them the order of additions shows, and nobody reads them
Titles = Mapping[Role, Mapping[str, str]]


def titles_of(rows: Iterable[CatalogueRow]) -> dict[Role, dict[str, str]]:
    """By side and id, in the language of the command line where there is a title in it."""
    english = current_language() == "en"
    titles: dict[Role, dict[str, str]] = {role: {} for role in ROLES}
    for row in rows:
        pair = (row.title_en, row.title) if english else (row.title, row.title_en)
        titles["needs" if row.side == "needs" else "results"][row.id] = pair[0] or pair[1]
    return titles


def matches_file(folder: Path, role: Role) -> Path:
    """Where the matches of a side are, as JSON Lines."""
    return folder / f"matches-of-{role}.jsonl"


def write_matches(chunks: Path, folder: Path, titles: Titles) -> None:
    """Both sides as JSON Lines (a record a line) and CSV (a pair a line), each file whole or not at all."""
    for role in ROLES:
        path = matches_file(folder, role)
        with written_whole(path) as lines, written_whole(path.with_suffix(".csv"), mark=True) as table:
            rows = csv.writer(table)
            rows.writerow(_headers(role))
            for ranked in read_ranked(chunks):
                if ranked.role == role:
                    lines.write(json.dumps(_as_json(ranked, titles), ensure_ascii=False) + "\n")
                    rows.writerows(_as_rows(ranked, titles))


@contextmanager
def written_whole(path: Path, *, mark: bool = False) -> Iterator[TextIO]:
    """A text file that takes the name only when it is complete; `mark` tells Excel that it is UTF-8."""
    draft = path.with_name(f".{path.name}.part")
    try:
        with draft.open("w", encoding="utf-8-sig" if mark else "utf-8", newline="") as file:
            yield file
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def guarded(values: Sequence[Any]) -> list[str]:
    """A row of a CSV file: texts that a spreadsheet would run as a formula are marked as texts."""
    return [guard(value) if isinstance(value, str) else str(value) for value in values]


def _headers(role: Role) -> list[str]:
    need, result = [_("need"), _("title of the need")], [_("result"), _("title of the result")]
    first, second = (need, result) if role == "needs" else (result, need)
    return [*first, _("place"), *second, _("score")]


def _as_json(ranked: Ranked, titles: Titles) -> dict[str, Any]:
    other: Role = "results" if ranked.role == "needs" else "needs"
    return {
        "id": ranked.id,
        "title": titles[ranked.role].get(ranked.id, ""),
        "matches": [
            {"id": hit.id, "title": titles[other].get(hit.id, ""), "score": round(hit.score, DIGITS)}
            for hit in ranked.hits
        ],
    }


def _as_rows(ranked: Ranked, titles: Titles) -> Iterator[list[str]]:
    other: Role = "results" if ranked.role == "needs" else "needs"
    title = titles[ranked.role].get(ranked.id, "")
    for place, hit in enumerate(ranked.hits, 1):
        score = round(hit.score, DIGITS)
        yield guarded([ranked.id, title, place, hit.id, titles[other].get(hit.id, ""), score])
