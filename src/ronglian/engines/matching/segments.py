"""Blocks of records by row and by token (倒排段)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rows:
    """Ragged rows: row i holds ``items[ends[i-1]:ends[i]]`` (``starts`` has one entry more than there are rows)."""

    starts: IntArray  # (rows + 1,)
    items: NDArray[np.int32]  # (entries,)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def row(self, number: int) -> NDArray[np.int32]:
        """Entries of one row."""
        return self.items[self.starts[number] : self.starts[number + 1]]

    def places(self, rows: IntArray) -> IntArray:
        """Positions in ``items`` of all entries of these rows, in their order."""
        sizes = self.starts[rows + 1] - self.starts[rows]
        before = np.repeat(self.starts[rows] - np.concatenate(([0], np.cumsum(sizes)[:-1])), sizes)
        return np.asarray(np.arange(int(sizes.sum())) + before)


def make_rows(lists: Sequence[Sequence[int]]) -> Rows:
    """Rows of lists of numbers."""
    sizes = np.array([0, *(len(each) for each in lists)], dtype=np.int64)
    items = np.fromiter((item for each in lists for item in each), dtype=np.int32, count=int(sizes.sum()))
    return Rows(np.cumsum(sizes), items)


def join_rows(parts: Iterable[Rows]) -> Rows:
    """Rows below one another."""
    parts = list(parts)
    sizes = np.concatenate([[0], *(np.diff(part.starts) for part in parts)]).astype(np.int64)
    return Rows(np.cumsum(sizes), np.concatenate([part.items for part in parts]))


@dataclass(frozen=True, slots=True)
class Segment:
    """A block of records: damped token weights by row, the same by token, and words by row. Immutable."""

    tokens: Rows
    weights: NDArray[np.float32]  # beside tokens.items
    words: Rows
    terms: NDArray[np.int32] = field(init=False)  # tokens that occur, rising
    starts: IntArray = field(init=False)  # where each term's rows begin; (terms + 1,)
    postings: NDArray[np.int32] = field(init=False)
    impacts: FloatArray = field(init=False)  # weights beside postings

    def __post_init__(self) -> None:
        size = int(self.tokens.items.max()) + 1 if len(self.tokens.items) else 0
        shape = (len(self.tokens), size)
        # float64, so that sums do not depend on how records are spread over segments
        table = sparse.csr_matrix(
            (self.weights.astype(np.float64), self.tokens.items, self.tokens.starts), shape=shape
        )
        columns = table.tocsc()
        counts = np.diff(columns.indptr)
        terms = np.flatnonzero(counts)
        object.__setattr__(self, "terms", terms.astype(np.int32))
        object.__setattr__(self, "starts", np.concatenate(([0], np.cumsum(counts[terms]))).astype(np.int64))
        object.__setattr__(self, "postings", columns.indices.astype(np.int32))
        object.__setattr__(self, "impacts", columns.data)

    def __len__(self) -> int:
        return len(self.tokens)

    def add_products(self, tokens: IntArray, weights: FloatArray, sums: FloatArray) -> None:
        """Add to ``sums`` (rows,) the dot product of each row with the given token weights."""
        for place, weight in self._find(tokens, weights):
            begin, end = self.starts[place], self.starts[place + 1]
            # Rows are unique within a term, so plain indexing adds each exactly once.
            sums[self.postings[begin:end]] += weight * self.impacts[begin:end]

    def add_presence(self, tokens: IntArray, weights: FloatArray, sums: FloatArray) -> None:
        """Add to ``sums`` (rows,) the weights of those given tokens that occur in each row."""
        for place, weight in self._find(tokens, weights):
            sums[self.postings[self.starts[place] : self.starts[place + 1]]] += weight

    def _find(self, tokens: IntArray, weights: FloatArray) -> list[tuple[int, float]]:
        if not len(self.terms):
            return []
        places = np.minimum(np.searchsorted(self.terms, tokens), len(self.terms) - 1)
        found = self.terms[places] == tokens
        return list(zip(places[found].tolist(), weights[found].tolist(), strict=True))

    def squared_norms(self, squared_weights: FloatArray) -> FloatArray:
        """Sum over each row of (weight² x squared_weights[token]); shape (rows,)."""
        values = self.weights.astype(np.float64) ** 2 * squared_weights[self.tokens.items]
        owners = np.repeat(np.arange(len(self)), np.diff(self.tokens.starts))
        return np.bincount(owners, weights=values, minlength=len(self)).astype(np.float64)

    def frequencies(self, rows: IntArray, size: int) -> IntArray:
        """In how many of these rows each token occurs; shape (size,)."""
        return np.bincount(self.tokens.items[self.tokens.places(rows)], minlength=size)

    def take(self, rows: IntArray) -> "Segment":
        """A segment of these rows only."""
        places, words = self.tokens.places(rows), self.words.places(rows)
        return Segment(
            Rows(_starts(self.tokens, rows), self.tokens.items[places]),
            self.weights[places],
            Rows(_starts(self.words, rows), self.words.items[words]),
        )


def _starts(rows: Rows, chosen: IntArray) -> IntArray:
    sizes = rows.starts[chosen + 1] - rows.starts[chosen]
    return np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)


def join_segments(parts: Sequence[Segment]) -> Segment:
    """Segments below one another."""
    return Segment(
        join_rows(part.tokens for part in parts),
        np.concatenate([part.weights for part in parts]),
        join_rows(part.words for part in parts),
    )
