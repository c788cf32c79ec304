"""Prices of the world: ours finds them for a result of its own; each state that grants something else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.agreements.enums import NoticeReach, PriceMethod
from ronglian.apps.agreements.operations.price_objections import object_to_price
from ronglian.apps.agreements.operations.pricing import notice_price, settle_price
from ronglian.apps.registry.models import Result
from ronglian.kernel.actor import Actor
from tests.factories.pricing import let_notice_end, make_noticed, make_price, make_support


def prices_of(
    ours: Organisation, result: Result, seller: Actor, other: Actor
) -> Mapping[str, Mapping[str, Any]]:
    """What ours asks for a result, what supports it, and an objection of somebody of theirs."""
    within = make_price(ours, seller, result)
    objected = make_noticed(ours, seller, result)
    over = let_notice_end(make_noticed(ours, seller, result))
    return {
        "price": {
            "prepared": make_price(ours, seller, result),
            "to be auctioned": make_price(ours, seller, result, method=PriceMethod.AUCTION),
            "noticed": make_noticed(ours, seller, result),
            "offered": make_noticed(ours, seller, result, method=PriceMethod.AUCTION),
            "within the unit": notice_price(
                actor=seller, finding=within, days=30, noticed_at="公示栏", reach=NoticeReach.UNIT
            ),
            "found": settle_price(actor=seller, finding=over),
        },
        "price objection": {"of theirs": object_to_price(actor=other, finding=objected, text="偏低")},
        "price support": {"ours": make_support(ours, seller, result)},
    }
