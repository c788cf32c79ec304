"""The pairs of docs/explanation/matching-quality.md, section 5, with their texts, so that they can be read again.

    python -m benchmarks.matching.hand_read [CAUSE]

CAUSE is a letter, A to G; without it all are printed. Needs the judged data, which are not part of the project.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.matching.quality import DATA
from ronglian.engines.matching.judged import load_judged

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "matching-quality.md"
_CAUSE = re.compile(r"### ([A-G])\. (.+)")
_PAIR = re.compile(r"\| ([0-9a-f]{8}) \| ([0-9a-f]{8}) \| (\d) \| (\d+ of \d+) \| (.+) \|")
BODY = 300  # characters of a need that are printed


class Pair(NamedTuple):
    """A line of the page."""

    cause: str
    need: str  # the first eight digits, as the result's
    result: str
    level: int
    place: str
    note: str


def read_pairs(page: str) -> Iterator[Pair]:
    """The pairs in the order of the page."""
    cause = ""
    for line in page.splitlines():
        if heading := _CAUSE.match(line):
            cause = heading[1]
        elif pair := _PAIR.fullmatch(line):
            yield Pair(cause, pair[1], pair[2], int(pair[3]), pair[4], pair[5])


def main(wanted: str = "") -> int:
    """Print them; answers 1 where a pair of the page is not among the judged ones."""
    if not DATA.is_dir():
        print(f"The judged data are not at {DATA}; they are not part of the project.")
        return 0
    folder = DATA / "needs-results-zh"
    judged = load_judged(folder / "needs.jsonl", folder / "results.jsonl", folder / "judgements.tsv")
    needs = {need.id[:8]: need for need in judged.needs}
    results = {result.id[:8]: result for result in judged.results}
    missing = shown = 0
    for pair in read_pairs(PAGE.read_text(encoding="utf-8")):
        if wanted and pair.cause != wanted.upper():
            continue
        need, result = needs.get(pair.need), results.get(pair.result)
        level = judged.levels[need.id].get(result.id) if need and result else None
        shown += 1
        if need is None or result is None or level != pair.level:
            missing += 1
            print(
                f"{pair.cause} {pair.need} {pair.result}: not among the judged pairs with level {pair.level}"
            )
            continue
        print(f"{pair.cause} {need.id} {result.id} · level {pair.level} · place {pair.place} · {pair.note}")
        print(f"  need:   {need.title} · {need.body[:BODY]}")
        print(f"  result: {result.title} {result.body}\n")
    print(f"{shown} pairs, {missing} not found")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
