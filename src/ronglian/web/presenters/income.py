"""A plan of sharing the income of a contract, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from ronglian.apps.agreements.enums import DistributionState, ShareRole
from ronglian.apps.agreements.models import Distribution, ShareObjection
from ronglian.web.context import short_language
from ronglian.web.presenters.cases import money
from ronglian.web.work.forms.income import PayoutForm


@dataclass(frozen=True, slots=True)
class ShareLine:
    name: str
    role: str
    weight: int
    amount: str
    counted: str = ""
    withheld: str = ""
    received: str = ""
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan: amounts, shares that add up to the reward, and what the law said then."""

    plan: Distribution
    amounts: tuple[tuple[str, str], ...]
    shares: tuple[ShareLine, ...]
    law: tuple[tuple[int, str], ...]
    objections: tuple[ShareObjection, ...]
    payout: PayoutForm | None


def plan_view(plan: Distribution) -> PlanView:
    fields = ("income_fen", "net_fen", "floor_fen", "reward_fen")
    return PlanView(
        plan,
        tuple((str(plan._meta.get_field(name).verbose_name), money(getattr(plan, name))) for name in fields),  # type: ignore[union-attr]  # columns
        tuple(
            ShareLine(
                one["name"],
                str(ShareRole(one["role"]).label),
                one["weight"],
                money(one["fen"]),
                money(one.get("counted")),
                money(one.get("withheld")),
                money(one.get("received")),
                tuple(one.get("why", ())),
            )
            for one in plan.shares
        ),
        tuple((depth, text) for depth, text in plan.law["lines"][short_language()]),
        tuple(plan.objections.order_by("id")),
        PayoutForm(names=[one["name"] for one in plan.shares])
        if plan.state == DistributionState.EFFECTIVE
        else None,
    )
