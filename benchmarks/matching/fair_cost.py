"""What the fair order costs on judged pairs, at its bounds.

    python -m benchmarks.matching.fair_cost

The judged results have no owners. So a share of them is called small by chance, and lifted by as much as the bound
permits, which is more than a measurement would ask for; and popular results are held back where the cap asks for it in
the lists of all judged needs. Prints paired differences in NDCG@10 with 95 % bootstrap intervals over needs.
"""

import random
import sys
from collections.abc import Mapping
from datetime import date

from benchmarks.matching.quality import DATA, machine, vectors_of
from ronglian.engines.matching import MatchIndex
from ronglian.engines.matching.evaluate import bootstrap_interval, load_judged
from ronglian.engines.matching.fairness import DEFAULT_FAIRNESS, Candidate, Listed, find_crowded, reorder
from ronglian.engines.matching.judged import Judged
from ronglian.engines.matching.meaning import meaning_of
from ronglian.engines.matching.measures import ndcg_at

DAY = date(2000, 1, 1)
SMALL_SHARES = (0.1, 0.3, 0.5)
DRAWS = 20
FEWEST = 10  # judgements of a need


def pool_ndcg(
    levels: Mapping[str, int],
    scores: Mapping[str, float],
    small: set[str],
    lift: float,
    least: Mapping[str, float],
) -> float | None:
    """NDCG@10 of a need's judged pool in its fair order."""
    candidates = [Candidate(result, scores.get(result, 0.0), result in small, False) for result in levels]
    placed = reorder(candidates, lift=lift, least_scores=least)
    places = {each.id: float(-each.place) for each in placed}
    return ndcg_at(list(levels.values()), [places[result] for result in levels])


def main() -> int:
    """The Chinese set, if it is there."""
    if not DATA.is_dir():
        print(f"The judged data are not at {DATA}; they are not part of the project.")
        return 0
    folder = DATA / "needs-results-zh"
    judged = load_judged(folder / "needs.jsonl", folder / "results.jsonl", folder / "judgements.tsv")
    index = MatchIndex.build(judged.needs, judged.results)
    vectors = vectors_of(judged)
    index.set_meaning(None if vectors is None else meaning_of(vectors))
    print(f"{machine()}; parameters {index.version}")
    scores = {
        need: {hit.id: hit.score for hit in index.rank_need(need, today=DAY, top=len(judged.results))}
        for need, levels in judged.levels.items()
        if len(levels) >= FEWEST
    }
    print("| what is done | NDCG@10 | moved |\n|---|---|---|")
    for share in SMALL_SHARES:
        report(f"lift of {DEFAULT_FAIRNESS.most_points:g} points for {share:.0%}", judged, scores, share, {})
    lists = {
        need: [Listed(result, score, result, False) for result, score in list(found.items())[:20]]
        for need, found in scores.items()
    }
    crowding = find_crowded(lists, len(judged.results))
    print(f"cap {crowding.cap}: {len(crowding.least_scores)} popular results")
    report("cap on popular results", judged, scores, 0.0, crowding.least_scores)
    return 0


def report(
    name: str,
    judged: Judged,
    scores: Mapping[str, Mapping[str, float]],
    share: float,
    least: Mapping[str, float],
) -> None:
    """A row: the mean over the draws for each need."""
    ids = [result.id for result in judged.results]
    changes: dict[str, list[float]] = {}
    moved = 0
    for draw in range(DRAWS if share else 1):
        small = set(random.Random(draw).sample(ids, round(share * len(ids))))
        for need, found in scores.items():
            levels = judged.levels[need]
            before = pool_ndcg(levels, found, set(), 0.0, {})
            after = pool_ndcg(levels, found, small, DEFAULT_FAIRNESS.most_points if small else 0.0, least)
            if before is not None and after is not None:
                changes.setdefault(need, []).append(after - before)
                moved += after != before
    interval = bootstrap_interval([sum(each) / len(each) for each in changes.values()])
    total = sum(map(len, changes.values()))
    print(
        f"| {name} | {interval.mean:+.4f} [{interval.low:+.4f}, {interval.high:+.4f}] | {moved / total:.0%} |"
    )


if __name__ == "__main__":
    sys.exit(main())
