"""Blocks of records by row and by token (倒排段)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ronglian.engines.matching.classes import Classes, classify
from ronglian.engines.matching.columns import Columns, join

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rows:
    """Ragged rows: row i holds ``items[starts[i]:starts[i + 1]]`` (``starts`` has one entry more than rows)."""

    starts: IntArray  # (rows + 1,)
    items: NDArray[Any]  # (entries,): int32 numbers, or uint8 for bytes

    def __len__(self) -> int:
        return len(self.starts) - 1

    def row(self, number: int) -> NDArray[Any]:
        """Entries of one row."""
        return self.items[self.starts[number] : self.starts[number + 1]]

    def places(self, rows: IntArray) -> IntArray:
        """Positions in ``items`` of all entries of these rows, in their order."""
        sizes = self.starts[rows + 1] - self.starts[rows]
        before = np.repeat(self.starts[rows] - np.concatenate(([0], np.cumsum(sizes)[:-1])), sizes)
        return np.asarray(np.arange(int(sizes.sum())) + before)

    def take(self, rows: IntArray) -> "Rows":
        """These rows only."""
        sizes = self.starts[rows + 1] - self.starts[rows]
        starts = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
        return Rows(starts, self.items[self.places(rows)])


def make_bytes(values: Sequence[bytes]) -> Rows:
    """Rows of bytes."""
    sizes = np.array([0, *map(len, values)], dtype=np.int64)
    return Rows(np.cumsum(sizes), np.frombuffer(b"".join(values), dtype=np.uint8))


def join_rows(parts: Iterable[Rows]) -> Rows:
    """Rows below one another."""
    parts = list(parts)
    sizes = np.concatenate([[0], *(np.diff(part.starts) for part in parts)]).astype(np.int64)
    return Rows(np.cumsum(sizes), np.concatenate([part.items for part in parts]))


@dataclass(frozen=True, slots=True)
class Contents:
    """What a block of records holds, by row (段内容).

    The damped weight of a token is ``levels[code]``: weights grow from small counts, so there are few of them and
    a byte tells them apart without loss. ``facts`` are JSON, ``ids`` UTF-8.
    """

    tokens: Rows
    codes: NDArray[Any]  # beside tokens.items; uint8 where 256 levels are enough
    levels: NDArray[np.float32]
    words: Rows
    columns: Columns
    facts: Rows
    ids: Rows
    keys: NDArray[np.uint64]  # (rows,): hash of the id

    def take(self, rows: IntArray) -> "Contents":
        """These rows only."""
        return Contents(
            self.tokens.take(rows),
            self.codes[self.tokens.places(rows)],
            self.levels,
            self.words.take(rows),
            self.columns.take(rows),
            self.facts.take(rows),
            self.ids.take(rows),
            self.keys[rows],
        )


def join_contents(parts: Sequence[Contents]) -> Contents:
    """Contents below one another."""
    levels = np.unique(np.concatenate([part.levels for part in parts]))
    kind = np.min_scalar_type(max(len(levels) - 1, 0))
    codes = [np.searchsorted(levels, part.levels).astype(kind)[part.codes] for part in parts]
    return Contents(
        join_rows(part.tokens for part in parts),
        np.concatenate(codes),
        levels,
        join_rows(part.words for part in parts),
        join([part.columns for part in parts]),
        join_rows(part.facts for part in parts),
        join_rows(part.ids for part in parts),
        np.concatenate([part.keys for part in parts]),
    )


@dataclass(frozen=True, slots=True)
class Segment:
    """A block of records with what finds them: by token, by id, by class of facts. Immutable (倒排段)."""

    contents: Contents
    terms: NDArray[np.int32]  # tokens that occur, rising
    starts: IntArray  # where each term's postings begin; (terms + 1,)
    postings: NDArray[np.int32]  # rows, rising within a term
    codes: NDArray[Any]  # beside postings
    levels: FloatArray  # weights of the codes
    order: NDArray[np.int32]  # rows by rising key
    sorted_keys: NDArray[np.uint64]
    classes: Classes

    def __len__(self) -> int:
        return len(self.contents.keys)

    def find(self, tokens: IntArray, weights: FloatArray) -> tuple[IntArray, IntArray, FloatArray]:
        """Begins, ends and weights of the postings of those given tokens that occur, in their order."""
        if not len(self.terms):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)
        places = np.minimum(np.searchsorted(self.terms, tokens), len(self.terms) - 1)
        found = self.terms[places] == tokens
        places = places[found]
        return self.starts[places], self.starts[places + 1], weights[found]

    def add_products(self, tokens: IntArray, weights: FloatArray, sums: FloatArray) -> None:
        """Add to ``sums`` (rows,) the dot product of each row with the given token weights."""
        for begin, end, weight in zip(*map(np.ndarray.tolist, self.find(tokens, weights)), strict=True):
            # Rows are unique within a term, so plain indexing adds each exactly once.
            sums[self.postings[begin:end]] += weight * self.levels[self.codes[begin:end]]

    def add_presence(self, tokens: IntArray, weights: FloatArray, sums: FloatArray) -> None:
        """Add to ``sums`` (rows,) the weights of those given tokens that occur in each row."""
        for begin, end, weight in zip(*map(np.ndarray.tolist, self.find(tokens, weights)), strict=True):
            sums[self.postings[begin:end]] += weight

    def squared_norms(
        self, squared_weights: FloatArray, first: NDArray[np.bool_]
    ) -> tuple[FloatArray, FloatArray]:
        """Sum over each row of (weight² x squared_weights[token]) for marked tokens and others; each (rows,)."""
        tokens = self.contents.tokens
        values = (self.levels**2)[self.contents.codes] * squared_weights[tokens.items]
        owners = np.repeat(np.arange(len(self)), np.diff(tokens.starts))
        marked = first[tokens.items]
        return (
            np.bincount(owners, weights=values * marked, minlength=len(self)).astype(np.float64),
            np.bincount(owners, weights=values * ~marked, minlength=len(self)).astype(np.float64),
        )

    def frequencies(self, rows: IntArray, size: int) -> IntArray:
        """In how many of these rows each token occurs; shape (size,)."""
        if len(rows) == len(self):
            counts = np.zeros(size, dtype=np.int64)
            counts[self.terms] = np.diff(self.starts)
            return counts
        tokens = self.contents.tokens
        return np.bincount(tokens.items[tokens.places(rows)], minlength=size)


def make_segment(contents: Contents) -> Segment:
    """A segment of contents."""
    tokens = contents.tokens
    size = int(tokens.items.max()) + 1 if len(tokens.items) else 0
    table = sparse.csr_matrix((contents.codes, tokens.items, tokens.starts), shape=(len(tokens), size))
    columns = table.tocsc()
    counts = np.diff(columns.indptr)
    terms = np.flatnonzero(counts)
    order = np.argsort(contents.keys, kind="stable").astype(np.int32)
    return Segment(
        contents=contents,
        terms=terms.astype(np.int32),
        starts=np.concatenate(([0], np.cumsum(counts[terms], dtype=np.int64))).astype(np.int64),
        postings=columns.indices.astype(np.int32, copy=False),
        codes=columns.data,
        # float64, so that sums do not depend on how records are spread over segments
        levels=contents.levels.astype(np.float64),
        order=order,
        sorted_keys=contents.keys[order],
        classes=classify(contents.columns),
    )
