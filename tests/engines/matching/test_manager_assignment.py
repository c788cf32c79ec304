"""Managers to cases: equal to the optimum of another solver, within places and conflicts, fair to small firms."""

from __future__ import annotations

from math import ceil

import numpy as np
import pytest
from benchmarks.matching.manager_assignment import Task, exact, region
from hypothesis import given, settings
from hypothesis import strategies as st

from ronglian.engines.matching.manager_assignment import (
    NOBODY,
    ManagerAssignment,
    Places,
    assign_cases,
    guaranteed_places,
    stands_against,
)
from ronglian.engines.matching.manager_fit import (
    CaseToAssign,
    ManagerToAssign,
    score_fit,
    shared_terms,
)
from tests.pages import table_of
from tests.paths import REPOSITORY

PAGE = REPOSITORY / "docs" / "explanation" / "algorithms" / "assignment-to-managers.md"


def task(seed: int, cases: int, managers: int, *, most: int = 3, barred: float = 0.3) -> Task:
    """A random task with many equal worths, as real ones have."""
    random = np.random.default_rng(seed)
    worth = (
        100.0 + random.integers(0, 5, (cases, managers)) * 20.0 + random.integers(0, 300, (cases, 1)) / 100
    )
    capacity = random.integers(1, most + 3, managers)
    free = np.minimum(capacity, random.integers(0, most + 1, managers))
    allowed = random.random((cases, managers)) >= barred
    return worth, allowed, random.random(cases) < 0.5, Places(free, capacity - free, capacity)


def check(found: ManagerAssignment, given_task: Task) -> None:
    """What holds of every answer."""
    worth, allowed, small, places = given_task
    held = np.flatnonzero(found.manager_of != NOBODY)
    assert allowed[held, found.manager_of[held]].all()
    taken = np.bincount(found.manager_of[held], minlength=len(places.free))
    assert (taken <= places.free).all()
    assert found.small_held == int(small[held].sum())
    assert found.bound - found.value == pytest.approx(0.0, abs=1e-5)
    optimum = exact(worth, allowed, small, places, found.small_minimum)
    if found.small_shortfall:
        assert optimum is None
        assert exact(worth, allowed, small, places, found.small_held) is not None
        assert exact(worth, allowed, small, places, found.small_held + 1) is None
    else:
        assert optimum == pytest.approx(found.value, abs=1e-3)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 14), st.integers(1, 6))
def test_it_is_the_optimum_within_places_conflicts_and_the_guarantee(
    seed: int, cases: int, managers: int
) -> None:
    given_task = task(seed, cases, managers)
    check(assign_cases(*given_task), given_task)


def test_managers_beyond_the_first_columns_come_in_where_the_prices_say_so() -> None:
    """Everybody wants the same few, so that the optimum lies among those not looked at first."""
    random = np.random.default_rng(5)
    worth = np.round(100.0 + random.random((300, 60)) * 40, 2)
    worth[:, :20] += 50.0
    places = Places(np.full(60, 5), np.zeros(60, np.int64), np.full(60, 5))
    given_task = (worth, np.ones((300, 60), bool), random.random(300) < 0.6, places)
    found = assign_cases(*given_task)
    assert (found.manager_of >= 20).any()
    check(found, given_task)


def test_small_firms_get_their_share_though_others_fit_better() -> None:
    worth = np.array([[190.0], [180.0], [110.0], [105.0]])
    small = np.array([False, False, True, True])
    places = Places(np.array([2]), np.array([0]), np.array([2]))
    found = assign_cases(worth, np.ones((4, 1), bool), small, places)
    assert found.manager_of.tolist() == [0, NOBODY, 0, NOBODY]
    assert (found.small_minimum, found.small_held) == (1, 1)
    assert found.small_bonus > 0


@given(st.lists(st.booleans(), max_size=60), st.integers(0, 80))
def test_the_guarantee_is_the_share_of_those_who_wait(small: list[bool], free: int) -> None:
    guaranteed = guaranteed_places(np.array(small, bool), free)
    given_away = min(len(small), free)
    assert guaranteed <= sum(small)
    assert guaranteed <= given_away
    if small:
        assert guaranteed >= sum(small) / len(small) * given_away - 1e-9
        assert guaranteed == ceil(round(sum(small) * given_away / len(small), 9))


