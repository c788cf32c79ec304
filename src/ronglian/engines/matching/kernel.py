"""Compiled loops for large collections (大规模检索内核).

Imported only for sides of :data:`~ronglian.engines.matching.side.KERNEL_ROWS` rows and more: importing numba
takes about a second, which a small collection would never earn back. Machine code is kept beside the package (or in
the user's cache folder) after the first run.

The method: the rarer tokens of a query are added up term at a time in single precision, one block of rows after another,
so that the sums stay in the second-level cache; a block is done with before the next begins. Frequent tokens have no postings; what they can add to a row is bounded by
Cauchy-Schwarz: by the length of the query over them times the length of the row over them. Rows whose bound reaches
the best, with what their facts bring, get their frequent tokens added up, which are the first in a row; of these, the
few that still reach it are measured in double precision from all their tokens (:func:`measure`). Dynamic pruning (WAND, MaxScore) does
not pay for needs of hundreds of tokens (measured: see benchmarks/matching/SCALE.md).

The postings are written by packed_kernel.py.
"""

import numpy as np
from numba import njit, uint64
from numpy.typing import NDArray

from ronglian.engines.matching.kernel_bounds import CHUNK, bound_rows, find_highest
from ronglian.engines.matching.kernel_input import (
    LOOSE,
    NEVER,
    OUT,
    RISE,
    SLACK,
    STEPS,
    Kept,
    Lengths,
    Points,
    Room,
    Rows,
    Scale,
    Tables,
    Terms,
)
from ronglian.engines.matching.packed_kernel import Bounds, read_short


@njit(cache=True, nogil=True)
def measure(
    starts: NDArray[np.int64],
    entries: NDArray[np.uint8],
    row: int,
    levels: NDArray[np.float64],
    tables: Tables,
) -> tuple[float, float, float, float]:
    """Product with the query, squared norms by script, and coverage of one row, in the order of its tokens."""
    at, end, token = uint64(starts[row]), uint64(starts[row + 1]), uint64(0)
    product, han, latin, coverage = 0.0, 0.0, 0.0, 0.0
    with_coverage = len(tables.coverage) > 0
    while at < end:
        at, gap, level = read_short(entries, at)
        token += gap
        weight = levels[level]
        product += weight * tables.products[token]
        if with_coverage:
            coverage += tables.coverage[token]
        value = weight * weight * tables.squares[token]
        if value >= 0.0:
            han += value
        else:
            latin -= value
    return product, han, latin, coverage


@njit(cache=True, nogil=True)
def measure_rows(
    starts: NDArray[np.int64],
    entries: NDArray[np.uint8],
    rows: NDArray[np.int64],
    levels: NDArray[np.float64],
    tables: Tables,
) -> NDArray[np.float64]:
    """:func:`measure` of these rows; shape (rows, 4)."""
    found = np.empty((len(rows), 4))
    for place, row in enumerate(rows):
        found[place, 0], found[place, 1], found[place, 2], found[place, 3] = measure(
            starts, entries, row, levels, tables
        )
    return found


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
def _set_floor(
    floor: float, points: Points, scale: Scale, beyond: NDArray[np.float32]
) -> tuple[float, float, float]:
    """Set ``beyond`` to what each class brings beyond its part of a floor.

    Answers (floor, the least similarity with which the most fortunate row could reach it, what a row's classes and text
    points must come to). All hold for higher floors too, only less sharply.
    """
    most = 0.0
    for factor in range(len(points.edges) - 1):
        best = NEVER
        for at in range(points.edges[factor], points.edges[factor + 1]):
            value = NEVER if points.barred[at] else points.most[at] - points.asked[at] * floor / 100.0
            beyond[at] = max(value, OUT)
            best = max(best, value)
        most += best
    least = scale.points * floor / 100.0
    similarity = _least_similarity((least - most) / scale.points - SLACK, scale.xs, scale.ys)
    return floor, max(scale.similarity, similarity) * (1.0 - SLACK), least - LOOSE * scale.points


@njit(cache=True, nogil=True)
def _tabulate(scale: Scale) -> NDArray[np.float32]:
    """The most text points that a similarity from at / STEPS to (at + 1) / STEPS can bring; shape (STEPS + 1,)."""
    table = np.empty(STEPS + 1, np.float32)
    for at in range(STEPS + 1):
        table[at] = scale.points * _share(min(1.0, (at + 1) / STEPS), scale.xs, scale.ys)
    return table


