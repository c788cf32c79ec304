"""What a result may be worth, by cost and by income, as a range between stated assumptions (成本法、收益法).

Told with worked tables in docs/explanation/algorithms/pricing.md. Every assumption is a `Range`: low, likely, high. The value is
monotone in each of them, so the lowest and the highest value stand at two corners, and nothing is sampled. Amounts are fen;
everything in between is an exact fraction, rounded once, at the end, half a fen upwards.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from fractions import Fraction

from ronglian.engines.money.allocation import allocate, share_of

ENGINE = "valuation-1"
MOST_YEARS = 40


class Approach(StrEnum):
    COST = "cost"
    MARKET = "market"
    INCOME = "income"


class AssumptionError(ValueError):
    """An assumption that cannot be: `name` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Range:
    """Low, likely and high, in this order."""

    low: Fraction
    likely: Fraction
    high: Fraction

    def __post_init__(self) -> None:
        if not self.low <= self.likely <= self.high:
            raise AssumptionError("order")

    @classmethod
    def of(cls, low: int | Fraction, likely: int | Fraction, high: int | Fraction) -> Range:
        return cls(Fraction(low), Fraction(likely), Fraction(high))

    @classmethod
    def exactly(cls, value: int | Fraction) -> Range:
        return cls.of(value, value, value)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table behind the likely value; the rows' `value` add up to it. `factor`: what `amount` was multiplied by."""

    name: str
    amount: int
    factor: Fraction
    value: int


@dataclass(frozen=True, slots=True)
class Move:
    """What one assumption does alone: the value with it at its low and at its high, all others likely."""

    name: str
    at_low: int
    at_high: int

    @property
    def swing(self) -> int:
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True, slots=True)
class Valued:
    """The result of one approach, in fen. `moves`: the assumption that matters most first; those without width are left out."""

    approach: Approach
    low: int
    likely: int
    high: int
    lines: tuple[Line, ...] = ()
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True)
class CostItem:
    """What it would take to make this part again: fen of its year, and the factor from that year's prices to today's."""

    name: str
    amount: Range
    index: Range


@dataclass(frozen=True, slots=True)
class CostAssumptions:
    """重置成本. `profit`: what a developer asks on top of the cost; `obsolescence`: the share that progress and market have
    taken off, 0..1."""

    items: tuple[CostItem, ...]
    profit: Range
    obsolescence: Range

    def __post_init__(self) -> None:
        if not self.items:
            raise AssumptionError("items")
        for item in self.items:
            _insist(item.amount.low >= 0 and item.index.low >= 0, "items")
        _insist(self.profit.low >= 0, "profit")
        _insist(self.obsolescence.low >= 0 and self.obsolescence.high <= 1, "obsolescence")


@dataclass(frozen=True, slots=True)
class IncomeAssumptions:
    """许可费节省或者利润分成. `base`: fen a year of what the share is taken of, in the first year of income, growing by `growth`
    a year; `share`: royalty rate or share of the profit; `success`: how likely it comes to income at all; `delay`: years until the
    first year of income begins; `years`: years of income; `protected_years`: after so many years from today nothing counts.
    """

    base: Range
    growth: Range
    share: Range
    discount: Range
    success: Range
    delay: Range
    years: Range
    protected_years: int | None = None

    def __post_init__(self) -> None:
        _insist(self.base.low >= 0, "base")
        _insist(self.growth.low >= -1, "growth")
        _insist(self.share.low >= 0 and self.share.high <= 1, "share")
        _insist(self.discount.low >= 0, "discount")
        _insist(self.success.low >= 0 and self.success.high <= 1, "success")
        for name in ("delay", "years"):
            one: Range = getattr(self, name)
            whole = all(value.denominator == 1 for value in (one.low, one.likely, one.high))
            _insist(whole and one.low >= 0 and one.high <= MOST_YEARS, name)
        _insist(self.protected_years is None or self.protected_years >= 0, "protected_years")


@dataclass(frozen=True, slots=True)
class Together:
    """What several approaches say. `common`: where all their ranges meet, None where they contradict each other; they are
    never averaged: a mean of two contradicting ranges is what neither says."""

    low: int
    high: int
    common: tuple[int, int] | None


def value_by_cost(assumed: CostAssumptions) -> Valued:
    """Σ amount × index × (1 + profit) × (1 − obsolescence)."""
    likely = _worth_by_cost(_likely(_cost_ranges(assumed)))
    factors = [
        item.index.likely * (1 + assumed.profit.likely) * (1 - assumed.obsolescence.likely)
        for item in assumed.items
    ]
    exact = [item.amount.likely * factor for item, factor in zip(assumed.items, factors, strict=True)]
    lines = [
        Line(item.name, _to_fen(item.amount.likely), factor, part)
        for item, factor, part in zip(assumed.items, factors, _parts(likely, exact), strict=True)
    ]
    return _valued(Approach.COST, _cost_ranges(assumed), {"obsolescence"}, _worth_by_cost, lines)


