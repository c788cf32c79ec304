"""Sharing the income of a contract, for programs of party B."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from ninja import Router
from ninja.responses import Status
from pydantic import Field

from ronglian.api.agreements.contracts import LongReason, Why
from ronglian.api.agreements.shown import DistributionShown, show_plan
from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import repeatable
from ronglian.api.fields import Day, Fen, Lax, Strict, Title
from ronglian.apps.agreements.enums import ShareRole
from ronglian.apps.agreements.models import Agreement, Distribution
from ronglian.apps.agreements.operations.distributions import (
    begin_notice,
    propose_distribution,
    settle_distribution,
    withdraw_distribution,
)
from ronglian.apps.agreements.operations.payouts import answer_share_objection, object_to_shares, pay_out
from ronglian.apps.agreements.queries.agreements import access_agreement
from ronglian.apps.agreements.queries.distributions import (
    access_distribution,
    access_share_objection,
    list_distributions,
)

router = Router(tags=["contracts"], auth=signed_in)


class Costs(Strict):
    """What the net income of the place takes off, in fen; null where it is not told (`/rules` says what is asked)."""

    deal_taxes: Fen | None = None
    upkeep: Fen | None = None
    deal_costs: Fen | None = None
    cost: Fen | None = None
    public_money: Fen | None = None
    own_net_income: Fen | None = None


class ShareIn(Strict):
    """Somebody who shares the reward, by weight."""

    name: Annotated[Title, Field(max_length=200)]
    role: Annotated[ShareRole, Lax]
    weight: int = Field(1, ge=1, le=10_000)


class PlanIn(Strict):
    """How everything received and not shared yet is shared."""

    reward_fen: Fen
    shares: Annotated[list[ShareIn], Field(min_length=1, max_length=50)]
    costs: Costs = Costs()
    state_set: bool = Field(description="A research body or university set up by the state.")
    agreed_rate: int | None = Field(None, ge=0, le=10_000, description="Hundredths of a per cent.")
    as_of: Day | None = Field(None, description="The day whose law holds; today where none is said.")


class Notice(Strict):
    """Days of public notice within the unit."""

    days: int = Field(ge=1, le=365)


class Payout(Strict):
    """When it was paid, and what was withheld from each share, in the order of the shares."""

    paid_on: Day
    income_on: Day = Field(description="When the unit received the income.")
    withheld_fen: Annotated[list[Fen], Field(max_length=50)]
    non_profit: bool
    is_certified: bool = Field(description="The contract is registered and has its certificate.")


class ObjectionIn(Strict):
    """What is not right about a plan."""

    text: LongReason


class ObjectionAnswer(Strict):
    """The plan stays, or is withdrawn."""

    upholds: bool
    answer: LongReason


@router.get(
    "/{uuid:public_id}/income",
    response=list[DistributionShown],
    operation_id="list_contract_plans",
    summary="Plans of sharing the income",
)
def list_plans(request: ApiRequest, public_id: UUID) -> Any:
    """The latest first; 404 for everybody outside party B."""
    agreement = access_agreement(request.auth, public_id)
    return [show_plan(plan) for plan in list_distributions(request.auth, agreement)]


@router.post(
    "/{uuid:public_id}/income",
    response={201: DistributionShown},
    operation_id="propose_contract_plan",
    summary="Plan how income is shared",
)
@repeatable
def propose(request: ApiRequest, public_id: UUID, body: PlanIn) -> Any:
    """A plan below what the law of the place asks is refused with the article."""
    plan = propose_distribution(
        actor=request.auth,
        agreement=access_agreement(request.auth, public_id),
        reward_fen=body.reward_fen,
        shares=[(one.name, one.role, one.weight) for one in body.shares],
        costs=body.costs.model_dump(),
        state_set=body.state_set,
        agreed_rate=body.agreed_rate,
        as_of=body.as_of,
    )
    return Status(201, show_plan(plan))


@router.post(
    "/{uuid:public_id}/income/{int:number}/notice",
    response=DistributionShown,
    operation_id="notice_contract_plan",
    summary="Put a plan on public notice",
)
@repeatable
def notice(request: ApiRequest, public_id: UUID, number: int, body: Notice) -> Any:
    """At least as long as the law of the place asks."""
    agreement, plan = _plan(request, public_id, number)
    return show_plan(begin_notice(actor=request.auth, agreement=agreement, plan=plan, days=body.days))


@router.post(
    "/{uuid:public_id}/income/{int:number}/settle",
    response=DistributionShown,
    operation_id="settle_contract_plan",
    summary="Make a plan effective",
)
@repeatable
def settle(request: ApiRequest, public_id: UUID, number: int) -> Any:
    """After the notice, with no objection open."""
    agreement, plan = _plan(request, public_id, number)
    return show_plan(settle_distribution(actor=request.auth, agreement=agreement, plan=plan))


@router.post(
    "/{uuid:public_id}/income/{int:number}/withdraw",
    response=DistributionShown,
    operation_id="withdraw_contract_plan",
    summary="Withdraw a plan",
)
@repeatable
def withdraw(request: ApiRequest, public_id: UUID, number: int, body: Why) -> Any:
    """Before it is effective."""
    agreement, plan = _plan(request, public_id, number)
    return show_plan(
        withdraw_distribution(actor=request.auth, agreement=agreement, plan=plan, reason=body.reason)
    )


@router.post(
    "/{uuid:public_id}/income/{int:number}/pay",
    response=DistributionShown,
    operation_id="pay_contract_plan",
    summary="Note that it was paid out",
)
@repeatable
def pay(request: ApiRequest, public_id: UUID, number: int, body: Payout) -> Any:
    """With what was withheld from each."""
    agreement, plan = _plan(request, public_id, number)
    told = body.model_dump(exclude={"withheld_fen"})
    return show_plan(
        pay_out(actor=request.auth, agreement=agreement, plan=plan, withheld=body.withheld_fen, **told)
    )


@router.post(
    "/{uuid:public_id}/income/{int:number}/objections",
    response={201: DistributionShown},
    operation_id="object_to_contract_plan",
    summary="Object to a plan",
)
@repeatable
def object_to(request: ApiRequest, public_id: UUID, number: int, body: ObjectionIn) -> Any:
    """By anybody of party B, while it is on public notice."""
    agreement, plan = _plan(request, public_id, number)
    object_to_shares(actor=request.auth, agreement=agreement, plan=plan, text=body.text)
    return Status(201, show_plan(plan))


@router.post(
    "/{uuid:public_id}/share-objections/{uuid:objection_id}/answer",
    response=DistributionShown,
    operation_id="answer_contract_plan_objection",
    summary="Answer an objection",
)
@repeatable
def answer(request: ApiRequest, public_id: UUID, objection_id: UUID, body: ObjectionAnswer) -> Any:
    """With reasons."""
    agreement = access_agreement(request.auth, public_id)
    objection = access_share_objection(request.auth, agreement, objection_id)
    answered = answer_share_objection(
        actor=request.auth, agreement=agreement, objection=objection, upholds=body.upholds, answer=body.answer
    )
    return show_plan(answered.distribution)


def _plan(request: ApiRequest, public_id: UUID, number: int) -> tuple[Agreement, Distribution]:
    agreement = access_agreement(request.auth, public_id)
    return agreement, access_distribution(request.auth, agreement, number)
