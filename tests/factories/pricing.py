"""Prices and price supports in any state, made through the operations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.agreements.enums import NoticeReach, PricedWay, PriceMethod, RelatedTo
from ronglian.apps.agreements.models import PriceFinding, Valuation
from ronglian.apps.agreements.operations.pricing import notice_price, offer_price, propose_price, settle_price
from ronglian.apps.agreements.operations.valuing import make_valuation
from ronglian.apps.registry.models import Result
from ronglian.kernel.actor import Actor
from tests.factories import make_result

COST = {
    "items": [
        {"name": "人工", "fen": [50_000_000, 60_000_000, 70_000_000], "index": [11_000, 11_000, 11_000]},
        {"name": "中试", "fen": [30_000_000, 40_000_000, 50_000_000]},
    ],
    "profit": [1_000, 1_500, 2_000],
    "obsolescence": [1_000, 2_000, 3_000],
}
INCOME = {
    "base": "sales",
    "fen": [200_000_000, 300_000_000, 500_000_000],
    "growth": [0, 1_000, 2_000],
    "share": [200, 300, 400],
    "discount": [1_500, 2_000, 2_500],
    "success": [4_000, 6_000, 8_000],
    "delay": [1, 1, 2],
    "years": [3, 5, 8],
    "protected_years": 9,
}


def make_price(
    seller: Organisation, actor: Actor, result: Result | None = None, **fields: Any
) -> PriceFinding:
    """By agreement, at the price of the factory's licence terms, as a unit set up by the state."""
    told = {
        "way": PricedWay.LICENCE,
        "method": PriceMethod.AGREEMENT,
        "price_fen": 10_000_000,
        "basis": "按测算结果和三家询价",
        "state_set": True,
        "related_to": RelatedTo.NONE,
        **fields,
    }
    return propose_price(actor=actor, seller=seller, result=result or make_result(seller), **told)


def make_noticed(
    seller: Organisation, actor: Actor, result: Result | None = None, **fields: Any
) -> PriceFinding:
    """On public notice for everybody for fifteen days; by the market, offered for as long."""
    finding = make_price(seller, actor, result, **fields)
    shown: dict[str, Any] = {"actor": actor, "finding": finding, "reach": NoticeReach.PUBLIC}
    if finding.method == PriceMethod.AGREEMENT:
        return notice_price(**shown, days=15, noticed_at="校园网公示栏")
    closes_on = timezone.localdate() + timedelta(days=15)
    return offer_price(**shown, noticed_at="示例技术交易所 第 17 号", closes_on=closes_on)


def let_notice_end(finding: PriceFinding) -> PriceFinding:
    """The last day of the notice was yesterday."""
    today = timezone.localdate()
    PriceFinding.objects.filter(pk=finding.pk).update(
        notice_from=today - timedelta(days=16), notice_until=today - timedelta(days=1)
    )
    finding.refresh_from_db()
    return finding


def make_found(
    seller: Organisation, actor: Actor, result: Result | None = None, **fields: Any
) -> PriceFinding:
    """An agreed price whose notice is over."""
    return settle_price(actor=actor, finding=let_notice_end(make_noticed(seller, actor, result, **fields)))


def make_support(
    holder: Organisation, actor: Actor, result: Result | None = None, **assumed: Any
) -> Valuation:
    return make_valuation(
        actor=actor,
        holder=holder,
        result=result or make_result(holder),
        way=PricedWay.LICENCE,
        assumptions=assumed or {"cost": COST, "income": INCOME},
        grounds="成本按台账，销售额按两家意向企业的计划",
    )
