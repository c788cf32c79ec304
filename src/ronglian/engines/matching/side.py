"""All needs or all results of an index (索引的一侧)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ronglian.engines.matching.columns import Columns
from ronglian.engines.matching.facts import join_columns, make_facts
from ronglian.engines.matching.ids import hash_id, write_id
from ronglian.engines.matching.packing import Rows, join_rows, make_bytes, pack, unpack
from ronglian.engines.matching.records import Profile
from ronglian.engines.matching.segments import (
    COMMON_SHARE,
    POSTED_ROWS,
    Contents,
    Postings,
    Segment,
    join_contents,
    make_segment,
)
from ronglian.engines.matching.tokens import Features, read_texts
from ronglian.engines.matching.weights import Vocabulary, WordBook
from ronglian.engines.text import Metric

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
# The one boundary: sides of so many rows are searched by the compiled kernel, smaller ones row by row. Same answers.
KERNEL_ROWS = 10_000
READ_AT_ONCE = 1_000  # records


class Stored(NamedTuple):
    """Token numbers of records, their damped counts, and words by key (已存内容)."""

    tokens: Rows
    damped: FloatArray
    words: list[dict[str, str]]


@dataclass(frozen=True)
class Side:
    """Records in rows; a changed record gets a new row and its old row dies until segments are merged.

    Immutable: every change answers with a new side that shares the untouched segments.
    """

    kind: type[Profile]
    segments: tuple[Segment, ...]  # in row order
    alive: NDArray[np.bool_]  # (rows,)
    counts: IntArray  # in how many living records each token occurs; tokens beyond its end: in none

    @cached_property
    def living(self) -> int:
        """How many records there are."""
        return int(self.alive.sum())

    def __len__(self) -> int:
        return self.living

    @property
    def large(self) -> bool:
        """Whether the compiled kernel searches this side."""
        return len(self.alive) >= KERNEL_ROWS

    @cached_property
    def profiles(self) -> "Profiles":
        """Profiles without text, by row."""
        return Profiles(self)

    @cached_property
    def places(self) -> "Places":
        """Id → living row."""
        return Places(self)

    @cached_property
    def ids(self) -> list[str]:
        """Ids of all rows, for sides that are walked as a whole."""
        return [segment.id(row) for segment in self.segments for row in range(len(segment))]

    @cached_property
    def columns(self) -> Columns:
        """Facts of all rows."""
        return join_columns([segment.columns for segment in self.segments])

    def take_columns(self, rows: IntArray) -> Columns:
        """Facts of these rows, which must rise."""
        parts = []
        for start, segment in self.placed():
            begin, end = np.searchsorted(rows, (start, start + len(segment)))
            if end > begin:
                parts.append(segment.contents.facts.columns(rows[begin:end] - start))
        return join_columns(parts)

    def placed(self) -> Iterator[tuple[int, Segment]]:
        """Every segment with the number of its first row."""
        start = 0
        for segment in self.segments:
            yield start, segment
            start += len(segment)

    def locate(self, row: int) -> tuple[Segment, int]:
        """The segment of a row and the row's number in it; raises IndexError."""
        for start, segment in self.placed():
            if start <= row < start + len(segment):
                return segment, row - start
        raise IndexError(row)

    def frequencies(self, size: int) -> IntArray:
        """In how many living records each token occurs; shape (size,)."""
        return np.pad(self.counts, (0, size - len(self.counts)))

    def find(self, ids: Collection[str]) -> IntArray:
        """Living rows of those given ids that are there."""
        wanted = [write_id(each) for each in ids]
        keys = np.array([hash_id(each) for each in wanted], dtype=np.uint32)
        found: list[int] = []
        for start, segment in self.placed():
            firsts = np.searchsorted(segment.sorted_keys, keys)
            within = np.flatnonzero(firsts < len(segment))
            equal = within[segment.sorted_keys[firsts[within]] == keys[within]]
            for at in equal.tolist():
                row = _row_of(segment, int(firsts[at]), wanted[at])
                if row is not None and self.alive[start + row]:
                    found.append(start + row)
        return np.array(found, dtype=np.int64)

    def stored(self, rows: IntArray, vocabulary: Vocabulary, book: WordBook) -> Stored:
        """What the records of these rows hold; rows of one segment must stand together, as :meth:`find` answers."""
        parts = [
            (segment.contents, chosen - start)
            for start, segment in self.placed()
            if len(chosen := rows[(rows >= start) & (rows < start + len(segment))])
        ]
        tokens, levels = unpack(join_rows([contents.tokens.take(own) for contents, own in parts]))
        words, _ = unpack(join_rows([contents.words.take(own) for contents, own in parts]))
        numbers, edges = words.items.tolist(), words.starts.tolist()
        return Stored(
            tokens,
            vocabulary.levels[levels].astype(np.float64),
            [book.read(numbers[begin:end]) for begin, end in pairwise(edges)],
        )

    def stored_features(self, row: int, vocabulary: Vocabulary, book: WordBook) -> Features:
        """What :func:`read_features` found in the record of this row."""
        stored = self.stored(np.array([row]), vocabulary, book)
        names = vocabulary.write(stored.tokens.items)
        return Features(dict(zip(names, stored.damped.tolist(), strict=True)), stored.words[0])


