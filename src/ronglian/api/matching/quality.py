"""How good the matches are, and what was learned from decisions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Query, Router
from pydantic import BaseModel, Field

from ronglian.api.authentication import ApiRequest
from ronglian.api.paging import Page, PageParameters, paginate
from ronglian.apps.matching.enums import TrainingState
from ronglian.apps.matching.models import TrainingRun
from ronglian.apps.matching.queries.quality import Group, Share, read_quality
from ronglian.apps.matching.queries.training import list_runs, points_in_use
from ronglian.engines.matching import ENGINE_VERSION, FACTORS

quality = Router(tags=["quality"])
runs = Router(tags=["quality"])


class ShareShown(BaseModel):
    """So many of so many; all null where fewer than five organisations stand behind them."""

    part: int | None
    whole: int | None
    share: float | None = Field(description="Null where the whole is 0, too.")
    low: float | None = Field(description="Lower end of Wilson's 95 % interval.")
    high: float | None


class GroupShown(BaseModel):
    """The decisions of one score band (by its lower end) or one month."""

    key: str = Field(examples=["60", "2026-11"])
    confirmed: ShareShown
    mean_score: float | None


class QualityShown(BaseModel):
    """What became of the suggestions."""

    engine_version: str
    parameters_version: str
    confirmed: ShareShown = Field(description="Decisions that confirm, of all decisions.")
    by_score: list[GroupShown]
    by_month: list[GroupShown]
    needs_covered: ShareShown = Field(description="Current needs with a suggestion of 50 points or more.")
    results_suggested: ShareShown = Field(description="Current results suggested to at least one need.")
    needs_unanswered: ShareShown = Field(
        description="Published needs that nobody has decided anything about."
    )
    first_answer_median_days: float | None = Field(
        description="Those still waiting are counted; null where it cannot be told yet."
    )
    first_answer_p90_days: float | None
    invented_decisions: bool = Field(description="Whether decisions about demo records are among these.")


class TrainingRunShown(BaseModel):
    """Points learned from decisions, with the proof they were proposed on."""

    id: UUID
    state: TrainingState
    version_before: str
    version_after: str
    points_before: dict[str, float]
    points_after: dict[str, float]
    counts: dict[str, Any] = Field(description="Decisions used, by what, and left out, by reason.")
    report: dict[str, Any] = Field(
        description="Measures on held-out decisions before and after, with intervals."
    )
    data_digest: str
    created_at: datetime
    activated_at: datetime | None


@quality.get("", response=QualityShown, operation_id="get_quality", summary="How good the matches are")
def get_quality(request: ApiRequest) -> Any:
    """From decisions on public records; every share has its denominator and its interval."""
    report = read_quality(request.auth)
    return QualityShown(
        engine_version=ENGINE_VERSION,
        parameters_version=points_in_use().version,
        confirmed=_share(report.confirmed),
        by_score=[_group(each) for each in report.bands],
        by_month=[_group(each) for each in report.months],
        needs_covered=_share(report.needs_covered),
        results_suggested=_share(report.results_suggested),
        needs_unanswered=_share(report.answers.unanswered),
        first_answer_median_days=report.answers.median_days,
        first_answer_p90_days=report.answers.p90_days,
        invented_decisions=report.invented_decisions,
    )


@runs.get(
    "",
    response=Page[TrainingRunShown],
    operation_id="list_training_runs",
    summary="What was learned from decisions",
)
def list_training_runs(request: ApiRequest, parameters: Query[PageParameters]) -> Any:
    """Newest first. Proposed, put to use and taken back by operators, at the site or on the command line."""
    parameters.check_names(request)
    rows = list_runs()

    def present(page: Sequence[TrainingRun]) -> list[TrainingRunShown]:
        return [_run(run) for run in page]

    return paginate(request, rows, rows.count(), parameters, present)


def _share(share: Share) -> ShareShown:
    interval = share.interval
    return ShareShown(
        part=share.part,
        whole=share.whole,
        share=None if interval is None else interval.mean,
        low=None if interval is None else interval.low,
        high=None if interval is None else interval.high,
    )


def _group(group: Group) -> GroupShown:
    return GroupShown(key=group.key, confirmed=_share(group.confirmed), mean_score=group.mean_score)


def _run(run: TrainingRun) -> TrainingRunShown:
    return TrainingRunShown(
        id=run.public_id,
        state=TrainingState(run.state),
        version_before=run.version_before,
        version_after=run.version_after,
        points_before={factor: run.points_before[factor] for factor in FACTORS},
        points_after={factor: run.points_after[factor] for factor in FACTORS},
        counts=run.counts,
        report=run.report,
        data_digest=run.data_digest,
        created_at=run.created_at,
        activated_at=run.activated_at,
    )
