"""Finding prices, for programs: proposing, noticing, offering, finding; the notices that run now, for everybody.

A person objects at the site: an objection needs a name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from django.utils import timezone
from ninja import Query, Router
from ninja.responses import Status
from pydantic import Field

from ronglian.api.agreements.contracts import LongReason, Why
from ronglian.api.agreements.shown import ContractShown, show_contract
from ronglian.api.agreements.shown_prices import PriceListed, PriceShown, list_price, show_price
from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import repeatable
from ronglian.api.fields import Day, Fen, Id, Lax, Line, ShortText, Strict
from ronglian.api.paging import Page, PageParameters, paginate
from ronglian.apps.agreements.enums import NoticeReach, PricedWay, PriceMethod, RelatedTo, RoyaltyBase
from ronglian.apps.agreements.models import PriceFinding
from ronglian.apps.agreements.operations.price_objections import answer_price_objection, name_price
from ronglian.apps.agreements.operations.pricing import (
    notice_price,
    offer_price,
    propose_price,
    settle_price,
    withdraw_price,
)
from ronglian.apps.agreements.queries.agreements import access_agreement
from ronglian.apps.agreements.queries.pricing import (
    access_price,
    access_price_objection,
    access_valuation,
    list_notices,
    list_prices,
)
from ronglian.apps.registry.models import Result
from ronglian.apps.registry.queries.records import access_record

router = Router(tags=["prices"], auth=signed_in)
notices = Router(tags=["prices"])
of_contracts = Router(tags=["contracts"], auth=signed_in)
Reach = Annotated[NoticeReach, Lax]
Place = Annotated[Line, Field(min_length=1)]


class PriceIn(Strict):
    """How the price of a result of yours is to be found."""

    result: Id
    way: Annotated[PricedWay, Lax]
    method: Annotated[PriceMethod, Lax]
    price_fen: Fen = Field(
        description="What is proposed; of a listing, auction or tender the least that is asked for."
    )
    royalty_rate: int | None = Field(None, ge=1, le=10_000, description="Hundredths of a per cent.")
    royalty_base: Annotated[RoyaltyBase | None, Lax] = None
    basis: Annotated[ShortText, Field(min_length=1, max_length=3_000)]
    state_set: bool = Field(description="A research body or university set up by the state.")
    related_to: Annotated[RelatedTo, Lax]
    related_how: Annotated[ShortText, Field(max_length=1_000)] = ""
    buyer: Annotated[Line, Field(max_length=200)] = ""
    title: Line = Field("", description="As it stands in the notice; the result's where none is said.")
    support: Id | None = Field(None, description="A price support of yours for this result.")


class PriceNotice(Strict):
    """Days of public notice, where in the unit, and for whom here."""

    days: int = Field(ge=1, le=365)
    noticed_at: Place
    reach: Reach


class PriceOffer(Strict):
    """The market with the number of the offer, and until when."""

    closes_on: Day
    noticed_at: Place
    reach: Reach


class PriceFound(Strict):
    """What the market found; of an agreed price nothing."""

    price_fen: Fen | None = None
    buyer: Annotated[Line, Field(max_length=200)] = ""
    evidence: Annotated[ShortText, Field(max_length=2_000)] = ""


class PriceAnswer(Strict):
    """The price stays, or is withdrawn."""

    upholds: bool
    answer: LongReason


class NamedPrice(Strict):
    """The price that a contract rests on; null for none."""

    price: Id | None


@notices.get(
    "", response=Page[PriceListed], operation_id="list_price_notices", summary="Prices on public notice"
)
def list_public(request: ApiRequest, parameters: Query[PageParameters]) -> Any:
    """Notices and offers that run today, for everybody; what ends first comes first."""
    parameters.check_names(request)
    rows = list_notices(timezone.localdate())
    return paginate(request, rows, rows.count(), parameters, _listing)


@router.get("", response=Page[PriceListed], operation_id="list_prices", summary="Your prices")
def list_own(request: ApiRequest, parameters: Query[PageParameters]) -> Any:
    """Those of your organisations, the latest first."""
    parameters.check_names(request)
    rows = list_prices(request.auth)
    return paginate(request, rows, rows.count(), parameters, _listing)


@router.post("", response={201: PriceShown}, operation_id="propose_price", summary="Propose a price")
@repeatable
def propose(request: ApiRequest, body: PriceIn) -> Any:
    """Only your organisation sees it until it is noticed or offered."""
    actor = request.auth
    result = access_record(actor, Result, body.result)
    told = body.model_dump(exclude={"result", "support", "royalty_base"})
    finding = propose_price(
        actor=actor,
        seller=result.owner,
        result=result,
        valuation=access_valuation(actor, body.support) if body.support else None,
        royalty_base=body.royalty_base or "",
        **told,
    )
    return Status(201, show_price(actor, finding))


@router.get("/{uuid:public_id}", response=PriceShown, operation_id="get_price", summary="Read one price")
def get_one(request: ApiRequest, public_id: UUID) -> Any:
    """For the seller, and for whoever its notice reaches."""
    return show_price(request.auth, access_price(request.auth, public_id))


@router.post(
    "/{uuid:public_id}/notice",
    response=PriceShown,
    operation_id="notice_price",
    summary="Put it on public notice",
)
@repeatable
def notice(request: ApiRequest, public_id: UUID, body: PriceNotice) -> Any:
    """Of a price by agreement: as long and as far as the law of the place asks."""
    finding = access_price(request.auth, public_id)
    return show_price(request.auth, notice_price(actor=request.auth, finding=finding, **body.model_dump()))


@router.post(
    "/{uuid:public_id}/offer", response=PriceShown, operation_id="offer_price", summary="Offer it publicly"
)
@repeatable
def offer(request: ApiRequest, public_id: UUID, body: PriceOffer) -> Any:
    """Of a listing, auction or tender."""
    finding = access_price(request.auth, public_id)
    return show_price(request.auth, offer_price(actor=request.auth, finding=finding, **body.model_dump()))


@router.post(
    "/{uuid:public_id}/settle", response=PriceShown, operation_id="settle_price", summary="The price is found"
)
@repeatable
def settle(request: ApiRequest, public_id: UUID, body: PriceFound) -> Any:
    """After the notice with no objection open, or when the market has found it."""
    finding = access_price(request.auth, public_id)
    return show_price(request.auth, settle_price(actor=request.auth, finding=finding, **body.model_dump()))


@router.post(
    "/{uuid:public_id}/withdraw", response=PriceShown, operation_id="withdraw_price", summary="Withdraw it"
)
@repeatable
def withdraw(request: ApiRequest, public_id: UUID, body: Why) -> Any:
    """Unless a signed contract rests on it."""
    finding = access_price(request.auth, public_id)
    return show_price(request.auth, withdraw_price(actor=request.auth, finding=finding, reason=body.reason))


@router.post(
    "/{uuid:public_id}/objections/{uuid:objection_id}/answer",
    response=PriceShown,
    operation_id="answer_price_objection",
    summary="Answer an objection",
)
@repeatable
def answer(request: ApiRequest, public_id: UUID, objection_id: UUID, body: PriceAnswer) -> Any:
    """With reasons; an upheld one withdraws the price."""
    actor = request.auth
    finding = access_price(actor, public_id)
    objection = access_price_objection(actor, finding, objection_id)
    answer_price_objection(
        actor=actor, finding=finding, objection=objection, upholds=body.upholds, answer=body.answer
    )
    return show_price(actor, access_price(actor, public_id))


@of_contracts.post(
    "/{uuid:public_id}/price",
    response=ContractShown,
    operation_id="name_contract_price",
    summary="Name the price it rests on",
)
@repeatable
def name_for_contract(request: ApiRequest, public_id: UUID, body: NamedPrice) -> Any:
    """By party B, before it is signed."""
    agreement = access_agreement(request.auth, public_id)
    finding = access_price(request.auth, body.price) if body.price else None
    return show_contract(name_price(actor=request.auth, agreement=agreement, finding=finding))


def _listing(page: Sequence[PriceFinding]) -> list[PriceListed]:
    return [list_price(one) for one in page]
