"""All needs or all results of an index (索引的一侧)."""

import json
from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from ronglian.engines.matching.columns import Columns, join, to_columns
from ronglian.engines.matching.parameters import Parameters
from ronglian.engines.matching.records import Profile
from ronglian.engines.matching.segments import (
    Contents,
    Rows,
    Segment,
    join_contents,
    make_bytes,
    make_segment,
)
from ronglian.engines.matching.tokens import Features, read_features
from ronglian.engines.matching.weights import Vocabulary, WordBook

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
# The one boundary: sides of so many rows are searched by the compiled kernel, smaller ones by numpy. Same answers.
KERNEL_ROWS = 20_000


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
        return [
            segment.contents.ids.row(row).tobytes().decode("utf-8", "surrogatepass")
            for segment in self.segments
            for row in range(len(segment))
        ]

    @cached_property
    def columns(self) -> Columns:
        """Facts of all rows."""
        parts = [segment.contents.columns for segment in self.segments]
        return join([to_columns([], {}), *parts])

    def take_columns(self, rows: IntArray) -> Columns:
        """Facts of these rows, which must rise."""
        parts = [to_columns([], {})]
        for start, segment in self.placed():
            begin, end = np.searchsorted(rows, (start, start + len(segment)))
            if end > begin:
                parts.append(segment.contents.columns.take(rows[begin:end] - start))
        return join(parts)

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

    def products(self, tokens: IntArray, weights: FloatArray) -> FloatArray:
        """Dot product of every row with the given token weights; shape (rows,)."""
        sums = np.zeros(len(self.alive))
        for start, segment in self.placed():
            part = sums[start : start + len(segment)]
            if self.large:
                from ronglian.engines.matching import kernel  # noqa: PLC0415 - costs a second, large sides only

                found = segment.find(tokens, weights)
                kernel.add_products(*found, segment.postings, segment.codes, segment.levels, part)
            else:
                segment.add_products(tokens, weights, part)
        return sums

    def presence(self, tokens: IntArray, weights: FloatArray) -> FloatArray:
        """Sum of the weights of those given tokens that occur in each row; shape (rows,)."""
        sums = np.zeros(len(self.alive))
        for start, segment in self.placed():
            segment.add_presence(tokens, weights, sums[start : start + len(segment)])
        return sums

    def squared_norms(
        self, squared_weights: FloatArray, first: NDArray[np.bool_]
    ) -> tuple[FloatArray, FloatArray]:
        """Weighted squared norm of every row over the marked tokens, and over the others; each (rows,)."""
        parts = [(np.zeros(0), np.zeros(0))]
        for segment in self.segments:
            if self.large:
                from ronglian.engines.matching import kernel  # noqa: PLC0415 - costs a second, large sides only

                tokens, codes = segment.contents.tokens, segment.contents.codes
                # The sign tells the script: one look-up for each posting instead of two.
                signed = np.where(first, squared_weights, -squared_weights)
                parts.append(
                    kernel.squared_norms(tokens.starts, tokens.items, codes, segment.levels**2, signed)
                )
            else:
                parts.append(segment.squared_norms(squared_weights, first))
        return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])

    def find(self, ids: Collection[str]) -> IntArray:
        """Living rows of those given ids that are there."""
        wanted = list(ids)
        keys = np.array([hash_id(each) for each in wanted], dtype=np.uint64)
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

    def stored_features(self, row: int, vocabulary: Vocabulary, book: WordBook) -> Features:
        """What :func:`read_features` found in the record of this row."""
        segment, at = self.locate(row)
        contents = segment.contents
        begin, end = contents.tokens.starts[at], contents.tokens.starts[at + 1]
        tokens = [vocabulary.tokens[number] for number in contents.tokens.items[begin:end].tolist()]
        weights = dict(zip(tokens, segment.levels[contents.codes[begin:end]].tolist(), strict=True))
        numbers = contents.words.row(at).tolist()
        return Features(weights, {book.keys[number]: book.words[number] for number in numbers})


def _row_of(segment: Segment, place: int, wanted: str) -> int | None:
    """The row with this id, looked for from the first place with its key on: different ids may share a key."""
    key = segment.sorted_keys[place]
    name = wanted.encode("utf-8", "surrogatepass")
    while place < len(segment) and segment.sorted_keys[place] == key:
        row = int(segment.order[place])
        if segment.contents.ids.row(row).tobytes() == name:
            return row
        place += 1
    return None


