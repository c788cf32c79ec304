"""Compiled loops for large collections (大规模检索内核).

Imported only for sides of :data:`~ronglian.engines.matching.side.KERNEL_ROWS` rows and more: importing numba
takes about a second, which a small collection would never earn back. Machine code is kept beside the package (or in
the user's cache folder) after the first run.

The method: term-at-a-time accumulation, blocked by rows so that the sums stay in the second-level cache
(BLOCK rows x 8 bytes); weights of postings are codes into a table, so a posting takes five bytes and the sums
are those of float64 arithmetic in the order of the query's tokens. Long needs hold hundreds of tokens; dynamic
pruning (WAND, MaxScore) does not pay for them (measured: see benchmarks/matching/SCALE.md), so every posting of
the query is added, and what is pruned is the scoring of rows: see :func:`collect`.
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

BLOCK = 1 << 15
SLACK = 1e-5  # far above the rounding of float32 lengths, far below what two different scores differ by


@njit(cache=True, nogil=True)
def add_block(
    cursors: NDArray[np.int64],
    ends: NDArray[np.int64],
    weights: NDArray[np.float64],
    postings: NDArray[np.int32],
    codes: NDArray[Any],
    levels: NDArray[np.float64],
    start: int,
    stop: int,
    sums: NDArray[np.float64],
) -> None:
    """Add the products of the rows from ``start`` to ``stop``; the cursors move on to the first posting behind."""
    for term in range(len(weights)):
        at, end, weight = cursors[term], ends[term], weights[term]
        while at < end and postings[at] < stop:
            sums[postings[at] - start] += weight * levels[codes[at]]
            at += 1
        cursors[term] = at


@njit(cache=True, nogil=True)
def add_products(
    begins: NDArray[np.int64],
    ends: NDArray[np.int64],
    weights: NDArray[np.float64],
    postings: NDArray[np.int32],
    codes: NDArray[Any],
    levels: NDArray[np.float64],
    sums: NDArray[np.float64],
) -> None:
    """Add to ``sums`` (rows,) the weighted postings of the terms."""
    cursors = begins.copy()
    for start in range(0, len(sums), BLOCK):
        stop = min(start + BLOCK, len(sums))
        add_block(cursors, ends, weights, postings, codes, levels, start, stop, sums[start:stop])


@njit(cache=True, nogil=True)
def squared_norms(
    starts: NDArray[np.int64],
    items: NDArray[np.int32],
    codes: NDArray[Any],
    squared_levels: NDArray[np.float64],
    signed: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weighted squared norm of each row over the tokens with positive squared weights, and over the negated ones."""
    rows = len(starts) - 1
    marked, other = np.zeros(rows), np.zeros(rows)
    for row in range(rows):
        one, two = 0.0, 0.0
        for at in range(starts[row], starts[row + 1]):
            value = squared_levels[codes[at]] * signed[items[at]]
            if value > 0.0:
                one += value
            else:
                two -= value
        marked[row], other[row] = one, two
    return marked, other


@njit(cache=True, nogil=True)
def _share(similarity: float, xs: NDArray[np.float64], ys: NDArray[np.float64]) -> float:
    for knot in range(1, len(xs)):
        if similarity <= xs[knot]:
            rise = (ys[knot] - ys[knot - 1]) / (xs[knot] - xs[knot - 1])
            return float(ys[knot - 1] + rise * (similarity - xs[knot - 1]))
    return float(ys[-1])


@njit(cache=True, nogil=True)
def _least_similarity(share: float, xs: NDArray[np.float64], ys: NDArray[np.float64]) -> float:
    """The smallest similarity with at least this share; 2 where none has it."""
    if share <= 0.0:
        return 0.0
    for knot in range(1, len(xs)):
        if share <= ys[knot]:
            slope = (xs[knot] - xs[knot - 1]) / (ys[knot] - ys[knot - 1])
            return float(xs[knot - 1] + (share - ys[knot - 1]) * slope)
    return 2.0


