"""The metrics, each computed exactly and rounded once: the same file earns the same score on every machine.

Scores are whole millionths, rounded half to even. Sources of the definitions: docs/explanation/algorithms/scoring.md.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, localcontext
from fractions import Fraction
from math import isqrt
from typing import Any, Literal

MILLION = 1_000_000
# Numbers have 10 digits before and 400 after the point at most: a sum of squares of 100,000 of them needs 830 digits.
EXACT = Context(prec=1_000, traps=[Inexact])
Reads = Literal["classes", "numbers", "binary"]
Values = Mapping[str, Any]
"""What stands beside each key: a text for classes, a Decimal for numbers; the truth of a binary metric is 0 or 1."""


class MetricError(ValueError):
    """The metric is not defined for these rows."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric. `reads` says what the cells have to be; `compute` takes pairs of truth and answer."""

    id: str
    reads: Reads
    higher_is_better: bool
    compute: Callable[[Sequence[tuple[Any, Any]]], int]


def compute_score(metric: str, answers: Values, submission: Values) -> int:
    """The score over the keys of `answers`, in millionths. Raises MetricError where the metric is not defined."""
    if not answers:
        raise MetricError("there are no rows")
    return METRICS[metric].compute([(truth, submission[key]) for key, truth in answers.items()])


def format_score(millionths: int) -> str:
    """The score as a decimal number with six decimals."""
    whole, rest = divmod(abs(millionths), MILLION)
    return f"{'-' if millionths < 0 else ''}{whole}.{rest:06d}"


def _accuracy(pairs: Sequence[tuple[str, str]]) -> int:
    return _rounded(Fraction(sum(truth == answer for truth, answer in pairs), len(pairs)))


def _macro_f1(pairs: Sequence[tuple[str, str]]) -> int:
    """The plain mean of F1 = 2 TP / (2 TP + FP + FN) over the classes that occur as truth or as answer."""
    hits = Counter(truth for truth, answer in pairs if truth == answer)
    occurs = Counter(truth for truth, _answer in pairs) + Counter(answer for _truth, answer in pairs)
    by_denominator: defaultdict[int, int] = defaultdict(int)
    for label, count in occurs.items():  # count is 2 TP + FP + FN
        by_denominator[count] += 2 * hits[label]
    total = sum((Fraction(top, bottom) for bottom, top in by_denominator.items()), Fraction(0))
    return _rounded(total / len(occurs))


def _mae(pairs: Sequence[tuple[Decimal, Decimal]]) -> int:
    with localcontext(EXACT):
        total = sum((abs(truth - answer) for truth, answer in pairs), Decimal(0))
    return _rounded(Fraction(total) / len(pairs))


def _rmse(pairs: Sequence[tuple[Decimal, Decimal]]) -> int:
    with localcontext(EXACT):
        total = sum(((truth - answer) * (truth - answer) for truth, answer in pairs), Decimal(0))
    return _rounded_root(Fraction(total) / len(pairs))


def _auc(pairs: Sequence[tuple[int, Decimal]]) -> int:
    """The share of pairs (one of class 1, one of class 0) in which class 1 has the larger number; equal ones count half."""
    by_number: defaultdict[Decimal, list[int]] = defaultdict(lambda: [0, 0])
    for truth, answer in pairs:
        by_number[answer][truth] += 1
    below = doubled = positives = 0
    for number in sorted(by_number):
        of_zero, of_one = by_number[number]
        doubled += of_one * (2 * below + of_zero)
        below += of_zero
        positives += of_one
    if not below or not positives:
        raise MetricError("one class alone")
    return _rounded(Fraction(doubled, 2 * below * positives))


def _rounded(value: Fraction) -> int:
    return round(value * MILLION)  # of a Fraction: exact, half to even


def _rounded_root(square: Fraction) -> int:
    """The root in millionths, rounded half to even, without ever computing it inexactly."""
    scaled = square * MILLION**2
    root = isqrt(scaled.numerator // scaled.denominator)
    half = Fraction(2 * root + 1, 2) ** 2
    return root + (scaled > half or (scaled == half and root % 2 == 1))


METRICS: Mapping[str, Metric] = {
    metric.id: metric
    for metric in (
        Metric("accuracy", "classes", True, _accuracy),
        Metric("macro_f1", "classes", True, _macro_f1),
        Metric("rmse", "numbers", False, _rmse),
        Metric("mae", "numbers", False, _mae),
        Metric("auc", "binary", True, _auc),
    )
}
