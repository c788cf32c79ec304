"""How the index answers: from a state and a question to matches and hits (检索与匹配的执行)."""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ronglian.engines.matching.columns import Columns, to_columns
from ronglian.engines.matching.explain import Hit, Match
from ronglian.engines.matching.factors import find_expired, find_violated
from ronglian.engines.matching.meaning import MEANING_CANDIDATES, Meaning, blend, nearness_of
from ronglian.engines.matching.metric_pairs import compare_metrics, metrics_share
from ronglian.engines.matching.packing import unpack
from ronglian.engines.matching.parameters import Parameters
from ronglian.engines.matching.ranking import MetricJudgement, best_rows, score_factors
from ronglian.engines.matching.reasons import Read, explain_pairs
from ronglian.engines.matching.records import NeedProfile, Profile, ResultProfile
from ronglian.engines.matching.side import Side
from ronglian.engines.matching.similarity import (
    Norms,
    Role,
    Weighted,
    Weighting,
    coverage,
    norms_of,
    similarities,
    weigh,
    weigh_row,
)
from ronglian.engines.matching.tokens import Features, read_features
from ronglian.engines.matching.weights import WordBook
from ronglian.engines.text import Metric

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Vectors = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class State:
    """Everything an answer depends on; replaced as a whole, so that readers never see half a change (索引状态)."""

    needs: Side
    results: Side
    words: WordBook
    modes: Mapping[str, int]
    weighting: Weighting
    meaning: Meaning | None = None  # vectors of a dense model, where there are some

    def side(self, role: Role) -> Side:
        """The needs or the results."""
        return self.needs if role == "needs" else self.results

    @property
    def parameters(self) -> Parameters:
        """The parameters of the index."""
        return self.weighting.parameters


def read_need(state: State, need: NeedProfile | str, vectors: Vectors | None = None) -> Read[NeedProfile]:
    """A need given or stored, with vectors of its own or those that are known; raises KeyError for an unknown id."""
    if isinstance(need, str):
        profile, features, norms = _read_stored(state, need, "needs")
        assert isinstance(profile, NeedProfile)
        return Read(profile, features, norms, _vector(state, "needs", need, vectors))
    features = read_features(need, state.parameters)
    norms = norms_of(state.weighting.vector(features, "needs"))
    return Read(need, features, norms, _vector(state, "needs", need.id, vectors))


def read_result(
    state: State, result: ResultProfile | str, vectors: Vectors | None = None
) -> Read[ResultProfile]:
    """A result given or stored, with vectors of its own or those that are known; raises KeyError for an unknown id."""
    if isinstance(result, str):
        profile, features, norms = _read_stored(state, result, "results")
        assert isinstance(profile, ResultProfile)
        return Read(profile, features, norms, _vector(state, "results", result, vectors))
    features = read_features(result, state.parameters)
    norms = norms_of(state.weighting.vector(features, "results"))
    return Read(result, features, norms, _vector(state, "results", result.id, vectors))


def _vector(state: State, role: Role, record: str, vectors: Vectors | None) -> FloatArray | None:
    """What is compared in meaning: of vectors that a model gave (texts, dimension), or of a known record."""
    if state.meaning is None:
        return None
    if vectors is not None:
        prepared: FloatArray = state.meaning.table(role).prepare(vectors[None])[0]
        return prepared
    return state.meaning.vector(role, record)


def _read_stored(state: State, record: str, role: Role) -> tuple[Profile, Features, Norms]:
    side = state.side(role)
    row = side.places[record]
    features = side.stored_features(row, state.weighting.vocabulary, state.words)
    return side.profiles[row], features, norms_of(state.weighting.vector(features, role))


@dataclass(frozen=True, slots=True)
class Asked:
    """A record as it is ranked with: facts, weighted tokens, metrics, and a vector where there is one (检索方)."""

    own: Columns
    words: Weighted
    metrics: Callable[[], tuple[Metric, ...]]
    vector: FloatArray | None


def ask(state: State, query: Read[NeedProfile] | Read[ResultProfile], role: Role) -> Asked:
    """A record of this role that was read, as it is ranked with."""
    words = weigh(state.weighting.vector(query.features, role), state.weighting)
    return Asked(to_columns([query.profile], state.modes), words, lambda: query.profile.metrics, query.vector)


