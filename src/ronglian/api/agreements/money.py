"""What happens under a contract, for programs: acceptance, money, use, royalties, default and the end."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from ninja import Router
from ninja.responses import Status
from pydantic import Field

from ronglian.api.agreements.contracts import LongReason, SpokenSide, Why
from ronglian.api.agreements.shown import ContractShown, MovementShown, show_contract, show_movement
from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import repeatable
from ronglian.api.fields import Day, Fen, Lax, Line, ShortText, Strict
from ronglian.apps.agreements.enums import EndKind, MovementKind
from ronglian.apps.agreements.operations.ending import (
    answer_end,
    buy_out,
    demand_payment,
    end_for_default,
    give_more_time,
    propose_end,
)
from ronglian.apps.agreements.operations.money import (
    accept_work,
    confirm_movement,
    dispute_movement,
    refuse_work,
    report_royalty,
    tell_movement,
    tell_use,
)
from ronglian.apps.agreements.queries.agreements import access_agreement
from ronglian.apps.agreements.queries.money import access_end_proposal, access_movement, access_payment

router = Router(tags=["contracts"], auth=signed_in)
Words = Annotated[ShortText, Field(max_length=2_000)]


class Evidence(Strict):
    """What shows that it was delivered as agreed."""

    evidence: LongReason


class Movement(Strict):
    """Money that was moved; the other side confirms it. The same `key` again answers the same movement."""

    kind: Annotated[MovementKind, Lax]
    amount_fen: Annotated[Fen, Field(ge=1)]
    day: Day
    reference: Annotated[Line, Field(max_length=120)] = ""
    key: Annotated[Line, Field(max_length=120)] = ""
    side: SpokenSide = None


class Use(Strict):
    """The first income, or the agreed output."""

    happened_on: Day
    evidence: LongReason
    side: SpokenSide = None


class RoyaltyPeriod(Strict):
    """The base of one period."""

    first_day: Day
    last_day: Day
    base_fen: Fen
    note: Annotated[ShortText, Field(max_length=1_000)] = ""


class DemandIn(Strict):
    """What is overdue, by when it has to be paid, and by which term of the contract."""

    cure_by: Day
    reason: LongReason


class MoreTime(Strict):
    """A later day."""

    cure_by: Day


class BuyOut(Strict):
    """The price that was read: another one is refused."""

    price_fen: Fen


class EndIn(Strict):
    """How it ends, and what is waived of what is due."""

    kind: Annotated[EndKind, Lax]
    reason: LongReason
    waived_fen: Fen = 0
    side: SpokenSide = None


class EndAnswer(Strict):
    """Agreed, or declined with a reason."""

    agrees: bool
    reason: Words = ""


@router.post(
    "/{uuid:public_id}/payments/{int:number}/accept",
    response=ContractShown,
    operation_id="accept_contract_work",
    summary="Accept what a payment is for",
)
@repeatable
def accept(request: ApiRequest, public_id: UUID, number: int, body: Evidence) -> Any:
    """Party A decides; the payment becomes due."""
    agreement = access_agreement(request.auth, public_id)
    payment = access_payment(agreement, number)
    return show_contract(
        accept_work(actor=request.auth, agreement=agreement, payment=payment, evidence=body.evidence)
    )


@router.post(
    "/{uuid:public_id}/payments/{int:number}/refuse",
    response=ContractShown,
    operation_id="refuse_contract_work",
    summary="Do not accept it",
)
@repeatable
def refuse(request: ApiRequest, public_id: UUID, number: int, body: Why) -> Any:
    """Party A says what is missing; party B may deliver again."""
    agreement = access_agreement(request.auth, public_id)
    payment = access_payment(agreement, number)
    return show_contract(
        refuse_work(actor=request.auth, agreement=agreement, payment=payment, reason=body.reason)
    )


@router.post(
    "/{uuid:public_id}/movements",
    response={201: MovementShown},
    operation_id="tell_contract_movement",
    summary="Tell that money was moved",
)
@repeatable
def move(request: ApiRequest, public_id: UUID, body: Movement) -> Any:
    """The platform moves no money; what the other side confirms counts."""
    told = body.model_dump() | {"side": body.side or ""}
    agreement = access_agreement(request.auth, public_id)
    return Status(201, show_movement(tell_movement(actor=request.auth, agreement=agreement, **told)))


@router.post(
    "/{uuid:public_id}/movements/{uuid:movement_id}/confirm",
    response=MovementShown,
    operation_id="confirm_contract_movement",
    summary="Confirm a movement",
)
@repeatable
def confirm(request: ApiRequest, public_id: UUID, movement_id: UUID) -> Any:
    """By the side that did not tell it."""
    agreement = access_agreement(request.auth, public_id)
    movement = access_movement(agreement, movement_id)
    return show_movement(confirm_movement(actor=request.auth, agreement=agreement, movement=movement))


@router.post(
    "/{uuid:public_id}/movements/{uuid:movement_id}/dispute",
    response=MovementShown,
    operation_id="dispute_contract_movement",
    summary="Dispute a movement",
)
@repeatable
def dispute(request: ApiRequest, public_id: UUID, movement_id: UUID, body: Why) -> Any:
    """By the side that did not tell it, with what is not right."""
    agreement = access_agreement(request.auth, public_id)
    movement = access_movement(agreement, movement_id)
    return show_movement(
        dispute_movement(actor=request.auth, agreement=agreement, movement=movement, reason=body.reason)
    )


@router.post(
    "/{uuid:public_id}/use",
    response=ContractShown,
    operation_id="tell_contract_use",
    summary="Tell the first use",
)
@repeatable
def use(request: ApiRequest, public_id: UUID, body: Use) -> Any:
    """What starts payment after use."""
    agreement = access_agreement(request.auth, public_id)
    told = body.model_dump() | {"side": body.side or ""}
    tell_use(actor=request.auth, agreement=agreement, **told)
    return show_contract(agreement)


@router.post(
    "/{uuid:public_id}/royalty-reports",
    response={201: ContractShown},
    operation_id="report_contract_royalty",
    summary="Report the base of a period",
)
@repeatable
def report(request: ApiRequest, public_id: UUID, body: RoyaltyPeriod) -> Any:
    """By party A; the royalty becomes due as agreed."""
    agreement = access_agreement(request.auth, public_id)
    report_royalty(actor=request.auth, agreement=agreement, **body.model_dump())
    return Status(201, show_contract(agreement))


@router.post(
    "/{uuid:public_id}/demand",
    response={201: ContractShown},
    operation_id="demand_contract_payment",
    summary="Demand what is overdue",
)
@repeatable
def demand(request: ApiRequest, public_id: UUID, body: DemandIn) -> Any:
    """By party B; what is paid cures the default by itself."""
    agreement = access_agreement(request.auth, public_id)
    demand_payment(actor=request.auth, agreement=agreement, **body.model_dump())
    return Status(201, show_contract(agreement))


@router.post(
    "/{uuid:public_id}/demand/time",
    response=ContractShown,
    operation_id="give_contract_time",
    summary="Give more time",
)
@repeatable
def more_time(request: ApiRequest, public_id: UUID, body: MoreTime) -> Any:
    """A day after the one that was set."""
    agreement = access_agreement(request.auth, public_id)
    give_more_time(actor=request.auth, agreement=agreement, cure_by=body.cure_by)
    return show_contract(agreement)


@router.post(
    "/{uuid:public_id}/demand/end",
    response=ContractShown,
    operation_id="end_contract_for_default",
    summary="End it for default",
)
@repeatable
def default(request: ApiRequest, public_id: UUID, body: Why) -> Any:
    """Once the day of the demand has passed."""
    agreement = access_agreement(request.auth, public_id)
    return show_contract(end_for_default(actor=request.auth, agreement=agreement, reason=body.reason))


@router.post(
    "/{uuid:public_id}/buy-out",
    response=ContractShown,
    operation_id="buy_contract_out",
    summary="Buy the rest",
)
@repeatable
def buy(request: ApiRequest, public_id: UUID, body: BuyOut) -> Any:
    """By party A, at the price of the day (`money.buy_out_fen`)."""
    agreement = access_agreement(request.auth, public_id)
    return show_contract(buy_out(actor=request.auth, agreement=agreement, price_fen=body.price_fen))


@router.post(
    "/{uuid:public_id}/end-proposals",
    response={201: ContractShown},
    operation_id="propose_contract_end",
    summary="Propose the end",
)
@repeatable
def end(request: ApiRequest, public_id: UUID, body: EndIn) -> Any:
    """Fulfilled, or ended early by both; the other side answers."""
    agreement = access_agreement(request.auth, public_id)
    told = body.model_dump() | {"side": body.side or ""}
    propose_end(actor=request.auth, agreement=agreement, **told)
    return Status(201, show_contract(agreement))


@router.post(
    "/{uuid:public_id}/end-proposals/{uuid:proposal_id}/answer",
    response=ContractShown,
    operation_id="answer_contract_end",
    summary="Answer the proposal",
)
@repeatable
def answer(request: ApiRequest, public_id: UUID, proposal_id: UUID, body: EndAnswer) -> Any:
    """By the side that did not propose it."""
    agreement = access_agreement(request.auth, public_id)
    proposal = access_end_proposal(agreement, proposal_id)
    return show_contract(
        answer_end(
            actor=request.auth, agreement=agreement, proposal=proposal, agrees=body.agrees, reason=body.reason
        )
    )
