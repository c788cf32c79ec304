"""Whole points add up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ronglian.web.presenters.scores import whole_points


@given(st.lists(st.floats(min_value=0, max_value=60, allow_nan=False), max_size=8))
def test_whole_points_add_up_and_stay_near(values: list[float]) -> None:
    wholes = whole_points(values)
    assert sum(wholes) == round(sum(values))
    assert all(abs(whole - value) <= 1 for whole, value in zip(wholes, values, strict=True))


def test_largest_remainders_are_rounded_up() -> None:
    assert whole_points([41.6, 18.3, 10.1]) == [42, 18, 10]
    assert whole_points([0.5, 0.5, 0.5]) == [1, 1, 0]
