"""The first half of a search: what each row can reach by its text (相似度上界)."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ronglian.engines.matching.kernel_input import SLACK, Lengths, Room, Rows, Scale, Terms
from ronglian.engines.matching.packed_kernel import BLOCK, HEAD, Bounds

CHUNK = 256  # rows that are passed over together where none can be among the best


@njit(cache=True, nogil=True)
def _add_block(
    terms: Terms,
    entries: NDArray[np.uint16],
    levels: NDArray[np.float64],
    block: int,
    sums: NDArray[np.float32],
) -> None:
    """Set ``sums`` to the sums of the terms over a block; the terms' cursors move on to the next one."""
    sums[:] = np.float32(0.0)
    for term in range(len(terms.weights)):
        at, end, weight = terms.cursors[term], terms.ends[term], terms.weights[term]
        while at < end and entries[at] == block:
            impact = weight * np.float32(levels[entries[at + 1]])
            begin = at + HEAD
            at = begin + entries[at + 2] + 1
            for row in entries[begin:at]:
                sums[row] += impact
        terms.cursors[term] = at


# Python's division asks for zero each time, which keeps the loop from being vectorised.
@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def _bound_block(
    sums: NDArray[np.float32],
    row_han: NDArray[np.float32],
    row_latin: NDArray[np.float32],
    row_common: NDArray[np.float32],
    query: Lengths,
    found: NDArray[np.float32],
) -> None:
    """Set ``found`` to the most that the similarity of each row of a block can be; written to be vectorised."""
    han, latin, common = np.float32(query.han), np.float32(query.latin), np.float32(query.common)
    floor, one, tiny = np.float32(query.script_floor), np.float32(1.0), np.float32(1e-30)
    rise = (one - floor) / np.float32(query.script_share)
    total = max(han + latin, tiny)
    count_han, count_latin = min(one, floor + rise * han / total), min(one, floor + rise * latin / total)
    slack = np.float32(1.0 + query.slack)
    for at in range(len(sums)):
        inverse = one / (row_han[at] + row_latin[at] + tiny)
        own = row_han[at] * count_han + row_latin[at] * count_latin
        other = han * min(one, floor + rise * row_han[at] * inverse)
        other += latin * min(one, floor + rise * row_latin[at] * inverse)
        found[at] = (sums[at] + common * row_common[at]) * slack / np.sqrt(own * other + tiny)


@njit(cache=True, nogil=True, fastmath=True)
def _highest(values: NDArray[np.float32]) -> np.float32:
    """The largest of values that are not below zero; written to be vectorised."""
    best = np.float32(0.0)
    for at in range(len(values)):
        best = values[at] if values[at] > best else best
    return best


@njit(cache=True, nogil=True)
def _rule_out_uncovered(
    shares: Terms,
    entries: NDArray[np.uint16],
    levels: NDArray[np.float64],
    block: int,
    least: float,
    sums: NDArray[np.float32],
) -> None:
    """Set ``sums`` of a block to 0 where a row holds less of the query than it must."""
    covered = np.empty(len(sums), np.float32)
    _add_block(shares, entries, np.ones_like(levels), block, covered)
    for row in range(len(sums)):
        if covered[row] < least:
            sums[row] = np.float32(0.0)


@njit(cache=True, nogil=True)
def bound_rows(
    room: Room,
    rows: Rows,
    bounds: Bounds,
    postings: NDArray[np.uint16],
    terms: Terms,
    shares: Terms,
    query: Lengths,
    scale: Scale,
) -> None:
    """Set the sums of all rows, and the most that the similarity of each can be; 1 where a segment has no postings."""
    size = len(rows.alive)
    for block in range((size + BLOCK - 1) // BLOCK):
        first, stop = block * BLOCK, min(size, (block + 1) * BLOCK)
        sums, own = room.sums[first:stop], room.bounds[first:stop]
        if not len(bounds.han):
            own[:] = np.float32(1.0)
            continue
        _add_block(terms, postings, rows.levels, block, sums)
        _bound_block(
            sums, bounds.han[first:stop], bounds.latin[first:stop], bounds.common[first:stop], query, own
        )
        if scale.coverage > 0.0:
            least = scale.coverage - query.common_share - SLACK
            _rule_out_uncovered(shares, postings, rows.levels, block, least, own)


@njit(cache=True, nogil=True)
def find_highest(row_bounds: NDArray[np.float32]) -> NDArray[np.float32]:
    """The highest bound in each part of CHUNK rows."""
    highest = np.empty((len(row_bounds) + CHUNK - 1) // CHUNK, np.float32)
    for chunk in range(len(highest)):
        highest[chunk] = _highest(row_bounds[chunk * CHUNK : min(len(row_bounds), (chunk + 1) * CHUNK)])
    return highest
