"""Compiled loops that read the packed rows of packing.py and turn them around (压缩列表的读取与倒排).

Imported only by kernel.py's users: see there for why. Positions are unsigned in the innermost loops: numba would test
every signed one for counting from the end.
"""

from typing import NamedTuple

import numpy as np
from numba import njit, uint64
from numpy.typing import NDArray

BLOCK = 1 << 16  # rows whose sums stay in the second-level cache, and whose numbers take two bytes
HEAD = 3  # entries of a run before its rows
# The layout of packing.py, spelled out because compiled code wants constants.
_U0, _U1, _U2, _U3, _U6 = (uint64(each) for each in (0, 1, 2, 3, 6))


class Bounds(NamedTuple):
    """Squared norms of rows by script, and the norm over the tokens without postings; each (rows,), float32."""

    han: NDArray[np.float32]
    latin: NDArray[np.float32]
    common: NDArray[np.float32]


@njit(cache=True, nogil=True)
def read_short(entries, at):  # type: ignore[no-untyped-def]  # compiled for several widths
    """The number in one-byte entries at a place: (place behind it, gap, level)."""
    gap, level = _U0, _U0
    entry = uint64(entries[at])
    while (entry & _U3) == _U2:
        gap = (gap | (entry >> _U2)) << _U6
        at += _U1
        entry = uint64(entries[at])
    if (entry & _U3) == _U3:
        while (entry & _U3) == _U3:
            level = (level << _U6) | (entry >> _U2)
            at += _U1
            entry = uint64(entries[at])
    else:
        level = entry & _U3
    return at + _U1, gap | (entry >> _U2), level


@njit(cache=True, nogil=True)
def count_tokens(
    starts: NDArray[np.int64], entries: NDArray[np.uint8], rows: NDArray[np.int64], size: int
) -> NDArray[np.int64]:
    """In how many of these rows each token occurs; shape (size,)."""
    counts = np.zeros(size, np.int64)
    for row in rows:
        at, end, token = uint64(starts[row]), uint64(starts[row + 1]), uint64(0)
        while at < end:
            at, gap, _ = read_short(entries, at)
            token += gap
            counts[token] += 1
    return counts


@njit(cache=True, nogil=True)
def _turn_block(
    starts: NDArray[np.int64], entries: NDArray[np.uint8], posted: NDArray[np.bool_], first: int, stop: int
) -> tuple[NDArray[np.int64], NDArray[np.uint16], NDArray[np.uint16]]:
    """The rows of a block by posted token: begins (tokens + 1,), rows within the block, levels. Reads the rows twice."""
    begins = np.zeros(len(posted) + 1, np.int64)
    for row in range(first, stop):
        at, end, token = uint64(starts[row]), uint64(starts[row + 1]), uint64(0)
        while at < end:
            at, gap, _ = read_short(entries, at)
            token += gap
            begins[token + _U1] += posted[token]
    begins = np.cumsum(begins)
    free = begins[:-1].copy()
    rows, levels = np.empty(begins[-1], np.uint16), np.empty(begins[-1], np.uint16)
    for row in range(first, stop):
        at, end, token = uint64(starts[row]), uint64(starts[row + 1]), uint64(0)
        while at < end:
            at, gap, level = read_short(entries, at)
            token += gap
            if posted[token]:
                rows[free[token]], levels[free[token]] = row - first, level
                free[token] += 1
    return begins, rows, levels


@njit(cache=True, nogil=True)
def _count_levels(levels: NDArray[np.uint16], counts: NDArray[np.int64]) -> int:
    """Add up how often each level occurs; answers how many different ones do. ``counts`` must be zero."""
    different = 0
    for level in levels:
        different += counts[level] == 0
        counts[level] += 1
    return different


