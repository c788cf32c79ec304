"""Price support: the worked tables of docs/explanation/algorithms/pricing.md, and what holds of every assumption."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronglian.engines.money import (
    Approach,
    AssumptionError,
    CostAssumptions,
    CostItem,
    IncomeAssumptions,
    Range,
    Valued,
    bring_together,
    value_by_cost,
    value_by_income,
    value_by_market,
)

PERCENT = Fraction(1, 100)
ZERO, ONE = Range.exactly(0), Range.exactly(1)


def yuan(*amounts: int) -> Range:
    return Range.of(*(amount * 100 for amount in amounts))


def percent(*rates: int) -> Range:
    return Range.of(*(rate * PERCENT for rate in rates))


COST = CostAssumptions(
    items=(
        CostItem("人工", yuan(500_000, 600_000, 700_000), percent(110, 110, 110)),
        CostItem("中试", yuan(300_000, 400_000, 500_000), percent(100, 100, 100)),
    ),
    profit=percent(10, 15, 20),
    obsolescence=percent(10, 20, 30),
)
INCOME = IncomeAssumptions(
    base=yuan(2_000_000, 3_000_000, 5_000_000),
    growth=percent(0, 10, 20),
    share=percent(2, 3, 4),
    discount=percent(15, 20, 25),
    success=percent(40, 60, 80),
    delay=Range.of(1, 1, 2),
    years=Range.of(3, 5, 8),
    protected_years=9,
)


def test_the_worked_table_of_cost() -> None:
    found = value_by_cost(COST)
    assert (found.low, found.likely, found.high) == (65_450_000, 97_520_000, 137_160_000)
    assert [(line.name, line.amount, line.factor, line.value) for line in found.lines] == [
        ("人工", 60_000_000, Fraction(253, 250), 60_720_000),
        ("中试", 40_000_000, Fraction(23, 25), 36_800_000),
    ]


def test_the_worked_table_of_income() -> None:
    found = value_by_income(INCOME)
    assert [line.value for line in found.lines] == [3_750_000, 3_437_500, 3_151_042, 2_888_455, 2_647_750]
    assert (found.low, found.likely, found.high) == (1_998_848, 15_874_747, 112_867_559)
    assert [move.name for move in found.moves] == [
        "base", "years", "share", "success", "growth", "discount", "delay",
    ]  # fmt: skip


def test_the_worked_table_of_the_market() -> None:
    found = value_by_market(yuan(300_000, 420_000, 610_000), percent(80, 100, 120))
    assert (found.low, found.likely, found.high) == (24_000_000, 42_000_000, 73_200_000)


def test_ranges_meet_or_contradict_and_are_never_averaged() -> None:
    market = value_by_market(yuan(300_000, 420_000, 610_000), percent(80, 100, 120))
    found = bring_together([value_by_cost(COST), market])
    assert (found.low, found.high, found.common) == (24_000_000, 137_160_000, (65_450_000, 73_200_000))
    apart = Valued(Approach.MARKET, 1, 2, 3)
    assert bring_together([value_by_cost(COST), apart]).common is None
    with pytest.raises(ValueError, match="at least one"):
        bring_together([])


def test_what_the_right_no_longer_protects_counts_nothing() -> None:
    assert len(value_by_income(replace(INCOME, protected_years=3)).lines) == 2
    assert value_by_income(replace(INCOME, protected_years=1)).high == 0
    endless = replace(INCOME, protected_years=None)
    assert value_by_income(endless).high >= value_by_income(INCOME).high


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"base": Range.of(-1, 0, 0)}, "base"),
        ({"growth": Range.exactly(-2)}, "growth"),
        ({"share": Range.exactly(2)}, "share"),
        ({"discount": Range.exactly(Fraction(-1, 10))}, "discount"),
        ({"success": Range.exactly(Fraction(11, 10))}, "success"),
        ({"delay": Range.exactly(Fraction(1, 2))}, "delay"),
        ({"years": Range.exactly(41)}, "years"),
        ({"protected_years": -1}, "protected_years"),
    ],
)
def test_an_assumption_that_cannot_be_is_named(changed: dict[str, Any], name: str) -> None:
    with pytest.raises(AssumptionError) as refused:
        replace(INCOME, **changed)
    assert refused.value.name == name


def test_low_stands_before_high() -> None:
    with pytest.raises(AssumptionError, match="order"):
        Range.of(2, 1, 3)
    with pytest.raises(AssumptionError, match="items"):
        replace(COST, items=())
    with pytest.raises(AssumptionError, match="obsolescence"):
        replace(COST, obsolescence=Range.of(0, 1, 2))


def ranges(least: Fraction, most: Fraction) -> st.SearchStrategy[Range]:
    one = st.fractions(least, most, max_denominator=10_000)
    return st.lists(one, min_size=3, max_size=3).map(lambda found: Range(*sorted(found)))


def whole(least: int, most: int) -> st.SearchStrategy[Range]:
    one = st.integers(least, most)
    return st.lists(one, min_size=3, max_size=3).map(lambda found: Range.of(*sorted(found)))


INCOMES = st.builds(
    IncomeAssumptions,
    base=whole(0, 10**13),
    growth=ranges(Fraction(-1), Fraction(2)),
    share=ranges(Fraction(0), Fraction(1)),
    discount=ranges(Fraction(0), Fraction(1)),
    success=ranges(Fraction(0), Fraction(1)),
    delay=whole(0, 5),
    years=whole(0, 12),
    protected_years=st.none() | st.integers(0, 20),
)
ITEMS = st.builds(CostItem, st.just("项"), whole(0, 10**12), ranges(Fraction(0), Fraction(3)))
COSTS = st.builds(
    CostAssumptions,
    items=st.lists(ITEMS, min_size=1, max_size=4).map(tuple),
    profit=ranges(Fraction(0), Fraction(1)),
    obsolescence=ranges(Fraction(0), Fraction(1)),
)


def check(found: Valued) -> None:
    """The order holds, rows add up, and one assumption alone never leaves the whole range."""
    assert 0 <= found.low <= found.likely <= found.high
    assert sum(line.value for line in found.lines) == found.likely or not found.lines
    for move in found.moves:
        assert found.low <= min(move.at_low, move.at_high) <= found.likely
        assert found.likely <= max(move.at_low, move.at_high) <= found.high
    swings = [move.swing for move in found.moves]
    assert swings == sorted(swings, reverse=True)


@given(INCOMES)
def test_every_income_keeps_its_order(assumed: IncomeAssumptions) -> None:
    check(value_by_income(assumed))


@given(COSTS)
def test_every_cost_keeps_its_order(assumed: CostAssumptions) -> None:
    check(value_by_cost(assumed))


@given(INCOMES, st.integers(2, 9))
def test_income_is_in_proportion_to_its_base(assumed: IncomeAssumptions, times: int) -> None:
    larger = replace(assumed, base=Range(*(times * one for one in (assumed.base.low, assumed.base.likely, assumed.base.high))))  # fmt: skip
    assert abs(value_by_income(larger).likely - times * value_by_income(assumed).likely) <= times


@given(
    st.integers(1, 10**9),
    st.integers(1, 20),
    st.fractions(Fraction(1, 100), Fraction(1, 2), max_denominator=100),
)
def test_without_growth_it_is_the_annuity(base: int, years: int, rate: Fraction) -> None:
    """An independent closed form: base × (1 − (1 + r)^−n) ÷ r, to the fen."""
    assumed = IncomeAssumptions(
        Range.exactly(base), ZERO, ONE, Range.exactly(rate), ONE, ZERO, Range.exactly(years)
    )
    exact = base * (1 - (1 + rate) ** -years) / rate
    found = value_by_income(assumed)
    assert found.low == found.likely == found.high
    assert abs(found.likely - exact) <= Fraction(1, 2)
    assert found.moves == ()


@given(INCOMES, st.fractions(Fraction(0), Fraction(1), max_denominator=100))
def test_a_higher_discount_never_adds(assumed: IncomeAssumptions, more: Fraction) -> None:
    was = assumed.discount
    dearer = replace(assumed, discount=Range(was.low + more, was.likely + more, was.high + more))
    assert value_by_income(dearer).likely <= value_by_income(assumed).likely
