"""Shares with intervals, and waiting times that do not forget who still waits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronglian.engines.matching.outcomes import Wait, waiting_quantile, wilson_interval


def test_wilson_by_the_textbook() -> None:
    found = wilson_interval(8, 10)
    assert (found.mean, found.low, found.high) == pytest.approx((0.8, 0.4902, 0.9433), abs=1e-4)
    assert wilson_interval(0, 20).low == 0.0
    assert wilson_interval(20, 20).high == 1.0
    for successes, trials in ((0, 0), (3, 2), (-1, 4)):
        with pytest.raises(ValueError, match="successes"):
            wilson_interval(successes, trials)


@given(st.integers(1, 5000), st.data())
def test_wilson_holds_the_share_and_stays_a_share(trials: int, data: st.DataObject) -> None:
    found = wilson_interval(data.draw(st.integers(0, trials)), trials)
    assert 0.0 <= found.low <= found.mean <= found.high <= 1.0


def test_those_who_still_wait_count() -> None:
    answered = [Wait(1, True), Wait(2, True), Wait(3, True), Wait(4, True)]
    assert waiting_quantile(answered, 0.5) == 2
    assert waiting_quantile(answered, 0.9) == 4
    assert waiting_quantile([*answered, *[Wait(30, False)] * 4], 0.5) == 4
    assert waiting_quantile([*answered, *[Wait(30, False)] * 5], 0.5) is None
    # One who has waited a single day says little about the fourth.
    assert waiting_quantile([*answered, Wait(0.5, False)], 0.5) == 2
    assert waiting_quantile([], 0.5) is None


@given(st.lists(st.builds(Wait, st.integers(0, 50).map(float), st.booleans()), max_size=30))
def test_a_later_quantile_is_never_earlier(waits: list[Wait]) -> None:
    half, most = waiting_quantile(waits, 0.5), waiting_quantile(waits, 0.9)
    assert most is None or (half is not None and half <= most)
