"""Norms of the rows of large sides, kept near the truth while term weights drift (范数界).

One record more changes the weight of every token a little. Norms follow only where a token of the row has
moved by more than DRIFT since the norm was computed: those tokens are rare, so few rows hold them. For all other
rows the norm is known to within what the drift permits, which is enough to bound a similarity; the few rows that
reach the best are measured exactly.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ronglian.engines.matching.segments import Segment
from ronglian.engines.matching.side import Side

FloatArray = NDArray[np.float64]
# Of each row: squared norms by script, and the norm over the tokens without postings (packed_kernel.Bounds); each (rows,), float32.
NORMS = ("han", "latin", "common")
Bounds = tuple[NDArray[np.float32], ...]
DRIFT = 0.005  # of a token's weight
# Weights at two times lie within 2 x drift of each other, squared norms within 4 x, the length of a row within 2 x, and how
# its scripts count (shares of squared norms) within 8 x: the similarity within 2 + (4 + 8) / 2 = 8 x, to first order.
_DRIFTS_OF_SIMILARITY = 9.0


@dataclass(frozen=True, slots=True)
class RowBounds:
    """Norms of the rows of posted segments and the weights that they follow (范数界)."""

    parts: tuple[tuple[Segment, Bounds], ...]
    # (tokens,): every norm was computed with weights within the drift of these; None: with those of now
    reference: FloatArray | None
    drift: float

    @property
    def slack(self) -> float:
        """By how much of itself a similarity computed from the norms may be off."""
        return _DRIFTS_OF_SIMILARITY * self.drift

    def of(self, segment: Segment) -> Bounds:
        """Norms of a posted segment."""
        return next(bounds for known, bounds in self.parts if known is segment)


def learn_bounds(side: Side, terms: FloatArray, squares: FloatArray, before: RowBounds | None) -> RowBounds:
    """Norms of the posted segments of a side with these term weights."""
    reference, moved, drift = terms.copy(), np.zeros(0, dtype=bool), 0.0
    if before is not None and before.reference is not None:
        old = before.reference
        change = np.abs(terms[: len(old)] / old - 1.0)
        moved = change > DRIFT
        reference[: len(old)] = np.where(moved, reference[: len(old)], old)
        drift = float(np.max(change, where=~moved, initial=0.0))
    parts = []
    for segment in side.segments:
        if segment.postings is not None:
            known = next((own for each, own in before.parts if each is segment), None) if before else None
            parts.append((segment, _bound(segment, squares, known, np.flatnonzero(moved))))
    return RowBounds(tuple(parts), reference, drift)


def _bound(segment: Segment, squares: FloatArray, known: Bounds | None, moved: NDArray[np.int64]) -> Bounds:
    from ronglian.engines.matching import packed_kernel  # noqa: PLC0415 - costs a second, large sides only

    tokens, postings = segment.contents.tokens, segment.postings
    assert postings is not None
    rows = np.arange(len(segment))
    if known is not None and not np.isin(postings.common, moved).any():
        moved = moved[moved < len(postings.posted)]
        moved = moved[postings.posted[moved]]
        touched = packed_kernel.list_rows(postings.starts, postings.entries, moved, len(segment))
        rows = np.flatnonzero(touched)
        if not len(rows):
            return known
    found = packed_kernel.bound_rows(
        tokens.starts, tokens.items, rows, segment.levels, squares, postings.posted
    )
    if known is None or len(rows) == len(segment):
        return found
    renewed = tuple(each.copy() for each in known)
    for each, values in zip(renewed, found, strict=True):
        each[rows] = values
    return renewed