def _row_of(segment: Segment, place: int, wanted: bytes) -> int | None:
    """The row with this id, looked for from the first place with its key on: different ids may share a key."""
    key = segment.sorted_keys[place]
    while place < len(segment) and segment.sorted_keys[place] == key:
        row = int(segment.order[place])
        if segment.contents.ids.row(row).tobytes() == wanted:
            return row
        place += 1
    return None


class Profiles:
    """Profiles of a side, read when asked for: a million of them as objects would cost a gigabyte (画像)."""

    def __init__(self, side: Side) -> None:
        self._side = side

    def id(self, row: int) -> str:
        """Id of a row."""
        if not self._side.large:
            return self._side.ids[row]
        segment, at = self._side.locate(row)
        return segment.id(at)

    def ids(self, rows: IntArray) -> list[str]:
        """Ids of rows, which must rise."""
        if not self._side.large:
            return [self._side.ids[row] for row in rows.tolist()]
        found: list[str] = []
        for start, segment in self._side.placed():
            begin, end = np.searchsorted(rows, (start, start + len(segment)))
            if end > begin:
                found += segment.read_ids(rows[begin:end] - start)
        return found

    def __getitem__(self, row: int) -> Profile:
        segment, at = self._side.locate(row)
        return segment.contents.facts.read(at, self.id(row))

    def metrics(self, row: int) -> tuple[Metric, ...]:
        """Metrics of the record of a row, without reading the rest of it."""
        segment, at = self._side.locate(row)
        return segment.contents.facts.read_metrics(at)


class Places(Mapping[str, int]):
    """Id → living row (编号索引)."""

    def __init__(self, side: Side) -> None:
        self._side = side

    def __getitem__(self, record: str) -> int:
        rows = self._side.find([record])
        if not len(rows):
            raise KeyError(record)
        return int(rows[0])

    def __len__(self) -> int:
        return self._side.living

    def __iter__(self) -> Iterator[str]:
        return (self._side.ids[row] for row in np.flatnonzero(self._side.alive).tolist())


def empty_side(kind: type[Profile]) -> Side:
    """A side without records."""
    return Side(kind, (), np.zeros(0, dtype=bool), np.zeros(0, dtype=np.int64))


def change_side(
    side: Side,
    added: Sequence[Profile],
    removed: Collection[str],
    *,
    vocabulary: Vocabulary,
    words: WordBook,
    modes: Mapping[str, int],
) -> tuple[Side, Vocabulary]:
    """The side after removing and adding, and the vocabulary with what was read; an added record replaces the one with its id."""
    gone = side.find({*removed, *(profile.id for profile in added)})
    if not added and not len(gone):
        return side, vocabulary
    alive = side.alive.copy()
    alive[gone] = False
    segments = side.segments
    counts = side.counts
    for start, segment in side.placed():
        rows = gone[(gone >= start) & (gone < start + len(segment))] - start
        if len(rows):
            counts = counts - segment.frequencies(rows, len(counts))
    if added:
        parts = []
        for begin in range(0, len(added), READ_AT_ONCE):
            chunk = added[begin : begin + READ_AT_ONCE]
            part, vocabulary, found = read_contents(side.kind, chunk, vocabulary, words, modes)
            counts = np.pad(counts, (0, len(found) - len(counts))) + found
            parts.append(part)
        segment = make_segment(join_contents(parts), vocabulary.levels)
        segments = (*segments, segment)
        alive = np.concatenate([alive, np.ones(len(added), dtype=bool)])
    changed = merge_segments(Side(side.kind, segments, alive, counts), vocabulary)
    return post_segments(changed, vocabulary), vocabulary


