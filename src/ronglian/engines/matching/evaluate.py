"""How good the engine is on judged pairs, beside plain rankers in the same run (匹配质量评测)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ronglian.engines.matching.baselines import BASELINES, Scorer, read_texts
from ronglian.engines.matching.calibrate import learn_thresholds, predict_levels
from ronglian.engines.matching.dense import MEANING_LEVELS, DenseVectors
from ronglian.engines.matching.fusion import FOLDS, WORDING_ALONE, LearnedRanker
from ronglian.engines.matching.index import MatchIndex
from ronglian.engines.matching.judged import Judged, JudgedFileError, fold_of, load_judged, load_levels
from ronglian.engines.matching.meaning import meaning_of
from ronglian.engines.matching.measures import (
    Interval,
    bootstrap_interval,
    contest_metric,
    mrr,
    ndcg_at,
    recall_at,
    reciprocal_rank,
    spearman,
)
from ronglian.engines.matching.parameters import DEFAULT_PARAMETERS, ENGINE_VERSION, Parameters
from ronglian.engines.matching.pools import PoolReader
from ronglian.engines.matching.records import NeedProfile

__all__ = [
    "Interval",
    "Judged",
    "JudgedFileError",
    "Measures",
    "Report",
    "bootstrap_interval",
    "contest_metric",
    "evaluate",
    "fold_of",
    "load_judged",
    "load_levels",
    "mrr",
    "ndcg_at",
    "recall_at",
    "reciprocal_rank",
    "spearman",
]

FloatArray = NDArray[np.float64]
ENGINE_NAME = "Ronglian"
SHIPPED_NAME = "Ronglian, shipped ranker"  # beside a learned one
WORDING_NAME = "Ronglian, wording alone"  # beside one that reads meaning as well
TRAINED_NAME = "Ronglian, trained by folds"
FEWEST_JUDGEMENTS = 10  # of a need that takes part in NDCG and Spearman
RIGHT_LEVEL = 3  # from which a result counts as a right answer, where levels differ
_ANY_DAY = date(2000, 1, 1)  # judged records have no dates


@dataclass(frozen=True, slots=True)
class Measures:
    """What one ranker reached; None where the judgements do not permit the measure (评测结果).

    ``values`` holds the single values behind each interval, by need, for paired comparisons.
    """

    name: str
    intervals: Mapping[str, Interval | None]
    values: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Report:
    """All rankers on the same needs (评测报告)."""

    engine: str
    parameters: str
    needs: int
    results: int
    pairs: int
    calibration: str  # "folds", "train" or "shipped"
    systems: tuple[Measures, ...]
    ranker: LearnedRanker | None = None  # learned from the training judgements
    model: str | None = None  # whose vectors give the view "meaning", where it was used

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "engine": self.engine,
            "parameters": self.parameters,
            "needs": self.needs,
            "results": self.results,
            "pairs": self.pairs,
            "calibration": self.calibration,
            "model": self.model,
            "ranker": None if self.ranker is None else self.ranker.to_dict(),
            "systems": [
                {
                    "name": system.name,
                    "measures": {
                        name: None
                        if each is None
                        else {"mean": each.mean, "low": each.low, "high": each.high}
                        for name, each in system.intervals.items()
                    },
                }
                for system in self.systems
            ],
        }


def evaluate(
    judged: Judged,
    *,
    train: Mapping[str, Mapping[str, int]] | None = None,
    by_folds: bool = False,
    vectors: DenseVectors | None = None,
    parameters: Parameters = DEFAULT_PARAMETERS,
    rounds: int = 2000,
    progress: Callable[[str], None] | None = None,
) -> Report:
    """Measure the engine and the baselines on judged pairs.

    With ``train`` the engine's ranker and the thresholds between levels are learned from it alone, and the shipped
    ranker stands beside. ``by_folds`` learns both from the other folds of the judgements, and the trained ranker
    stands beside, where the judgements can teach one. Otherwise everything is as the parameters have it (for the
    baselines, which have no thresholds, folds). With enough ``vectors`` of a dense model, meaning is one more view, and
    the wording alone stands beside. ``progress`` is told the name of each ranker before its turn.
    """
    trial = Trial(judged, train, rounds)
    texts = read_texts(judged.results)
    systems = []

    def heard(name: str) -> str:
        if progress is not None:
            progress(name)
        return name

    for name, maker in BASELINES.items():
        systems.append(trial.measure(heard(name), maker(texts)))
    index = MatchIndex.build(judged.needs, judged.results, parameters=parameters)
    engine = engine_scorer(judged, index)
    shipped = None if by_folds else parameters.level_thresholds
    pools = PoolReader(index, judged, vectors)
    dense = pools.shipped is not WORDING_ALONE
    if dense:
        systems.append(trial.measure(heard(WORDING_NAME), engine, shipped))
        assert vectors is not None
        index.set_meaning(meaning_of(vectors))
        shipped = None if by_folds else MEANING_LEVELS
    ranker = None
    if train is not None:
        systems.append(trial.measure(heard(SHIPPED_NAME), engine, shipped))
        heard(ENGINE_NAME)
        ranker = pools.learn(train)
        systems.append(trial.measure(ENGINE_NAME, pools.scorer(ranker) if ranker.share else engine))
    else:
        if by_folds and (trained := _train_by_folds(judged, pools, rounds)) is not None:
            systems.append(trained)
        systems.append(trial.measure(heard(ENGINE_NAME), engine, shipped))
    calibration = "train" if train is not None else "folds" if by_folds else "shipped"
    pairs = sum(len(levels) for levels in judged.levels.values())
    sizes = len(judged.levels), len(judged.results), pairs
    return Report(
        ENGINE_VERSION,
        parameters.version,
        *sizes,
        calibration,
        tuple(systems),
        ranker,
        vectors.model if dense and vectors else None,
    )


def _train_by_folds(judged: Judged, pools: PoolReader, rounds: int) -> Measures | None:
    """The ranker of each fold learned from the others; None where none of them learned anything."""
    folds = {need.id: fold_of(need) for need in judged.needs}
    values: dict[str, dict[str, float]] = {}
    learned = False
    for fold in sorted({folds[need] for need in judged.levels}):
        own = {need: levels for need, levels in judged.levels.items() if folds[need] == fold}
        others = {need: levels for need, levels in judged.levels.items() if folds[need] != fold}
        ranker = pools.learn(others)
        learned = learned or ranker.share > 0.0
        if not others:
            continue
        part = Trial(replace(judged, levels=own), others, rounds)
        for measure, by_need in part.values(pools.scorer(ranker), None).items():
            values.setdefault(measure, {}).update(by_need)
    return Trial(judged, None, rounds).summarise(TRAINED_NAME, values) if learned else None


def engine_scorer(judged: Judged, index: MatchIndex) -> Scorer:
    """The engine as a ranker of the whole collection; what it does not list scores 0."""
    places = {result.id: place for place, result in enumerate(judged.results)}

    def score(need: NeedProfile) -> FloatArray:
        scores = np.zeros(len(places))
        for hit in index.rank_need(need.id, today=_ANY_DAY, top=len(places)):
            scores[places[hit.id]] = hit.score
        return scores

    return score


@dataclass(frozen=True, slots=True)
class Trial:
    """Judged pairs, and those to learn thresholds from, on which rankers are measured (评测)."""

    judged: Judged
    train: Mapping[str, Mapping[str, int]] | None
    rounds: int

    def measure(
        self, name: str, score: Scorer, shipped: tuple[float, float, float] | None = None
    ) -> Measures:
        """All measures of one ranker, with intervals."""
        return self.summarise(name, self.values(score, shipped))

    def values(
        self, score: Scorer, shipped: tuple[float, float, float] | None
    ) -> dict[str, dict[str, float]]:
        """All measures of one ranker, by need."""
        wanted = {**self.judged.levels, **(self.train or {})}
        scores = {need.id: score(need) for need in self.judged.needs if need.id in wanted}
        values = _pool_values(self.judged, scores) | _collection_values(self.judged, scores)
        levels = {level for each in (self.train or self.judged.levels).values() for level in each.values()}
        values["contest"] = _level_errors(self.judged, scores, self.train, shipped) if len(levels) > 1 else {}
        return values

    def summarise(self, name: str, values: Mapping[str, Mapping[str, float]]) -> Measures:
        """Means with intervals over needs; the contest metric weighs every pair the same."""
        intervals = {
            measure: bootstrap_interval(list(by_need.values()), rounds=self.rounds) if by_need else None
            for measure, by_need in values.items()
        }
        if values["contest"]:
            intervals["contest"] = bootstrap_interval(
                list(values["contest"].values()),
                weights=[len(self.judged.levels[need]) for need in values["contest"]],
                rounds=self.rounds,
                statistic=lambda error: 1.0 / (1.0 + error),
            )
        return Measures(name, intervals, values)


def _pool(levels: Mapping[str, int], scores: FloatArray, places: Mapping[str, int]) -> list[float]:
    return [float(scores[places[result]]) for result in levels]


def _pool_values(judged: Judged, scores: Mapping[str, FloatArray]) -> dict[str, dict[str, float]]:
    """NDCG@10 and Spearman inside the judged pools that are large enough."""
    places = {result.id: place for place, result in enumerate(judged.results)}
    values: dict[str, dict[str, float]] = {"ndcg@10": {}, "spearman": {}}
    for need, levels in judged.levels.items():
        if len(levels) < FEWEST_JUDGEMENTS:
            continue
        own = _pool(levels, scores[need], places)
        ranked = ndcg_at(list(levels.values()), own)
        correlated = spearman(list(levels.values()), own)
        if ranked is not None:
            values["ndcg@10"][need] = ranked
        if correlated is not None:
            values["spearman"][need] = correlated
    return values


def _collection_values(judged: Judged, scores: Mapping[str, FloatArray]) -> dict[str, dict[str, float]]:
    """Reciprocal rank and recall over the whole collection; what nobody judged counts as wrong."""
    ids = [result.id for result in judged.results]
    by_id = np.array(sorted(range(len(ids)), key=ids.__getitem__), dtype=np.int64)
    least = (
        RIGHT_LEVEL if any(level > 1 for levels in judged.levels.values() for level in levels.values()) else 1
    )
    values: dict[str, dict[str, float]] = {"mrr": {}, "recall@10": {}, "recall@100": {}}
    for need, levels in judged.levels.items():
        right = {result for result, level in levels.items() if level >= least}
        if not right:
            continue
        order = by_id[np.argsort(-scores[need][by_id], kind="stable")]
        ranking = [ids[place] for place in order.tolist()]
        values["mrr"][need] = reciprocal_rank(ranking, right)
        values["recall@10"][need] = recall_at(ranking, right, 10)
        values["recall@100"][need] = recall_at(ranking, right, 100)
    return values


def _level_errors(
    judged: Judged,
    scores: Mapping[str, FloatArray],
    train: Mapping[str, Mapping[str, int]] | None,
    shipped: tuple[float, float, float] | None,
) -> dict[str, float]:
    """Mean absolute error of the predicted levels, by need."""
    places = {result.id: place for place, result in enumerate(judged.results)}
    folds = {need.id: fold_of(need) for need in judged.needs}

    def learn(source: Mapping[str, Mapping[str, int]], left_out: int | None) -> tuple[float, float, float]:
        pairs = [
            (score, level)
            for need, levels in source.items()
            if folds[need] != left_out
            for score, level in zip(_pool(levels, scores[need], places), levels.values(), strict=True)
        ]
        return learn_thresholds([score for score, _ in pairs], [level for _, level in pairs])

    if train is not None:
        thresholds = dict.fromkeys(range(FOLDS), learn(train, None))
    elif shipped is not None:
        thresholds = dict.fromkeys(range(FOLDS), shipped)
    else:
        present = sorted({folds[need] for need in judged.levels})
        thresholds = {fold: learn(judged.levels, fold if len(present) > 1 else None) for fold in present}
    errors = {}
    for need, levels in judged.levels.items():
        predicted = predict_levels(_pool(levels, scores[need], places), thresholds[folds[need]])
        errors[need] = float(np.mean(np.abs(np.array(predicted) - np.array(list(levels.values())))))
    return errors
