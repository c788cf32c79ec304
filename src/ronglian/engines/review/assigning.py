"""Who reviews which bid: the assignment of greatest total fit, as a minimum-cost flow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
LOAD_COST = 0.05  # of the largest fit, for each bid a reviewer holds already


@dataclass(frozen=True, slots=True)
class Shortage:
    """A bid that cannot have as many reviewers as the rules ask; `possible` is how many have no conflict."""

    bid: int
    possible: int


@dataclass(frozen=True, slots=True)
class Assigned:
    """`reviewers[bid]` are the columns assigned to it, best fit first. With `shortages` nothing is assigned.

    `missing` is how many reviews in all the reviewers' limits leave open, 0 where the limits are wide enough.
    """

    reviewers: tuple[tuple[int, ...], ...]
    fit: float
    shortages: tuple[Shortage, ...] = ()
    missing: int = 0

    @property
    def is_possible(self) -> bool:
        return not self.shortages and not self.missing


def assign_reviewers(
    fit: FloatArray, allowed: BoolArray, limits: NDArray[np.int64], wanted: NDArray[np.int64]
) -> Assigned:
    """Assign to every bid as many reviewers as are `wanted` for it.

    `fit` and `allowed` have the shape (bids, reviewers), fit 0 to 1, allowed False where there is a conflict; `limits` says
    how many bids each reviewer takes at most, `wanted` has one number a bid. Exact: HiGHS on the flow's linear programme, whose corners are whole.
    Raises ValueError for other shapes or values.
    """
    bids, reviewers = fit.shape
    if allowed.shape != fit.shape or limits.shape != (reviewers,) or wanted.shape != (bids,):
        raise ValueError(
            "fit and allowed have the shape (bids, reviewers), limits a number a reviewer, wanted a number a bid"
        )
    if not ((fit >= 0.0) & (fit <= 1.0)).all() or (limits < 0).any() or (wanted < 0).any():
        raise ValueError("fit is 0 to 1, and no limit and no number wanted is below zero")
    possible = (allowed & (limits > 0)).sum(axis=1)
    short = tuple(Shortage(int(bid), int(possible[bid])) for bid in np.flatnonzero(possible < wanted))
    if short:
        return Assigned(((),) * bids, 0.0, short)
    return _solved(fit, allowed, np.minimum(limits, bids), wanted)


def _solved(
    fit: FloatArray, allowed: BoolArray, limits: NDArray[np.int64], wanted: NDArray[np.int64]
) -> Assigned:
    """Pairs bid–reviewer, and a slot for each further bid of a reviewer; what no limit allows is counted as missing."""
    from scipy.optimize import linprog  # noqa: PLC0415 - takes a third of a second to load

    bids, reviewers = fit.shape
    row, column = np.nonzero(allowed)
    owner = np.repeat(np.arange(reviewers), limits)
    rank = np.concatenate([np.arange(limit) for limit in limits]) if len(limits) else np.zeros(0)
    pairs, slots = len(row), len(owner)
    # Missing reviews cost more than any assignment brings, so that they stay only where nothing else is possible.
    never = 10.0 * (1.0 + LOAD_COST * (bids + 1)) * (1 + int(wanted.sum()))
    cost = np.concatenate([-fit[row, column], LOAD_COST * rank, np.full(bids, never)])
    has = sparse.csr_matrix((np.ones(pairs), (row, np.arange(pairs))), (bids, pairs))
    into = sparse.csr_matrix((np.ones(pairs), (column, np.arange(pairs))), (reviewers, pairs))
    out = sparse.csr_matrix((np.ones(slots), (owner, np.arange(slots))), (reviewers, slots))
    enough: Any = sparse.hstack([has, sparse.csr_matrix((bids, slots)), sparse.identity(bids)], format="csr")
    balance: Any = sparse.hstack([into, -out, sparse.csr_matrix((reviewers, bids))], format="csr")
    upper = np.concatenate([np.ones(pairs + slots), wanted.astype(np.float64)])
    answer = linprog(
        cost,
        A_ub=balance,
        b_ub=np.zeros(reviewers),
        A_eq=enough,
        b_eq=wanted.astype(np.float64),
        bounds=np.stack([np.zeros_like(upper), upper], axis=1),
        method="highs-ds",
    )
    if answer.status != 0:
        raise RuntimeError(str(answer.message))
    missing = round(float(answer.x[pairs + slots :].sum()))
    held = answer.x[:pairs] > 0.5
    found: list[list[int]] = [[] for _bid in range(bids)]
    for bid, reviewer in zip(row[held], column[held], strict=True):
        found[int(bid)].append(int(reviewer))
    ordered = tuple(
        tuple(sorted(one, key=lambda reviewer, bid=bid: (-fit[bid, reviewer], reviewer)))  # type: ignore[misc]  # the bid is bound
        for bid, one in enumerate(found)
    )
    if missing:
        return Assigned(((),) * bids, 0.0, (), missing)
    return Assigned(ordered, float(fit[row[held], column[held]].sum()))
