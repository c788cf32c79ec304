"""What matching everything with everything costs for each record, and how it grows.

    python -m benchmarks.matching.everything [--needs 50000] [--results 50000] [--sample 200]

Ranks a sample of stored needs and of stored results on one core, as `ronglian match --all` does. Collections come from
the seeded recipe in corpus.py.
"""

import argparse
import os
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.matching.corpus import SEED, TODAY, make_needs, make_results
from benchmarks.matching.scale import print_machine, say
from ronglian.engines.matching import MatchIndex
from ronglian.engines.matching.explain import Hit

TOPS = (20, 100)


def main() -> None:
    """Run and print."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--needs", type=int, default=50_000)
    options.add_argument("--results", type=int, default=50_000)
    options.add_argument("--sample", type=int, default=200)
    given = options.parse_args()
    print_machine()
    begin = time.process_time()
    index = MatchIndex.build(list(make_needs(given.needs)), list(make_results(given.results)))
    say("read and index, CPU", f"{time.process_time() - begin:.0f} s")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "match.index"
        index.save(path)
        say("bytes a record", f"{path.stat().st_size / (given.needs + given.results):.0f}")
        index = MatchIndex.load(path)
        chance = random.Random(SEED)
        for top in TOPS:
            needs = chance.sample(index.ids("needs"), given.sample)
            say(f"a need, top {top}, CPU", f"{measure(index.rank_need, needs, top):.2f} ms")
            results = chance.sample(index.ids("results"), given.sample)
            say(f"a result, top {top}, CPU", f"{measure(index.rank_result, results, top):.2f} ms")
    say("load at the end", " ".join(f"{each:.1f}" for each in os.getloadavg()))


def measure(rank: Callable[..., list[Hit]], ids: Sequence[str], top: int) -> float:
    """Milliseconds of CPU for each, after one to warm up."""
    rank(ids[0], today=TODAY, top=top)
    begin = time.process_time()
    for each in ids:
        rank(each, today=TODAY, top=top)
    return 1_000 * (time.process_time() - begin) / len(ids)


if __name__ == "__main__":
    main()
