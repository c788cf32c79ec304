"""Disputes about contracts, for programs of the parties and of the mediator.

A person accepts a settlement at the site: a program cannot bind an organisation.
"""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from ninja import Router
from ninja.responses import Status
from pydantic import Field

from ronglian.api.agreements.contracts import LongReason, SpokenSide
from ronglian.api.agreements.shown_disputes import DisputeListed, DisputeShown, list_dispute, show_dispute
from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import repeatable
from ronglian.api.fields import Day, Fen, Id, Lax, Line, ShortText, Strict, Text, Title
from ronglian.apps.accounts.queries.organisations import access_organisation
from ronglian.apps.agreements.dispute_enums import DisputeSubject
from ronglian.apps.agreements.enums import Side
from ronglian.apps.agreements.models import Agreement
from ronglian.apps.agreements.operations.disputing import (
    LEAST_DAYS,
    MOST_DAYS,
    answer_dispute,
    end_unsettled,
    raise_dispute,
    say_in_dispute,
    withdraw_dispute,
)
from ronglian.apps.agreements.operations.mediating import (
    answer_mediator,
    decline_settlement,
    end_mediation,
    propose_mediator,
    propose_settlement,
)
from ronglian.apps.agreements.queries.agreements import access_agreement
from ronglian.apps.agreements.queries.disputes import (
    access_dispute,
    access_mediator_proposal,
    list_disputes,
)
from ronglian.apps.agreements.queries.money import access_payment
from ronglian.apps.agreements.settlement import MOST_AMOUNTS, Amount
from ronglian.apps.clinic.queries.technology_managers import access_manager
from ronglian.kernel.errors import NotFound

router = Router(tags=["contracts"], auth=signed_in)
Statement = Annotated[Text, Field(min_length=1, max_length=3_000)]


class NewDispute(Strict):
    """What is claimed under a contract that both have signed."""

    subject: Annotated[DisputeSubject, Lax]
    claim: Statement
    days: int = Field(ge=LEAST_DAYS, le=MOST_DAYS, description="How long the other side has to answer.")
    amount_fen: Annotated[Fen, Field(ge=1)] | None = None
    asks_hold: bool = Field(
        False, description="The amount is not demanded while both talk, if the other side agrees."
    )
    clause: Annotated[Line, Field(max_length=30)] = Field(
        "", description="The id of a section of the signed text."
    )
    payment: int | None = Field(None, ge=1, le=999, description="The number of an agreed payment.")
    side: SpokenSide = Field(None, description="Needed only by who acts for both.")


class DisputeAnswer(Strict):
    """How the other side sees it."""

    text: Statement
    agrees_hold: bool = False


class StatementIn(Strict):
    """What is added to the log."""

    text: Statement
    side: SpokenSide = None


class MediatorIn(Strict):
    """One registered technology manager, or one organisation."""

    manager: Id | None = None
    organisation: Id | None = None
    side: SpokenSide = None


class MediatorAnswer(Strict):
    """Appointed, or declined with a reason."""

    agrees: bool
    reason: Annotated[ShortText, Field(max_length=2_000)] = ""


class AmountIn(Strict):
    """Who pays how much, what for, and until when."""

    payer: Annotated[Side, Lax]
    amount_fen: Annotated[Fen, Field(ge=1)]
    title: Annotated[Title, Field(max_length=200)]
    day: Day | None = None


class SettlementIn(Strict):
    """What both sides would do."""

    text: Annotated[Text, Field(min_length=1, max_length=8_000)]
    amounts: Annotated[list[AmountIn], Field(default_factory=list, max_length=MOST_AMOUNTS)]


class WhySide(Strict):
    """A reason that the others read."""

    reason: LongReason
    side: SpokenSide = None


class DisputeWhy(Strict):
    """The same, where it is clear for whom one speaks."""

    reason: LongReason


@router.get(
    "/{uuid:public_id}/disputes",
    response=list[DisputeListed],
    operation_id="list_contract_disputes",
    summary="Disputes about a contract",
)
def list_all(request: ApiRequest, public_id: UUID) -> Any:
    """The latest first; 404 before both have signed."""
    agreement = _signed(request, public_id)
    return [list_dispute(one) for one in list_disputes(request.auth, agreement)]


@router.get(
    "/{uuid:public_id}/disputes/{int:number}",
    response=DisputeShown,
    operation_id="get_contract_dispute",
    summary="Read one dispute",
)
def get_one(request: ApiRequest, public_id: UUID, number: int) -> Any:
    """For the parties, and the mediator whom both appointed."""
    return show_dispute(access_dispute(request.auth, public_id, number))


@router.post(
    "/{uuid:public_id}/disputes",
    response={201: DisputeShown},
    operation_id="raise_contract_dispute",
    summary="Raise a dispute",
)
@repeatable
def raise_one(request: ApiRequest, public_id: UUID, body: NewDispute) -> Any:
    """The other side is told by e-mail."""
    agreement = _signed(request, public_id)
    told = body.model_dump() | {"side": body.side or ""}
    told["payment"] = access_payment(agreement, body.payment) if body.payment else None
    return Status(201, show_dispute(raise_dispute(actor=request.auth, agreement=agreement, **told)))


@router.post(
    "/{uuid:public_id}/disputes/{int:number}/answer",
    response=DisputeShown,
    operation_id="answer_contract_dispute",
    summary="Answer a dispute",
)
@repeatable
def answer(request: ApiRequest, public_id: UUID, number: int, body: DisputeAnswer) -> Any:
    """By the side that did not raise it."""
    dispute = access_dispute(request.auth, public_id, number)
    return show_dispute(answer_dispute(actor=request.auth, dispute=dispute, **body.model_dump()))


