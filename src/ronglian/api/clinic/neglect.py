"""Needs that lie without an answer: the figures for everybody, one's own needs by name, and what was done about each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Query, Router
from pydantic import BaseModel, Field

from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.paging import Page, PageParameters, paginate
from ronglian.apps.clinic.attention_rules import reads_attention
from ronglian.apps.clinic.enums import AttentionKind
from ronglian.apps.clinic.queries.neglect import Lying, list_attention, list_neglected, read_neglect
from ronglian.apps.matching.queries.quality import Share
from ronglian.apps.registry.models import Need
from ronglian.apps.registry.queries.records import access_record

router = Router(tags=["neglected needs"])
needs = Router(tags=["neglected needs"])


class ShareOf(BaseModel):
    """So many of so many; both null where fewer organisations stand behind them than may be told."""

    count: int | None
    of: int | None


class NeglectShown(BaseModel):
    """被忽视需求报告."""

    unanswered_days: int = Field(description="A need is neglected when it waited so long without an answer,")
    silent_days: int = Field(description="and nobody did anything about it for so long.")
    neglected: ShareOf
    neglected_small: ShareOf
    neglected_other: ShareOf
    small_of_needs: ShareOf = Field(description="Small firms' share of the needs,")
    small_of_attention: ShareOf = Field(description="and of the attention given.")


class LyingShown(BaseModel):
    """A need that lies without an answer."""

    need: UUID
    title: str
    days_waiting: int
    days_silent: int | None = Field(description="Since somebody last did something; null if nobody ever did.")
    is_small: bool
    urgency: float


class AttentionShown(BaseModel):
    """关照记录."""

    kind: AttentionKind
    note: str
    noted_by: str
    noted_at: datetime


class AttentionsShown(BaseModel):
    """What was done, the latest first."""

    items: list[AttentionShown]


@router.get(
    "", response=NeglectShown, operation_id="get_neglect", summary="How many needs lie without an answer"
)
def get_figures(request: ApiRequest) -> Any:
    """Small firms beside the others."""
    report = read_neglect(request.auth)
    shares = {
        name: _share(getattr(report, name))
        for name in NeglectShown.model_fields
        if not name.endswith("_days")
    }
    return NeglectShown(
        unanswered_days=report.parameters.unanswered_days,
        silent_days=report.parameters.silent_days,
        **shares,
    )


@router.get(
    "/needs",
    response=Page[LyingShown],
    auth=signed_in,
    operation_id="list_neglected_needs",
    summary="Your needs that lie without an answer",
)
def list_own(request: ApiRequest, parameters: Query[PageParameters]) -> Any:
    """The most urgent first."""
    parameters.check_names(request)
    rows = list_neglected(request.auth)

    def present(page: Sequence[Lying]) -> list[LyingShown]:
        return [
            LyingShown(
                need=each.need.public_id,
                title=each.need.title,
                days_waiting=each.days_waiting,
                days_silent=each.days_silent,
                is_small=each.is_small,
                urgency=each.urgency,
            )
            for each in page
        ]

    return paginate(request, rows, len(rows), parameters, present)


@needs.get(
    "/{uuid:public_id}/attention",
    response=AttentionsShown,
    operation_id="list_need_attention",
    summary="What was done about a need",
)
def list_done(request: ApiRequest, public_id: UUID) -> Any:
    """For the need's own organisation; others find nothing here."""
    need = access_record(request.auth, Need, public_id)
    notes = list_attention(need) if reads_attention(request.auth, need) else ()
    return AttentionsShown(
        items=[
            AttentionShown(
                kind=AttentionKind(each.kind),
                note=each.note,
                noted_by=each.noted_by,
                noted_at=each.created_at,
            )
            for each in notes
        ]
    )


def _share(share: Share) -> ShareOf:
    return ShareOf(count=share.part, of=share.whole)
