"""Learning from decisions: finds what people care about, stays near where little was said, proves itself held out."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronglian.engines.matching import DEFAULT_PARAMETERS, FACTORS
from ronglian.engines.matching.learning import (
    FARTHEST,
    DecidedPair,
    TooLittleToLearn,
    learn_points,
)

POINTS = DEFAULT_PARAMETERS.points
ALL = (True,) * len(FACTORS)


def decided(
    number: int, *, cares_for: dict[str, float], seed: int = 0, noise: float = 0.1
) -> list[DecidedPair]:
    """Decisions of somebody who confirms when the weighted shares are high, five to a need."""
    chance = Random(seed)
    rows = []
    for at in range(number):
        shares = tuple(round(chance.random(), 3) for _ in FACTORS)
        liked = sum(cares_for.get(factor, 0.0) * share for factor, share in zip(FACTORS, shares, strict=True))
        confirmed = (liked > 0.5 * sum(cares_for.values())) != (chance.random() < noise)
        rows.append(DecidedPair(f"need-{at // 5}", f"result-{at}", shares, ALL, confirmed))
    return rows


def test_points_move_to_what_people_care_for_and_it_holds_on_decisions_not_seen() -> None:
    lesson = learn_points(decided(1000, cares_for={"region": 1.0, "metrics": 1.0}), POINTS)
    assert lesson.points["region"] > 1.5 * POINTS["region"]
    assert lesson.points["metrics"] > 1.5 * POINTS["metrics"]
    assert lesson.points["text"] < POINTS["text"]
    assert lesson.verdict == "better"
    auc, loss = lesson.measures["auc"], lesson.measures["log_loss"]
    assert auc is not None
    assert loss is not None
    assert auc.after > auc.before
    assert auc.change.low > 0
    assert loss.change.low <= loss.change.mean <= loss.change.high < 0
    assert lesson.to_dict()["measures"]["log_loss"]["after"] == round(loss.after, 4)


def test_decisions_at_random_teach_nothing() -> None:
    lesson = learn_points(decided(300, cares_for={"text": 1.0}, noise=0.5), POINTS)
    assert lesson.verdict != "better"
    assert all(abs(lesson.points[factor] - POINTS[factor]) < 0.3 * POINTS[factor] for factor in FACTORS)


def test_few_decisions_move_the_points_less_than_many() -> None:
    few, many = (
        learn_points(decided(number, cares_for={"region": 1.0}), POINTS).points["region"]
        for number in (60, 600)
    )
    assert POINTS["region"] < few < many


@pytest.mark.parametrize(
    ("rows", "shortage"),
    [
        (decided(49, cares_for={"text": 1.0}), "decisions"),
        ([row for row in decided(400, cares_for={"text": 1.0}) if row.confirmed], "declined"),
        ([row for row in decided(400, cares_for={"text": 1.0}) if not row.confirmed], "confirmed"),
        (
            [
                DecidedPair("one", row.result, row.shares, ALL, row.confirmed)
                for row in decided(200, cares_for={"text": 1.0})
            ],
            "needs",
        ),
    ],
)
def test_too_little_is_refused_with_what_is_missing(rows: list[DecidedPair], shortage: str) -> None:
    with pytest.raises(TooLittleToLearn) as error:
        learn_points(rows, POINTS)
    assert error.value.shortage == shortage
    assert error.value.found < error.value.needed


def test_a_pair_with_other_factors_is_refused() -> None:
    rows = [*decided(60, cares_for={"text": 1.0}), DecidedPair("x", "y", (1.0,), (True,), True)]
    with pytest.raises(ValueError, match="x and y"):
        learn_points(rows, POINTS)


def test_the_order_of_the_decisions_changes_nothing() -> None:
    rows = decided(100, cares_for={"budget": 1.0})
    assert learn_points(rows, POINTS) == learn_points(rows[::-1], POINTS)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(FACTORS), st.floats(0.0, 0.4))
def test_points_stay_points(seed: int, factor: str, noise: float) -> None:
    rows = decided(60, cares_for={factor: 1.0}, seed=seed, noise=noise)
    try:
        points = learn_points(rows, POINTS).points
    except TooLittleToLearn:
        return
    assert tuple(points) == FACTORS
    assert sum(points.values()) == pytest.approx(100.0, abs=1e-9)
    assert all(value > 0 for value in points.values())
    widest = 2 * FARTHEST  # one factor doubled, another halved
    for one in FACTORS:
        for other in FACTORS:
            ratio = (points[one] / POINTS[one]) / (points[other] / POINTS[other])
            assert ratio <= 2.718281828**widest * 1.02
