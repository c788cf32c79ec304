"""How the index answers: from a state and a question to matches and hits (检索与匹配的执行)."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ronglian.engines.matching.columns import to_columns
from ronglian.engines.matching.explain import Hit, Match
from ronglian.engines.matching.factors import find_excluded, find_expired
from ronglian.engines.matching.metric_pairs import compare_metrics, metrics_share
from ronglian.engines.matching.parameters import Parameters
from ronglian.engines.matching.ranking import MetricJudgement, best_rows, score_factors
from ronglian.engines.matching.reasons import ReadNeed, ReadResult, explain_pair
from ronglian.engines.matching.records import NeedProfile, Profile, ResultProfile
from ronglian.engines.matching.side import Side
from ronglian.engines.matching.similarity import Role, Weighting, query_arrays, similarities
from ronglian.engines.matching.tokens import Features, read_features
from ronglian.engines.matching.weights import Vocabulary

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class State:
    """Everything an answer depends on; replaced as a whole, so that readers never see half a change (索引状态)."""

    needs: Side
    results: Side
    words: Vocabulary
    modes: Mapping[str, int]
    weighting: Weighting

    def side(self, role: Role) -> Side:
        """The needs or the results."""
        return self.needs if role == "needs" else self.results

    @property
    def parameters(self) -> Parameters:
        """The parameters of the index."""
        return self.weighting.parameters


def read_need(state: State, need: NeedProfile | str) -> ReadNeed:
    """A need given or stored; raises KeyError for an unknown id."""
    profile, features = _read(state, need, state.needs)
    assert isinstance(profile, NeedProfile)
    return ReadNeed(profile, features, state.weighting.vector(features, "needs"))


def read_result(state: State, result: ResultProfile | str) -> ReadResult:
    """A result given or stored; raises KeyError for an unknown id."""
    profile, features = _read(state, result, state.results)
    assert isinstance(profile, ResultProfile)
    return ReadResult(profile, features, state.weighting.vector(features, "results"))


def _read(state: State, asked: Profile | str, side: Side) -> tuple[Profile, Features]:
    if not isinstance(asked, str):
        return asked, read_features(asked, state.parameters)
    row = side.places[asked]
    return side.profiles[row], side.stored_features(row, state.weighting.vocabulary, state.words.tokens)


def match_all(
    state: State,
    query: ReadNeed | ReadResult,
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
    need, result = (own, side.columns) if role == "results" else (side.columns, own)
    similarity = similarities(query.vector, side, role, state.weighting)
    shares = score_factors(need, result, similarity, today.toordinal(), parameters)
    eligible = side.alive & (similarity >= parameters.minimum_similarity)
    eligible &= ~find_expired(side.columns, today.toordinal())
    if not include_excluded:
        eligible &= ~find_excluded(need, result)
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
    matches = [_explain_row(state, query, role, record, today) for _score, record, _row in ids[:top]]
    return sorted(matches, key=lambda match: (-match.score, match.need_id, match.result_id))


def _explain_row(state: State, query: ReadNeed | ReadResult, role: Role, record: str, today: date) -> Match:
    if isinstance(query, ReadNeed):
        return explain_pair(query, read_result(state, record), today, state.weighting)
    return explain_pair(read_need(state, record), query, today, state.weighting)


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