def value_by_income(assumed: IncomeAssumptions) -> Valued:
    """Σ over the years of income: base × (1 + growth)^(t−1) × share ÷ (1 + discount)^(delay + t), times success.

    What a year brings counts at its end.
    """
    ranges = {
        one.name: getattr(assumed, one.name) for one in fields(assumed) if one.name != "protected_years"
    }

    def worth(values: Mapping[str, Fraction]) -> Fraction:
        return sum(
            (base * factor for base, factor in _income_years(values, assumed.protected_years)), Fraction()
        )

    years = list(_income_years(_likely(ranges), assumed.protected_years))
    parts = _parts(worth(_likely(ranges)), [base * factor for base, factor in years])
    lines = [
        Line(str(number), _to_fen(base), factor, part)
        for number, ((base, factor), part) in enumerate(zip(years, parts, strict=True), 1)
    ]
    return _valued(Approach.INCOME, ranges, {"discount", "delay"}, worth, lines)


def value_by_market(quartiles: Range, adjustment: Range) -> Valued:
    """The quartiles of comparable prices, times what sets this result apart from them (1: nothing)."""
    _insist(quartiles.low >= 0, "quartiles")
    _insist(adjustment.low >= 0, "adjustment")
    ranges = {"quartiles": quartiles, "adjustment": adjustment}

    def worth(values: Mapping[str, Fraction]) -> Fraction:
        return values["quartiles"] * values["adjustment"]

    likely = _to_fen(worth(_likely(ranges)))
    lines = [Line("median", _to_fen(quartiles.likely), adjustment.likely, likely)]
    return _valued(Approach.MARKET, ranges, set(), worth, lines)


def bring_together(found: Sequence[Valued]) -> Together:
    """Where the ranges meet, and how far they reach in all. At least one approach."""
    if not found:
        raise ValueError("at least one approach")
    low, high = max(one.low for one in found), min(one.high for one in found)
    return Together(
        min(one.low for one in found), max(one.high for one in found), (low, high) if low <= high else None
    )


def _cost_ranges(assumed: CostAssumptions) -> dict[str, Range]:
    """Amounts and indices are not negative, so that their products are lowest and highest at the corners."""
    items = Range(
        sum((item.amount.low * item.index.low for item in assumed.items), Fraction()),
        sum((item.amount.likely * item.index.likely for item in assumed.items), Fraction()),
        sum((item.amount.high * item.index.high for item in assumed.items), Fraction()),
    )
    return {"items": items, "profit": assumed.profit, "obsolescence": assumed.obsolescence}


def _worth_by_cost(values: Mapping[str, Fraction]) -> Fraction:
    return values["items"] * (1 + values["profit"]) * (1 - values["obsolescence"])


def _income_years(
    values: Mapping[str, Fraction], protected_years: int | None
) -> Iterator[tuple[Fraction, Fraction]]:
    """Each year's base, and everything it is multiplied by."""
    delay, base, discount = int(values["delay"]), values["base"], 1 + values["discount"]
    for year in range(1, int(values["years"]) + 1):
        if protected_years is not None and delay + year > protected_years:
            return
        yield base, values["share"] * values["success"] / discount ** (delay + year)
        base *= 1 + values["growth"]


def _valued(
    approach: Approach,
    ranges: Mapping[str, Range],
    falling: Collection[str],
    worth: Callable[[Mapping[str, Fraction]], Fraction],
    lines: Sequence[Line],
) -> Valued:
    """Low, likely and high of a function that rises in each assumption, but falls in those of `falling`."""
    lowest = {name: one.high if name in falling else one.low for name, one in ranges.items()}
    highest = {name: one.low if name in falling else one.high for name, one in ranges.items()}
    likely = _likely(ranges)
    moves = [
        Move(
            name,
            _to_fen(worth({**likely, name: one.low})),
            _to_fen(worth({**likely, name: one.high})),
        )
        for name, one in ranges.items()
        if one.low != one.high
    ]
    return Valued(
        approach,
        _to_fen(worth(lowest)),
        _to_fen(worth(likely)),
        _to_fen(worth(highest)),
        tuple(lines),
        tuple(sorted(moves, key=lambda move: -move.swing)),
    )


def _likely(ranges: Mapping[str, Range]) -> dict[str, Fraction]:
    return {name: one.likely for name, one in ranges.items()}


def _parts(total: Fraction, exact: Sequence[Fraction]) -> tuple[int, ...]:
    """Whole fen for each row, adding up to the rounded total."""
    whole = _to_fen(total)
    return allocate(whole, exact) if whole else (0,) * len(exact)


def _to_fen(exact: Fraction) -> int:
    return share_of(1, exact)


def _insist(holds: bool, name: str) -> None:
    if not holds:
        raise AssumptionError(name)
