"""Which technology manager carries which case (经理人分派): the assignment of greatest total worth.

A minimum-cost flow, solved to the exact optimum by HiGHS (through SciPy). Told with its proof and a worked table in
docs/explanation/algorithms/assignment-to-managers.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any, Literal

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from ronglian.engines.matching.manager_fit import DEFAULT_FIT, BoolArray, FitPoints, FloatArray

IntArray = NDArray[np.int64]
Against = Literal["conflict", "language", "no_place", "fits_less", "needed_elsewhere", "carries_more"]
NOBODY = -1
FIRST_COLUMNS, MORE_COLUMNS = 3, 5  # managers looked at for each case at first, and then in each round
NEARLY = (
    5.0  # points by which a pair may fall short of its prices and is let in beside those that exceed them
)
EXACT = 1e-6
MISSED = 10_000.0  # for a place too few for small firms: more than any exchange can bring


class NoSolution(RuntimeError):
    """The solver gave up; what it said."""


@dataclass(frozen=True, eq=False)
class Places:
    """Room and load of the managers (可用名额). Arrays of shape (managers,)."""

    free: IntArray
    open_cases: IntArray
    capacity: IntArray

    def load(self, points: FitPoints) -> tuple[IntArray, FloatArray]:
        """Every free place: whose it is, and what is taken off for taking it when those before it are taken."""
        owner = np.repeat(np.arange(len(self.free)), self.free)
        before = (
            np.concatenate([np.arange(free) for free in self.free]) if len(owner) else np.zeros(0, np.int64)
        )
        share = (self.open_cases[owner] + before) / np.maximum(1, self.capacity[owner])
        return owner.astype(np.int64), points.load * share


@dataclass(frozen=True, eq=False)
class ManagerAssignment:
    """Who carries what, what it is worth, and the proof (分派方案).

    `manager_of` (cases,): number of the manager or NOBODY. `prices` (managers,): what one place more would add.
    `small_bonus`: what the guarantee adds to each case of a small firm; 0 where it holds by itself.
    """

    manager_of: IntArray
    value: float
    bound: float
    prices: FloatArray
    small_minimum: int
    small_held: int
    small_bonus: float

    @property
    def small_shortfall(self) -> int:
        """Places that the guarantee asks for and nobody can give."""
        return max(0, self.small_minimum - self.small_held)


def guaranteed_places(is_small: BoolArray, free: int) -> int:
    """At least the share of the places that small firms have of the cases (小微企业保底)."""
    waiting, small = len(is_small), int(is_small.sum())
    return min(small, ceil(small * min(waiting, free) / waiting)) if waiting else 0


def assign_cases(
    worth: FloatArray,
    allowed: BoolArray,
    is_small: BoolArray,
    places: Places,
    points: FitPoints = DEFAULT_FIT,
) -> ManagerAssignment:
    """The assignment of greatest worth less load, with small firms' minimum; the same for the same input.

    `worth` and `allowed` are (cases, managers), `is_small` (cases,); worth of allowed pairs is positive and finite.
    Raises ValueError for shapes that do not fit and worths that are not so, NoSolution where the solver gives up.
    """
    _check(worth, allowed, is_small, places)
    minimum = guaranteed_places(is_small, int(places.free.sum()))
    open_pairs = allowed & (places.free > 0)
    if not open_pairs.any():
        nobody = np.full(len(is_small), NOBODY, np.int64)
        return ManagerAssignment(nobody, 0.0, 0.0, np.zeros(len(places.free)), minimum, 0, 0.0)
    owner, load = places.load(points)
    columns = _best(np.where(open_pairs, worth, -np.inf), FIRST_COLUMNS) & open_pairs
    while True:
        found = _solve(worth, columns, is_small, owner, load, len(places.free), minimum)
        of_case, prices, bonus = found.of_case, found.prices, found.bonus
        gain = worth + bonus * is_small[:, None] - of_case[:, None] - prices
        # A pair left out that is worth more than what its case and its place are priced at would make it better.
        if not ((gain > EXACT) & open_pairs & ~columns).any():
            break
        gain = np.where(open_pairs, gain, -np.inf)
        columns |= _best(gain, MORE_COLUMNS) & (gain > -NEARLY)
    manager_of = found.manager_of
    held = manager_of != NOBODY
    taken = np.bincount(manager_of[held], minlength=len(places.free))
    rank = np.arange(len(owner)) - np.searchsorted(owner, owner)
    value = float(worth[held, manager_of[held]].sum() - load[rank < taken[owner]].sum())
    small_held = int((held & is_small).sum())
    missed_places = MISSED * max(0, minimum - small_held)
    return ManagerAssignment(
        manager_of, value, found.bound + missed_places, prices, minimum, small_held, bonus
    )


def stands_against(
    case: int,
    other: int,
    found: ManagerAssignment,
    worth: FloatArray,
    conflicts: BoolArray,
    speaks: BoolArray,
    places: Places,
) -> Against:
    """Why the case did not go to that manager."""
    if conflicts[case, other]:
        return "conflict"
    if not speaks[case, other]:
        return "language"
    if places.free[other] == 0:
        return "no_place"
    chosen = found.manager_of[case]
    if chosen != NOBODY and worth[case, other] < worth[case, chosen]:
        return "fits_less"
    taken = int((found.manager_of == other).sum())
    return "needed_elsewhere" if taken >= places.free[other] else "carries_more"


@dataclass(frozen=True, eq=False)
class _Solution:
    """What the solver found on the columns it was given, and its prices."""

    manager_of: IntArray
    of_case: FloatArray
    prices: FloatArray
    bonus: float
    bound: float


def _best(values: FloatArray, number: int) -> BoolArray:
    """Which are the greatest of each row."""
    found = np.zeros(values.shape, bool)
    if values.shape[1] <= number:
        return ~found
    best = np.argpartition(-values, number, axis=1)[:, :number]
    np.put_along_axis(found, best, values=True, axis=1)
    return found


def _solve(
    worth: FloatArray,
    columns: BoolArray,
    is_small: BoolArray,
    owner: IntArray,
    load: FloatArray,
    managers: int,
    minimum: int,
) -> _Solution:
    """The flow case → manager → place on these columns. The matrix is a network's, so a corner is whole numbers."""
    from scipy.optimize import linprog  # noqa: PLC0415 - takes a third of a second to load

    cases = len(is_small)
    row, column = np.nonzero(columns)
    pairs, slots = len(row), len(owner)
    once = sparse.csr_matrix((np.ones(pairs), (row, np.arange(pairs))), (cases, pairs))
    into = sparse.csr_matrix((np.ones(pairs), (column, np.arange(pairs))), (managers, pairs))
    out = sparse.csr_matrix((np.ones(slots), (owner, np.arange(slots))), (managers, slots))
    for_small = sparse.csr_matrix(-is_small[row].astype(np.float64))
    matrix: Any = sparse.bmat(
        [
            [once, None, sparse.csr_matrix((cases, 1))],
            [into, -out, None],
            [for_small, None, np.array([[-1.0]])],
        ],
        format="csr",
    )
    cost = np.concatenate([-worth[row, column], load, [MISSED]])
    limits = np.concatenate([np.ones(cases), np.zeros(managers), [-float(minimum)]])
    upper = np.concatenate([np.full(pairs, np.inf), np.ones(slots), [np.inf]])
    bounds = np.stack([np.zeros_like(upper), upper], axis=1)
    answer = linprog(cost, A_ub=matrix, b_ub=limits, bounds=bounds, method="highs-ds")
    if answer.status != 0:
        raise NoSolution(str(answer.message))
    manager_of = np.full(cases, NOBODY, np.int64)
    held = answer.x[:pairs] > 0.5
    manager_of[row[held]] = column[held]
    duals = -answer.ineqlin.marginals
    return _Solution(manager_of, duals[:cases], duals[cases:-1], float(duals[-1]), -float(answer.fun))


def _check(worth: FloatArray, allowed: BoolArray, is_small: BoolArray, places: Places) -> None:
    shape = (len(is_small), len(places.free))
    if worth.shape != shape or allowed.shape != shape:
        raise ValueError(f"worth and allowed have the shape (cases, managers), here {shape}")
    if not (np.isfinite(worth[allowed]).all() and (worth[allowed] > 0.0).all()):
        raise ValueError("what an allowed pair is worth is positive and finite")
    if (places.free < 0).any():
        raise ValueError("there cannot be fewer than no places")
