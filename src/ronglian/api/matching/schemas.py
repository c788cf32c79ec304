"""Matches and decisions: what can be sent, what is shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from ronglian.api.calling import Known
from ronglian.api.fields import Id, QueryTruth, QueryWhole, Strict, Text
from ronglian.api.paging import PageParameters
from ronglian.api.registry.shown import NeedShown, OwnerShown, ResultShown
from ronglian.apps.matching.enums import DecisionKind, DecisionReason

LONGEST_QUESTION = 5_000
Lax = Field(strict=False)


class MatchParameters(Known):
    """How much of a ranking."""

    top: QueryWhole = Field(20, ge=1, le=100, description="How many matches, at most 100.")
    include_excluded: QueryTruth = Field(
        False, description="Also pairs that a firm limit rules out, with the reason."
    )
    order: Literal["fair", "score"] = Field(
        "fair", description="`score` leaves out the lift of small firms and the cap on popular results."
    )


class MatchQuestion(Strict):
    """A sentence to match."""

    text: Annotated[Text, Field(min_length=1, max_length=LONGEST_QUESTION)] = Field(
        examples=["电镀废水六价铬降到0.1 mg/L以下，处理成本低于20元/吨"]
    )
    side: Literal["results", "needs"] = Field(
        "results", description="What is looked for: results for one who needs, needs for one who offers."
    )
    top: int = Field(10, ge=1, le=100)


class PartShown(BaseModel):
    """One factor's share of the score."""

    factor: str = Field(examples=["metrics"])
    name: str
    points: float
    maximum: float
    verdict: Literal["met", "partly", "not_met", "not_stated", "neutral"]
    verdict_label: str
    detail: dict[str, Any] = Field(description="Codes and values.")
    text: str = Field(description="The same in words.")


class MetricRowShown(BaseModel):
    """One metric of the need beside what the result claims."""

    need: str
    claim: str | None
    verdict: Literal["met", "not_met", "not_stated"]
    verdict_label: str
    ratio: float | None
    need_metric: dict[str, Any]
    claim_metric: dict[str, Any] | None


class TermShown(BaseModel):
    """A word of both texts and the points it brings."""

    term: str
    weight: float


class ExclusionShown(BaseModel):
    """Why a pair is not suggested."""

    factor: str
    reason: str
    detail: dict[str, Any]
    text: str


class ImprovementShown(BaseModel):
    """What would raise the score, and by how much at most."""

    factor: str
    code: Literal["state", "improve"]
    points: float
    text: str


class MoveShown(BaseModel):
    """Why a match stands elsewhere than its score alone would put it."""

    place: int
    place_by_score: int
    reason: Literal["small", "crowded", "others"]
    text: str


class DecisionShown(BaseModel):
    """What one side said of a match."""

    id: UUID
    version: int
    need: UUID
    result: UUID
    organisation: OwnerShown
    kind: DecisionKind
    reason: DecisionReason
    reason_label: str
    note: str
    decided_by: str
    engine_version: str
    parameters_version: str
    created_at: datetime
    updated_at: datetime


class MatchShown(BaseModel):
    """A pair with its score and all reasons; the parts add up to the score."""

    need: NeedShown | None = Field(description="Null where the need was the sentence sent.")
    result: ResultShown | None = Field(description="Null where the result was the sentence sent.")
    score: float = Field(description="0 to 100.")
    parts: list[PartShown]
    metrics: list[MetricRowShown]
    terms: list[TermShown]
    exclusions: list[ExclusionShown]
    improvements: list[ImprovementShown]
    decisions: list[DecisionShown] = Field(description="Those of the caller's own organisations.")
    move: MoveShown | None = Field(description="Null where it stands where its score puts it.")


class MatchesShown(BaseModel):
    """A ranking, best first."""

    engine_version: str
    parameters_version: str
    items: list[MatchShown]


class NewDecision(Strict):
    """A decision on a match."""

    need: Id
    result: Id
    kind: Annotated[DecisionKind, Lax] = Field(examples=["confirmed"])
    reason: Annotated[DecisionReason, Lax] = Field(examples=["fits_problem"])
    note: Annotated[Text, Field(max_length=2_000)] = ""


class DecisionFilters(PageParameters):
    """Lists of decisions."""

    need: Id | None = None
    result: Id | None = None
    kind: DecisionKind | None = None
