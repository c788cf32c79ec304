"""A plan of sharing the income of a contract, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from ronglian.apps.agreements.enums import ShareRole
from ronglian.apps.agreements.models import Distribution
from ronglian.web.context import short_language
from ronglian.web.presenters.cases import money


@dataclass(frozen=True, slots=True)
class ShareLine:
    name: str
    role: str
    weight: int
    amount: str


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan: amounts, shares that add up to the reward, and what the law said then."""

    plan: Distribution
    amounts: tuple[tuple[str, str], ...]
    shares: tuple[ShareLine, ...]
    law: tuple[tuple[int, str], ...]


def plan_view(plan: Distribution) -> PlanView:
    fields = ("income_fen", "net_fen", "floor_fen", "reward_fen")
    return PlanView(
        plan,
        tuple((str(plan._meta.get_field(name).verbose_name), money(getattr(plan, name))) for name in fields),  # type: ignore[union-attr]  # columns
        tuple(
            ShareLine(one["name"], str(ShareRole(one["role"]).label), one["weight"], money(one["fen"]))
            for one in plan.shares
        ),
        tuple((depth, text) for depth, text in plan.law["lines"]["en" if short_language() == "en" else "zh"]),
    )
