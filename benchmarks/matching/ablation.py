"""What each lever of the text similarity gives on judged pairs: the engine with one lever taken out at a time.

    python -m benchmarks.matching.ablation

Prints paired differences to the engine with 95 % bootstrap intervals over needs.
"""

import sys
from dataclasses import replace

import numpy as np

from benchmarks.matching.quality import DATA, SETS, difference, machine, vectors_of
from ronglian.engines.matching import DEFAULT_PARAMETERS, MatchIndex, NeedProfile
from ronglian.engines.matching import fusion as fusion_module
from ronglian.engines.matching import meaning as meaning_module
from ronglian.engines.matching.dense import DenseVectors
from ronglian.engines.matching.evaluate import Measures, Trial, engine_scorer
from ronglian.engines.matching.fusion import VIEWS, JudgedPool, learn_ranker
from ronglian.engines.matching.judged import Judged, load_judged
from ronglian.engines.matching.meaning import meaning_of
from ronglian.engines.matching.measures import ndcg_at, spearman
from ronglian.engines.matching.parameters import Parameters
from ronglian.engines.matching.pools import PoolReader

ROUNDS = 2000
LEVERS: dict[str, Parameters] = {
    "no discount for what needs share": replace(DEFAULT_PARAMETERS, need_discount=0.0),
    "the discount in full (power 1)": replace(DEFAULT_PARAMETERS, need_discount=1.0),
    "need title like its body": replace(DEFAULT_PARAMETERS, need_title_weight=1.0),
    "need title three times": replace(DEFAULT_PARAMETERS, need_title_weight=3.0),
    "no pseudo records": replace(DEFAULT_PARAMETERS, prior_records=0.0),
}
# Of the score where nothing is learned; the engine's own share of meaning is a quarter.
SHARES = (0.0, 0.1, 0.5, 1.0)
BARE = {"title alone": (True, False), "body alone": (False, True)}


def measure(name: str, judged: Judged, parameters: Parameters) -> Measures:
    """The engine with these parameters."""
    index = MatchIndex.build(judged.needs, judged.results, parameters=parameters)
    return Trial(judged, None, ROUNDS).measure(name, engine_scorer(judged, index))


def meaning(judged: Judged, vectors: DenseVectors | None) -> tuple[Measures | None, dict[str, Measures]]:
    """The engine with meaning, and the same with other shares; nothing where vectors are missing or too few."""
    if vectors is None or not vectors.enough:
        return None, {}
    index = MatchIndex.build(judged.needs, judged.results)
    index.set_meaning(meaning_of(vectors))
    trial, rows = Trial(judged, None, ROUNDS), {}
    engine = trial.measure("engine", engine_scorer(judged, index))
    kept = meaning_module.MEANING_SHARE
    for share in SHARES:
        meaning_module.MEANING_SHARE = share
        name = f"meaning {share:.0%} of the text" if share else "without meaning"
        rows[name] = trial.measure(name, engine_scorer(judged, index))
    meaning_module.MEANING_SHARE = kept
    return engine, rows


def cut(judged: Judged, title: bool, body: bool) -> Judged:
    """The same with parts of the needs alone."""
    needs = [
        NeedProfile(need.id, need.title if title else "", body=need.body if body else "")
        for need in judged.needs
    ]
    return replace(judged, needs=tuple(needs))


def trained(judged: Judged) -> dict[str, Measures]:
    """The ranker trained by folds with some of its views, where the judgements can teach one."""
    reader = PoolReader(MatchIndex.build(judged.needs, judged.results), judged)
    pools = {need: reader.pools({need: levels}) for need, levels in judged.levels.items()}
    found = {}
    for left_out in (None, "related", "distinct"):
        kept = np.array([view != left_out for view in VIEWS], dtype=np.float64)
        blind = {
            need: JudgedPool(pool.levels, pool.values * kept, pool.fold)
            for need, own in pools.items()
            for pool in own
        }
        rankers = {
            fold: learn_ranker([pool for pool in blind.values() if pool.fold != fold])
            for fold in range(fusion_module.FOLDS)
        }
        values: dict[str, dict[str, float]] = {"ndcg@10": {}, "spearman": {}}
        for need, pool in blind.items():
            scores = rankers[pool.fold].score(pool.values).tolist()
            for name, measured in (
                ("ndcg@10", ndcg_at(pool.levels, scores)),
                ("spearman", spearman(pool.levels, scores)),
            ):
                if measured is not None:
                    values[name][need] = measured
        name = "trained by folds" + ("" if left_out is None else f", without the view '{left_out}'")
        found[name] = Measures(name, {}, values)
    return found


def main() -> int:
    """Run all sets that are there."""
    if not DATA.is_dir():
        print(f"The judged data are not at {DATA}; they are not part of the project.")
        return 0
    print(machine())
    for name, (results, reported) in SETS.items():
        folder = DATA / name
        judged = load_judged(folder / "needs.jsonl", folder / results, folder / "judgements.tsv")
        measures = [each for each in reported if each != "contest"]
        engine = measure("engine", judged, DEFAULT_PARAMETERS)
        rows = {lever: measure(lever, judged, parameters) for lever, parameters in LEVERS.items()}
        rows |= {
            lever: measure(lever, cut(judged, *parts), DEFAULT_PARAMETERS) for lever, parts in BARE.items()
        }
        if "ndcg@10" in measures:
            rows |= trained(judged)
        print(f"\n## {name}")
        print("| lever | " + " | ".join(measures) + " |\n" + "|---" * (len(measures) + 1) + "|")
        for lever, found in rows.items():
            cells = [difference(engine, found, each) for each in measures]
            print(f"| {lever} | " + " | ".join(cells) + " |", flush=True)
        with_meaning, shares = meaning(judged, vectors_of(judged))
        for lever, found in shares.items():
            assert with_meaning is not None
            cells = [difference(with_meaning, found, each) for each in measures]
            print(f"| {lever} (to the engine with it) | " + " | ".join(cells) + " |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
