"""The assignment: within the rules, near the optimum, the same for the same input."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronglian.engines.matching.assign import Candidates, Minimum, assign, stable_assignment
from ronglian.engines.matching.auction import lower_prices, upper_bound

GAP = 0.001
Pairs = dict[tuple[int, int], float]


def candidates_of(needs: int, results: int, pairs: Pairs, **more: set[tuple[int, int]]) -> Candidates:
    rows, columns = [need for need, _ in pairs], [result for _, result in pairs]
    return Candidates.of(needs, results, rows, columns, list(pairs.values()), **more)


@st.composite
def problems(draw: st.DrawFn) -> tuple[int, int, Pairs, list[int], list[int]]:
    """Up to four needs and four results, ten pairs at most."""
    needs, results = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    pair = st.tuples(st.integers(0, needs - 1), st.integers(0, results - 1))
    pairs = draw(st.dictionaries(pair, st.integers(1, 100).map(float), max_size=10))
    seats = draw(st.lists(st.integers(0, 3), min_size=needs, max_size=needs))
    capacity = draw(st.lists(st.integers(0, 3), min_size=results, max_size=results))
    return needs, results, pairs, seats, capacity


def best_by_trying_all(
    pairs: Pairs, seats: list[int], capacity: list[int], group: set[int] | None = None, places: int = 0
) -> float | None:
    """The greatest value; None where the group cannot hold its places."""
    best: float | None = None
    for chosen in product((False, True), repeat=len(pairs)):
        held = [pair for pair, taken in zip(pairs, chosen, strict=True) if taken]
        if any(sum(need == n for need, _ in held) > seats[n] for n in range(len(seats))):
            continue
        if any(sum(result == r for _, result in held) > capacity[r] for r in range(len(capacity))):
            continue
        if group is not None and sum(need in group for need, _ in held) < places:
            continue
        value = sum(pairs[pair] for pair in held)
        best = value if best is None else max(best, value)
    return best


@settings(max_examples=150, deadline=None)
@given(problems())
def test_within_the_gap_of_the_best_there_is(
    problem: tuple[int, int, Pairs, list[int], list[int]],
) -> None:
    needs, results, pairs, seats, capacity = problem
    found = assign(candidates_of(needs, results, pairs), seats=seats, capacity=capacity, gap=GAP)
    best = best_by_trying_all(pairs, seats, capacity)
    assert best is not None
    assert (1 - GAP) * best - 1e-9 <= found.value <= best + 1e-9
    assert best <= found.bound + 1e-9
    assert found.proven_gap <= GAP + 1e-12
    rows, columns = found.candidates.rows[found.held], found.candidates.columns[found.held]
    assert (np.bincount(rows, minlength=needs) <= seats).all()
    assert (np.bincount(columns, minlength=results) <= capacity).all()


@settings(max_examples=100, deadline=None)
@given(problems(), st.lists(st.integers(0, 120).map(float), min_size=4, max_size=4))
def test_lowered_prices_bring_the_bound_down_and_never_below_what_is_possible(
    problem: tuple[int, int, Pairs, list[int], list[int]], given_prices: list[float]
) -> None:
    needs, results, pairs, seats, capacity = problem
    found = candidates_of(needs, results, pairs)
    rooms = np.array(seats, np.int64), np.array(capacity, np.int64)
    before = np.where(rooms[1] > 0, given_prices[:results], np.inf)
    order = np.argsort(found.columns, kind="stable")
    starts = np.searchsorted(found.columns[order], np.arange(results + 1))
    prices, last = before.copy(), np.inf
    for _ in range(3):
        bound = upper_bound(found.starts, found.columns, found.scores, *rooms, prices)
        best = best_by_trying_all(pairs, seats, capacity)
        assert best is not None
        assert best - 1e-9 <= bound <= last + 1e-9
        last = bound
        lower_prices(found.starts, found.columns, found.scores, *rooms, prices, starts, order, found.rows)
        assert ((prices >= 0.0) & (prices <= before)).all()


@settings(max_examples=60, deadline=None)
@given(problems(), st.sets(st.integers(0, 3)), st.integers(0, 4))
def test_a_group_holds_its_minimum_at_the_least_cost(
    problem: tuple[int, int, Pairs, list[int], list[int]], members: set[int], places: int
) -> None:
    needs, results, pairs, seats, capacity = problem
    group = {need for need in members if need < needs}
    minimum = Minimum(np.array(sorted(group), np.int64), places)
    found = assign(
        candidates_of(needs, results, pairs), seats=seats, capacity=capacity, gap=GAP, minimums=[minimum]
    )
    held = int(np.isin(found.candidates.rows[found.held], minimum.needs).sum())
    best = best_by_trying_all(pairs, seats, capacity, group, places)
    if best is None:
        assert held < places  # not to be had: it holds as many as there can be
        assert best_by_trying_all(pairs, seats, capacity, group, held + 1) is None
    else:
        assert held >= places
        assert found.value <= best + 1e-9 <= found.bound + 1e-6
    (bonus,) = found.bonuses
    assert bonus >= 0.0


@settings(max_examples=100, deadline=None)
@given(problems())
def test_a_stable_assignment_has_no_pair_that_would_rather(
    problem: tuple[int, int, Pairs, list[int], list[int]],
) -> None:
    needs, results, pairs, seats, capacity = problem
    found = stable_assignment(candidates_of(needs, results, pairs), seats=seats, capacity=capacity)
    assert found.blocking == 0
    best = best_by_trying_all(pairs, seats, capacity)
    assert best is not None
    assert 0.5 * best - 1e-9 <= found.value <= best + 1e-9  # what taking the best first is known to reach


def test_the_worked_example_of_the_page() -> None:
    pairs = {(0, 0): 90.0, (0, 1): 80.0, (1, 0): 85.0, (1, 1): 40.0, (2, 0): 70.0}
    found = assign(candidates_of(3, 2, pairs), seats=1, capacity=1, gap=1e-6)
    taken = list(zip(found.candidates.rows[found.held], found.candidates.columns[found.held], strict=True))
    assert taken == [(0, 1), (1, 0)]
    assert found.value == 165.0
    assert found.bound == pytest.approx(165.0, rel=1e-6)  # the prices prove that nothing is better
    assert found.blocking == 1  # the first need and the first result would rather have each other
    assert [numbers.tolist() for numbers in found.places()] == [[2, 1], [1, 2]]
    stable = stable_assignment(found.candidates, seats=1, capacity=1)
    assert (stable.value, stable.blocking) == (130.0, 0)


def test_forbidden_pairs_are_never_assigned_and_doubled_ones_count_once() -> None:
    pairs = {(0, 0): 90.0, (0, 1): 10.0}
    found = assign(candidates_of(1, 2, pairs, forbidden={(0, 0)}), seats=2, capacity=1)
    assert found.candidates.columns[found.held].tolist() == [1]
    doubled = Candidates.of(1, 1, [0, 0], [0, 0], [3.0, 5.0])
    assert assign(doubled, seats=2, capacity=2).value == 5.0


def test_the_order_of_the_pairs_changes_nothing() -> None:
    chance = np.random.default_rng(3)
    rows, columns = chance.integers(0, 200, 4_000), chance.integers(0, 150, 4_000)
    scores = chance.integers(1, 30, 4_000).astype(float)  # many are equal
    shuffled = chance.permutation(4_000)
    one = assign(Candidates.of(200, 150, rows, columns, scores), seats=3, capacity=2)
    other = assign(
        Candidates.of(200, 150, rows[shuffled], columns[shuffled], scores[shuffled]), seats=3, capacity=2
    )
    assert one.held.tolist() == other.held.tolist()
    assert one.prices.tobytes() == other.prices.tobytes()


@pytest.mark.parametrize(("seats", "capacity"), [(1, 1), (3, 4), (3, 2)])
def test_beside_the_exact_optimum(seats: int, capacity: int) -> None:
    flow = pytest.importorskip("ortools.graph.python.min_cost_flow", reason="OR-tools is not installed")
    chance = np.random.default_rng(5)
    needs, results, each = 300, 300, 20
    wanted = chance.random(results) ** 4  # some results are wanted by many
    rows = np.repeat(np.arange(needs), each)
    columns = chance.integers(0, results, needs * each)
    scores = np.round(100 * (0.5 * chance.random(needs * each) + 0.5 * wanted[columns]), 2) + 0.01
    graph = Candidates.of(needs, results, rows, columns, scores)
    solver = flow.SimpleMinCostFlow()
    source, sink = needs + results, needs + results + 1
    for need in range(needs):
        solver.add_arc_with_capacity_and_unit_cost(source, need, seats, 0)
    for result in range(results):
        solver.add_arc_with_capacity_and_unit_cost(needs + result, sink, capacity, 0)
    for row, column, score in zip(graph.rows, graph.columns, graph.scores, strict=True):
        cost = -round(float(score) * 100)
        solver.add_arc_with_capacity_and_unit_cost(int(row), needs + int(column), 1, cost)
    # Who gets nothing: the supply must go somewhere.
    solver.add_arc_with_capacity_and_unit_cost(source, sink, needs * seats, 0)
    solver.set_node_supply(source, needs * seats)
    solver.set_node_supply(sink, -needs * seats)
    assert solver.solve() == solver.OPTIMAL
    optimum = -solver.optimal_cost() / 100
    found = assign(graph, seats=seats, capacity=capacity, gap=GAP)
    assert (1 - GAP) * optimum <= found.value <= optimum + 1e-6 <= found.bound + 1e-5


def test_what_cannot_be_is_refused() -> None:
    graph = candidates_of(2, 1, {(0, 0): 1.0})
    for wrong in ({"seats": -1}, {"gap": 0.0}, {"minimums": [Minimum(np.array([0]), 1)] * 2}):
        with pytest.raises(ValueError, match=r"negative|at least|two groups"):
            assign(graph, **{"seats": 1, "capacity": 1, **wrong})
    with pytest.raises(ValueError, match="outside"):
        Candidates.of(1, 1, [0], [1], [1.0])
    with pytest.raises(ValueError, match="finite"):
        Candidates.of(1, 1, [0], [0], [float("nan")])


def test_nothing_to_assign_is_worth_nothing() -> None:
    for graph in (Candidates.of(0, 0, [], [], []), Candidates.of(2, 2, [0], [0], [-1.0])):
        found = assign(graph, seats=1, capacity=1)
        assert (found.value, found.proven_gap, found.blocking) == (0.0, 0.0, 0)