def ask_stored(state: State, record: str, role: Role) -> Asked:
    """The same of a stored record, without its words; raises KeyError for an unknown id."""
    side, vocabulary = state.side(role), state.weighting.vocabulary
    row = side.places[record]
    segment, at = side.locate(row)
    tokens, levels = unpack(segment.contents.tokens.take(np.array([at])))
    words = weigh_row(tokens.items, vocabulary.levels[levels].astype(np.float64), role, state.weighting)
    vector = None if state.meaning is None else state.meaning.vector(role, record)
    own = segment.contents.facts.columns(np.array([at]))
    return Asked(own, words, lambda: side.profiles.metrics(row), vector)


@dataclass(frozen=True, slots=True)
class Question:
    """How a query is to be answered (检索条件)."""

    today: date
    top: int
    allowed: Container[str] | None
    include_excluded: bool


def match_all(
    state: State, query: Read[NeedProfile] | Read[ResultProfile], role: Role, question: Question
) -> list[Match]:
    """The best records of a side for a query of the other side, explained, best first, ties by id."""
    own_role: Role = "needs" if role == "results" else "results"
    chosen = [hit.id for hit in rank_all(state, ask(state, query, own_role), role, question)]
    if not chosen:
        return []
    others: list[Read[Any]] = _read_partners(state, chosen, role, query.features)
    own: list[Read[Any]] = [query]
    needs, results = (own, others) if role == "results" else (others, own)
    matches = explain_pairs(needs, results, question.today, state.weighting)
    return sorted(matches, key=lambda match: (-match.score, match.need_id, match.result_id))


def _read_partners(state: State, records: list[str], role: Role, partner: Features) -> list[Read[Any]]:
    """Stored records, with only those tokens that the partner has: an explanation asks for no others."""
    side, vocabulary = state.side(role), state.weighting.vocabulary
    rows = side.find(records)
    stored = side.stored(rows, vocabulary, state.words)
    tokens = stored.tokens.items
    squares = stored.damped**2 * state.weighting.squares[role][tokens]
    owners = np.repeat(np.arange(len(rows)), np.diff(stored.tokens.starts))
    han, latin = (
        np.bincount(owners, weights=np.maximum(part, 0.0), minlength=len(rows)).astype(np.float64)
        for part in (squares, -squares)
    )
    names = dict(zip(vocabulary.find_tokens(list(partner.weights)).tolist(), partner.weights, strict=True))
    shared = np.flatnonzero(np.isin(tokens, np.fromiter(names, np.int64, len(names))))
    edges = np.searchsorted(shared, stored.tokens.starts).tolist()
    found = [names[token] for token in tokens[shared].tolist()]
    damped = stored.damped[shared].tolist()
    near: list[FloatArray | None] = [None] * len(rows)
    if state.meaning is not None:
        vectors = state.meaning.vectors(role, side.profiles.ids(rows))
        near = [None if np.isnan(each[0]) else each for each in vectors]
    read: list[Read[Any]] = []
    for at, row in enumerate(rows.tolist()):
        own = slice(edges[at], edges[at + 1])
        features = Features(dict(zip(found[own], damped[own], strict=True)), stored.words[at])
        norms = Norms(han[at : at + 1], latin[at : at + 1])
        read.append(Read(side.profiles[row], features, norms, near[at]))
    return read


def rank_all(state: State, query: Asked, role: Role, question: Question) -> list[Hit]:
    """The best records of a side with scores 0..100 alone, best first, ties by id."""
    side = state.side(role)
    if question.top < 1 or not len(side) or find_expired(query.own, question.today.toordinal())[0]:
        return []
    if not side.large:
        similarity = similarities(query.words, side, role, state.weighting)
        if state.meaning is not None and query.vector is not None:
            similarity = blend(similarity, state.meaning.nearness(query.vector, side, role))
        return _rank_rows(state, query, role, question, np.arange(len(similarity)), similarity)

    from ronglian.engines.matching.first_stage import (  # noqa: PLC0415 - imports the kernel
        Search,
        measure_rows,
        search_rows,
    )

    with_meaning = state.meaning is not None and query.vector is not None
    wide = replace(question, top=max(question.top, MEANING_CANDIDATES)) if with_meaning else question
    today = question.today.toordinal()
    search = Search(
        query.words, role, wide.top, question.allowed, query.own, today, question.include_excluded
    )
    hits = search_rows(
        side,
        state.weighting,
        search,
        lambda rows, similarity, _: _rank_rows(state, query, role, wide, rows, similarity),
    )
    if not with_meaning or not hits:
        return hits
    assert state.meaning is not None
    assert query.vector is not None
    rows = np.sort(side.find([hit.id for hit in hits]))
    vectors = state.meaning.vectors(role, side.profiles.ids(rows))
    similarity = measure_rows(side, state.weighting, search, rows)
    similarity = blend(similarity, nearness_of(query.vector, vectors))
    # They were allowed already.
    return _rank_rows(state, query, role, replace(question, allowed=None), rows, similarity)


