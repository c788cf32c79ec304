"""The worked example of the page about learning is what the engine does."""

from __future__ import annotations

import pytest

from ronglian.engines.matching import DEFAULT_PARAMETERS, FACTORS
from ronglian.engines.matching.learning import DecidedPair, Lesson, learn_points
from tests.pages import table_of
from tests.paths import REPOSITORY

PAGE = REPOSITORY / "docs" / "explanation" / "algorithms" / "learning.md"
ASKED = {"text", "region", "freshness"}


def decided(need: int, result: int) -> DecidedPair:
    near = result % 2 == 0
    shares = {"text": (0.5, 0.6, 0.7)[result % 3], "region": 1.0 if near else 0.1, "freshness": 0.5}
    return DecidedPair(
        f"n{need:02d}",
        f"r{result}",
        tuple(shares.get(factor, 0.0) for factor in FACTORS),
        tuple(factor in ASKED for factor in FACTORS),
        near if (need + result) % 4 else not near,
    )


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return learn_points(
        [decided(need, result) for need in range(12) for result in range(6)], DEFAULT_PARAMETERS.points
    )


def test_the_tables_are_the_engine(lesson: Lesson) -> None:
    before = DEFAULT_PARAMETERS.points
    assert table_of(PAGE, "factor") == [
        [factor, f"{before[factor]:.2f}", f"{lesson.points[factor]:.2f}"] for factor in FACTORS
    ]
    rows = []
    for name, each in lesson.measures.items():
        assert each is not None
        change = f"{each.change.mean:.4f} [{each.change.low:.4f}, {each.change.high:.4f}]"
        rows.append([name, f"{each.before:.4f}", f"{each.after:.4f}", change])
    assert table_of(PAGE, "held out") == rows
    assert lesson.verdict == "better"


def test_the_pairs_by_hand_stand_as_the_page_says() -> None:
    points, text = DEFAULT_PARAMETERS.points, PAGE.read_text(encoding="utf-8")
    for result in (0, 5):
        pair = decided(0, result)
        asked = [at for at, is_asked in enumerate(pair.asked) if is_asked]
        whole = sum(points[FACTORS[at]] for at in asked)
        reached = sum(points[FACTORS[at]] * pair.shares[at] for at in asked) / whole
        assert f"/ {whole:g} = {reached:.4f}" in text
