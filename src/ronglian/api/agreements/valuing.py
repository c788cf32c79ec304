"""Price supports for programs: a range from stated assumptions, with its tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Router
from ninja.responses import Status
from pydantic import Field

from ronglian.api.agreements.shown_prices import PriceSupportShown, show_support
from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import repeatable
from ronglian.api.fields import Id, Lax, ShortText, Strict
from ronglian.api.paging import Page, PageParameters, paginate
from ronglian.apps.accounts.queries.organisations import access_organisation
from ronglian.apps.agreements.enums import PricedWay
from ronglian.apps.agreements.models import Valuation
from ronglian.apps.agreements.operations.valuing import make_valuation
from ronglian.apps.agreements.queries.pricing import access_valuation, list_valuations
from ronglian.apps.registry.models import Result
from ronglian.apps.registry.queries.records import access_record

router = Router(tags=["prices"], auth=signed_in)
Assumed = Annotated[
    dict[str, Any],
    Field(
        description="At least one of cost, market and income; each assumption as [low, likely, high], amounts in fen, rates in "
        "hundredths of a per cent, delays and years in years. What is wrong is named as `income.share.2`.",
        examples=[
            {
                "income": {
                    "base": "sales", "fen": [200000000, 300000000, 500000000], "growth": [0, 1000, 2000],
                    "share": [200, 300, 400], "discount": [1500, 2000, 2500], "success": [4000, 6000, 8000],
                    "delay": [1, 1, 2], "years": [3, 5, 8], "protected_years": 9,
                }
            }
        ],
    ),
]  # fmt: skip


class SupportIn(Strict):
    """For whom, of which result, and what is assumed."""

    holder: Id = Field(description="The organisation that wants to know; one you act for.")
    result: Id
    way: Annotated[PricedWay, Lax]
    assumptions: Assumed
    grounds: Annotated[ShortText, Field(min_length=1, max_length=3_000)] = Field(
        description="Where the assumptions come from."
    )


@router.get(
    "", response=Page[PriceSupportShown], operation_id="list_price_supports", summary="Your price supports"
)
def list_all(request: ApiRequest, parameters: Query[PageParameters]) -> Any:
    """Those of your organisations, the latest first."""
    parameters.check_names(request)
    rows = list_valuations(request.auth)

    def present(page: Sequence[Valuation]) -> list[PriceSupportShown]:
        return [show_support(one) for one in page]

    return paginate(request, rows, rows.count(), parameters, present)


@router.post(
    "", response={201: PriceSupportShown}, operation_id="make_price_support", summary="Make a price support"
)
@repeatable
def make(request: ApiRequest, body: SupportIn) -> Any:
    """Computed once and kept with its tables; only your organisation reads it."""
    actor = request.auth
    made = make_valuation(
        actor=actor,
        holder=access_organisation(actor, body.holder),
        result=access_record(actor, Result, body.result),
        way=body.way,
        assumptions=body.assumptions,
        grounds=body.grounds,
    )
    return Status(201, show_support(made))


@router.get(
    "/{uuid:public_id}",
    response=PriceSupportShown,
    operation_id="get_price_support",
    summary="Read one price support",
)
def get_one(request: ApiRequest, public_id: UUID) -> Any:
    """Its ranges, tables and assumptions."""
    return show_support(access_valuation(request.auth, public_id))