@njit(cache=True, nogil=True)
def search_segment(
    room: Room,
    rows: Rows,
    bounds: Bounds,
    postings: NDArray[np.uint16],
    terms: Terms,
    shares: Terms,
    tables: Tables,
    query: Lengths,
    points: Points,
    scale: Scale,
    wanted: int,
    floor: float,
    kept: Kept,
    count: int,
    offset: int,
) -> tuple[Kept, int, float]:
    """Go through a segment; answers (rows kept so far, how many, floor).

    Kept are the rows whose highest score is not below the floor, the lowest score of the ``wanted`` best: nothing else
    can be among them. Without ``bounds`` every row counts as near. Parts of CHUNK rows are gone through from the highest
    bound down, until none can be among the best.
    """
    bound_rows(room, rows, bounds, postings, terms, shares, query, scale)
    highest = find_highest(room.bounds[: len(rows.alive)])
    order = np.argsort(-highest)
    # So many rows and more reach the guess: measured first, they raise the floor for the others.
    guess = np.float64(highest[order[min(wanted, len(order)) - 1]])
    parts = (order, highest)
    for span in ((guess, np.inf), (0.0, guess)):
        kept, count, floor = _sweep(
            room, rows, bounds, tables, query, points, scale, wanted, parts, span, floor, kept, count, offset
        )
    return kept, count, floor


@njit(cache=True, nogil=True)
def _sweep(
    room: Room,
    rows: Rows,
    bounds: Bounds,
    tables: Tables,
    query: Lengths,
    points: Points,
    scale: Scale,
    wanted: int,
    parts: tuple[NDArray[np.int64], NDArray[np.float32]],
    span: tuple[float, float],
    floor: float,
    kept: Kept,
    count: int,
    offset: int,
) -> tuple[Kept, int, float]:
    """Go through parts, given by order and highest bounds, looking at rows whose bounds fall into a span."""
    order, highest = parts
    low, high = span
    beyond, texts = np.empty(len(points.most), np.float32), _tabulate(scale)
    found, reaches = np.empty(CHUNK, np.int64), np.empty(CHUNK, np.float32)
    set_to, needed, least = _set_floor(floor, points, scale, beyond)
    starts, entries, levels, alive, classes = rows.starts, rows.entries, rows.levels, rows.alive, rows.classes
    sums, tops, common, norms, norm = room.sums, room.bounds, room.common, bounds.common, query.common
    for chunk in order:
        edge, begin, before = max(low, needed), chunk * CHUNK, count
        if highest[chunk] < edge:
            break
        end = min(len(alive), begin + CHUNK)
        near = _find_near(begin, end, edge, high, alive, tops, classes, beyond, texts, least, reaches, found)
        if len(norms):
            near = _find_nearer(
                found[:near], starts, entries, levels, sums, tops, norms, norm, common, texts, least, reaches
            )
        for row in found[:near]:
            kept, count = _keep(rows, row, tables, query, points, scale, floor, kept, count, offset)
        if count > before and count >= wanted:
            floor = max(floor, np.partition(kept.values[:count, 4], count - wanted)[count - wanted])
            count = _drop(kept, count, floor)
            if floor >= set_to + RISE:
                set_to, needed, least = _set_floor(floor, points, scale, beyond)
    return kept, count, floor


# These two take arrays one by one: numba counts references to each array of a tuple at every call, which is slow.
@njit(cache=True, nogil=True)
def _find_near(
    begin: int,
    end: int,
    needed: float,
    high: float,
    alive: NDArray[np.bool_],
    row_bounds: NDArray[np.float32],
    classes: NDArray[np.uint32],
    beyond: NDArray[np.float32],
    texts: NDArray[np.float32],
    least: float,
    reaches: NDArray[np.float32],
    found: NDArray[np.int64],
) -> int:
    """Set ``found`` to the living rows that may reach the floor by the bounds of their texts; answers how many.

    ``reaches`` is set to what their facts bring.
    """
    count = 0
    factors = classes.shape[1] if len(beyond) else 0
    for row in range(begin, end):
        bound = row_bounds[row]
        if bound < needed or bound >= high or not alive[row]:
            continue
        reach = np.float32(0.0)
        for factor in range(factors):
            reach += beyond[classes[row, factor]]
        if reach + texts[int(min(bound, np.float32(1.0)) * STEPS)] >= least:
            found[count], reaches[count] = row, reach
            count += 1
    return count


