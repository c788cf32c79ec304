"""What others agreed on, told only as an aggregate that names nobody (可比合同的汇总).

Told with a worked table in docs/explanation/algorithms/pricing.md. An aggregate stands where at least so many organisations
stand on either side; each provider has one voice, its own median, so that who concludes many contracts does not become the
aggregate; the quartiles are rounded to two digits, for an exact quartile of few is somebody's exact price.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

DIGITS = 2
QUARTERS = 4


@dataclass(frozen=True, slots=True)
class Comparable:
    """One agreed amount (fen, or a rate), who provides and who pays; organisations by any whole numbers."""

    amount: int
    provider: int
    payer: int


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Quartiles of the providers' medians, rounded; of how many contracts and organisations."""

    contracts: int
    providers: int
    payers: int
    lower: int
    median: int
    upper: int


def aggregate(found: Iterable[Comparable], *, fewest: int) -> Aggregate | None:
    """None where fewer than `fewest` organisations stand on either side."""
    rows = list(found)
    own: dict[int, list[int]] = {}
    for row in rows:
        own.setdefault(row.provider, []).append(row.amount)
    payers = {row.payer for row in rows}
    if min(len(own), len(payers)) < fewest or not rows:
        return None
    medians = [quantile(amounts, Fraction(2, QUARTERS)) for amounts in own.values()]
    lower, median, upper = (
        round_to_digits(quantile(medians, Fraction(place, QUARTERS)), DIGITS) for place in (1, 2, 3)
    )
    return Aggregate(len(rows), len(own), len(payers), lower, median, upper)


def quantile(values: Sequence[int | Fraction], place: Fraction) -> Fraction:
    """Exactly, by straight lines between the sorted values (Hyndman and Fan 1996, type 7)."""
    if not values or not 0 <= place <= 1:
        raise ValueError("a quantile has values, and a place between 0 and 1")
    ordered = sorted(Fraction(value) for value in values)
    at = place * (len(ordered) - 1)
    below = at.numerator // at.denominator
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (at - below) * (ordered[above] - ordered[below])


def round_to_digits(value: Fraction, digits: int) -> int:
    """So many significant digits, half upwards; below 10^digits to a whole number."""
    if value < 0 or digits < 1:
        raise ValueError("a value is not negative and keeps at least one digit")
    unit: int = 10 ** max(len(str(value.numerator // value.denominator)) - digits, 0)
    scaled = value / unit
    return (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator) * unit
