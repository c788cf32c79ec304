"""From factor shares to points, scores and an order (打分与排序)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ronglian.engines.matching import factors
from ronglian.engines.matching.columns import HARD_BITS, Columns
from ronglian.engines.matching.factors import FactorScores
from ronglian.engines.matching.parameters import FACTORS, Parameters

FloatArray = NDArray[np.float64]
DECIMALS = 6  # of points and scores


def score_factors(
    need: Columns, result: Columns, similarity: FloatArray, today: int, parameters: Parameters
) -> dict[str, FactorScores]:
    """Shares of all factors of all pairs, in the order of FACTORS.

    Metrics stand at the unstated share until their rows are compared.
    """
    always = np.ones(len(similarity), dtype=bool)
    text = FactorScores(factors.score_text(similarity, parameters), always, always)
    facts = {name: score_fact(name, need, result, today, parameters) for name in FACTORS if name != "text"}
    return {"text": text, **facts}


_BY_FACTS = {
    "field": factors.score_field,
    "maturity": factors.score_maturity,
    "region": factors.score_region,
    "budget": factors.score_budget,
    "mode": factors.score_mode,
}


def score_fact(
    factor: str, need: Columns, result: Columns, today: int, parameters: Parameters
) -> FactorScores:
    """Shares of one factor that is not the text. Metrics stand at the unstated share until their rows are compared."""
    if factor == "freshness":
        return factors.score_freshness(need, result, today, parameters)
    if factor == "metrics":
        asked, known = np.broadcast_arrays(need.metrics > 0, result.metrics > 0)
        return FactorScores(np.full(asked.shape, parameters.unstated_share), asked.copy(), known.copy())
    return _BY_FACTS[factor](need, result, parameters)


def maxima(shares: dict[str, FactorScores], parameters: Parameters) -> dict[str, FloatArray]:
    """Maximum points per factor and pair: those of the factors that the need states, scaled up to sum to 100."""
    asked = {factor: shares[factor].asked * parameters.points[factor] for factor in FACTORS}
    total = sum(asked.values(), np.zeros(1))
    return {factor: asked[factor] * 100.0 / total for factor in FACTORS}


def total_scores(shares: dict[str, FactorScores], limits: dict[str, FloatArray]) -> FloatArray:
    """Scores 0..100 of all pairs, rounded as the parts of an explanation are."""
    return sum((np.round(shares[factor].share * limits[factor], DECIMALS) for factor in FACTORS), np.zeros(1))


@dataclass(frozen=True, slots=True)
class MetricJudgement:
    """What comparing the metrics of one pair gave: share 0..1 and whether a stated value misses (指标结论)."""

    share: float
    missed: bool


def best_rows(
    need: Columns,
    shares: dict[str, FactorScores],
    eligible: NDArray[np.bool_],
    judge: Callable[[int], MetricJudgement],
    *,
    top: int,
    keep_excluded: bool,
    parameters: Parameters,
) -> list[tuple[int, float]]:
    """Rows with scores that belong to the best ``top``, ties with the last included.

    ``judge`` compares the metrics of one row. It is asked only for rows that could still reach the top, and
    for at most ``metric_candidates`` of them, best bounds first.
    """
    limits = maxima(shares, parameters)
    scores = total_scores(shares, limits)
    silent = np.round(shares["metrics"].share * limits["metrics"], DECIMALS)
    compared = eligible & shares["metrics"].asked & shares["metrics"].known
    strict = np.broadcast_to((need.hard & HARD_BITS["metrics"]) != 0, scores.shape) & (not keep_excluded)
    lowest = np.where(compared, np.where(strict, -np.inf, scores - silent), scores)
    bounds = np.where(compared, scores - silent + limits["metrics"], scores)
    lowest, bounds = np.where(eligible, lowest, -np.inf), np.where(eligible, bounds, -np.inf)
    needed = _kth_best(lowest, top)
    candidates = np.flatnonzero(compared & (bounds >= needed))
    candidates = candidates[np.argsort(-bounds[candidates], kind="stable")][: parameters.metric_candidates]
    final = np.where(compared, -np.inf, bounds)
    for row in candidates.tolist():
        judged = judge(row)
        if judged.missed and strict[row]:
            continue
        final[row] = scores[row] - silent[row] + np.round(judged.share * limits["metrics"][row], DECIMALS)
    final = np.asarray(np.round(final, DECIMALS), dtype=np.float64)
    rows = np.flatnonzero((final >= _kth_best(final, top)) & np.isfinite(final))
    return list(zip(rows.tolist(), final[rows].tolist(), strict=True))


def _kth_best(values: FloatArray, count: int) -> float:
    if count >= len(values):
        return -np.inf
    return float(np.partition(values, len(values) - count)[len(values) - count])
