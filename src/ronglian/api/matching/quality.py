"""How good the matches are, and what was learned from decisions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Query, Router
from pydantic import BaseModel, Field

from ronglian.api.authentication import ApiRequest
from ronglian.api.paging import Page, PageParameters, paginate
from ronglian.api.registry.presenting import show_owner
from ronglian.api.registry.shown import OwnerShown
from ronglian.apps.matching.enums import TrainingState
from ronglian.apps.matching.models import TrainingRun
from ronglian.apps.matching.queries.matches import version_in_use
from ronglian.apps.matching.queries.quality import Group, Share, SizeAnswers, read_quality
from ronglian.apps.matching.queries.quality_lists import list_quality_records
from ronglian.apps.matching.queries.seen import SideSeen, read_seen
from ronglian.apps.matching.queries.training import list_runs
from ronglian.apps.registry.models import Need, Result
from ronglian.engines.matching import ENGINE_VERSION, FACTORS
from ronglian.kernel.actor import Actor

quality = Router(tags=["quality"])
runs = Router(tags=["quality"])

ListName = Literal[
    "covered-needs",
    "uncovered-needs",
    "suggested-results",
    "unsuggested-results",
    "unanswered-needs",
    "answered-needs",
    "small-results",
    "other-results",
    "small-needs",
    "other-needs",
]


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


class SizeAnswersShown(BaseModel):
    """How long the needs of firms of one size wait."""

    size: Literal["large", "medium", "small", "micro", ""] = Field(description="Empty where none is stated.")
    needs_unanswered: ShareShown
    first_answer_median_days: float | None


class SeenShown(BaseModel):
    """How much small owners are seen in one kind of lists; null where too few stand behind it."""

    side: Literal["results", "needs"] = Field(description="What the lists hold.")
    records: ShareShown = Field(description="Public, current records of small owners, of all.")
    mean_score_small: float | None
    mean_score_others: float | None
    due: float | None = Field(description="Share of attention by scores, 0 to 1.")
    seen: float | None = Field(description="Share of attention by places, in the order of the scores.")
    seen_in_fair_order: float | None
    lift: float | None = Field(description="Points by which small owners may pass others.")


class ListedRecord(BaseModel):
    """A record of a list behind a figure."""

    kind: Literal["need", "result"]
    id: UUID
    title: str
    title_en: str
    owner: OwnerShown | None = Field(description="Null where the reader may not know whose it is.")


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
    answers_by_size: list[SizeAnswersShown]
    seen: list[SeenShown]
    most_lists_of_a_result: int | None = Field(description="Null before the first measurement.")
    held_back: int = Field(description="Suggestions of popular results held back at the last measurement.")
    fair_order: bool = Field(description="Whether lists follow the measurement.")
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
    report, seen = read_quality(request.auth), read_seen()
    return QualityShown(
        engine_version=ENGINE_VERSION,
        parameters_version=version_in_use(),
        confirmed=_share(report.confirmed),
        by_score=[_group(each) for each in report.bands],
        by_month=[_group(each) for each in report.months],
        needs_covered=_share(report.needs_covered),
        results_suggested=_share(report.results_suggested),
        needs_unanswered=_share(report.answers.unanswered),
        first_answer_median_days=report.answers.median_days,
        first_answer_p90_days=report.answers.p90_days,
        answers_by_size=[_by_size(each) for each in report.answers_by_size],
        seen=[_seen(each) for each in seen.sides],
        most_lists_of_a_result=seen.cap,
        held_back=seen.held_back,
        fair_order=seen.is_on,
        invented_decisions=report.invented_decisions,
    )


@quality.get(
    "/lists/{name}",
    response=Page[ListedRecord],
    operation_id="list_quality_records",
    summary="The records behind a figure",
)
def get_quality_list(request: ApiRequest, name: ListName, parameters: Query[PageParameters]) -> Any:
    """As far as you may see them, newest first. Whether a need was answered is told to its own organisation."""
    parameters.check_names(request)
    rows = list_quality_records(request.auth, name)

    def present(page: Sequence[Need | Result]) -> list[ListedRecord]:
        return [_listed(request.auth, record) for record in page]

    return paginate(request, rows, rows.count(), parameters, present)


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


def _by_size(each: SizeAnswers) -> SizeAnswersShown:
    answers = each.answers
    return SizeAnswersShown.model_validate(
        {
            "size": each.size,
            "needs_unanswered": _share(answers.unanswered),
            "first_answer_median_days": answers.median_days,
        }
    )


def _seen(each: SideSeen) -> SeenShown:
    found = each.exposure
    return SeenShown(
        side=each.side,
        records=_share(each.records),
        mean_score_small=None if found is None else found.mean_small,
        mean_score_others=None if found is None else found.mean_others,
        due=None if found is None else found.due,
        seen=None if found is None else found.seen,
        seen_in_fair_order=None if found is None else found.seen_lifted,
        lift=None if found is None else found.lift,
    )


def _listed(actor: Actor, record: Need | Result) -> ListedRecord:
    return ListedRecord(
        kind="need" if isinstance(record, Need) else "result",
        id=record.public_id,
        title=record.title,
        title_en=record.title_en,
        owner=show_owner(actor, record),
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
