"""Compiled loops that read the packed lists of packing.py and turn them around (压缩列表的读取与倒排).

Tokens of a row stand in entries of one byte, rows of a token in entries of two. Imported only by kernel.py's users: see
there for why. Positions are unsigned: numba would test every signed one for counting from the end.
"""

from typing import NamedTuple

import numpy as np
from numba import njit, uint64
from numpy.typing import NDArray

# Layouts of packing.py, spelled out because compiled code wants constants.
_U0, _U1, _U2, _U3, _U6, _U7, _U13 = (uint64(each) for each in (0, 1, 2, 3, 6, 7, 13))
_MASK = uint64((1 << 13) - 1)


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
def read_long(entries, at):  # type: ignore[no-untyped-def]  # compiled for several widths
    """The number in two-byte entries at a place: (place behind it, gap, level)."""
    gap, level = _U0, _U0
    entry = uint64(entries[at])
    while (entry & _U7) == _U6:
        gap = (gap | (entry >> _U3)) << _U13
        at += _U1
        entry = uint64(entries[at])
    if (entry & _U7) == _U7:
        while (entry & _U7) == _U7:
            level = (level << _U13) | (entry >> _U3)
            at += _U1
            entry = uint64(entries[at])
    else:
        level = entry & _U7
    return at + _U1, gap | (entry >> _U3), level


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
def _digits(value):  # type: ignore[no-untyped-def]  # compiled for several widths
    """Two-byte entries that a value takes, none for 0."""
    count = 0
    while value > _U0:
        count += 1
        value >>= _U13
    return count


@njit(cache=True, nogil=True)
def _posting_sizes(
    starts: NDArray[np.int64], entries: NDArray[np.uint8], posted: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """How many entries the rows of each token take, 0 for tokens that are not posted; shape (tokens,)."""
    sizes, last = np.zeros(len(posted), np.int64), np.zeros(len(posted), np.uint64)
    for row in range(len(starts) - 1):
        at, end, token = uint64(starts[row]), uint64(starts[row + 1]), uint64(0)
        while at < end:
            at, gap, level = read_short(entries, at)
            token += gap
            if posted[token]:
                sizes[token] += max(1, _digits(uint64(row) - last[token]))
                if level >= _U6:
                    sizes[token] += _digits(level)
                last[token] = uint64(row)
    return sizes


@njit(cache=True, nogil=True)
def post(
    starts: NDArray[np.int64], entries: NDArray[np.uint8], posted: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.uint16]]:
    """Packed rows of every posted token: starts (tokens + 1,) and entries."""
    sizes = _posting_sizes(starts, entries, posted)
    places = np.zeros(len(posted) + 1, np.int64)
    places[1:] = np.cumsum(sizes)
    packed = np.empty(places[-1], np.uint16)
    free, last = places[:-1].copy(), np.zeros(len(posted), np.uint64)
    for row in range(len(starts) - 1):
        at, end, token = uint64(starts[row]), uint64(starts[row + 1]), uint64(0)
        while at < end:
            at, gap, level = read_short(entries, at)
            token += gap
            if not posted[token]:
                continue
            gap = uint64(row) - last[token]
            last[token] = uint64(row)
            place, own_code = free[token], level < _U6
            # From the first digit to the last, as they are read.
            for digit in range(_digits(gap) - 1, 0, -1):
                packed[place] = (((gap >> uint64(13 * digit)) & _MASK) << _U3) | _U6
                place += 1
            if not own_code:
                for digit in range(_digits(level) - 1, -1, -1):
                    packed[place] = (((level >> uint64(13 * digit)) & _MASK) << _U3) | _U7
                    place += 1
            packed[place] = ((gap & _MASK) << _U3) | (level if own_code else _U0)
            free[token] = place + 1
    return places, packed


@njit(cache=True, nogil=True)
def list_rows(
    starts: NDArray[np.int64], entries: NDArray[np.uint16], tokens: NDArray[np.int64], rows: int
) -> NDArray[np.bool_]:
    """Which rows hold any of these posted tokens; shape (rows,)."""
    found = np.zeros(rows, np.bool_)
    for token in tokens:
        at, end, row = uint64(starts[token]), uint64(starts[token + 1]), uint64(0)
        while at < end:
            at, gap, _ = read_long(entries, at)
            row += gap
            found[row] = True
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
