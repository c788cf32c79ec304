"""What comes under contracts soon, for programs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from ninja import Query, Router
from pydantic import BaseModel, Field

from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import Known
from ronglian.api.fields import QueryWhole
from ronglian.apps.agreements.queries.upcoming import What, list_upcoming

router = Router(tags=["contracts"], auth=signed_in)


class UpcomingAsked(Known):
    """How far ahead."""

    days: QueryWhole = Field(30, ge=0, le=366)


class UpcomingShown(BaseModel):
    """Something on a day: a payment, a royalty report, the end of a trial, the last day for payment to start."""

    day: date
    what: What
    contract: UUID
    title: str
    amount_fen: int | None = Field(description="Of a payment.")
    period_end: date | None = Field(description="Of a report: the last day it covers.")


@router.get(
    "/upcoming",
    response=list[UpcomingShown],
    operation_id="list_upcoming_contract_dates",
    summary="What comes under your contracts",
)
def list_all(request: ApiRequest, asked: Query[UpcomingAsked]) -> Any:
    """From today on, the next first; what is overdue stands at the contract."""
    asked.check_names(request)
    today = timezone.localdate()
    return [
        UpcomingShown(
            day=one.day,
            what=one.what,
            contract=one.agreement.public_id,
            title=one.agreement.title,
            amount_fen=one.amount_fen,
            period_end=one.period_end,
        )
        for one in list_upcoming(request.auth, today, today + timedelta(days=asked.days))
    ]
