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

from ronglian.engines.matching import kernel, packed_kernel
from ronglian.engines.matching.classes import EXPIRY, FACTORS
from ronglian.engines.matching.columns import HARD_BITS, Columns
from ronglian.engines.matching.explain import Hit
from ronglian.engines.matching.factors import find_expired, find_violated
from ronglian.engines.matching.parameters import Parameters
from ronglian.engines.matching.ranking import score_factors
from ronglian.engines.matching.segments import FloatArray, IntArray, Segment
from ronglian.engines.matching.side import Side
from ronglian.engines.matching.similarity import (
    Norms,
    Role,
    Weighting,
    coverage_shares,
    normalise_products,
    norms_of,
    query_arrays,
)

WIDER = 8
FEW_ALLOWED = 2_000  # records that are measured one by one instead of being searched for


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: weighted tokens, and own facts unless the text alone counts (检索请求)."""

    vector: dict[str, float]
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
        self._tokens, self._weights = query_arrays(search.vector, weighting)
        self._products = self._weights * weighting.terms[search.role][self._tokens]
        self._norms = norms_of(search.vector)
        self._points = [_score_classes(segment, search, weighting.parameters) for segment in side.segments]

    def __enter__(self) -> None:
        _scratch.fit(len(self._weighting.vocabulary), max(map(len, self._side.segments), default=0))
        _scratch.products[self._tokens] = self._products
        if self._search.coverage:
            _scratch.coverage[self._tokens] = coverage_shares(self._search.vector, self._weights)

    def __exit__(self, *_: object) -> None:
        _scratch.products[self._tokens] = 0.0
        _scratch.coverage[self._tokens] = 0.0

    def _tables(self) -> kernel.Tables:
        covered = _scratch.coverage if self._search.coverage else np.zeros(0)
        return kernel.Tables(_scratch.products, covered, self._weighting.squares[self._search.role])

    def find(self, wanted: int) -> Found:
        """Rows that may be among the ``wanted`` best of the living."""
        side, search, parameters = self._side, self._search, self._weighting.parameters
        kept = kernel.Kept(np.empty(4 * wanted + 256, dtype=np.int64), np.empty((4 * wanted + 256, 6)))
        count, floor = 0, 0.0
        placed = list(zip(side.placed(), self._points, strict=True))
        # The largest first: it raises the floor for all others.
        for (start, segment), points in sorted(placed, key=lambda each: -len(each[0][1])):
            postings = segment.postings.entries if segment.postings else np.zeros(0, dtype=np.uint16)
            tokens = segment.contents.tokens
            alive = side.alive[start : start + len(segment)]
            kept, count, floor = kernel.search_segment(
                kernel.Room(_scratch.sums, _scratch.bounds, self._common(segment)),
                kernel.Rows(tokens.starts, tokens.items, segment.levels, alive, segment.classes.rows),
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

    def _lengths(self, segment: Segment) -> kernel.Lengths:
        """Lengths of the query, of which some depends on what a segment posts."""
        parameters, postings = self._weighting.parameters, segment.postings
        known = self._weighting.bounds.get(self._search.role)
        common = self._weights[np.isin(self._tokens, postings.common if postings else ())]
        return kernel.Lengths(
            float(self._norms.han[0]),
            float(self._norms.latin[0]),
            float(np.sqrt((common**2).sum())),
            float(coverage_shares(self._search.vector, common).sum()),
            parameters.script_floor,
            parameters.script_share,
            kernel.SLACK + (known.slack if known else 0.0),
        )

    def _terms(self, segment: Segment) -> tuple[kernel.Terms, kernel.Terms]:
        """What postings give to rows: products, and shares of the query where they are asked for."""
        postings = segment.postings
        chosen = np.zeros(0, dtype=np.int64)
        starts = np.zeros(1, dtype=np.int64)
        if postings is not None:
            within = np.flatnonzero(self._tokens < len(postings.posted))
            chosen, starts = within[postings.posted[self._tokens[within]]], postings.starts
        begins, ends = starts[self._tokens[chosen]], starts[self._tokens[chosen] + 1]
        products = kernel.Terms(begins, ends, self._products[chosen].astype(np.float32))
        if not self._search.coverage:
            return products, products
        shares = coverage_shares(self._search.vector, self._weights[chosen])
        return products, kernel.Terms(begins.copy(), ends, shares.astype(np.float32))

    def _found(self, rows: IntArray, values: FloatArray, floor: float) -> Found:
        norms = Norms(values[:, 1], values[:, 2])
        similarity = normalise_products(values[:, 0], self._norms, norms, self._weighting.parameters)
        return Found(rows, similarity, values[:, 3], floor / 100.0 if self._search.own is None else floor)


def _scale(search: Search, parameters: Parameters) -> kernel.Scale:
    if search.own is None:
        ends = np.array([0.0, 1.0])
        return kernel.Scale(1.0, ends, ends, 1e-12, search.coverage * (1.0 - kernel.SLACK))
    knots = np.array(parameters.text_knots)
    points = parameters.points["text"]
    return kernel.Scale(points, knots[:, 0].copy(), knots[:, 1].copy(), parameters.minimum_similarity, 0.0)


def _score_classes(segment: Segment, search: Search, parameters: Parameters) -> kernel.Points:
    """What the facts of each class bring, without the text."""
    if search.own is None:
        none = np.zeros(0)
        return kernel.Points(none, none, none, np.zeros(0, dtype=bool), np.zeros(1, dtype=np.int64))
    classes, columns = segment.classes, segment.class_columns
    need, result = (search.own, columns) if search.role == "results" else (columns, search.own)
    count = len(classes.examples)
    shares = score_factors(need, result, np.zeros(count), search.today, parameters)
    violated = {} if search.include_excluded else find_violated(need, result)
    most, least, asked, barred = (
        np.zeros(count),
        np.zeros(count),
        np.zeros(count),
        np.zeros(count, dtype=bool),
    )
    for place, factor in enumerate(FACTORS):
        own = slice(classes.edges[place], classes.edges[place + 1])
        if factor == EXPIRY:
            barred[own] = find_expired(columns, search.today)[own]
            continue
        scores = shares[factor]
        asked[own] = scores.asked[own] * parameters.points[factor]
        most[own] = least[own] = scores.share[own] * asked[own]
        if factor == "metrics":
            compared = scores.asked[own] & scores.known[own]
            hard = np.broadcast_to((need.hard & HARD_BITS[factor]) != 0, (count,))
            strict = compared & hard[own] & (not search.include_excluded)
            most[own] = np.where(compared, asked[own], most[own])
            least[own] = np.where(strict, kernel.NEVER, np.where(compared, 0.0, least[own]))
        if factor in violated:
            barred[own] = violated[factor][own]
    return kernel.Points(most, least, asked, barred, classes.edges)
