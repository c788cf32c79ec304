"""Compiled loops for large collections (大规模检索内核).

Imported only for sides of :data:`~ronglian.engines.matching.side.KERNEL_ROWS` rows and more: importing numba
takes about a second, which a small collection would never earn back. Machine code is kept beside the package (or in
the user's cache folder) after the first run.

The method: the rarer tokens of a query are added up term at a time in single precision, blocked by rows so that the sums
stay in the second-level cache. Frequent tokens have no postings; what they can add to a row is bounded by
Cauchy-Schwarz: by the length of the query over them times the length of the row over them. A row whose bound reaches
the best is read from its own packed tokens, in double precision (:func:`measure`). Dynamic pruning (WAND, MaxScore) does
not pay for needs of hundreds of tokens (measured: see benchmarks/matching/SCALE.md).

The packed lists are read by packed_kernel.py. Positions are unsigned here as there.
"""

from typing import NamedTuple

import numpy as np
from numba import njit, uint64
from numpy.typing import NDArray

from ronglian.engines.matching.packed_kernel import Bounds, read_long, read_short

BLOCK = 1 << 15
SAMPLE = 4096  # so many rows are looked at to guess where the best begin
SLACK = 1e-5  # far above the rounding of single precision, far below what two different scores differ by
NEVER = -1e300
# Of the layouts of packing.py, spelled out because compiled code wants constants.
_U1, _U3, _U6, _U7 = (uint64(each) for each in (1, 3, 6, 7))


class Tables(NamedTuple):
    """By token: query weight times weight in the row, its part of the coverage, squared weight in the row.

    The squared weights of Latin stems are negated: one look-up tells the script as well.
    """

    products: NDArray[np.float64]
    coverage: NDArray[np.float64]
    squares: NDArray[np.float64]


class Lengths(NamedTuple):
    """Of a query: squared norms by script; norm over the tokens without postings; how scripts count (parameters)."""

    han: float
    latin: float
    common: float
    script_floor: float
    script_share: float
    slack: float  # by how much of themselves the bounds of rows may be off


class Points(NamedTuple):
    """By fact class: the most and the fewest points, points asked for, and whether it may not be shown."""

    most: NDArray[np.float64]
    least: NDArray[np.float64]
    asked: NDArray[np.float64]
    barred: NDArray[np.bool_]
    edges: NDArray[np.int64]  # (factors + 1,)


class Scale(NamedTuple):
    """From similarities to text points: knots; what the text can bring; what a row must reach to be listed."""

    points: float
    xs: NDArray[np.float64]
    ys: NDArray[np.float64]
    similarity: float
    coverage: float


class Kept(NamedTuple):
    """Rows that may be among the best: products, squared norms by script, coverage, lowest and highest score."""

    rows: NDArray[np.int64]
    values: NDArray[np.float64]  # (rows, 6)


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
def _add_block(
    cursors: NDArray[np.uint64],
    ends: NDArray[np.int64],
    reached: NDArray[np.uint64],
    weights: NDArray[np.float32],
    entries: NDArray[np.uint16],
    levels: NDArray[np.float32],
    start: int,
    stop: int,
    sums: NDArray[np.float32],
) -> None:
    first, behind = uint64(start), uint64(stop)
    impacts = np.zeros(8, np.float32)
    for term in range(len(weights)):
        at, end, row, weight = cursors[term], uint64(ends[term]), reached[term], weights[term]
        for code in range(min(6, len(levels))):
            impacts[code] = weight * levels[code]
        while at < end:
            entry = uint64(entries[at])
            code = entry & _U7
            if code < _U6:
                following = row + (entry >> _U3)
                if following >= behind:
                    break
                row = following
                sums[row - first] += impacts[code]
                at += _U1
            else:
                place, gap, level = read_long(entries, at)
                following = row + gap
                if following >= behind:
                    break
                row = following
                sums[row - first] += weight * levels[level]
                at = place
        cursors[term], reached[term] = at, row


@njit(cache=True, nogil=True)
def add_products(
    begins: NDArray[np.int64],
    ends: NDArray[np.int64],
    weights: NDArray[np.float32],
    entries: NDArray[np.uint16],
    levels: NDArray[np.float64],
    bounds: Bounds,
    query: Lengths,
    sums: NDArray[np.float32],
) -> None:
    """Fill ``sums`` (rows,) with the most that the similarity of each row can be."""
    cursors, reached = begins.astype(np.uint64), np.zeros(len(begins), np.uint64)
    rows = len(sums)
    han, latin, common = np.float32(query.han), np.float32(query.latin), np.float32(query.common)
    floor, share = np.float32(query.script_floor), np.float32(query.script_share)
    one, tiny = np.float32(1.0), np.float32(1e-30)
    rise = (one - floor) / share
    total = max(han + latin, tiny)
    count_han, count_latin = min(one, floor + rise * han / total), min(one, floor + rise * latin / total)
    slack = np.float32(1.0 + query.slack)
    short_levels = levels.astype(np.float32)
    for start in range(0, rows, BLOCK):
        stop = min(start + BLOCK, rows)
        block = sums[start:stop]
        block[:] = np.float32(0.0)
        _add_block(cursors, ends, reached, weights, entries, short_levels, start, stop, block)
        for place in range(stop - start):
            row_han, row_latin = bounds.han[start + place], bounds.latin[start + place]
            inverse = one / (row_han + row_latin + tiny)
            own = row_han * count_han + row_latin * count_latin
            other = han * min(one, floor + rise * row_han * inverse)
            other += latin * min(one, floor + rise * row_latin * inverse)
            block[place] = (
                (block[place] + common * bounds.common[start + place]) * slack / np.sqrt(own * other + tiny)
            )