def read_contents(
    kind: type[Profile],
    profiles: Sequence[Profile],
    vocabulary: Vocabulary,
    words: WordBook,
    modes: Mapping[str, int],
) -> tuple[Contents, Vocabulary, IntArray]:
    """Contents of profiles, the vocabulary with their tokens, and in how many each token occurs; words are added."""
    reading = read_texts(profiles, vocabulary.parameters)
    vocabulary, tokens, levels = vocabulary.learn(reading)
    numbers = np.array([words.add(word) for word in reading.written], dtype=np.int64)
    # Numbers do not rise as keys and places do. Levels ride along in the low bits.
    tokens, levels = np.divmod(_sort_rows(Rows(reading.tokens.starts, (tokens << 16) | levels)), 1 << 16)
    spoken = _sort_rows(Rows(reading.words.starts, numbers[reading.words.items]))
    contents = Contents(
        tokens=pack(Rows(reading.tokens.starts, tokens), levels),
        words=pack(Rows(reading.words.starts, spoken), np.zeros_like(spoken)),
        facts=make_facts(kind, profiles, modes),
        ids=make_bytes([write_id(profile.id) for profile in profiles]),
    )
    return contents, vocabulary, np.bincount(tokens, minlength=len(vocabulary))


def _sort_rows(rows: Rows) -> IntArray:
    """The items of each row, sorted; they must be below 2^47."""
    owners = np.repeat(np.arange(len(rows)) << 47, np.diff(rows.starts))
    return np.sort(owners | rows.items) & ((1 << 47) - 1)


def merge_segments(side: Side, vocabulary: Vocabulary) -> Side:
    """Merge young segments into older neighbours, so that few remain, dropping rows that died.

    A segment is merged once it has ``merge_share`` of its older neighbour's rows: each record is moved a
    number of times that grows with the logarithm of the collection. A side with more dead rows than living
    ones is merged as a whole.
    """
    if len(side.alive) > 2 * side.living:
        return _merge_from(side, 0, vocabulary)
    first = len(side.segments)
    size = 0
    for at in range(len(side.segments) - 1, 0, -1):
        size += len(side.segments[at])
        if size >= vocabulary.parameters.merge_share * len(side.segments[at - 1]):
            first = at - 1
    return _merge_from(side, first, vocabulary) if first < len(side.segments) - 1 else side


def _merge_from(side: Side, first: int, vocabulary: Vocabulary) -> Side:
    kept = sum(len(segment) for segment in side.segments[:first])
    living = np.flatnonzero(side.alive[kept:])
    segments = side.segments[:first]
    if len(living):
        contents = join_contents([segment.contents for segment in side.segments[first:]])
        if len(living) < len(contents.ids):
            contents = contents.take(living)
        segments = (*segments, make_segment(contents, vocabulary.levels))
    alive = np.concatenate([side.alive[:kept], np.ones(len(living), dtype=bool)])
    return Side(side.kind, segments, alive, side.counts)


def post_segments(side: Side, vocabulary: Vocabulary) -> Side:
    """The side with postings for its large segments, where the kernel will search it."""
    if not side.large or all(each.postings or len(each) < POSTED_ROWS for each in side.segments):
        return side
    from ronglian.engines.matching import packed_kernel  # noqa: PLC0415 - costs a second, large sides only

    def post(segment: Segment) -> Segment:
        if segment.postings is not None or len(segment) < POSTED_ROWS:
            return segment
        tokens = segment.contents.tokens
        counts = packed_kernel.count_tokens(
            tokens.starts, tokens.items, np.arange(len(segment)), len(vocabulary)
        )
        posted = (counts > 0) & (counts <= COMMON_SHARE * len(segment))
        starts, entries = packed_kernel.post(tokens.starts, tokens.items, posted, len(vocabulary.levels))
        return replace(
            segment, postings=Postings(starts, entries, posted, np.flatnonzero((counts > 0) & ~posted))
        )

    return replace(side, segments=tuple(map(post, side.segments)))
