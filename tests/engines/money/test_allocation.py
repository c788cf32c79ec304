"""Shares that add up."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronglian.engines.money import allocate, share_of

weights = st.lists(st.integers(0, 10**6) | st.fractions(0, 100), min_size=1, max_size=12).filter(any)


def test_the_worked_table() -> None:
    assert allocate(10_000, [1, 1, 1]) == (3_334, 3_333, 3_333)


@given(st.integers(0, 10**15), weights)
def test_parts_add_up_and_none_is_a_fen_away(total: int, given_weights: list[int | Fraction]) -> None:
    parts = allocate(total, given_weights)
    whole = sum(map(Fraction, given_weights))
    assert sum(parts) == total
    assert all(
        abs(part - total * Fraction(one) / whole) < 1 for part, one in zip(parts, given_weights, strict=True)
    )


@given(st.integers(0, 10**12), weights)
def test_who_weighs_more_gets_no_less(total: int, given_weights: list[int | Fraction]) -> None:
    parts = allocate(total, sorted(given_weights, reverse=True))
    assert list(parts) == sorted(parts, reverse=True)


@pytest.mark.parametrize(
    ("total", "given_weights"), [(1.0, [1]), (True, [1]), (1, [0.5]), (1, [True]), ("1", [1])]
)
def test_what_is_not_exact_is_refused(total: object, given_weights: list[object]) -> None:
    with pytest.raises(TypeError):
        allocate(total, given_weights)  # type: ignore[arg-type]


@pytest.mark.parametrize(("total", "given_weights"), [(-1, [1]), (1, [-1, 3]), (1, []), (1, [0, 0])])
def test_what_cannot_be_divided_is_refused(total: int, given_weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weight"):
        allocate(total, given_weights)


def test_half_a_fen_goes_up() -> None:
    assert [share_of(amount, Fraction(1, 200)) for amount in (99, 100, 101, 300)] == [0, 1, 1, 2]
    with pytest.raises(TypeError):
        share_of(100, 0.005)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="negative"):
        share_of(100, Fraction(-1, 2))
