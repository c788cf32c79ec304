"""A need's metrics against a result's claims, one by one (指标比对)."""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from ronglian.engines.matching.explain import MetricRow, MetricVerdict
from ronglian.engines.matching.parameters import Parameters
from ronglian.engines.text import Comparison, Metric, char_ngrams, convert, segment, stem

_CHANGES = (Comparison.INCREASE_BY, Comparison.DECREASE_BY)
_WITHIN = (Comparison.EQUAL, Comparison.ABOUT, Comparison.BETWEEN)


class Interval(NamedTuple):
    """What a metric allows; open ends are infinite."""

    low: float
    high: float


def compare_metrics(
    needed: Sequence[Metric], claims: Sequence[Metric], parameters: Parameters
) -> tuple[MetricRow, ...]:
    """One row per metric of the need, in its order.

    Names and units decide which claim answers which metric; the pairs with the most similar names are taken
    first, and no claim answers twice.
    """
    candidates = []
    for row, metric in enumerate(needed):
        for column, claim in enumerate(claims):
            similarity = name_similarity(metric, claim)
            if similarity >= parameters.name_similarity and _is_comparable(metric, claim):
                candidates.append((-similarity, row, column))
    answers: dict[int, int] = {}
    for _similarity, row, column in sorted(candidates):
        if row not in answers and column not in answers.values():
            answers[row] = column
    return tuple(
        _judge(metric, claims[answers[row]], parameters)
        if row in answers
        else MetricRow(metric, None, "not_stated", None)
        for row, metric in enumerate(needed)
    )


def metrics_share(rows: Sequence[MetricRow], parameters: Parameters) -> float:
    """Mean over the rows: 1 for met, the unstated share for silence, a little for a near miss."""
    return math.fsum(_row_share(row, parameters) for row in rows) / len(rows)


def _row_share(row: MetricRow, parameters: Parameters) -> float:
    if row.verdict == "met":
        return 1.0
    if row.verdict == "not_stated":
        return parameters.unstated_share
    if row.ratio is None:
        return 0.0
    nearness = (row.ratio - parameters.near_miss_ratio) / (1.0 - parameters.near_miss_ratio)
    return parameters.near_miss_share * min(1.0, max(0.0, nearness))


def name_similarity(first: Metric, second: Metric) -> float:
    """Dice coefficient of the names' parts, 0..1; the better one of the native and the English name."""
    pairs = [
        (first.name, second.name),
        (first.name_en, second.name_en),
        (first.name_en, second.name),
        (first.name, second.name_en),
    ]
    return max((_dice(_parts(a), _parts(b)) for a, b in pairs if a and b), default=0.0)


def _dice(first: frozenset[str], second: frozenset[str]) -> float:
    if not first or not second:
        return 0.0
    return 2.0 * len(first & second) / (len(first) + len(second))


@lru_cache(maxsize=20_000)
def _parts(name: str) -> frozenset[str]:
    grams = {gram for gram in char_ngrams(name, 1, 2) if gram[0] >= "\u3400"}
    return frozenset(grams | {stem(word) for word in segment(name) if word[0] < "\u3400"})


def _is_comparable(needed: Metric, claim: Metric) -> bool:
    # A change can only be held against a change of the same direction.
    if (
        needed.comparison in _CHANGES or claim.comparison in _CHANGES
    ) and needed.comparison != claim.comparison:
        return False
    return convert(1.0, claim.unit, needed.unit) is not None


def _judge(needed: Metric, claim: Metric, parameters: Parameters) -> MetricRow:
    asked = _interval(needed, needed.unit, 0.0)
    given = _interval(claim, needed.unit, 0.0)
    if asked is None or given is None:
        return MetricRow(needed, claim, "not_stated", None)
    verdict, ratio = _hold(needed.comparison, asked, given, parameters)
    return MetricRow(needed, claim, verdict, None if ratio is None else round(ratio, 6))


def _interval(metric: Metric, unit: str, tolerance: float) -> Interval | None:
    ends = [None if end is None else convert(end, metric.unit, unit) for end in (metric.low, metric.high)]
    if ends == [None, None]:
        return None
    low = -math.inf if ends[0] is None else ends[0]
    # A change by "30 %" is met by more: its upper end says how far, not how far at most.
    high = math.inf if ends[1] is None or metric.comparison in _CHANGES else ends[1]
    return Interval(min(low, high) - tolerance, max(low, high) + tolerance)


def _hold(
    comparison: Comparison, asked: Interval, given: Interval, parameters: Parameters
) -> tuple[MetricVerdict, float | None]:
    """Verdict and ratio; a claim counts by its guaranteed, that is its worse end."""
    if comparison in _WITHIN:
        return _hold_within(comparison, asked, given, parameters)
    if math.isfinite(asked.low):
        return _hold_bound(asked.low, given.low, given.high, sign=1, strict=comparison is Comparison.ABOVE)
    return _hold_bound(asked.high, given.high, given.low, sign=-1, strict=comparison is Comparison.BELOW)


def _hold_bound(
    bound: float, worst: float, best: float, *, sign: int, strict: bool
) -> tuple[MetricVerdict, float | None]:
    if not math.isfinite(worst):
        # The claim is bounded on the other side only: it can contradict, but not confirm.
        return ("not_stated", None) if sign * best >= sign * bound else ("not_met", _ratio(bound, best, sign))
    # "More than 5" claimed as "5" is taken at its word only where the need does not say "more than".
    met = sign * worst > sign * bound if strict and worst == best else sign * worst >= sign * bound
    return "met" if met else "not_met", _ratio(bound, worst, sign)


def _ratio(bound: float, value: float, sign: int) -> float | None:
    top, bottom = (value, bound) if sign > 0 else (bound, value)
    if not math.isfinite(value) or bottom <= 0 or top < 0:
        return None
    return top / bottom


def _hold_within(
    comparison: Comparison, asked: Interval, given: Interval, parameters: Parameters
) -> tuple[MetricVerdict, float | None]:
    share = {Comparison.EQUAL: parameters.equal_tolerance, Comparison.ABOUT: parameters.about_tolerance}.get(
        comparison, 0.0
    )
    slack = share * max(abs(asked.low), abs(asked.high))
    inside = asked.low - slack <= given.low and given.high <= asked.high + slack
    # A device that works from -40 to 85 ℃ serves a need for -20 to 60 ℃.
    covers = comparison is Comparison.BETWEEN and given.low <= asked.low and asked.high <= given.high
    if inside or covers:
        return "met", 1.0
    if (
        given.low <= asked.high
        and asked.low <= given.high
        and not (math.isfinite(given.low) and math.isfinite(given.high))
    ):
        return "not_stated", None
    overlap = min(asked.high, given.high) - max(asked.low, given.low)
    if overlap <= 0 or asked.high == asked.low:
        return "not_met", _nearness(asked, given)
    return "not_met", overlap / (asked.high - asked.low)


def _nearness(asked: Interval, given: Interval) -> float | None:
    """How near two ranges without overlap come: the smaller of the facing ends over the larger."""
    near, far = sorted((given.low, asked.high) if given.low > asked.high else (given.high, asked.low))
    if not math.isfinite(near) or not math.isfinite(far) or near < 0 or far <= 0:
        return None
    return near / far
