"""Which rows of a large side are worth exact scoring (初筛).

Every row gets an upper bound of its score: its facts score what factors.py gives their class, metrics that must
be compared one by one count as met, and the text counts by a bound of its similarity. Where that reaches the best, the
row's text is measured exactly, which gives the lowest and the highest score that it can have. Kept are the rows whose
highest score reaches the lowest score of the best ones: nothing better can have been missed.
"""

import threading
from collections.abc import Callable, Collection, Container
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ronglian.engines.matching import kernel, kernel_input, packed_kernel
from ronglian.engines.matching.classes import EXPIRY, FACTORS
from ronglian.engines.matching.columns import HARD_BITS, Columns
from ronglian.engines.matching.explain import Hit
from ronglian.engines.matching.factors import find_expired, find_violated
from ronglian.engines.matching.parameters import Parameters
from ronglian.engines.matching.ranking import score_fact
from ronglian.engines.matching.segments import FloatArray, IntArray, Segment
from ronglian.engines.matching.side import Side
from ronglian.engines.matching.similarity import (
    Norms,
    Role,
    Weighted,
    Weighting,
    coverage_shares,
    normalise_products,
)

WIDER = 8
FEW_ALLOWED = 2_000  # records that are measured one by one instead of being searched for


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: weighted tokens, and own facts unless the text alone counts (检索请求)."""

    words: Weighted
    role: Role  # of the side that is searched
    top: int
    allowed: Container[str] | None
    own: Columns | None = None
    today: int = 0  # ordinal of the date
    include_excluded: bool = False
    coverage: float = 0.0  # share of the query's squared weight that a row must hold


class Found(NamedTuple):
    """Rows that may be among the best, rising; whatever else there is scores below ``floor`` (候选)."""

    rows: IntArray
    similarity: FloatArray
    coverage: FloatArray
    floor: float


Rank = Callable[[IntArray, FloatArray, FloatArray], list[Hit]]


def measure_rows(side: Side, weighting: Weighting, search: Search, rows: IntArray) -> FloatArray:
    """Similarities of these rows, which must rise, with what is looked for; shape (rows,)."""
    query = _Query(side, weighting, search)
    with query:
        return query.measure(rows).similarity


def search_rows(side: Side, weighting: Weighting, search: Search, rank: Rank) -> list[Hit]:
    """What ``rank`` answers for all rows, found by asking it for few: it is given rows, similarities and coverage."""
    query = _Query(side, weighting, search)
    with query:
        if isinstance(search.allowed, Collection) and len(search.allowed) <= FEW_ALLOWED:
            found = query.measure(np.sort(side.find(search.allowed)))
            return rank(found.rows, found.similarity, found.coverage) if len(found.rows) else []
        wanted = search.top
        while True:
            found = query.find(wanted)
            hits = rank(found.rows, found.similarity, found.coverage) if len(found.rows) else []
            enough = len(hits) >= search.top and hits[search.top - 1].score >= found.floor
            if search.allowed is None or enough or found.floor <= 0.0:
                return hits
            wanted *= WIDER


class _Scratch(threading.local):
    """Arrays as long as the vocabulary or a side, kept by each thread: to make them takes longer than a search."""

    def __init__(self) -> None:
        self.products, self.coverage = np.zeros(0), np.zeros(0)
        self.sums, self.bounds = np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.float32)

    def fit(self, tokens: int, rows: int) -> None:
        if len(self.products) < tokens:
            self.products, self.coverage = np.zeros(2 * tokens), np.zeros(2 * tokens)
        if len(self.sums) < rows:
            self.sums, self.bounds = np.zeros(rows, dtype=np.float32), np.zeros(rows, dtype=np.float32)


_scratch = _Scratch()


class _Query:
    """A search made ready for the kernel; within ``with`` it has the scratch arrays of its thread."""

    def __init__(self, side: Side, weighting: Weighting, search: Search) -> None:
        self._side, self._weighting, self._search = side, weighting, search
        self._tokens, self._weights = search.words.tokens, search.words.weights
        self._products = self._weights * weighting.terms[search.role][self._tokens]
        self._norms = search.words.norms
        self._points = [_score_classes(segment, search, weighting.parameters) for segment in side.segments]

    def __enter__(self) -> None:
        _scratch.fit(len(self._weighting.vocabulary), max(map(len, self._side.segments), default=0))
        _scratch.products[self._tokens] = self._products
        if self._search.coverage:
            _scratch.coverage[self._tokens] = coverage_shares(self._search.words.total, self._weights)

    def __exit__(self, *_: object) -> None:
        _scratch.products[self._tokens] = 0.0
        _scratch.coverage[self._tokens] = 0.0

    def _tables(self) -> kernel_input.Tables:
        covered = _scratch.coverage if self._search.coverage else np.zeros(0)
        return kernel_input.Tables(_scratch.products, covered, self._weighting.squares[self._search.role])

    def find(self, wanted: int) -> Found:
        """Rows that may be among the ``wanted`` best of the living."""
        side, search, parameters = self._side, self._search, self._weighting.parameters
        kept = kernel_input.Kept(np.empty(4 * wanted + 256, dtype=np.int64), np.empty((4 * wanted + 256, 6)))
        count, floor = 0, 0.0
        placed = list(zip(side.placed(), self._points, strict=True))
        # The largest first: it raises the floor for all others.
        for (start, segment), points in sorted(placed, key=lambda each: -len(each[0][1])):
            postings = segment.postings.entries if segment.postings else np.zeros(0, dtype=np.uint16)
            tokens = segment.contents.tokens
            alive = side.alive[start : start + len(segment)]
            kept, count, floor = kernel.search_segment(
                kernel_input.Room(_scratch.sums, _scratch.bounds, self._common(segment)),
                kernel_input.Rows(tokens.starts, tokens.items, segment.levels, alive, segment.classes.rows),
                self._bounds(segment),
                postings,
                *self._terms(segment),
                self._tables(),
                self._lengths(segment),
                points,
                _scale(search, parameters),
                wanted,
                floor,
                kept,
                count,
                start,
            )
        order = np.argsort(kept.rows[:count])
        return self._found(kept.rows[:count][order], kept.values[:count][order], floor)

    def measure(self, rows: IntArray) -> Found:
        """These rows, which must rise, whatever they score."""
        parts = [np.zeros((0, 4))]
        for start, segment in self._side.placed():
            begin, end = np.searchsorted(rows, (start, start + len(segment)))
            tokens, own = segment.contents.tokens, rows[begin:end] - start
            parts.append(
                kernel.measure_rows(tokens.starts, tokens.items, own, segment.levels, self._tables())
            )
        return self._found(rows, np.concatenate(parts), 0.0)

    def _common(self, segment: Segment) -> FloatArray:
        """What each token without postings brings, up to the last of them; shape (up to there,)."""
        none = np.zeros(0, dtype=np.int64)
        common = segment.postings.common if segment.postings else none
        products = np.zeros(int(common.max(initial=-1)) + 1)
        products[common] = _scratch.products[common]
        return products

    def _bounds(self, segment: Segment) -> packed_kernel.Bounds:
        """Norms of the rows of a segment, none where it has no postings."""
        known = self._weighting.bounds.get(self._search.role)
        if segment.postings is None or known is None:
            none = np.zeros(0, dtype=np.float32)
            return packed_kernel.Bounds(none, none, none)
        return packed_kernel.Bounds(*known.of(segment))

    def _lengths(self, segment: Segment) -> kernel_input.Lengths:
        """Lengths of the query, of which some depends on what a segment posts."""
        parameters, postings = self._weighting.parameters, segment.postings
        known = self._weighting.bounds.get(self._search.role)
        common = self._weights[np.isin(self._tokens, postings.common if postings else ())]
        return kernel_input.Lengths(
            float(self._norms.han[0]),
            float(self._norms.latin[0]),
            float(np.sqrt((common**2).sum())),
            float(coverage_shares(self._search.words.total, common).sum()),
            parameters.script_floor,
            parameters.script_share,
            kernel_input.SLACK + (known.slack if known else 0.0),
        )

    def _terms(self, segment: Segment) -> tuple[kernel_input.Terms, kernel_input.Terms]:
        """What postings give to rows: products, and shares of the query where they are asked for."""
        postings = segment.postings
        chosen = np.zeros(0, dtype=np.int64)
        starts = np.zeros(1, dtype=np.int64)
        if postings is not None:
            within = np.flatnonzero(self._tokens < len(postings.posted))
            chosen, starts = within[postings.posted[self._tokens[within]]], postings.starts
        begins, ends = starts[self._tokens[chosen]], starts[self._tokens[chosen] + 1]
        products = kernel_input.Terms(begins, ends, self._products[chosen].astype(np.float32))
        if not self._search.coverage:
            return products, products
        shares = coverage_shares(self._search.words.total, self._weights[chosen])
        return products, kernel_input.Terms(begins.copy(), ends, shares.astype(np.float32))

    def _found(self, rows: IntArray, values: FloatArray, floor: float) -> Found:
        norms = Norms(values[:, 1], values[:, 2])
        similarity = normalise_products(values[:, 0], self._norms, norms, self._weighting.parameters)
        return Found(rows, similarity, values[:, 3], floor / 100.0 if self._search.own is None else floor)


def _scale(search: Search, parameters: Parameters) -> kernel_input.Scale:
    if search.own is None:
        ends = np.array([0.0, 1.0])
        return kernel_input.Scale(1.0, ends, ends, 1e-12, search.coverage * (1.0 - kernel_input.SLACK))
    knots = np.array(parameters.text_knots)
    points = parameters.points["text"]
    return kernel_input.Scale(
        points, knots[:, 0].copy(), knots[:, 1].copy(), parameters.minimum_similarity, 0.0
    )


def _score_classes(segment: Segment, search: Search, parameters: Parameters) -> kernel_input.Points:
    """What the facts of each class bring, without the text."""
    if search.own is None:
        none = np.zeros(0)
        return kernel_input.Points(none, none, none, np.zeros(0, dtype=bool), np.zeros(1, dtype=np.int64))
    classes = segment.classes
    count = len(classes.examples)
    most, least, asked = np.zeros(count), np.zeros(count), np.zeros(count)
    barred = np.zeros(count, dtype=bool)
    for place, (factor, columns) in enumerate(zip(FACTORS, segment.class_columns, strict=True)):
        own = slice(classes.edges[place], classes.edges[place + 1])
        if factor == EXPIRY:
            barred[own] = find_expired(columns, search.today)
            continue
        need, result = (search.own, columns) if search.role == "results" else (columns, search.own)
        scores = score_fact(factor, need, result, search.today, parameters)
        asked[own] = scores.asked * parameters.points[factor]
        most[own] = least[own] = scores.share * asked[own]
        if factor == "metrics":
            compared = scores.asked & scores.known
            strict = compared & ((need.hard & HARD_BITS[factor]) != 0) & (not search.include_excluded)
            most[own] = np.where(compared, asked[own], most[own])
            least[own] = np.where(strict, kernel_input.NEVER, np.where(compared, 0.0, least[own]))
        elif not search.include_excluded:
            barred[own] = find_violated(need, result).get(factor, False)
    return kernel_input.Points(most, least, asked, barred, classes.edges)
