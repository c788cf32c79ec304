"""A ranker learned from judged pairs: an additive, monotone sum of views (可加单调排序模型).

    score = Σ points · value        values 0..1 (views.py), points ≥ 0 with sum 100

Within each need, levels and values are taken as differences to the need's mean, since judges rank the results of one
need; then non-negative ridge regression (Lawson & Hanson 1974 on the ridge's normal equations). Needs count by the root
of the number of their judgements. Whether the sum beats the shipped ranker is decided inside the training judgements,
by folds that keep equal titles together; where it is not shown, the shipped ranker ranks: the wording alone, or wording
and meaning in fixed shares where a dense model gave vectors.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from ronglian.engines.matching.dense import MEANING_SHARE
from ronglian.engines.matching.measures import ndcg_at, spearman
from ronglian.engines.matching.views import VIEWS, VIEWS_WITH_MEANING

FloatArray = NDArray[np.float64]

FUSION_VERSION = "1"
FEWEST_NEEDS = 20  # with judgements that differ, below which nothing is learned
FEWEST_PAIRS = 5  # of a need that takes part
RIDGE = 0.3  # against values of variance 1
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)  # of what was learned, beside the shipped ranker
FOLDS = 5


@dataclass(frozen=True, slots=True)
class JudgedPool:
    """The judged results of one need: levels of shape (pairs,), values of shape (pairs, views); fold 0..FOLDS-1 (评判池)."""

    levels: Sequence[int]
    values: FloatArray
    fold: int


@dataclass(frozen=True, slots=True)
class LearnedRanker:
    """Points per view, and how they came about (学得的排序模型).

    ``share``: how much of what was learned is in the points, 0 where it is the shipped ranker. ``gain``: mean over
    needs of the change in NDCG@10 and Spearman together, held out inside the training judgements.
    """

    points: Mapping[str, float]
    share: float = 0.0
    gain: float = 0.0
    needs: int = 0
    version: str = FUSION_VERSION

    def score(self, values: FloatArray) -> FloatArray:
        """Scores 0..100; values of shape (pairs, views)."""
        return np.asarray(sum(self.parts(values).values(), np.zeros(len(values))), dtype=np.float64)

    def parts(self, values: FloatArray) -> dict[str, FloatArray]:
        """What each view brings; the parts add up to the score."""
        return {
            view: np.round(self.points[view] * values[:, place], 9)
            for place, view in enumerate(self.points)
            if self.points[view]
        }

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "version": self.version,
            "points": dict(self.points),
            "share": self.share,
            "gain": self.gain,
            "needs": self.needs,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "LearnedRanker":
        """The ranker that :meth:`to_dict` wrote; raises ValueError for another version or points that are none."""
        if values["version"] != FUSION_VERSION:
            raise ValueError(
                f"a ranker of version {values['version']!r}; this engine reads {FUSION_VERSION!r}"
            )
        points = {str(view): float(value) for view, value in values["points"].items()}
        known = tuple(points) in (VIEWS, VIEWS_WITH_MEANING)
        if not known or min(points.values()) < 0 or abs(sum(points.values()) - 100.0) > 1e-6:
            raise ValueError(
                f"points must name {VIEWS} or {VIEWS_WITH_MEANING}, be at least 0 and sum to 100, got {points}"
            )
        return cls(points, float(values["share"]), float(values["gain"]), int(values["needs"]))


WORDING_ALONE = LearnedRanker(dict(zip(VIEWS, (100.0, 0.0, 0.0), strict=True)))
WORDING_AND_MEANING = LearnedRanker(
    dict(
        zip(VIEWS_WITH_MEANING, (100.0 * (1.0 - MEANING_SHARE), 0.0, 0.0, 100.0 * MEANING_SHARE), strict=True)
    )
)


def learn_ranker(pools: Sequence[JudgedPool], shipped: LearnedRanker = WORDING_ALONE) -> LearnedRanker:
    """The ranker for these pools; the shipped one where they are too few or it is not shown to be better.

    The pools hold values of the views that the shipped ranker names, in that order.
    """
    base = np.array(list(shipped.points.values())) / 100.0
    usable = [pool for pool in pools if len(pool.levels) >= FEWEST_PAIRS and len(set(pool.levels)) > 1]
    folds = {pool.fold for pool in usable}
    if len(usable) < FEWEST_NEEDS or len(folds) < 2:
        return shipped
    quality = np.zeros((len(usable), len(SHARES)))
    for fold in sorted(folds):
        learned = _fit([pool for pool in usable if pool.fold != fold], base)
        for row, pool in enumerate(usable):
            if pool.fold == fold:
                quality[row] = [_quality(pool, _blend(base, learned, share)) for share in SHARES]
    change = quality - quality[:, :1]
    best = int(np.argmax(change.mean(axis=0)))
    error = float(change[:, best].std(ddof=1)) / len(usable) ** 0.5
    gain = float(change[:, best].mean())
    if gain <= error:  # includes the shipped ranker, whose change is 0
        return shipped
    weights = np.round(100.0 * _blend(base, _fit(usable, base), SHARES[best]), 6)
    weights[0] = round(100.0 - float(weights[1:].sum()), 6)
    points = dict(zip(shipped.points, weights.tolist(), strict=True))
    return LearnedRanker(points, SHARES[best], round(gain, 6), len(usable))


def _fit(pools: Sequence[JudgedPool], base: FloatArray) -> FloatArray:
    """Non-negative weights of the values with sum 1, the base's where none is above 0; shape (views,)."""
    values, levels = [], []
    for pool in pools:
        own = np.array(pool.levels, dtype=np.float64)
        root = len(own) ** -0.25  # squared and summed: the need counts by the root of its judgements
        values.append((pool.values - pool.values.mean(axis=0)) * root)
        levels.append((own - own.mean()) * root)
    rows, target = np.concatenate(values), np.concatenate(levels)
    spread = np.sqrt((rows**2).mean(axis=0))
    spread[spread < 1e-9] = np.inf  # a view that is the same everywhere says nothing
    scaled = rows / spread
    normal = scaled.T @ scaled / len(scaled) + RIDGE * np.eye(len(base))
    root_of = np.linalg.cholesky(normal)
    found, _ = nnls(root_of.T, np.linalg.solve(root_of, scaled.T @ target / len(scaled)))
    weights = np.asarray(found / spread, dtype=np.float64)
    total = float(weights.sum())
    return weights / total if total > 0.0 else base


def _blend(base: FloatArray, learned: FloatArray, share: float) -> FloatArray:
    return np.asarray((1.0 - share) * base + share * learned, dtype=np.float64)


def _quality(pool: JudgedPool, weights: FloatArray) -> float:
    scores = (pool.values @ weights).tolist()
    measured = ndcg_at(pool.levels, scores), spearman(pool.levels, scores)
    return sum(value for value in measured if value is not None)
