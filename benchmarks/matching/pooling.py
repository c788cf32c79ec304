"""Groups of needs that say the same, on the real needs of Chinese enterprises.

    python -m benchmarks.matching.pooling [--texts] [--english]

Prints every proposed group by id, with the likeness of its least alike pair and the words that all its needs share;
--texts adds the beginnings of the texts, to judge by. The data name no owners: a text that stands there twice counts
once, and texts that name the same firm first are of one voice. --english takes the topics of a public research
programme, on which nothing was tuned. Exits with 0 and a reason where the data are not there. The verdicts by hand are
in docs/explanation/pooling-judged.md.
"""

import argparse
import re
import sys
import time
from pathlib import Path

from benchmarks.matching.corpus import DATA, read_lines
from benchmarks.matching.quality import machine
from ronglian.engines.matching import NeedProfile
from ronglian.engines.matching.pooling import pool_needs

SHOWN = 400
_FIRM = re.compile(r"[\u4e00-\u9fff]{4,24}?有限(?:责任)?公司|[\u4e00-\u9fff]{4,24}?集团")


def read_distinct(folder: Path) -> tuple[list[NeedProfile], int]:
    """The needs with each text once, and how many there are in all."""
    rows = list(read_lines(folder / "needs.jsonl"))
    first: dict[tuple[str, str], NeedProfile] = {}
    for row in rows:
        key = (row["title"], row["content"])
        first.setdefault(key, NeedProfile(id=row["id"], title=row["title"], body=row["content"]))
    return list(first.values()), len(rows)


def voice_of(need: NeedProfile) -> str:
    """The firm that the text names first, or the need itself."""
    named = _FIRM.search(need.body)
    return named.group() if named else need.id


def main() -> int:
    """Print the groups."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", action="store_true", help="add the beginnings of the texts")
    parser.add_argument("--english", action="store_true", help="the topics of needs-results-en")
    arguments = parser.parse_args()
    folder = DATA / ("needs-results-en" if arguments.english else "needs-results-zh")
    if not folder.is_dir():
        print(f"The needs are not at {folder}; they are not part of the project.")
        return 0
    needs, total = read_distinct(folder)
    start = time.perf_counter()
    groups = pool_needs(needs, {each.id: voice_of(each) for each in needs})
    seconds = time.perf_counter() - start
    print(machine())
    pooled = sum(len(group.needs) for group in groups)
    print(
        f"{total} needs, {len(needs)} different texts; {len(groups)} groups of {pooled} needs; {seconds:.1f} s"
    )
    texts = {each.id: each for each in needs}
    for number, group in enumerate(groups, 1):
        print(f"\n{number}. {group.score:.3f}  {'、'.join(group.words)}")
        for need in group.needs:
            print(f"   {need[:8]} {texts[need].title}")
            if arguments.texts:
                print(f"      {texts[need].body[:SHOWN]!r}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
