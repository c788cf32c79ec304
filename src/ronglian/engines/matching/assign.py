"""Who gets whom when everybody's attention is limited: the assignment of greatest total score (全局分配).

Auction of D. P. Bertsekas (1988) in its form for several places on each side, told with its proof in
docs/explanation/algorithms/assignment.md. Every answer carries an upper bound of what is possible.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ronglian.engines.matching.auction import bid, lower_prices, take_best_first, upper_bound

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
GAP = 0.001
LEAST_GAP = 1e-9  # below it the rounding of sums shows
COARSE = 8.0  # the first step beside the one that surely proves the gap, about
LOWERINGS = 3  # of the prices, before smaller steps are taken
FINER = 4.0
HALVINGS = 16  # of a group's bonus


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Scored pairs that may be assigned, by need, best first (候选对). Make them with :meth:`of`.

    ``starts`` (needs + 1,): the pairs of need i are ``starts[i]:starts[i + 1]``; ``rows``, ``columns``, ``scores``
    (pairs,): need, result and score of each.
    """

    needs: int
    results: int
    starts: IntArray
    rows: IntArray
    columns: IntArray
    scores: FloatArray

    @classmethod
    def of(
        cls,
        needs: int,
        results: int,
        rows: ArrayLike,
        columns: ArrayLike,
        scores: ArrayLike,
        *,
        forbidden: Collection[tuple[int, int]] = (),
    ) -> Self:
        """Pairs by number of need and result. Forbidden ones and scores of 0 and less are left out.

        A pair that comes twice counts once, with its higher score. Raises ValueError for numbers out of range and
        scores that are not finite.
        """
        row, column = np.asarray(rows, np.int64), np.asarray(columns, np.int64)
        score = np.asarray(scores, np.float64)
        for name, numbers, size in (("need", row, needs), ("result", column, results)):
            if len(numbers) and not (numbers.min() >= 0 and numbers.max() < size):
                raise ValueError(f"a {name} is numbered outside 0..{size - 1}")
        if not np.isfinite(score).all():
            raise ValueError("a score is not a finite number")
        key = row * results + column
        barred = np.array([need * results + result for need, result in forbidden], np.int64)
        kept = np.flatnonzero((score > 0.0) & ~np.isin(key, barred))
        kept = kept[np.lexsort((-score[kept], key[kept]))]
        kept = kept[np.diff(key[kept], prepend=-1) != 0]
        kept = kept[np.lexsort((column[kept], -score[kept], row[kept]))]
        starts = np.searchsorted(row[kept], np.arange(needs + 1))
        return cls(needs, results, starts.astype(np.int64), row[kept], column[kept], score[kept])


@dataclass(frozen=True, slots=True, eq=False)
class Minimum:
    """Some needs that are together to hold at least so many places (最低保障). Groups must not overlap."""

    needs: IntArray
    places: int


@dataclass(frozen=True, eq=False)
class Assignment:
    """What was assigned, what it is worth, and what would be possible (分配方案)."""

    candidates: Candidates
    seats: IntArray
    capacity: IntArray
    held: BoolArray  # by pair
    prices: FloatArray  # by result: what one place more there would add to the whole, about
    bound: float  # no assignment within the rules is worth more
    bonuses: tuple[float, ...] = ()  # by group: what its minimum adds to each of its scores

    @cached_property
    def pairs(self) -> IntArray:
        """The pairs held, by need and score."""
        return np.flatnonzero(self.held)

    @cached_property
    def value(self) -> float:
        """Sum of the scores held."""
        return float(self.candidates.scores[self.held].sum())

    @property
    def proven_gap(self) -> float:
        """At most this share of the best possible value is missing."""
        return max(0.0, 1.0 - self.value / self.bound) if self.bound > 0.0 else 0.0

    @cached_property
    def blocking(self) -> int:
        """Pairs that are not held although both would rather have each other than what they hold."""
        found = self.candidates
        wanted = ~self.held
        for numbers, room in ((found.rows, self.seats), (found.columns, self.capacity)):
            worst = np.full(len(room), np.inf)
            np.minimum.at(worst, numbers[self.held], found.scores[self.held])
            worst[np.bincount(numbers[self.held], minlength=len(room)) < room] = 0.0
            worst[room == 0] = np.inf
            wanted &= found.scores > worst[numbers]
        return int(wanted.sum())

    def places(self) -> tuple[IntArray, IntArray]:
        """Of each pair held: its place, from 1, in the list of the need and in that of the result."""
        found = self.candidates
        of_need = np.arange(len(found.rows)) - found.starts[found.rows] + 1
        order = np.lexsort((found.rows, -found.scores, found.columns))
        sorted_columns = found.columns[order]
        of_result = np.empty(len(order), np.int64)
        of_result[order] = np.arange(len(order)) - np.searchsorted(sorted_columns, sorted_columns) + 1
        return of_need[self.pairs], of_result[self.pairs]


