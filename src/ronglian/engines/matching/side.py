"""All needs or all results of an index (索引的一侧)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ronglian.engines.matching.columns import Columns, join, to_columns
from ronglian.engines.matching.parameters import Parameters
from ronglian.engines.matching.records import Profile
from ronglian.engines.matching.segments import Segment, join_segments, make_rows
from ronglian.engines.matching.tokens import Features, read_features
from ronglian.engines.matching.weights import Vocabulary, WordBook

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Side:
    """Records in rows; a changed record gets a new row and its old row dies until segments are merged.

    Immutable: every change answers with a new side that shares the untouched segments.
    """

    profiles: tuple[Profile, ...]  # without text, one per row
    alive: NDArray[np.bool_]  # (rows,)
    columns: Columns
    segments: tuple[Segment, ...]  # in row order
    places: Mapping[str, int]  # id → living row

    def __len__(self) -> int:
        return len(self.places)

    def frequencies(self, size: int) -> IntArray:
        """In how many living records each token occurs; shape (size,)."""
        counts = np.zeros(size, dtype=np.int64)
        for start, segment in self._placed():
            living = np.flatnonzero(self.alive[start : start + len(segment)])
            counts += segment.frequencies(living, size)
        return counts

    def products(self, tokens: IntArray, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Dot product of every row with the given token weights; shape (rows,)."""
        sums = np.zeros(len(self.alive))
        for start, segment in self._placed():
            segment.add_products(tokens, weights, sums[start : start + len(segment)])
        return sums

    def presence(self, tokens: IntArray, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum of the weights of those given tokens that occur in each row; shape (rows,)."""
        sums = np.zeros(len(self.alive))
        for start, segment in self._placed():
            segment.add_presence(tokens, weights, sums[start : start + len(segment)])
        return sums

    def _placed(self) -> Iterator[tuple[int, Segment]]:
        start = 0
        for segment in self.segments:
            yield start, segment
            start += len(segment)

    def squared_norms(self, squared_weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Weighted squared norm of every row; shape (rows,)."""
        parts = [segment.squared_norms(squared_weights) for segment in self.segments]
        return np.concatenate(parts) if parts else np.zeros(0)

    def stored_features(self, row: int, vocabulary: Vocabulary, book: WordBook) -> Features:
        """What :func:`read_features` found in the record of this row."""
        for start, segment in self._placed():
            if row < start + len(segment):
                at = row - start
                begin, end = segment.tokens.starts[at], segment.tokens.starts[at + 1]
                tokens = [vocabulary.tokens[number] for number in segment.tokens.items[begin:end].tolist()]
                weights = dict(zip(tokens, segment.weights[begin:end].tolist(), strict=True))
                numbers = segment.words.row(at).tolist()
                return Features(weights, {book.keys[number]: book.words[number] for number in numbers})
        raise IndexError(row)


def empty_side(modes: Mapping[str, int]) -> Side:
    """A side without records."""
    return Side((), np.zeros(0, dtype=bool), to_columns([], modes), (), {})


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
    alive = side.alive.copy()
    places = dict(side.places)
    for each in (*removed, *(profile.id for profile in added)):
        if each in places:
            alive[places.pop(each)] = False
    if added:
        places |= {profile.id: len(alive) + at for at, profile in enumerate(added)}
        side = Side(
            side.profiles + tuple(_without_text(profile) for profile in added),
            np.concatenate([alive, np.ones(len(added), dtype=bool)]),
            join([side.columns, to_columns(added, modes)]),
            (*side.segments, make_segment(added, vocabulary, words, parameters)),
            places,
        )
    else:
        side = replace(side, alive=alive, places=places)
    return merge_segments(side, parameters.merge_share)


def make_segment(
    profiles: Sequence[Profile], vocabulary: Vocabulary, words: WordBook, parameters: Parameters
) -> Segment:
    """A segment of profiles; the vocabularies learn their tokens and words."""
    token_rows: list[list[int]] = []
    word_rows: list[list[int]] = []
    weights: list[float] = []
    for profile in profiles:
        features = read_features(profile, parameters)
        token_rows.append([vocabulary.add(token) for token in features.weights])
        weights.extend(features.weights.values())
        word_rows.append([words.add(word) for word in features.words.values()])
    return Segment(make_rows(token_rows), np.array(weights, dtype=np.float32), make_rows(word_rows))


def merge_segments(side: Side, merge_share: float) -> Side:
    """Merge young segments into older neighbours, so that few remain, dropping rows that died.

    A segment is merged once it has ``merge_share`` of its older neighbour's rows: each record is moved a
    number of times that grows with the logarithm of the collection. A side with more dead rows than living
    ones is merged as a whole.
    """
    if len(side.alive) > 2 * len(side.places):
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
    rows = np.concatenate([np.arange(kept), kept + living])
    segments = side.segments[:first]
    if len(living):
        segments = (*segments, join_segments(side.segments[first:]).take(living))
    profiles = tuple(side.profiles[row] for row in rows.tolist())
    alive = side.alive[rows]
    places = {profiles[row].id: row for row in np.flatnonzero(alive).tolist()}
    return Side(profiles, alive, side.columns.take(rows), segments, places)


def _without_text(profile: Profile) -> Profile:
    return replace(profile, title="", body="", title_en="", body_en="", keywords=())
