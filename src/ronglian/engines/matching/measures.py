"""Measures of a ranking against judgements: pure functions (评测指标).

Levels: 1 unrelated, 2 weakly, 3 fairly, 4 strongly related.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def ndcg_at(levels: Sequence[int], scores: Sequence[float], depth: int = 10) -> float | None:
    """Normalised discounted cumulative gain with gain 2^(level-1) - 1; None where nothing is relevant.

    ``levels`` and ``scores`` belong to the judged results of one need. Ties share their places: each gets the
    mean gain of its tie, so that the order of the input does not matter.
    """
    gains = 2.0 ** (np.array(levels, dtype=np.float64) - 1.0) - 1.0
    size = min(depth, len(gains))
    discounts = 1.0 / np.log2(np.arange(2, len(gains) + 2))
    discounts[size:] = 0.0
    best = float(np.sort(gains)[::-1] @ discounts)
    if best <= 0.0:
        return None
    return float(_mean_over_ties(gains, scores) @ discounts) / best


def _mean_over_ties(gains: FloatArray, scores: Sequence[float]) -> FloatArray:
    values = np.array(scores, dtype=np.float64)
    order = np.argsort(-values, kind="stable")
    _, tie = np.unique(-values[order], return_inverse=True)
    sums = np.bincount(tie, weights=gains[order])
    return np.asarray((sums / np.bincount(tie))[tie])


def spearman(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Rank correlation with mean ranks for ties; None where one side is constant."""
    ranks = [_mean_ranks(np.array(values, dtype=np.float64)) for values in (first, second)]
    if any(np.ptp(rank) == 0 for rank in ranks):
        return None
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def _mean_ranks(values: FloatArray) -> FloatArray:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray((ends - (counts - 1) / 2.0)[inverse])


def reciprocal_rank(ranking: Sequence[str], right: Iterable[str]) -> float:
    """1 / place of the first right answer in the ranking, 0 where none is in it."""
    wanted = set(right)
    return next((1.0 / place for place, record in enumerate(ranking, start=1) if record in wanted), 0.0)


def mrr(rankings: Mapping[str, Sequence[str]], right: Mapping[str, Iterable[str]]) -> float:
    """Mean reciprocal rank over the needs of ``right``."""
    return math.fsum(
        reciprocal_rank(rankings.get(need, ()), answers) for need, answers in right.items()
    ) / len(right)


def recall_at(ranking: Sequence[str], right: Iterable[str], depth: int) -> float:
    """Share of the right answers among the first ``depth``."""
    wanted = set(right)
    return len(wanted & set(ranking[:depth])) / len(wanted)


def contest_metric(levels: Sequence[int], predictions: Sequence[float]) -> float:
    """1 / (1 + mean absolute error) of predicted levels."""
    errors = np.abs(np.array(levels, dtype=np.float64) - np.array(predictions, dtype=np.float64))
    return 1.0 / (1.0 + float(errors.mean()))


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with the ends of its bootstrap interval (均值与置信区间)."""

    mean: float
    low: float
    high: float


def bootstrap_interval(
    values: Sequence[float],
    *,
    weights: Sequence[float] | None = None,
    seed: int = 0,
    rounds: int = 2000,
    level: float = 0.95,
    statistic: Callable[[FloatArray], FloatArray] | None = None,
) -> Interval:
    """Percentile interval of the (weighted) mean over needs, drawn with replacement.

    For a pair of systems pass the differences of their values. ``statistic`` turns means of shape (rounds,)
    into what is reported, such as an error into 1 / (1 + error). Raises ValueError for no values.
    """
    if not values:
        raise ValueError("an interval needs at least one value")
    data = np.array(values, dtype=np.float64)
    shares = np.ones(len(data)) if weights is None else np.array(weights, dtype=np.float64)
    picks = np.random.default_rng(seed).integers(0, len(data), size=(rounds, len(data)))
    change = statistic or (lambda means: means)
    drawn = change((data * shares)[picks].sum(axis=1) / shares[picks].sum(axis=1))
    low, high = np.quantile(drawn, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    mean = change(np.array([(data * shares).sum() / shares.sum()]))
    return Interval(float(mean[0]), float(low), float(high))
