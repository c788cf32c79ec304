"""A match as codes and in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from ronglian.api.matching.schemas import (
    DecisionShown,
    ExclusionShown,
    ImprovementShown,
    MatchesShown,
    MatchShown,
    MetricRowShown,
    MoveShown,
    PartShown,
    TermShown,
)
from ronglian.api.registry.presenting import link_organisation, show_record
from ronglian.api.registry.shown import NeedShown, ResultShown
from ronglian.apps.matching.enums import DecisionKind, DecisionReason
from ronglian.apps.matching.models import Decision
from ronglian.apps.matching.queries.exposure import Move
from ronglian.apps.matching.queries.matches import MatchView, version_in_use
from ronglian.apps.matching.wording import (
    describe_exclusion,
    describe_improvement,
    describe_move,
    describe_part,
    factor_name,
    metric_row_texts,
    verdict_label,
)
from ronglian.engines.matching import ENGINE_VERSION, MetricRow, Part
from ronglian.kernel.actor import Actor


def show_matches(actor: Actor, views: Iterable[MatchView]) -> MatchesShown:
    return MatchesShown(
        engine_version=ENGINE_VERSION,
        parameters_version=version_in_use(),
        items=[show_match(actor, view) for view in views],
    )


def show_match(actor: Actor, view: MatchView) -> MatchShown:
    """The match with everything that explains it, as far as the actor may know the two records."""
    match = view.match
    return MatchShown(
        need=cast(NeedShown, show_record(actor, view.need)) if view.need else None,
        result=cast(ResultShown, show_record(actor, view.result)) if view.result else None,
        score=match.score,
        parts=[_part(part) for part in match.parts],
        metrics=[_metric_row(row) for row in match.metric_rows],
        terms=[TermShown(term=term.term, weight=term.weight) for term in match.terms],
        exclusions=[
            ExclusionShown(
                factor=each.factor,
                reason=each.reason,
                detail=dict(each.detail),
                text=describe_exclusion(each),
            )
            for each in match.exclusions
        ],
        improvements=[
            ImprovementShown(
                factor=each.factor, code=each.code, points=each.points, text=describe_improvement(each)
            )
            for each in match.improvements
        ],
        decisions=[show_decision(decision) for decision in view.decisions],
        move=_move(view.move) if view.move else None,
    )


def show_decision(decision: Decision) -> DecisionShown:
    """Decisions are read with need and result beside them; both sides' ids are known to whoever decided."""
    return DecisionShown(
        id=decision.public_id,
        version=decision.version,
        need=decision.need.public_id,
        result=decision.result.public_id,
        organisation=link_organisation(decision.organisation),
        kind=DecisionKind(decision.kind),
        reason=DecisionReason(decision.reason),
        reason_label=str(DecisionReason(decision.reason).label),
        note=decision.note,
        decided_by=decision.decided_by,
        engine_version=decision.engine_version,
        parameters_version=decision.parameters_version,
        created_at=decision.created_at,
        updated_at=decision.updated_at,
    )


def _move(move: Move) -> MoveShown:
    placed = move.placed
    assert placed.reason
    return MoveShown(
        place=placed.place, place_by_score=placed.by_score, reason=placed.reason, text=describe_move(move)
    )


def _part(part: Part) -> PartShown:
    return PartShown(
        factor=part.factor,
        name=factor_name(part.factor),
        points=part.points,
        maximum=part.maximum,
        verdict=part.verdict,
        verdict_label=verdict_label(part.verdict),
        detail=dict(part.detail),
        text=describe_part(part),
    )


def _metric_row(row: MetricRow) -> MetricRowShown:
    texts = metric_row_texts(row)
    return MetricRowShown(
        need=texts["need"],
        claim=texts["claim"] or None,
        verdict=row.verdict,
        verdict_label=texts["label"],
        ratio=row.ratio,
        need_metric=row.need.to_dict(),
        claim_metric=None if row.claim is None else row.claim.to_dict(),
    )
