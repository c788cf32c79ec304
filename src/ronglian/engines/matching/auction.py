"""The compiled part of the assignment: bidding for seats (拍卖算法). See docs/explanation/algorithms/assignment.md."""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[Any]


@njit(cache=True, nogil=True)
def bid(
    starts: Array, columns: Array, rows: Array, values: Array, seats: Array, slots: Array, epsilon: float
) -> tuple[Array, Array]:
    """Which pairs are held in the end, shape (pairs,), and the price of each result, shape (results,).

    ``values`` fall within each need's pairs ``starts[i]:starts[i + 1]``; result j has the places
    ``slots[j]:slots[j + 1]``, a heap with the lowest bid first. An empty place has the bid 0.
    """
    results = len(slots) - 1
    bids, holders = np.zeros(slots[-1]), np.full(slots[-1], -1, np.int64)
    prices = np.zeros(results)
    for j in range(results):
        if slots[j] == slots[j + 1]:
            prices[j] = np.inf
    held = np.zeros(len(columns), np.bool_)
    total = seats.sum()
    queue = np.empty(total, np.int64)  # a ring of needs, one entry for each free seat
    waiting = 0
    for i in range(len(seats)):
        for _ in range(seats[i]):
            queue[waiting] = i
            waiting += 1
    first = 0
    while waiting:
        i = queue[first]
        first = (first + 1) % total
        waiting -= 1
        chosen, best, second = -1, 0.0, 0.0
        for pair in range(starts[i], starts[i + 1]):
            if values[pair] <= second:
                break  # no price is negative: the rest is no better
            if held[pair]:
                continue
            margin = values[pair] - prices[columns[pair]]
            if margin > best:
                chosen, best, second = pair, margin, best
            elif margin > second:
                second = margin
        if chosen < 0:
            continue  # prices only rise: this seat stays empty
        j = columns[chosen]
        begin, size = slots[j], slots[j + 1] - slots[j]
        loser = holders[begin]
        offer, at = prices[j] + best - second + epsilon, 0
        while True:  # the lowest bid leaves; the new one sinks to its place
            child = 2 * at + 1
            if child + 1 < size and bids[begin + child + 1] < bids[begin + child]:
                child += 1
            if child >= size or bids[begin + child] >= offer:
                break
            bids[begin + at], holders[begin + at] = bids[begin + child], holders[begin + child]
            at = child
        bids[begin + at], holders[begin + at] = offer, chosen
        prices[j] = bids[begin]
        held[chosen] = True
        if loser >= 0:
            held[loser] = False
            queue[(first + waiting) % total] = rows[loser]
            waiting += 1
    return held, prices


@njit(cache=True, nogil=True)
def upper_bound(
    starts: Array, columns: Array, values: Array, seats: Array, capacity: Array, prices: Array
) -> float:
    """No assignment is worth more, whatever the prices: all capacity at its price, and what each need gains then."""
    total = 0.0
    for j in range(len(prices)):
        if capacity[j]:
            total += capacity[j] * prices[j]
    for i in range(len(seats)):
        margins = np.empty(starts[i + 1] - starts[i])
        for pair in range(starts[i], starts[i + 1]):
            margins[pair - starts[i]] = max(values[pair] - prices[columns[pair]], 0.0)
        margins.sort()
        for rank in range(min(seats[i], len(margins))):
            total += margins[len(margins) - 1 - rank]
    return total


@njit(cache=True, nogil=True)
def take_best_first(order: Array, rows: Array, columns: Array, seats: Array, capacity: Array) -> Array:
    """Pairs taken in this order while both sides have room; shape (pairs,)."""
    seats, capacity = seats.copy(), capacity.copy()
    held = np.zeros(len(rows), np.bool_)
    for pair in order:
        if seats[rows[pair]] > 0 and capacity[columns[pair]] > 0:
            seats[rows[pair]] -= 1
            capacity[columns[pair]] -= 1
            held[pair] = True
    return held
