"""How good the engine is on judged pairs, beside plain rankers in the same run (匹配质量评测)."""

import gzip
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ronglian.engines.matching.baselines import BASELINES, Scorer, read_texts
from ronglian.engines.matching.calibrate import learn_thresholds, predict_levels
from ronglian.engines.matching.index import MatchIndex
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
from ronglian.engines.matching.records import NeedProfile, ResultProfile
from ronglian.engines.text import normalise

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
FOLDS = 5
FEWEST_JUDGEMENTS = 10  # of a need that takes part in NDCG and Spearman
RIGHT_LEVEL = 3  # from which a result counts as a right answer, where levels differ
_ANY_DAY = date(2000, 1, 1)  # judged records have no dates


class JudgedFileError(ValueError):
    """A file of needs, results or judgements is not what it should be; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Needs, results and levels per need and result (评测数据)."""

    needs: tuple[NeedProfile, ...]
    results: tuple[ResultProfile, ...]
    levels: Mapping[str, Mapping[str, int]]


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

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "engine": self.engine,
            "parameters": self.parameters,
            "needs": self.needs,
            "results": self.results,
            "pairs": self.pairs,
            "calibration": self.calibration,
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


def load_judged(needs: Path, results: Path, judgements: Path) -> Judged:
    """Read needs and results (JSON lines, .gz too) and judgements (tab-separated, with a header line).

    A result without title is given its ``title_tokens`` joined by blanks. Raises OSError and JudgedFileError.
    """
    need_rows = [
        NeedProfile(str(row["id"]), row.get("title") or "", body=row.get("content") or "")
        for row in _json_lines(needs)
    ]
    result_rows = [
        ResultProfile(
            str(row["id"]),
            row.get("title") or " ".join(row.get("title_tokens") or ()),
            body=row.get("content") or "",
        )
        for row in _json_lines(results)
    ]
    known = {need.id for need in need_rows}, {result.id for result in result_rows}
    return Judged(tuple(need_rows), tuple(result_rows), load_levels(judgements, *known))


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


def evaluate(
    judged: Judged,
    *,
    train: Mapping[str, Mapping[str, int]] | None = None,
    by_folds: bool = False,
    parameters: Parameters = DEFAULT_PARAMETERS,
    rounds: int = 2000,
    progress: Callable[[str], None] | None = None,
) -> Report:
    """Measure the engine and the baselines on judged pairs.

    The thresholds between levels are learned from ``train`` only, or, ``by_folds``, from the other folds of the
    judgements; otherwise those of the parameters are used (for the baselines, which have none, folds).
    ``progress`` is told the name of each ranker before its turn.
    """
    wanted = {**judged.levels, **(train or {})}
    needs = [need for need in judged.needs if need.id in wanted]
    texts = read_texts(judged.results)
    makers: dict[str, Callable[[], Scorer]] = {
        name: partial(maker, texts) for name, maker in BASELINES.items()
    }
    makers[ENGINE_NAME] = partial(engine_scorer, judged, parameters)
    systems = []
    for name, make in makers.items():
        if progress is not None:
            progress(name)
        score = make()
        scores = {need.id: score(need) for need in needs}
        shipped = None if by_folds or name != ENGINE_NAME else parameters.level_thresholds
        systems.append(_measure(name, judged, scores, train, shipped, rounds))
    calibration = "train" if train is not None else "folds" if by_folds else "shipped"
    pairs = sum(len(levels) for levels in judged.levels.values())
    sizes = len(judged.levels), len(judged.results), pairs
    return Report(ENGINE_VERSION, parameters.version, *sizes, calibration, tuple(systems))


def engine_scorer(judged: Judged, parameters: Parameters) -> Scorer:
    """The engine as a ranker of the whole collection; what it does not list scores 0."""
    index = MatchIndex.build(judged.needs, judged.results, parameters=parameters)
    places = {result.id: place for place, result in enumerate(judged.results)}

    def score(need: NeedProfile) -> FloatArray:
        scores = np.zeros(len(places))
        for hit in index.rank_need(need.id, today=_ANY_DAY, top=len(places)):
            scores[places[hit.id]] = hit.score
        return scores

    return score


def _measure(
    name: str,
    judged: Judged,
    scores: Mapping[str, FloatArray],
    train: Mapping[str, Mapping[str, int]] | None,
    shipped: tuple[float, float, float] | None,
    rounds: int,
) -> Measures:
    values = _pool_values(judged, scores) | _collection_values(judged, scores)
    intervals = {
        measure: bootstrap_interval(list(by_need.values()), rounds=rounds) if by_need else None
        for measure, by_need in values.items()
    }
    graded = len({level for levels in judged.levels.values() for level in levels.values()}) > 1
    values["contest"] = _level_errors(judged, scores, train, shipped) if graded else {}
    intervals["contest"] = None
    if values["contest"]:
        intervals["contest"] = bootstrap_interval(
            list(values["contest"].values()),
            weights=[len(judged.levels[need]) for need in values["contest"]],
            rounds=rounds,
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