def assign(
    candidates: Candidates,
    *,
    seats: int | ArrayLike,
    capacity: int | ArrayLike,
    gap: float = GAP,
    minimums: Sequence[Minimum] = (),
) -> Assignment:
    """The assignment of greatest total score, less at most the share ``gap``; the same for the same input.

    ``seats`` is how many results each need may get, ``capacity`` how many needs each result may serve: one number
    for all, or one for each. With ``minimums`` the groups hold at least so many places where that is possible at
    all, and ``gap`` holds for the scores with the groups' bonuses. Raises ValueError for negative numbers, a gap
    below LEAST_GAP, and groups that overlap.
    """
    seats_, capacity_ = _room(candidates, seats, capacity)
    if not gap >= LEAST_GAP:
        raise ValueError(f"the gap must be at least {LEAST_GAP}")
    group_of = _groups(minimums, candidates.needs)
    bonuses = np.zeros(len(minimums) + 1)  # the last is for needs without a group
    found = _auction(candidates, seats_, capacity_, gap, bonuses, group_of)
    # A bonus takes from other groups, so they are looked at again; it never falls, so this comes to an end.
    short = [group for group, each in enumerate(minimums) if _held(found, group, group_of) < each.places]
    while short:
        before = bonuses.copy()
        for group in short:
            found = _raise_bonus(found, group, minimums[group].places, gap, bonuses, group_of)
        short = [group for group, each in enumerate(minimums) if _held(found, group, group_of) < each.places]
        if (bonuses == before).all():
            break  # what is still short cannot be had
    bound = found.bound - sum(bonuses[group] * each.places for group, each in enumerate(minimums))
    return Assignment(
        candidates, seats_, capacity_, found.held, found.prices, bound, tuple(bonuses[:-1].tolist())
    )


def stable_assignment(
    candidates: Candidates, *, seats: int | ArrayLike, capacity: int | ArrayLike
) -> Assignment:
    """No two would rather have each other. Both sides go by one score, so deferred acceptance (Gale and Shapley,
    1962) comes to the same as taking the best pairs first; ties go by number of need and result."""
    seats_, capacity_ = _room(candidates, seats, capacity)
    order = np.lexsort((candidates.columns, candidates.rows, -candidates.scores))
    held = take_best_first(order, candidates.rows, candidates.columns, seats_, capacity_)
    prices = np.zeros(candidates.results)
    bound = upper_bound(candidates.starts, candidates.columns, candidates.scores, seats_, capacity_, prices)
    return Assignment(candidates, seats_, capacity_, held, prices, bound)


def _auction(
    candidates: Candidates,
    seats: IntArray,
    capacity: IntArray,
    gap: float,
    bonuses: FloatArray,
    group_of: IntArray,
) -> Assignment:
    """Bids in finer and finer steps, until the bound proves the gap. A group's bonus counts as score."""
    columns, starts = candidates.columns, candidates.starts
    values = candidates.scores + bonuses[group_of][candidates.rows]
    slots = np.concatenate(([0], np.cumsum(capacity)))
    best = values[starts[:-1][np.diff(starts) > 0]]
    step = COARSE * gap * float(best.mean()) if len(best) else 1.0
    by_column = np.argsort(columns, kind="stable")
    column_starts = np.searchsorted(columns[by_column], np.arange(candidates.results + 1))
    while True:
        held, prices = bid(starts, columns, candidates.rows, values, seats, slots, step)
        prices[capacity == 0] = np.inf
        bound = upper_bound(starts, columns, values, seats, capacity, prices)
        value = float(values[held].sum())
        for _ in range(LOWERINGS):
            if bound - value <= gap * bound:
                break
            # Bids end higher than they must, by the step and by what raced up the price before.
            lower_prices(
                starts, columns, values, seats, capacity, prices, column_starts, by_column, candidates.rows
            )
            bound = min(bound, upper_bound(starts, columns, values, seats, capacity, prices))
        # Proved at the latest when a step for each place taken comes to less than the gap.
        if bound - value <= gap * bound:
            return Assignment(candidates, seats, capacity, held, prices, bound)
        step /= FINER


def _raise_bonus(
    found: Assignment, group: int, places: int, gap: float, bonuses: FloatArray, group_of: IntArray
) -> Assignment:
    """Set the smallest bonus with which the group holds its places; the greatest where none is enough."""

    def trial(bonus: float) -> Assignment:
        bonuses[group] = bonus
        return _auction(found.candidates, found.seats, found.capacity, gap, bonuses, group_of)

    low, high = float(bonuses[group]), 2.0 * float(found.candidates.scores.max(initial=0.0)) + 1.0
    best = trial(high)
    if _held(best, group, group_of) < places:
        return best
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        tried = trial(middle)
        if _held(tried, group, group_of) < places:
            low = middle
        else:
            high, best = middle, tried
    bonuses[group] = high
    return best


def _held(found: Assignment, group: int, group_of: IntArray) -> int:
    return int((group_of[found.candidates.rows[found.held]] == group).sum())


def _groups(minimums: Sequence[Minimum], needs: int) -> IntArray:
    group_of = np.full(needs, len(minimums), np.int64)
    for group, each in enumerate(minimums):
        if (group_of[each.needs] != len(minimums)).any():
            raise ValueError("a need is in two groups")
        group_of[each.needs] = group
    return group_of


def _room(
    candidates: Candidates, seats: int | ArrayLike, capacity: int | ArrayLike
) -> tuple[IntArray, IntArray]:
    """Seats and capacities, cut to a little more than the candidates there are: a place too many has no price."""
    return (
        np.minimum(
            _counts(seats, candidates.needs), np.bincount(candidates.rows, minlength=candidates.needs) + 1
        ),
        np.minimum(
            _counts(capacity, candidates.results),
            np.bincount(candidates.columns, minlength=candidates.results) + 1,
        ),
    )


def _counts(given: int | ArrayLike, size: int) -> IntArray:
    counts: NDArray[Any] = np.broadcast_to(np.asarray(given), (size,)).astype(np.int64)
    if (counts < 0).any():
        raise ValueError("seats and capacities cannot be negative")
    return counts
