"""Aggregates of what others agreed on: the worked table, who may be told, and what cannot be read out of them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronglian.engines.money import Aggregate, Comparable, aggregate, quantile, round_to_digits

FEWEST = 5
# Provider 1 concluded many cheap licences: its own median is one voice.
PRICES = [(1, 100_000), (1, 120_000), (1, 140_000), (2, 305_000), (3, 418_000), (4, 422_000), (5, 613_000), (6, 900_000)]  # fmt: skip


def rows(prices: list[tuple[int, int]] = PRICES) -> list[Comparable]:
    return [Comparable(price * 100, provider, 100 + place) for place, (provider, price) in enumerate(prices)]


def test_the_worked_table() -> None:
    assert aggregate(rows(), fewest=FEWEST) == Aggregate(8, 6, 8, 33_000_000, 42_000_000, 57_000_000)


def test_fewer_than_five_on_either_side_say_nothing() -> None:
    providers = [row for row in rows() if row.provider <= FEWEST - 1]
    assert aggregate(providers, fewest=FEWEST) is None
    one_payer = [Comparable(row.amount, row.provider, 100) for row in rows()]
    assert aggregate(one_payer, fewest=FEWEST) is None
    assert aggregate([], fewest=0) is None


def test_who_concludes_many_does_not_become_the_aggregate() -> None:
    many = rows([(1, 1)] * 500 + PRICES[3:])
    few = rows([(1, 1), *PRICES[3:]])
    told = [aggregate(found, fewest=FEWEST) for found in (many, few)]
    assert told[0] is not None
    assert told[1] is not None
    assert (told[0].lower, told[0].median, told[0].upper) == (told[1].lower, told[1].median, told[1].upper)


COMPARABLES = st.lists(
    st.builds(Comparable, st.integers(0, 10**12), st.integers(1, 8), st.integers(100, 108)), max_size=30
)


@given(COMPARABLES)
def test_the_order_of_contracts_says_nothing(found: list[Comparable]) -> None:
    mixed = sorted(found, key=lambda row: (row.payer, -row.amount))
    assert aggregate(mixed, fewest=FEWEST) == aggregate(found, fewest=FEWEST)


@given(COMPARABLES)
def test_no_amount_keeps_more_than_two_digits(found: list[Comparable]) -> None:
    told = aggregate(found, fewest=FEWEST)
    if told is None:
        assert min(len({row.provider for row in found}), len({row.payer for row in found})) < FEWEST
        return
    assert told.lower <= told.median <= told.upper
    for amount in (told.lower, told.median, told.upper):
        assert len(str(amount).rstrip("0")) <= 2


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=20))
def test_quantiles_stay_between_the_values(values: list[int]) -> None:
    places = [Fraction(place, 10) for place in range(11)]
    found = [quantile(values, place) for place in places]
    assert found == sorted(found)
    assert (found[0], found[-1]) == (Fraction(min(values)), Fraction(max(values)))


@pytest.mark.parametrize(
    ("value", "rounded"), [(0, 0), (7, 7), (99, 99), (994, 990), (995, 1000), (418_500, 420_000), (10, 10)]
)
def test_two_digits(value: int, rounded: int) -> None:
    assert round_to_digits(Fraction(value), 2) == rounded


def test_what_cannot_be_asked() -> None:
    with pytest.raises(ValueError, match="quantile"):
        quantile([], Fraction(1, 2))
    with pytest.raises(ValueError, match="not negative"):
        round_to_digits(Fraction(-1), 2)