@njit(cache=True, nogil=True)
def rule_out_uncovered(
    begins: NDArray[np.int64],
    ends: NDArray[np.int64],
    shares: NDArray[np.float32],
    entries: NDArray[np.uint16],
    levels: int,
    common: float,
    least: float,
    sums: NDArray[np.float32],
) -> None:
    """Set ``sums`` (rows,) to 0 where a row cannot hold the least share of the query, even with all of ``common``."""
    cursors, reached = begins.astype(np.uint64), np.zeros(len(begins), np.uint64)
    ones, covered = np.ones(levels, np.float32), np.empty(BLOCK, np.float32)
    wanted = np.float32(least - common - SLACK)
    for start in range(0, len(sums), BLOCK):
        stop = min(start + BLOCK, len(sums))
        covered[:] = np.float32(0.0)
        _add_block(cursors, ends, reached, shares, entries, ones, start, stop, covered)
        for row in range(start, stop):
            if covered[row - start] < wanted:
                sums[row] = np.float32(0.0)


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
def _needed(bound: float, points: Points, scale: Scale) -> float:
    """The least similarity with which the most fortunate row could reach the bound."""
    most = 0.0
    for factor in range(len(points.edges) - 1):
        best = -1e300
        for at in range(points.edges[factor], points.edges[factor + 1]):
            best = max(best, points.most[at] - points.asked[at] * bound / 100.0)
        most += best
    wanted = (bound / 100.0 * scale.points - most) / scale.points - SLACK
    return max(scale.similarity, _least_similarity(wanted, scale.xs, scale.ys)) * (1.0 - SLACK)


@njit(cache=True, nogil=True)
def collect(
    sums: NDArray[np.float32],
    alive: NDArray[np.bool_],
    starts: NDArray[np.int64],
    entries: NDArray[np.uint8],
    levels: NDArray[np.float64],
    tables: Tables,
    query: Lengths,
    classes: NDArray[np.uint32],
    points: Points,
    scale: Scale,
    wanted: int,
    floor: float,
    kept: Kept,
    count: int,
    offset: int,
) -> tuple[Kept, int, float]:
    """Go through one block of rows; answers (rows kept so far, how many, floor).

    ``sums`` bound the similarities. Kept are the rows whose highest score is not below the floor, the lowest score of
    the ``wanted`` best: nothing else can be among them. The rows with the highest bounds are read first, to raise the floor.
    """
    rows = len(sums)
    fresh = 0
    needed = _needed(floor, points, scale)
    step = max(1, rows // SAMPLE)
    sample = np.sort(sums[::step])
    guess = sample[max(0, len(sample) - 1 - 2 * wanted // step)]
    for sweep in range(2):
        for row in range(rows):
            bound = sums[row]
            if (
                (sweep == 0 and bound < guess)
                or (sweep == 1 and bound >= guess)
                or bound < needed
                or not alive[row]
            ):
                continue
            most, least, asked, out = 0.0, 0.0, scale.points, False
            for factor in range(len(points.edges) - 1):
                place = classes[row, factor]
                most += points.most[place]
                least += points.least[place]
                asked += points.asked[place]
                out |= points.barred[place]
            if (
                out
                or 100.0 * (most + scale.points * _share(min(1.0, bound), scale.xs, scale.ys)) / asked + SLACK
                < floor
            ):
                continue
            product, han, latin, coverage = measure(starts, entries, row, levels, tables)
            if product <= 0.0 or coverage < scale.coverage:
                continue
            similarity = min(1.0, product / np.sqrt(max(_squared_length(han, latin, query), 1e-300)))
            if similarity < scale.similarity * (1.0 - SLACK):
                continue
            text = scale.points * _share(similarity, scale.xs, scale.ys)
            high = 100.0 * (most + text) / asked + SLACK
            if high < floor:
                continue
            if count == len(kept.rows):
                kept = Kept(
                    np.concatenate((kept.rows, kept.rows)), np.concatenate((kept.values, kept.values))
                )
            kept.rows[count] = offset + row
            values = kept.values[count]
            values[0], values[1], values[2], values[3] = product, han, latin, coverage
            values[4], values[5] = 100.0 * (least + text) / asked - SLACK, high
            count += 1
            fresh += 1
            if fresh >= wanted and count >= wanted:
                floor = max(floor, np.partition(kept.values[:count, 4], count - wanted)[count - wanted])
                needed = _needed(floor, points, scale)
                count, fresh = _drop(kept, count, floor), 0
    if count >= wanted:
        floor = max(floor, np.partition(kept.values[:count, 4], count - wanted)[count - wanted])
        count = _drop(kept, count, floor)
    return kept, count, floor


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
