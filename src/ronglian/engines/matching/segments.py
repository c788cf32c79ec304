"""Blocks of records by row, and in large collections by token (倒排段)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ronglian.engines.matching.classes import Classes, classify
from ronglian.engines.matching.columns import Columns
from ronglian.engines.matching.facts import Facts, join_facts
from ronglian.engines.matching.ids import hash_ids, read_id
from ronglian.engines.matching.packing import Rows, join_rows, unpack

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
# Blocks of fewer rows have no postings: the kernel reads them row by row, and a change costs nothing more.
POSTED_ROWS = 2_000
# Tokens of more than this share of the rows have no postings: they would be most of the work and say little.
COMMON_SHARE = 0.08


@dataclass(frozen=True, slots=True)
class Contents:
    """What a block of records holds, by row (段内容). Tokens, with numbers of damped counts, and words are packed."""

    tokens: Rows
    words: Rows
    facts: Facts
    ids: Rows

    def take(self, rows: IntArray) -> "Contents":
        """These rows only."""
        return Contents(
            self.tokens.take(rows), self.words.take(rows), self.facts.take(rows), self.ids.take(rows)
        )


def join_contents(parts: Sequence[Contents]) -> Contents:
    """Contents below one another."""
    return Contents(
        join_rows([part.tokens for part in parts]),
        join_rows([part.words for part in parts]),
        join_facts([part.facts for part in parts]),
        join_rows([part.ids for part in parts]),
    )


class Postings(NamedTuple):
    """Rows of each posted token, in runs (packed_kernel.post) (倒排表)."""

    starts: IntArray  # (tokens + 1,)
    entries: NDArray[np.uint16]
    posted: NDArray[np.bool_]  # (tokens,)
    common: IntArray  # tokens that occur and are not posted, rising


@dataclass(frozen=True)
class Segment:
    """A block of records with what finds them by id and, in large sides, by token and class of facts. Immutable (倒排段)."""

    contents: Contents
    levels: FloatArray  # damped counts by number
    order: NDArray[np.int32]  # rows by rising key
    sorted_keys: NDArray[np.uint32]  # hashes of ids
    postings: Postings | None = None
    stored_classes: Classes | None = None  # they follow from the facts, but take a second for a million rows

    def __len__(self) -> int:
        return len(self.order)

    @cached_property
    def table(self) -> Any:
        """Damped counts by row and token, for small sides: a scipy CSR matrix."""
        tokens, levels = unpack(self.contents.tokens)
        size = int(tokens.items.max()) + 1 if len(tokens.items) else 0
        return sparse.csr_matrix((self.levels[levels], tokens.items, tokens.starts), shape=(len(self), size))

    @cached_property
    def columns(self) -> Columns:
        """Facts of all rows."""
        return self.contents.facts.columns(slice(None))

    @cached_property
    def classes(self) -> Classes:
        """Classes of facts of all rows."""
        return self.stored_classes or classify(self.contents.facts)

    @cached_property
    def class_columns(self) -> tuple[Columns, ...]:
        """Facts of an example of each class, by factor."""
        classes = self.classes
        return tuple(
            self.contents.facts.columns(classes.examples[begin:end])
            for begin, end in pairwise(classes.edges.tolist())
        )

    def id(self, row: int) -> str:
        """Id of a row."""
        return read_id(self.contents.ids.row(row).tobytes())

    def read_ids(self, rows: IntArray) -> list[str]:
        """Ids of rows."""
        ids = self.contents.ids.take(rows)
        joined = ids.items.tobytes()
        return [read_id(joined[begin:end]) for begin, end in pairwise(ids.starts.tolist())]

    def frequencies(self, rows: IntArray, size: int) -> IntArray:
        """In how many of these rows each token occurs; shape (size,)."""
        tokens, _ = unpack(self.contents.tokens.take(rows))
        return np.bincount(tokens.items, minlength=size)


def make_segment(contents: Contents, levels: NDArray[Any]) -> Segment:
    """A segment of contents, without postings."""
    keys = hash_ids(contents.ids)
    order = np.argsort(keys, kind="stable").astype(np.int32)
    # float64, so that sums do not depend on how records are spread over segments
    return Segment(contents, levels.astype(np.float64), order, keys[order])
