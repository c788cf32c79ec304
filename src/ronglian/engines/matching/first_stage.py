"""Which rows of a large side are worth exact scoring (初筛).

Every row gets an upper bound of its score: its facts score what factors.py gives their class, metrics that must
be compared one by one count as met, and the text counts by its similarity. The rows with the highest bounds
are scored exactly; once the last of the best reaches beyond the bound of every row that was dropped, nothing better
can have been missed. Otherwise the search is repeated with more rows kept, in the end with all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ronglian.engines.matching import kernel
from ronglian.engines.matching.classes import FACTS
from ronglian.engines.matching.columns import Columns, join, to_columns
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
    normalise_products,
    norms_of,
    query_arrays,
    row_lengths,
)

KEPT = 1_000
WIDER = 8


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: weighted tokens, own facts, and on which side (检索请求)."""

    vector: dict[str, float]
    own: Columns
    role: Role
    today: int  # ordinal of the date
    top: int
    include_excluded: bool


class Found(NamedTuple):
    """Rows that may be among the best, rising; whatever else there is scores at most ``floor`` (候选)."""

    rows: IntArray
    products: FloatArray
    floor: float


class ClassPoints(NamedTuple):
    """By fact class: most points, points asked for, and whether a hard constraint bars it (类别得分)."""

    points: FloatArray
    asked: FloatArray
    barred: NDArray[np.bool_]


def search_rows(
    side: Side, weighting: Weighting, search: Search, rank: Callable[[IntArray, FloatArray], list[Hit]]
) -> list[Hit]:
    """What ``rank`` answers for all rows, found by asking it for few: it is given rows and their similarities."""
    norms, own_norms = weighting.norms[search.role], norms_of(search.vector)
    kept = max(KEPT, 2 * search.top)
    while True:
        found = _find_rows(side, weighting, search, own_norms, min(kept, len(side.alive)))
        theirs = Norms(norms.han[found.rows], norms.latin[found.rows])
        similarity = normalise_products(found.products, own_norms, theirs, weighting.parameters)
        hits = rank(found.rows, similarity) if len(found.rows) else []
        enough = len(hits) >= search.top and hits[search.top - 1].score > found.floor
        if enough or found.floor <= 0.0:
            return hits
        kept *= WIDER


def _find_rows(side: Side, weighting: Weighting, search: Search, own_norms: Norms, kept: int) -> Found:
    parameters = weighting.parameters
    tokens, weights = query_arrays(search.vector, weighting)
    weights = weights * weighting.terms[search.role][tokens]
    lengths = _lengths(weighting, search.role)
    query_lengths = row_lengths(own_norms, parameters)[0]
    knots = np.array(parameters.text_knots)
    size = 2 * kept
    rows, products, bounds = np.empty(size, dtype=np.int64), np.empty(size), np.empty(size)
    count, floor = 0, 0.0
    for start, segment in side.placed():
        end = start + len(segment)
        classes = _score_classes(segment, search, parameters)
        count, floor = kernel.collect(
            *segment.find(tokens, weights),
            segment.postings,
            segment.codes,
            segment.levels,
            side.alive[start:end] & ~find_expired(segment.contents.columns, search.today),
            lengths[start:end],
            query_lengths,
            segment.classes.rows,
            segment.classes.edges,
            *classes,
            parameters.points["text"],
            knots[:, 0].copy(),
            knots[:, 1].copy(),
            parameters.minimum_similarity * (1.0 - kernel.SLACK),
            count,
            floor,
            kept,
            rows,
            products,
            bounds,
            start,
        )
    return Found(rows[:count], products[:count], floor)


def _lengths(weighting: Weighting, role: Role) -> NDArray[np.float32]:
    if role not in weighting.lengths:
        lengths = row_lengths(weighting.norms[role], weighting.parameters)
        weighting.lengths[role] = lengths.astype(np.float32)
    return weighting.lengths[role]


def _score_classes(segment: Segment, search: Search, parameters: Parameters) -> ClassPoints:
    classes = segment.classes
    columns = join([to_columns([], {}), segment.contents.columns.take(classes.examples)])
    need, result = (search.own, columns) if search.role == "results" else (columns, search.own)
    shares = score_factors(need, result, np.zeros(len(classes.examples)), search.today, parameters)
    violated = {} if search.include_excluded else find_violated(need, result)
    points, asked = np.zeros(len(classes.examples)), np.zeros(len(classes.examples))
    barred = np.zeros(len(classes.examples), dtype=bool)
    for place, factor in enumerate(FACTS):
        own = slice(classes.edges[place], classes.edges[place + 1])
        scores = shares[factor]
        asked[own] = scores.asked[own] * parameters.points[factor]
        share = scores.share
        if factor == "metrics":
            share = np.where(scores.asked & scores.known, 1.0, share)
        points[own] = share[own] * asked[own]
        if factor in violated:
            barred[own] = violated[factor][own]
    return ClassPoints(points, asked, barred)
