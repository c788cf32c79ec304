"""Rising numbers with levels, packed into small entries (压缩表).

A list such as the tokens of a record is kept as gaps between neighbours. An entry is a byte, with a code in its low bits
and digits in its high bits. Most numbers take one entry:

- code < levels: the next number lies the gap in the digits further on, and has this level;
- code = levels: leading digits of a gap that is too large for one entry;
- code = levels + 1: digits of a level that has no code of its own.

The kernel decodes the same format (packed_kernel.py). Level 0 should be the most frequent one.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]


_CODE_BITS, _DIGIT_BITS, _LEVELS = 2, 6, 2  # of an entry; levels that have a code of their own


@dataclass(frozen=True, slots=True)
class Rows:
    """Ragged rows: row i holds ``items[starts[i]:starts[i + 1]]`` (``starts`` has one entry more than rows)."""

    starts: IntArray  # (rows + 1,)
    items: NDArray[Any]  # (entries,)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def row(self, number: int) -> NDArray[Any]:
        """Entries of one row."""
        return self.items[self.starts[number] : self.starts[number + 1]]

    def take(self, rows: IntArray) -> "Rows":
        """These rows only."""
        sizes = self.starts[rows + 1] - self.starts[rows]
        starts = starts_of(sizes)
        places = np.arange(int(starts[-1])) + np.repeat(self.starts[rows] - starts[:-1], sizes)
        return Rows(starts, self.items[places])


def starts_of(sizes: NDArray[Any]) -> IntArray:
    """Where rows of these sizes begin, and the end of the last."""
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(sizes, dtype=np.int64)])


def join_rows(parts: list[Rows]) -> Rows:
    """Rows below one another."""
    sizes = np.concatenate([np.diff(part.starts) for part in parts])
    return Rows(starts_of(sizes), np.concatenate([part.items for part in parts]))


def make_bytes(values: list[bytes]) -> Rows:
    """Rows of bytes."""
    return Rows(starts_of(np.fromiter(map(len, values), np.int64)), np.frombuffer(b"".join(values), np.uint8))


def pack(numbers: Rows, levels: NDArray[Any]) -> Rows:
    """Rows of entries; ``numbers`` rise within each row, ``levels`` stand beside them."""
    code_bits, digit_bits, direct = _CODE_BITS, _DIGIT_BITS, _LEVELS
    items: IntArray = numbers.items.astype(np.int64)
    gaps = items - np.concatenate([np.zeros(1, dtype=np.int64), items[:-1]])[: len(items)]
    firsts = numbers.starts[:-1][np.diff(numbers.starts) > 0]
    gaps[firsts] = numbers.items[firsts]
    own_code = levels < direct
    more_digits = _digits(gaps, digit_bits) - 1
    level_digits = np.where(own_code, 0, _digits(levels, digit_bits))
    ends = np.cumsum(1 + more_digits + level_digits)
    entries = np.zeros(int(ends[-1]) if len(ends) else 0, dtype=np.int64)
    mask = (1 << digit_bits) - 1
    entries[ends - 1] = ((gaps & mask) << code_bits) | np.where(own_code, levels, 0)
    more: tuple[tuple[IntArray, IntArray, IntArray, int], ...] = (
        (levels.astype(np.int64), level_digits, np.ones_like(gaps), direct + 1),
        (gaps >> digit_bits, more_digits, 1 + level_digits, direct),
    )
    for values, digits, behind, code in more:
        chosen = np.flatnonzero(digits)
        for place in range(int(digits.max(initial=0))):
            chosen = chosen[digits[chosen] > place]
            digit = (values[chosen] >> (place * digit_bits)) & mask
            entries[ends[chosen] - 1 - behind[chosen] - place] = (digit << code_bits) | code
    starts = np.concatenate([np.zeros(1, dtype=np.int64), ends])[numbers.starts]
    return Rows(starts, entries.astype(np.uint8))


def _digits(values: NDArray[Any], digit_bits: int) -> IntArray:
    """How many digits each value takes, at least one."""
    count = np.ones(len(values), dtype=np.int64)
    left = values.astype(np.int64) >> digit_bits
    while left.any():
        count += left > 0
        left >>= digit_bits
    return count


def unpack(packed: Rows) -> tuple[Rows, IntArray]:
    """The numbers and levels that were packed."""
    code_bits, digit_bits, direct = _CODE_BITS, _DIGIT_BITS, _LEVELS
    codes = packed.items & ((1 << code_bits) - 1)
    digits = (packed.items >> code_bits).astype(np.int64)
    lasts = np.flatnonzero(codes < direct)
    levels, gaps = codes[lasts].astype(np.int64), digits[lasts]
    # Walk back from each number's last entry over the digits before it; few have any.
    for wanted, values, first_shift in ((direct + 1, levels, 0), (direct, gaps, digit_bits)):
        chosen, shift = np.arange(len(lasts)), first_shift
        while len(chosen):
            before = lasts[chosen] - 1
            there = (before >= 0) & (codes[before] == wanted)
            chosen = chosen[there]
            values[chosen] += digits[before[there]] << shift
            lasts[chosen] -= 1
            shift += digit_bits
    counts = np.searchsorted(np.flatnonzero(codes < direct), packed.starts).astype(np.int64)
    sums = np.cumsum(gaps)
    before_row = np.concatenate([np.zeros(1, dtype=np.int64), sums])[counts[:-1]]
    return Rows(counts, sums - np.repeat(before_row, np.diff(counts))), levels