def test_without_a_place_or_a_case_nobody_is_assigned() -> None:
    none = Places(np.array([0]), np.array([3]), np.array([3]))
    found = assign_cases(np.array([[120.0]]), np.ones((1, 1), bool), np.array([True]), none)
    assert found.manager_of.tolist() == [NOBODY]
    empty = assign_cases(np.zeros((0, 1)), np.ones((0, 1), bool), np.zeros(0, bool), none)
    assert len(empty.manager_of) == 0


@pytest.mark.parametrize(
    ("worth", "free"), [([[-1.0]], 1), ([[np.nan]], 1), ([[1.0, 2.0]], 1), ([[1.0]], -1)]
)
def test_what_is_no_task_is_refused(worth: list[list[float]], free: int) -> None:
    places = Places(np.array([free]), np.array([0]), np.array([1]))
    with pytest.raises(ValueError, match=r".+"):
        assign_cases(np.array(worth), np.ones((1, 1), bool), np.array([True]), places)


def test_load_is_shared_between_equals() -> None:
    worth = np.full((4, 2), 120.0)
    places = Places(np.array([4, 4]), np.array([0, 0]), np.array([4, 4]))
    found = assign_cases(worth, np.ones((4, 2), bool), np.zeros(4, bool), places)
    assert np.bincount(found.manager_of).tolist() == [2, 2]


MANAGERS = (
    ManagerToAssign("A", "电镀废水 六价铬 治理", frozenset({"environment"}), ("3205",), capacity=1),
    ManagerToAssign(
        "B", "电机 控制", frozenset({"advanced_manufacturing"}), ("32",), capacity=2, open_cases=1
    ),
    ManagerToAssign("C", "", frozenset(), (), frozenset({"en"}), capacity=5),
)
CASES = (
    CaseToAssign("1", "电镀废水六价铬超标", "environment", "3205", is_small=True, days_waiting=45),
    CaseToAssign("2", "电机噪声", "advanced_manufacturing", "3201", days_waiting=90),
    CaseToAssign("3", "废水", "environment", "11", days_waiting=0),
)


def test_the_points_are_those_of_the_parts() -> None:
    fit = score_fit(CASES, MANAGERS)
    assert fit.total.shape == (3, 3)
    assert fit.parts["field"][:, 0].tolist() == [40.0, 0.0, 40.0]
    assert fit.parts["field"][:, 2].tolist() == [20.0] * 3
    assert fit.parts["region"].tolist() == [[20.0, 20.0, 14.0], [10.0, 20.0, 14.0], [0.0, 0.0, 14.0]]
    assert fit.parts["waiting"][:, 0].tolist() == [7.5, 15.0, 0.0]
    assert fit.parts["text"][0, 0] == 25.0
    assert fit.parts["text"][0, 1] == 0.0
    assert fit.speaks.tolist() == [[True, True, False]] * 3
    assert shared_terms(CASES[0], MANAGERS[0])[:2] == ("电镀", "废水")


def test_what_stood_against_is_said() -> None:
    fit = score_fit(CASES, MANAGERS)
    conflicts = np.zeros((3, 3), bool)
    conflicts[1, 0] = True
    places = Places(np.array([1, 1, 5]), np.array([0, 1, 0]), np.array([1, 2, 5]))
    small = np.array([each.is_small for each in CASES])
    found = assign_cases(fit.total, fit.speaks & ~conflicts, small, places)
    assert found.manager_of.tolist() == [0, 1, NOBODY]

    def against(case: int, other: int, free: Places = places) -> str:
        return stands_against(case, other, found, fit.total, conflicts, fit.speaks, free)

    assert against(0, 1) == "fits_less"
    assert against(1, 0) == "conflict"
    assert against(0, 2) == "language"
    assert against(2, 0) == "needed_elsewhere"
    assert against(2, 0, Places(np.array([0, 1, 5]), places.open_cases, places.capacity)) == "no_place"


def test_the_worked_table_of_the_page() -> None:
    """Worths of two managers with one and two places; the third column says who carries the case."""
    rows = table_of(PAGE, "case")
    worth = np.array([[float(cell) for cell in row[2:4]] for row in rows])
    small = np.array([row[1] == "yes" for row in rows])
    places = Places(np.array([1, 2]), np.array([1, 0]), np.array([2, 2]))
    found = assign_cases(worth, np.ones(worth.shape, bool), small, places)
    names = ["P" if each == 0 else "Q" if each == 1 else "–" for each in found.manager_of]
    assert names == [row[4] for row in rows]


@pytest.mark.slow
def test_five_thousand_cases_come_to_the_same_as_by_the_other_solver() -> None:
    given_task = region(5_000, 200, 4_000)
    check(assign_cases(*given_task), given_task)
