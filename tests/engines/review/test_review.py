"""Assignment against brute force, totals and severity against the page, and a record that gives itself away when changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from itertools import combinations, pairwise, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronglian.engines.review import (
    Disagreement,
    RecordError,
    Review,
    ReviewRules,
    assign_reviewers,
    disagreements,
    rank_bids,
    review_total,
    verify_record,
    write_record,
)
from ronglian.engines.review.assigning import LOAD_COST
from ronglian.engines.review.exact import solve_exactly
from tests.pages import table_of
from tests.paths import REPOSITORY

RULES = ReviewRules((60, 40))
PAGE_OF_METHOD = REPOSITORY / "docs" / "explanation" / "algorithms" / "review.md"
# The worked example of that page.
PAGE = [
    Review("1", "甲", (5, 1)), Review("1", "乙", (3, 3)), Review("2", "甲", (5, 3)), Review("2", "丙", (4, 3)),
    Review("3", "乙", (3, 4)), Review("3", "丙", (5, 2)),
]  # fmt: skip


def worth(fit: Any, chosen: list[tuple[int, ...]]) -> float:
    load: dict[int, int] = {}
    found = 0.0
    for bid, reviewers in enumerate(chosen):
        for reviewer in reviewers:
            found += fit[bid, reviewer] - LOAD_COST * load.get(reviewer, 0)
            load[reviewer] = load.get(reviewer, 0) + 1
    return found


@settings(max_examples=60, deadline=None)
@given(bids=st.integers(1, 3), reviewers=st.integers(1, 4), each=st.integers(1, 2), data=st.data())
def test_the_assignment_is_the_best_there_is(
    bids: int, reviewers: int, each: int, data: st.DataObject
) -> None:
    numbers = st.lists(st.integers(0, 20), min_size=bids * reviewers, max_size=bids * reviewers)
    fit = np.array(data.draw(numbers), float).reshape(bids, reviewers) / 20
    marks = st.lists(st.booleans(), min_size=bids * reviewers, max_size=bids * reviewers)
    allowed = np.array(data.draw(marks)).reshape(bids, reviewers)
    limits = np.array(data.draw(st.lists(st.integers(0, 3), min_size=reviewers, max_size=reviewers)))
    options = [
        list(combinations([one for one in range(reviewers) if allowed[bid, one]], each))
        for bid in range(bids)
    ]
    possible = [
        list(chosen)
        for chosen in product(*options)
        if all(sum(one in row for row in chosen) <= limits[one] for one in range(reviewers))
    ]
    found = assign_reviewers(fit, allowed, limits, np.full(bids, each))
    assert found.is_possible == bool(possible)
    if possible:
        best = max(worth(fit, chosen) for chosen in possible)
        assert worth(fit, list(found.reviewers)) == pytest.approx(best, abs=1e-7)
        for bid, chosen in enumerate(found.reviewers):
            assert len(set(chosen)) == each
            assert all(allowed[bid, one] for one in chosen)


def test_the_example_of_the_page_is_assigned_so() -> None:
    fit = np.array([[1.0, 0.6, 0.2], [1.0, 0.9, 0.3]])
    allowed = np.array([[True, True, True], [True, False, True]])
    assert assign_reviewers(fit, allowed, np.array([1, 1, 1]), np.array([1, 1])).reviewers == ((1,), (0,))


def test_a_shortage_names_the_bids() -> None:
    fit, allowed = np.ones((2, 2)), np.array([[True, True], [True, False]])
    found = assign_reviewers(fit, allowed, np.array([5, 5]), np.array([2, 2]))
    assert [(each.bid, each.possible) for each in found.shortages] == [(1, 1)]
    tight = assign_reviewers(np.ones((3, 2)), np.ones((3, 2), bool), np.array([1, 1]), np.ones(3, int))
    assert (tight.shortages, tight.missing) == ((), 1)


def test_totals_are_weighted_and_exact() -> None:
    assert review_total(RULES, (4, 3)) == 7200
    assert [review_total(ReviewRules((33, 33, 34)), (one,) * 3) for one in range(6)] == [
        0,
        2000,
        4000,
        6000,
        8000,
        10000,
    ]
    for wrong in ((4,), (6, 0), (-1, 0), (2.5, 0)):
        with pytest.raises(ValueError, match="whole scores"):
            review_total(RULES, wrong)  # type: ignore[arg-type]  # what a file may say
    for weights in ((), (60, 41), (100, 0)):
        with pytest.raises(ValueError, match="add up to 100"):
            ReviewRules(weights)


def test_a_harsh_reviewer_costs_nobody_the_place() -> None:
    # 乙 takes 20 points off everything; bid b drew 乙 and is as good as a.
    reviews = [
        Review("a", "甲", (4, 4)),
        Review("b", "乙", (3, 3)),
        Review("c", "甲", (5, 5)),
        Review("c", "乙", (4, 4)),
    ]
    ranking = rank_bids(RULES, reviews, ["a", "b", "c"])
    by_bid = {one.bid: one for one in ranking.places}
    assert ranking.severity["甲"] == -ranking.severity["乙"] > 0
    assert by_bid["a"].mean - by_bid["b"].mean == 2000
    assert by_bid["a"].adjusted - by_bid["b"].adjusted == 2000 - 2 * ranking.severity["甲"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=9, max_size=9))
def test_where_everybody_reviews_everything_the_order_is_that_of_the_means(
    scores: list[tuple[int, int]],
) -> None:
    names = ["a", "b", "c"]
    reviews = [Review(names[at // 3], f"r{at % 3}", one) for at, one in enumerate(scores)]
    ranking = rank_bids(RULES, reviews, names)
    means = [one.mean for one in ranking.places]
    assert all(later <= earlier + 1 for earlier, later in pairwise(means))  # a hundredth of rounding
    assert abs(sum(ranking.severity.values())) <= 2
    assert all(abs(sum(one.parts) - one.mean) <= 2 for one in ranking.places)
    assert rank_bids(RULES, list(reversed(reviews)), names) == ranking


def test_the_worked_example_of_the_page() -> None:
    ranking = rank_bids(RULES, PAGE, ["1", "2", "3"])
    totals = {(one.bid, one.reviewer): review_total(RULES, one.scores) for one in PAGE}
    for bid, *cells in table_of(PAGE_OF_METHOD, "bid"):
        kept = next(one for one in ranking.places if one.bid == bid)
        found = [totals.get((bid, name)) for name in "甲乙丙"]
        written = ["–" if each is None else f"{each // 100}" for each in found]
        assert cells == [*written, f"{kept.mean / 100:.2f}", f"{kept.adjusted / 100:.2f}"]
    assert ranking.severity == {"甲": 400, "乙": -320, "丙": -80}


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 6), st.data())
def test_equations_are_solved_without_rounding(size: int, data: st.DataObject) -> None:
    """Positive definite: a product with its own transpose, and one more on the diagonal."""
    row = st.lists(st.integers(-9, 9), min_size=size, max_size=size)
    half = [data.draw(row) for _each in range(size)]
    matrix = [
        [
            sum(a * b for a, b in zip(one, other, strict=True)) + (at == beside)
            for beside, other in enumerate(half)
        ]
        for at, one in enumerate(half)
    ]
    right = data.draw(row)
    found = solve_exactly(matrix, right)
    for line, value in zip(matrix, right, strict=True):
        assert sum(factor * one for factor, one in zip(line, found, strict=True)) == value


def test_severity_in_whole_hundredths() -> None:
    # 甲 and 乙 lie 20 hundredths off their mean, half of which is taken; of 丙, alone with a bid, nothing is known.
    two = [Review("a", "甲", (0, 0)), Review("a", "乙", (2, 0)), Review("b", "丙", (1, 1))]
    assert rank_bids(ReviewRules((1, 99)), two, ["a", "b"]).severity == {"丙": 0, "乙": 10, "甲": -10}
    # 0, 20 and 20 hundredths on one bid: half of 13 1/3 and of 6 2/3.
    three = [Review("a", "甲", (0, 0)), Review("a", "乙", (1, 0)), Review("a", "丙", (1, 0))]
    assert rank_bids(ReviewRules((1, 99)), three, ["a"]).severity == {"甲": -7, "乙": 3, "丙": 3}


def test_ties_are_broken_by_the_published_rule() -> None:
    reviews = [Review("late", "甲", (4, 4)), Review("early", "甲", (4, 4))]
    assert [one.bid for one in rank_bids(RULES, reviews, ["early", "late"]).places] == ["early", "late"]


def test_below_the_least_score_there_is_no_place() -> None:
    rules = ReviewRules((60, 40), least=6000)
    places = rank_bids(rules, [Review("a", "甲", (5, 5)), Review("b", "甲", (1, 1))], ["a", "b"]).places
    assert [(one.bid, one.place) for one in places] == [("a", 1), ("b", None)]


def test_groups_that_share_no_bid_are_told() -> None:
    apart = [Review("a", "甲", (4, 4)), Review("b", "乙", (2, 2))]
    assert not rank_bids(RULES, apart, ["a", "b"]).is_connected
    assert rank_bids(RULES, PAGE, ["1", "2", "3"]).is_connected


def test_disagreement_is_marked() -> None:
    apart = [Review("a", "甲", (5, 5)), Review("a", "乙", (1, 5))]
    assert disagreements(RULES, apart) == [
        Disagreement("a", "totals", 4800),
        Disagreement("a", "criterion", 4, 0),
    ]
    assert disagreements(RULES, [Review("a", "甲", (4, 4)), Review("a", "乙", (3, 3))]) == []


def test_a_record_is_checked_with_nothing_but_itself() -> None:
    order = ["1", "2", "3"]
    record = write_record(RULES, ["可行", "成本"], PAGE, order, rank_bids(RULES, PAGE, order))
    record = json.loads(json.dumps(record))
    assert verify_record(record) is None
    forgeries: list[tuple[Callable[[Any], object], str]] = [
        (lambda kept: kept["reviews"][0]["scores"].__setitem__(0, 0), "ranking.places"),
        (lambda kept: kept["ranking"]["places"].reverse(), "ranking.places[0].bid"),
        (lambda kept: kept["ranking"]["places"][0].__setitem__("adjusted", 1), "ranking.places[0].adjusted"),
        (lambda kept: kept["rules"].__setitem__("weights", [40, 60]), "ranking.places"),
    ]
    for change, where in forgeries:
        forged = deepcopy(record)
        change(forged)
        found = verify_record(forged)
        assert found is not None
        assert found.where.startswith(where)
    other = verify_record({**record, "engine": "review-0"})
    assert other is not None
    assert other.where == "engine"
    for broken in ({}, {"format": "x"}, {**record, "reviews": []}, {**record, "rules": {"weights": [1]}}):
        with pytest.raises(RecordError):
            verify_record(broken)
