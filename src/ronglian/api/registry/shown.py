"""What is shown of a record: fields are listed here, nothing else leaves."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from ronglian.apps.registry.enums import (
    Disclosure,
    HardConstraint,
    IpKind,
    State,
    TechnologyField,
    TransferMode,
)
from ronglian.kernel.actor import ActorKind
from ronglian.kernel.provenance import SourceKind, Verification


class OwnerShown(BaseModel):
    """The organisation that holds a record."""

    id: UUID
    name: str
    name_en: str


class ProvenanceShown(BaseModel):
    """Where the record comes from and how far it can be trusted."""

    source_kind: SourceKind
    source_name: str | None = Field(description="Null where it could name a hidden owner.")
    source_id: str | None = Field(description="Only for the record's own organisation.")
    recorded_by: str | None = Field(description="Only for the record's own organisation.")
    verification: Verification
    confirmed_on: date | None
    expires_on: date | None
    is_expired: bool
    created_at: datetime
    updated_at: datetime


class MetricShown(BaseModel):
    """A metric as it was read out of the texts."""

    name: str
    name_en: str
    comparison: str
    low: float | None
    high: float | None
    unit: str
    sentence: str = Field(description="The sentence it was read from.")
    text: str = Field(description="The metric in one line.")


class UnreadShown(BaseModel):
    """Something like a quantity that was not taken for a metric, and why."""

    verbatim: str
    sentence: str
    reason: str


class RecordShown(BaseModel):
    """What every record shows."""

    id: UUID
    version: int
    state: State
    disclosure: Disclosure
    owner: OwnerShown | None = Field(
        description="Null where a need is shown without its organisation's name."
    )
    owner_label: str = Field(description="The owner's name, or what stands in its place.")
    keywords: list[str]
    keywords_en: list[str]
    region: str
    provenance: ProvenanceShown


class TechnicalShown(RecordShown):
    """What results, needs and scenes show."""

    title: str
    title_en: str
    summary: str
    summary_en: str
    under_nda: bool = Field(description="Whether the details stand under an agreement (NDA).")
    signing_suffices: bool
    is_closed: bool = Field(
        description="Whether details were left out here: they are given to those who may have them, record by record."
    )
    technology_field: TechnologyField | None
    industry: str


class ResultShown(TechnicalShown):
    """科技成果."""

    details: str
    details_en: str
    completed_by: str
    output_form: str | None
    stage: str | None
    maturity: int | None
    technical_level: str | None
    ip: list[IpKind]
    ip_numbers: str
    transfer_modes: list[TransferMode]
    price_low_fen: int | None
    price_high_fen: int | None
    metrics_text: str
    metrics_text_en: str
    metrics: list[MetricShown]
    unread: list[UnreadShown]


class NeedShown(TechnicalShown):
    """技术需求."""

    details: str
    details_en: str
    difficulty: str
    difficulty_en: str
    existing_conditions: str
    existing_conditions_en: str
    modes: list[TransferMode]
    budget_low_fen: int | None
    budget_high_fen: int | None
    minimum_maturity: int | None
    hard: list[HardConstraint]
    anonymous: bool
    metrics_text: str
    metrics_text_en: str
    metrics: list[MetricShown]
    unread: list[UnreadShown]


class ExpertShown(RecordShown):
    """专家."""

    name: str
    name_en: str
    post: str
    post_en: str
    orcid: str
    technology_fields: list[TechnologyField]
    summary: str
    summary_en: str


class SceneShown(TechnicalShown):
    """应用场景."""

    opens_on: date | None
    closes_on: date | None
    conditions: str
    conditions_en: str


class EventShown(BaseModel):
    """One thing that happened to a record."""

    id: UUID
    name: str = Field(examples=["need.published"])
    occurred_at: datetime
    actor_kind: ActorKind
    actor: str | None = Field(description="Who did it; only for the record's own organisation.")
    data: dict[str, Any] = Field(description="What changed, as far as the reader may know.")


class TimelineShown(BaseModel):
    """What happened to a record, oldest first."""

    items: list[EventShown]