@njit(cache=True, nogil=True)
def _write_runs(
    block: int,
    rows: NDArray[np.uint16],
    levels: NDArray[np.uint16],
    counts: NDArray[np.int64],
    packed: NDArray[np.uint16],
    place: int,
) -> int:
    """Write the runs of one token in one block, levels as they first occur; answers the place behind them.

    ``counts`` says how often each level occurs and comes back zero. Below zero it is where the level's next row goes.
    """
    for at in range(len(rows)):
        level = levels[at]
        if counts[level] > 0:
            packed[place], packed[place + 1], packed[place + 2] = block, level, counts[level] - 1
            begin = place + HEAD
            place = begin + counts[level]
            counts[level] = -begin
        packed[-counts[level]] = rows[at]
        counts[level] -= 1
    counts[levels] = 0
    return place


@njit(cache=True, nogil=True)
def post(
    starts: NDArray[np.int64], entries: NDArray[np.uint8], posted: NDArray[np.bool_], levels: int
) -> tuple[NDArray[np.int64], NDArray[np.uint16]]:
    """The rows of every posted token in runs: starts (tokens + 1,) and entries.

    A run holds the rows of a token in one block of BLOCK rows with one level: block, level, rows less one, and then
    the rows, counted from the beginning of the block. The kernel adds one number at each without decoding anything.
    Goes through the rows four times; needs memory for one block.
    """
    rows, tokens = len(starts) - 1, len(posted)
    sizes, counts = np.zeros(tokens + 1, np.int64), np.zeros(levels, np.int64)
    for block in range((rows + BLOCK - 1) // BLOCK):
        stop = min(rows, (block + 1) * BLOCK)
        begins, _, own = _turn_block(starts, entries, posted, block * BLOCK, stop)
        for token in range(tokens):
            if begins[token + 1] > begins[token]:
                found = own[begins[token] : begins[token + 1]]
                sizes[token + 1] += len(found) + HEAD * _count_levels(found, counts)
                counts[found] = 0
    places = np.cumsum(sizes)
    packed, free = np.empty(places[-1], np.uint16), places[:-1].copy()
    for block in range((rows + BLOCK - 1) // BLOCK):
        stop = min(rows, (block + 1) * BLOCK)
        begins, within, own = _turn_block(starts, entries, posted, block * BLOCK, stop)
        for token in range(tokens):
            if begins[token + 1] > begins[token]:
                part = slice(begins[token], begins[token + 1])
                _count_levels(own[part], counts)
                free[token] = _write_runs(block, within[part], own[part], counts, packed, free[token])
    return places, packed


@njit(cache=True, nogil=True)
def list_rows(
    starts: NDArray[np.int64], entries: NDArray[np.uint16], tokens: NDArray[np.int64], rows: int
) -> NDArray[np.bool_]:
    """Which rows hold any of these posted tokens; shape (rows,)."""
    found = np.zeros(rows, np.bool_)
    for token in tokens:
        at, end = starts[token], starts[token + 1]
        while at < end:
            first, begin = np.int64(entries[at]) * BLOCK, at + HEAD
            at = begin + entries[at + 2] + 1
            for row in entries[begin:at]:
                found[first + row] = True
    return found


@njit(cache=True, nogil=True)
def bound_rows(
    starts: NDArray[np.int64],
    entries: NDArray[np.uint8],
    rows: NDArray[np.int64],
    levels: NDArray[np.float64],
    squares: NDArray[np.float64],
    posted: NDArray[np.bool_],
) -> Bounds:
    """Norms of these rows with these squared weights, negated for Latin stems."""
    han, latin, common = (
        np.zeros(len(rows), np.float32),
        np.zeros(len(rows), np.float32),
        np.zeros(len(rows), np.float32),
    )
    for place, row in enumerate(rows):
        at, end, token = uint64(starts[row]), uint64(starts[row + 1]), uint64(0)
        one, two, three = 0.0, 0.0, 0.0
        while at < end:
            at, gap, level = read_short(entries, at)
            token += gap
            value = levels[level] * levels[level] * squares[token]
            if value >= 0.0:
                one += value
            else:
                two -= value
            if not posted[token]:
                three += abs(value)
        han[place], latin[place], common[place] = one, two, np.sqrt(three)
    return Bounds(han, latin, common)
