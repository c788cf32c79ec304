"""How the index answers: from a state and a question to matches and hits (检索与匹配的执行)."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ronglian.engines.matching.columns import to_columns
from ronglian.engines.matching.explain import Hit, Match
from ronglian.engines.matching.factors import find_expired, find_violated
from ronglian.engines.matching.metric_pairs import compare_metrics, metrics_share
from ronglian.engines.matching.parameters import Parameters
from ronglian.engines.matching.ranking import MetricJudgement, best_rows, score_factors
from ronglian.engines.matching.reasons import Read, explain_pairs
from ronglian.engines.matching.records import NeedProfile, Profile, ResultProfile
from ronglian.engines.matching.side import Side
from ronglian.engines.matching.similarity import Norms, Role, Weighting, norms_of, query_arrays, similarities
from ronglian.engines.matching.tokens import Features, read_features
from ronglian.engines.matching.weights import WordBook

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class State:
    """Everything an answer depends on; replaced as a whole, so that readers never see half a change (索引状态)."""

    needs: Side
    results: Side
    words: WordBook
    modes: Mapping[str, int]
    weighting: Weighting

    def side(self, role: Role) -> Side:
        """The needs or the results."""
        return self.needs if role == "needs" else self.results

    @property
    def parameters(self) -> Parameters:
        """The parameters of the index."""
        return self.weighting.parameters


def read_need(state: State, need: NeedProfile | str) -> Read[NeedProfile]:
    """A need given or stored; raises KeyError for an unknown id."""
    if isinstance(need, str):
        profile, features, norms = _read_stored(state, need, "needs")
        assert isinstance(profile, NeedProfile)
        return Read(profile, features, norms)
    features = read_features(need, state.parameters)
    return Read(need, features, norms_of(state.weighting.vector(features, "needs")))


def read_result(state: State, result: ResultProfile | str) -> Read[ResultProfile]:
    """A result given or stored; raises KeyError for an unknown id."""
    if isinstance(result, str):
        profile, features, norms = _read_stored(state, result, "results")
        assert isinstance(profile, ResultProfile)
        return Read(profile, features, norms)
    features = read_features(result, state.parameters)
    return Read(result, features, norms_of(state.weighting.vector(features, "results")))


def _read_stored(state: State, record: str, role: Role) -> tuple[Profile, Features, Norms]:
    side = state.side(role)
    row = side.places[record]
    features = side.stored_features(row, state.weighting.vocabulary, state.words)
    return side.profiles[row], features, state.weighting.norms[role].at(row)


def match_all(
    state: State,
    query: Read[NeedProfile] | Read[ResultProfile],
    role: Role,
    *,
    today: date,
    top: int,
    allowed: Container[str] | None,
    include_excluded: bool,
) -> list[Match]:
    """The best records of a side for a query of the other side, best first, ties by id."""
    side, parameters = state.side(role), state.parameters
    own = to_columns([query.profile], state.modes)
    if top < 1 or not len(side) or find_expired(own, today.toordinal())[0]:
        return []
    own_role: Role = "needs" if role == "results" else "results"
    need, result = (own, side.columns) if role == "results" else (side.columns, own)
    similarity = similarities(state.weighting.vector(query.features, own_role), side, role, state.weighting)
    shares = score_factors(need, result, similarity, today.toordinal(), parameters)
    eligible = side.alive & (similarity >= parameters.minimum_similarity)
    eligible &= ~find_expired(side.columns, today.toordinal())
    if not include_excluded:
        for violated in find_violated(need, result).values():
            eligible &= ~violated
    eligible &= _allowed_rows(side, eligible, allowed)

    def judge(row: int) -> MetricJudgement:
        pair = (
            (query.profile, side.profiles[row]) if role == "results" else (side.profiles[row], query.profile)
        )
        compared = compare_metrics(pair[0].metrics, pair[1].metrics, parameters)
        return MetricJudgement(
            metrics_share(compared, parameters), any(row.verdict == "not_met" for row in compared)
        )

    rows = best_rows(
        need, shares, eligible, judge, top=top, keep_excluded=include_excluded, parameters=parameters
    )
    ids = [(score, side.profiles[row].id, row) for row, score in rows]
    ids.sort(key=lambda each: (-each[0], each[1]))
    chosen = [record for _score, record, _row in ids[:top]]
    if not chosen:
        return []
    if isinstance(query.profile, NeedProfile):
        matches = explain_pairs(
            [query], [read_result(state, record) for record in chosen], today, state.weighting
        )
    else:
        matches = explain_pairs(
            [read_need(state, record) for record in chosen], [query], today, state.weighting
        )
    return sorted(matches, key=lambda match: (-match.score, match.need_id, match.result_id))


def _allowed_rows(side: Side, candidates: BoolArray, allowed: Container[str] | None) -> BoolArray:
    if allowed is None:
        return candidates
    kept = np.zeros(len(candidates), dtype=bool)
    for row in np.flatnonzero(candidates).tolist():
        kept[row] = side.profiles[row].id in allowed
    return kept


def coverage(state: State, vector: dict[str, float], role: Role) -> FloatArray:
    """Share of the query's squared weight that each row holds; shape (rows,)."""
    side = state.side(role)
    tokens, weights = query_arrays(vector, state.weighting)
    total = sum(weight * weight for weight in vector.values())
    if not total:
        return np.zeros(len(side.alive))
    return side.presence(tokens, weights * weights) / total


def best_hits(
    side: Side, scores: FloatArray, top: int, allowed: Container[str] | None, left_out: str | None
) -> list[Hit]:
    """The best living rows with a score above zero, best first, ties by id."""
    candidates = side.alive & (scores > 0.0)
    if left_out is not None and left_out in side.places:
        candidates[side.places[left_out]] = False
    candidates = _allowed_rows(side, candidates, allowed)
    hits = [Hit(side.profiles[row].id, float(scores[row])) for row in np.flatnonzero(candidates).tolist()]
    return sorted(hits, key=lambda hit: (-hit.score, hit.id))[: max(top, 0)]
