"""Matching both ways with reasons, and what people decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict
from uuid import UUID

from ninja import Query, Router
from ninja.responses import Status

from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import repeatable
from ronglian.api.matching.presenting import show_decision, show_match, show_matches
from ronglian.api.matching.schemas import (
    DecisionFilters,
    DecisionShown,
    MatchesShown,
    MatchParameters,
    MatchQuestion,
    MatchShown,
    NewDecision,
)
from ronglian.api.paging import Page, paginate
from ronglian.apps.matching.models import Decision
from ronglian.apps.matching.operations.matches import decide_match
from ronglian.apps.matching.queries.decisions import visible_decisions
from ronglian.apps.matching.queries.matches import explain_pair, match_need, match_result, match_text
from ronglian.apps.matching.rules import Pair
from ronglian.apps.registry.models import Need, Result
from ronglian.apps.registry.queries.records import access_record

needs = Router(tags=["matches"])
results = Router(tags=["matches"])
questions = Router(tags=["matches"])
decisions = Router(tags=["decisions"])


class _Order(TypedDict):
    top: int
    include_excluded: bool
    by_score: bool


def _order_of(parameters: MatchParameters) -> _Order:
    return {
        "top": parameters.top,
        "include_excluded": parameters.include_excluded,
        "by_score": parameters.order == "score",
    }


@needs.get(
    "/{uuid:public_id}/matches",
    response=MatchesShown,
    operation_id="list_need_matches",
    summary="The results that fit a need",
)
def list_need_matches(request: ApiRequest, public_id: UUID, parameters: Query[MatchParameters]) -> Any:
    """Best first, each with its reasons in codes and in words."""
    parameters.check_names(request)
    need = access_record(request.auth, Need, public_id)
    views = match_need(request.auth, need, **_order_of(parameters))
    return show_matches(request.auth, views)


@needs.get(
    "/{uuid:public_id}/matches/{uuid:result_id}",
    response=MatchShown,
    operation_id="explain_match",
    summary="Why a need and a result fit, or do not",
)
def explain_match(request: ApiRequest, public_id: UUID, result_id: UUID) -> Any:
    """The whole explanation of one pair; the parts add up to the score."""
    need = access_record(request.auth, Need, public_id)
    result = access_record(request.auth, Result, result_id)
    return show_match(request.auth, explain_pair(request.auth, need, result))


@results.get(
    "/{uuid:public_id}/matches",
    response=MatchesShown,
    operation_id="list_result_matches",
    summary="The needs that a result fits",
)
def list_result_matches(request: ApiRequest, public_id: UUID, parameters: Query[MatchParameters]) -> Any:
    """Best first, each with its reasons in codes and in words."""
    parameters.check_names(request)
    result = access_record(request.auth, Result, public_id)
    views = match_result(request.auth, result, **_order_of(parameters))
    return show_matches(request.auth, views)


@questions.post("", response=MatchesShown, operation_id="match_text", summary="Match a sentence of your own")
@repeatable
def match_sentence(request: ApiRequest, body: MatchQuestion) -> Any:
    """Changes nothing and needs no token. Metrics in the sentence are compared one by one."""
    views = match_text(request.auth, body.text, side=body.side, top=body.top)
    return show_matches(request.auth, views)


@decisions.get(
    "",
    response=Page[DecisionShown],
    auth=signed_in,
    operation_id="list_decisions",
    summary="The decisions of your organisations",
)
def list_decisions(request: ApiRequest, filters: Query[DecisionFilters]) -> Any:
    """Newest first. What the other side decided is its own business."""
    filters.check_names(request)
    rows = visible_decisions(request.auth).select_related("organisation", "need", "result").order_by("-id")
    if filters.need:
        rows = rows.filter(need__public_id=filters.need)
    if filters.result:
        rows = rows.filter(result__public_id=filters.result)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)

    def present(page: Sequence[Decision]) -> list[DecisionShown]:
        return [show_decision(decision) for decision in page]

    return paginate(request, rows, rows.count(), filters, present)


@decisions.post(
    "",
    response={201: DecisionShown},
    auth=signed_in,
    operation_id="decide_match",
    summary="Decide on a match",
)
@repeatable
def decide(request: ApiRequest, body: NewDecision) -> Any:
    """Whether a match is worth a talk, for the organisation of the need or of the result."""
    pair = Pair(
        need=access_record(request.auth, Need, body.need),
        result=access_record(request.auth, Result, body.result),
    )
    decision = decide_match(actor=request.auth, pair=pair, kind=body.kind, reason=body.reason, note=body.note)
    return Status(201, show_decision(decision))
