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
def lower_prices(
    starts: Array,
    columns: Array,
    values: Array,
    seats: Array,
    capacity: Array,
    prices: Array,
    column_starts: Array,
    column_pairs: Array,
    rows: Array,
) -> None:
    """Lower each price in turn as far as the upper bound does not rise; result j has the pairs
    ``column_pairs[column_starts[j]:column_starts[j + 1]]``.

    As a function of one price alone the bound is convex, in straight pieces: it is least from the first candidate that
    finds no place up to the last that finds one, by what the need gains beyond the best it could have instead.
    """
    edges, best, holder = _list_margins(starts, columns, values, seats, prices)
    for j in range(len(prices)):
        pairs = column_pairs[column_starts[j] : column_starts[j + 1]]
        if capacity[j] == 0 or prices[j] <= 0.0:
            continue
        gains = np.zeros(len(pairs))
        for at, pair in enumerate(pairs):
            i = rows[pair]
            if seats[i] > 0:
                end = edges[i + 1]
                # Who would not take it at this price has as many better ones as seats.
                taken = best[end - 2] <= values[pair] - prices[j]
                gains[at] = values[pair] - (best[end - 1] if taken else best[end - 2])
        gains.sort()
        lowest = gains[len(gains) - 1 - capacity[j]] if len(gains) > capacity[j] else 0.0
        if lowest >= prices[j]:
            continue
        prices[j] = max(lowest, 0.0)
        for pair in pairs:
            i = rows[pair]
            _raise_margin(
                best[edges[i] : edges[i + 1]],
                holder[edges[i] : edges[i + 1]],
                pair,
                values[pair] - prices[j],
            )


@njit(cache=True, nogil=True)
def _list_margins(
    starts: Array, columns: Array, values: Array, seats: Array, prices: Array
) -> tuple[Array, Array, Array]:
    """The greatest margins of each need, one more than it has seats, falling: where its own begin, margins, pairs."""
    edges = np.concatenate((np.zeros(1, np.int64), np.cumsum(seats + 1)))
    best, holder = np.zeros(edges[-1]), np.full(edges[-1], -1, np.int64)
    for i in range(len(seats)):
        own, own_holder = best[edges[i] : edges[i + 1]], holder[edges[i] : edges[i + 1]]
        for pair in range(starts[i], starts[i + 1]):
            if values[pair] <= own[-1]:
                break
            _raise_margin(own, own_holder, pair, values[pair] - prices[columns[pair]])
    return edges, best, holder


@njit(cache=True, nogil=True)
def _raise_margin(best: Array, holder: Array, pair: int, margin: float) -> None:
    """Put a pair's margin, which only rises, among the greatest of its need."""
    at = len(best) - 1
    for place in range(len(best)):
        if holder[place] == pair:
            at = place
    if margin <= best[at]:
        return
    while at > 0 and best[at - 1] < margin:
        best[at], holder[at] = best[at - 1], holder[at - 1]
        at -= 1
    best[at], holder[at] = margin, pair


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