@router.post(
    "/{uuid:public_id}/disputes/{int:number}/statements",
    response={201: DisputeShown},
    operation_id="add_contract_dispute_statement",
    summary="Add to the log of a dispute",
)
@repeatable
def say(request: ApiRequest, public_id: UUID, number: int, body: StatementIn) -> Any:
    """Both sides and the mediator read it; it stays as it is."""
    dispute = access_dispute(request.auth, public_id, number)
    say_in_dispute(actor=request.auth, dispute=dispute, text=body.text, side=body.side or "")
    return Status(201, show_dispute(dispute))


@router.post(
    "/{uuid:public_id}/disputes/{int:number}/withdraw",
    response=DisputeShown,
    operation_id="withdraw_contract_dispute",
    summary="Take a dispute back",
)
@repeatable
def withdraw(request: ApiRequest, public_id: UUID, number: int, body: DisputeWhy) -> Any:
    """By the side that raised it."""
    dispute = access_dispute(request.auth, public_id, number)
    return show_dispute(withdraw_dispute(actor=request.auth, dispute=dispute, reason=body.reason))


@router.post(
    "/{uuid:public_id}/disputes/{int:number}/fail",
    response=DisputeShown,
    operation_id="end_contract_dispute",
    summary="End it without a settlement",
)
@repeatable
def fail(request: ApiRequest, public_id: UUID, number: int, body: WhySide) -> Any:
    """By either side once it was answered or the day has passed, or by the mediator; `courts` says where to go."""
    dispute = access_dispute(request.auth, public_id, number)
    return show_dispute(
        end_unsettled(actor=request.auth, dispute=dispute, reason=body.reason, side=body.side or "")
    )


@router.post(
    "/{uuid:public_id}/disputes/{int:number}/mediators",
    response={201: DisputeShown},
    operation_id="propose_contract_mediator",
    summary="Propose a mediator",
)
@repeatable
def name_mediator(request: ApiRequest, public_id: UUID, number: int, body: MediatorIn) -> Any:
    """Who belongs to a party, has a tie to one or earns by the contract is refused."""
    actor, dispute = request.auth, access_dispute(request.auth, public_id, number)
    propose_mediator(
        actor=actor,
        dispute=dispute,
        manager=access_manager(actor, body.manager) if body.manager else None,
        organisation=access_organisation(actor, body.organisation) if body.organisation else None,
        side=body.side or "",
    )
    return Status(201, show_dispute(access_dispute(actor, public_id, number)))


@router.post(
    "/{uuid:public_id}/disputes/{int:number}/mediators/{uuid:proposal_id}/answer",
    response=DisputeShown,
    operation_id="answer_contract_mediator",
    summary="Appoint a mediator, or decline",
)
@repeatable
def appoint(
    request: ApiRequest, public_id: UUID, number: int, proposal_id: UUID, body: MediatorAnswer
) -> Any:
    """By the side that did not propose it; the mediator reads the dispute from here on."""
    dispute = access_dispute(request.auth, public_id, number)
    proposal = access_mediator_proposal(dispute, proposal_id)
    return show_dispute(
        answer_mediator(
            actor=request.auth, dispute=dispute, proposal=proposal, agrees=body.agrees, reason=body.reason
        )
    )


@router.post(
    "/{uuid:public_id}/disputes/{int:number}/mediator/leave",
    response=DisputeListed,
    operation_id="leave_contract_mediation",
    summary="End the mediation",
)
@repeatable
def leave(request: ApiRequest, public_id: UUID, number: int, body: WhySide) -> Any:
    """By the mediator, or by either side, which may name another; the one who mediated reads the dispute no more."""
    dispute = access_dispute(request.auth, public_id, number)
    return list_dispute(
        end_mediation(actor=request.auth, dispute=dispute, reason=body.reason, side=body.side or "")
    )


@router.post(
    "/{uuid:public_id}/disputes/{int:number}/settlements",
    response={201: DisputeShown},
    operation_id="propose_contract_settlement",
    summary="Propose a settlement",
)
@repeatable
def propose(request: ApiRequest, public_id: UUID, number: int, body: SettlementIn) -> Any:
    """By the mediator; it takes the place of one that waits, with the acceptance under it."""
    dispute = access_dispute(request.auth, public_id, number)
    amounts = [Amount(one.payer, one.amount_fen, one.title, one.day) for one in body.amounts]
    propose_settlement(actor=request.auth, dispute=dispute, text=body.text, amounts=amounts)
    return Status(201, show_dispute(access_dispute(request.auth, public_id, number)))


@router.post(
    "/{uuid:public_id}/disputes/{int:number}/settlements/decline",
    response=DisputeShown,
    operation_id="decline_contract_settlement",
    summary="Decline the settlement that waits",
)
@repeatable
def decline(request: ApiRequest, public_id: UUID, number: int, body: WhySide) -> Any:
    """By either side; the mediator may write another one."""
    dispute = access_dispute(request.auth, public_id, number)
    return show_dispute(
        decline_settlement(actor=request.auth, dispute=dispute, reason=body.reason, side=body.side or "")
    )


def _signed(request: ApiRequest, public_id: UUID) -> Agreement:
    agreement = access_agreement(request.auth, public_id)
    if agreement.signed_id is None:
        raise NotFound
    return agreement