def _rank_rows(
    state: State,
    query: Asked,
    role: Role,
    question: Question,
    rows: NDArray[np.int64],
    similarity: FloatArray,
) -> list[Hit]:
    """The best of these rows, which rise and have these similarities."""
    side, parameters, today = state.side(role), state.parameters, question.today.toordinal()
    columns = side.columns if len(rows) == len(side.alive) else side.take_columns(rows)
    need, result = (query.own, columns) if role == "results" else (columns, query.own)
    shares = score_factors(need, result, similarity, today, parameters)
    eligible = (
        side.alive[rows] & (similarity >= parameters.minimum_similarity) & ~find_expired(columns, today)
    )
    if not question.include_excluded:
        for violated in find_violated(need, result).values():
            eligible &= ~violated
    if question.allowed is not None:
        for at in np.flatnonzero(eligible).tolist():
            eligible[at] = side.profiles.id(rows[at]) in question.allowed

    def judge(at: int) -> MetricJudgement:
        pair = (query.metrics(), side.profiles.metrics(int(rows[at])))
        compared = compare_metrics(*(pair if role == "results" else pair[::-1]), parameters)
        missed = any(each.verdict == "not_met" for each in compared)
        return MetricJudgement(metrics_share(compared, parameters), missed)

    best = best_rows(
        need,
        shares,
        eligible,
        judge,
        top=question.top,
        keep_excluded=question.include_excluded,
        parameters=parameters,
    )
    ids = side.profiles.ids(rows[[at for at, _ in best]])
    hits = [Hit(record, score) for record, (_, score) in zip(ids, best, strict=True)]
    return sorted(hits, key=lambda hit: (-hit.score, hit.id))[: question.top]


def find_nearest(
    state: State,
    vector: dict[str, float],
    role: Role,
    top: int,
    *,
    allowed: Container[str] | None = None,
    left_out: str | None = None,
    least_coverage: float = 0.0,
) -> list[Hit]:
    """The records of a side whose texts are most similar to a weighted query, best first, ties by id.

    ``score`` is the similarity 0..1. Records hold at least a share of the query's squared weight, if asked for.
    """
    side = state.side(role)

    def rank(rows: NDArray[np.int64], scores: FloatArray, covered: FloatArray) -> list[Hit]:
        scores = np.where(covered >= least_coverage, scores, 0.0) if least_coverage else scores
        return best_hits(side, rows, scores, top, allowed, left_out)

    if top < 1 or not vector:
        return []
    words = weigh(vector, state.weighting)
    if not side.large:
        scores = similarities(words, side, role, state.weighting)
        covered = coverage(words, side, state.weighting) if least_coverage else scores
        return rank(np.arange(len(scores)), scores, covered)

    from ronglian.engines.matching.first_stage import Search, search_rows  # noqa: PLC0415 - imports the kernel

    # One more: the record that is left out may be among them.
    search = Search(words, role, top + (left_out is not None), allowed, coverage=least_coverage)
    return search_rows(side, state.weighting, search, rank)


def best_hits(
    side: Side,
    rows: NDArray[np.int64],
    scores: FloatArray,
    top: int,
    allowed: Container[str] | None,
    left_out: str | None,
) -> list[Hit]:
    """The best of these rows that live and have a score above zero, best first, ties by id."""
    chosen = side.alive[rows] & (scores > 0.0)
    if left_out is not None:
        chosen &= ~np.isin(rows, side.find([left_out]))
    rows, scores = rows[chosen], scores[chosen]
    if allowed is None and top < len(rows):
        best = scores >= np.partition(scores, len(scores) - top)[len(scores) - top]
        rows, scores = rows[best], scores[best]
    hits: list[Hit] = []
    for at in np.argsort(-scores, kind="stable").tolist():
        score = float(scores[at])
        if len(hits) >= top and score < hits[top - 1].score:
            break
        record = side.profiles.id(int(rows[at]))
        if allowed is None or record in allowed:
            hits.append(Hit(record, score))
    return sorted(hits, key=lambda hit: (-hit.score, hit.id))[:top]