@njit(cache=True, nogil=True)
def _find_nearer(
    found: NDArray[np.int64],
    starts: NDArray[np.int64],
    entries: NDArray[np.uint8],
    levels: NDArray[np.float64],
    sums: NDArray[np.float32],
    row_bounds: NDArray[np.float32],
    row_common: NDArray[np.float32],
    query_common: float,
    common: NDArray[np.float64],
    texts: NDArray[np.float32],
    least: float,
    reaches: NDArray[np.float32],
) -> int:
    """Move to the front those rows that may still reach the floor once the common tokens are added up; answers how many.

    Common tokens were met early, so their numbers are low and stand first in a row.
    """
    count, stop = 0, uint64(len(common))
    for place, row in enumerate(found):
        at, end, token = uint64(starts[row]), uint64(starts[row + 1]), uint64(0)
        product = 0.0
        while at < end:
            at, gap, level = read_short(entries, at)
            token += gap
            if token >= stop:
                break
            product += levels[level] * common[token]
        # The bound was made of the sum and this.
        most = sums[row] + query_common * row_common[row]
        share = min(1.0, (1.0 + SLACK) * (sums[row] + product) / max(most, 1e-30))
        if reaches[place] + texts[int(min(1.0, row_bounds[row] * share) * STEPS)] >= least:
            found[count] = row
            count += 1
    return count


@njit(cache=True, nogil=True)
def _keep(
    rows: Rows,
    row: int,
    tables: Tables,
    query: Lengths,
    points: Points,
    scale: Scale,
    floor: float,
    kept: Kept,
    count: int,
    offset: int,
) -> tuple[Kept, int]:
    """Measure a row and keep it if it may be among the best."""
    most, least, asked = 0.0, 0.0, scale.points
    for factor in range(len(points.edges) - 1):
        place = rows.classes[row, factor]
        most += points.most[place]
        least += points.least[place]
        asked += points.asked[place]
    product, han, latin, coverage = measure(rows.starts, rows.entries, row, rows.levels, tables)
    if product <= 0.0 or coverage < scale.coverage:
        return kept, count
    similarity = min(1.0, product / np.sqrt(max(_squared_length(han, latin, query), 1e-300)))
    if similarity < scale.similarity * (1.0 - SLACK):
        return kept, count
    text = scale.points * _share(similarity, scale.xs, scale.ys)
    best = 100.0 * (most + text) / asked + SLACK
    if best < floor:
        return kept, count
    if count == len(kept.rows):
        kept = Kept(np.concatenate((kept.rows, kept.rows)), np.concatenate((kept.values, kept.values)))
    kept.rows[count] = offset + row
    values = kept.values[count]
    values[0], values[1], values[2], values[3] = product, han, latin, coverage
    values[4], values[5] = 100.0 * (least + text) / asked - SLACK, best
    return kept, count + 1


@njit(cache=True, nogil=True)
def _squared_length(han: float, latin: float, query: Lengths) -> float:
    """What the product is divided by, squared (see normalise_products)."""
    floor, rise = query.script_floor, (1.0 - query.script_floor) / query.script_share
    own, other = max(han + latin, 1e-300), max(query.han + query.latin, 1e-300)
    first = han * min(1.0, floor + rise * query.han / other) + latin * min(
        1.0, floor + rise * query.latin / other
    )
    second = query.han * min(1.0, floor + rise * han / own) + query.latin * min(
        1.0, floor + rise * latin / own
    )
    return first * second


@njit(cache=True, nogil=True)
def _drop(kept: Kept, count: int, floor: float) -> int:
    """Keep those whose highest score is not below the floor; answers how many."""
    left = 0
    for at in range(count):
        if kept.values[at, 5] >= floor:
            kept.rows[left] = kept.rows[at]
            kept.values[left] = kept.values[at]
            left += 1
    return left