@njit(cache=True, nogil=True)
def _needed(
    bound: float,
    points: NDArray[np.float64],
    asked: NDArray[np.float64],
    edges: NDArray[np.int64],
    text_points: float,
    xs: NDArray[np.float64],
    ys: NDArray[np.float64],
) -> float:
    """The least similarity with which the most fortunate record could reach the bound."""
    most = 0.0
    for factor in range(len(edges) - 1):
        best = -1e300
        for at in range(edges[factor], edges[factor + 1]):
            best = max(best, points[at] - asked[at] * bound / 100.0)
        most += best
    return float(_least_similarity((bound / 100.0 * text_points - most) / text_points - SLACK, xs, ys))


@njit(cache=True, nogil=True)
def collect(
    begins: NDArray[np.int64],
    ends: NDArray[np.int64],
    weights: NDArray[np.float64],
    postings: NDArray[np.int32],
    codes: NDArray[Any],
    levels: NDArray[np.float64],
    eligible: NDArray[np.bool_],
    lengths: NDArray[np.float32],
    query_lengths: NDArray[np.float64],
    classes: NDArray[np.int32],
    edges: NDArray[np.int64],
    points: NDArray[np.float64],
    asked: NDArray[np.float64],
    barred: NDArray[np.bool_],
    text_points: float,
    xs: NDArray[np.float64],
    ys: NDArray[np.float64],
    least: float,
    count: int,
    floor: float,
    kept: int,
    rows: NDArray[np.int64],
    products: NDArray[np.float64],
    bounds: NDArray[np.float64],
    offset: int,
) -> tuple[int, float]:
    """Keep the rows of one segment whose scores may be the highest; answers (how many are kept, their floor).

    ``rows``, ``products`` and ``bounds`` hold the rows kept so far (``count``); when they are full, the best
    ``kept`` by bound stay and the floor rises to the lowest of them. What was dropped has a bound of at most
    the floor. A row whose similarity cannot reach the floor with the best facts there are is not scored at all.

    ``lengths`` (rows, 4) holds, per row, the squared norms by script and what of the query's squared norms
    counts; ``query_lengths`` (4,) the same of the query. ``points``, ``asked`` and ``barred`` are by fact
    class (see classes.py).
    """
    cursors, sums = begins.copy(), np.empty(BLOCK)
    factors = classes.shape[1]
    needed = max(least, _needed(floor, points, asked, edges, text_points, xs, ys))
    size = len(eligible)
    for start in range(0, size, BLOCK):
        stop = min(start + BLOCK, size)
        sums[:] = 0.0
        add_block(cursors, ends, weights, postings, codes, levels, start, stop, sums)
        for row in range(start, stop):
            product = sums[row - start]
            if product <= 0.0 or not eligible[row]:
                continue
            own, other = lengths[row], query_lengths
            length = (own[0] * other[2] + own[1] * other[3]) * (own[2] * other[0] + own[3] * other[1])
            if product * product < needed * needed * length * (1.0 - SLACK):
                continue
            total, wanted, out = 0.0, text_points, False
            for factor in range(factors):
                place = classes[row, factor]
                total += points[place]
                wanted += asked[place]
                out |= barred[place]
            if out:
                continue
            similarity = min(1.0, product / np.sqrt(max(length, 1e-300)) * (1.0 + SLACK))
            bound = 100.0 * (total + text_points * _share(similarity, xs, ys)) / wanted + SLACK
            if bound < floor:
                continue
            if count == len(rows):
                floor = np.partition(bounds, count - kept)[count - kept]
                count = 0
                for at in range(len(rows)):
                    # Ties with the floor need not be kept: the floor says what may be missing.
                    if bounds[at] > floor:
                        rows[count], products[count], bounds[count] = rows[at], products[at], bounds[at]
                        count += 1
                needed = max(least, _needed(floor, points, asked, edges, text_points, xs, ys))
            rows[count], products[count], bounds[count] = offset + row, product, bound
            count += 1
    return count, floor