def hash_id(record: str) -> int:
    """64 bits of an id."""
    digest = blake2b(record.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


class Profiles:
    """Profiles of a side, read when asked for: a million of them as objects would cost a gigabyte (画像)."""

    def __init__(self, side: Side) -> None:
        self._side = side

    def id(self, row: int) -> str:
        """Id of a row."""
        if not self._side.large:
            return self._side.ids[row]
        segment, at = self._side.locate(row)
        return segment.contents.ids.row(at).tobytes().decode("utf-8", "surrogatepass")

    def __getitem__(self, row: int) -> Profile:
        segment, at = self._side.locate(row)
        facts = json.loads(segment.contents.facts.row(at).tobytes().decode("utf-8", "surrogatepass"))
        return self._side.kind.from_facts({"id": self.id(row), **facts})


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
    parameters: Parameters,
) -> Side:
    """The side after removing and adding; an added record replaces the one with its id."""
    gone = side.find({*removed, *(profile.id for profile in added)})
    if not added and not len(gone):
        return side
    alive = side.alive.copy()
    alive[gone] = False
    segments = side.segments
    counts = side.counts
    for start, segment in side.placed():
        rows = gone[(gone >= start) & (gone < start + len(segment))] - start
        if len(rows):
            counts = counts - segment.frequencies(rows, len(counts))
    if added:
        segment = make_segment(read_contents(added, vocabulary, words, modes, parameters))
        size = len(vocabulary)
        counts = np.pad(counts, (0, size - len(counts))) + segment.frequencies(np.arange(len(added)), size)
        segments = (*segments, segment)
        alive = np.concatenate([alive, np.ones(len(added), dtype=bool)])
    return merge_segments(Side(side.kind, segments, alive, counts), parameters.merge_share)


def read_contents(
    profiles: Sequence[Profile],
    vocabulary: Vocabulary,
    words: WordBook,
    modes: Mapping[str, int],
    parameters: Parameters,
) -> Contents:
    """Contents of profiles; the vocabularies learn their tokens and words."""
    tokens, codes, spoken = array("i"), array("H"), array("i")
    token_sizes, word_sizes = [0], [0]
    levels: dict[float, int] = {}
    known, known_words = vocabulary.numbers, words.numbers
    for profile in profiles:
        features = read_features(profile, parameters)
        tokens.extend([known[each] if each in known else vocabulary.add(each) for each in features.weights])
        codes.extend([levels.setdefault(weight, len(levels)) for weight in features.weights.values()])
        said = features.words.values()
        spoken.extend([known_words[each] if each in known_words else words.add(each) for each in said])
        token_sizes.append(len(features.weights))
        word_sizes.append(len(features.words))
    kind = np.min_scalar_type(max(len(levels) - 1, 0))
    return Contents(
        tokens=Rows(np.cumsum(token_sizes, dtype=np.int64), np.array(tokens, dtype=np.int32)),
        codes=np.array(codes, dtype=kind),
        levels=np.array(list(levels), dtype=np.float32),
        words=Rows(np.cumsum(word_sizes, dtype=np.int64), np.array(spoken, dtype=np.int32)),
        columns=to_columns(profiles, modes),
        facts=make_bytes([_facts(profile) for profile in profiles]),
        ids=make_bytes([profile.id.encode("utf-8", "surrogatepass") for profile in profiles]),
        keys=np.array([hash_id(profile.id) for profile in profiles], dtype=np.uint64),
    )


def _facts(profile: Profile) -> bytes:
    facts = profile.facts()
    facts.pop("id", None)
    # Lone surrogates can stand in free text and must come back as they were.
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def merge_segments(side: Side, merge_share: float) -> Side:
    """Merge young segments into older neighbours, so that few remain, dropping rows that died.

    A segment is merged once it has ``merge_share`` of its older neighbour's rows: each record is moved a
    number of times that grows with the logarithm of the collection. A side with more dead rows than living
    ones is merged as a whole.
    """
    if len(side.alive) > 2 * side.living:
        return _merge_from(side, 0)
    first = len(side.segments)
    size = 0
    for at in range(len(side.segments) - 1, 0, -1):
        size += len(side.segments[at])
        if size >= merge_share * len(side.segments[at - 1]):
            first = at - 1
    return _merge_from(side, first) if first < len(side.segments) - 1 else side


def _merge_from(side: Side, first: int) -> Side:
    kept = sum(len(segment) for segment in side.segments[:first])
    living = np.flatnonzero(side.alive[kept:])
    segments = side.segments[:first]
    if len(living):
        contents = join_contents([segment.contents for segment in side.segments[first:]])
        if len(living) < len(contents.keys):
            contents = contents.take(living)
        segments = (*segments, make_segment(contents))
    alive = np.concatenate([side.alive[:kept], np.ones(len(living), dtype=bool)])
    return Side(side.kind, segments, alive, side.counts)
