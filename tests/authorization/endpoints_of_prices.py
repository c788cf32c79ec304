"""Prices: what is asked of their pages, and by programs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from tests.authorization.endpoint import API, Endpoint, at, below, fixed, of
from tests.authorization.world import Subject, World
from tests.factories.pricing import COST

LATER = (timezone.localdate() + timedelta(days=30)).isoformat()
NOTICE = {"noticed_at": "公示栏", "reach": "public"}
OFFER = {"noticed_at": "示例交易所", "reach": "public", "closes_on": LATER}
REASON = {"reason": "改为转让"}
FOUND = {"evidence": "成交确认书"}
PRICE = {
    "title": "除铬技术", "way": "licence", "method": "agreement", "basis": "询价", "related_to": "none",
}  # fmt: skip
ITEMS = {
    "items-TOTAL_FORMS": "1", "items-INITIAL_FORMS": "0", "items-0-name": "人工", "items-0-likely": "60万元",
    "items-0-index": "100", "way": "licence", "grounds": "台账",
}  # fmt: skip


def web() -> Iterator[Endpoint]:
    yield Endpoint("web", "price-notices", "GET", at("price-notices"), lists=("price",))
    yield Endpoint("web", "price-notice", "GET", at("price-notice"), "price")
    yield Endpoint("web", "work:prices", "GET", at("work:prices"), lists=("price", "price support"))
    yield Endpoint("web", "work:price", "GET", at("work:price"), "price")
    for name, told in (
        ("notice", {"days": "15", **NOTICE}), ("offer", OFFER), ("settle", {"price_fen": "12万元", **FOUND}),
        ("withdraw", REASON), ("object", {"text": "偏低"}),
    ):  # fmt: skip
        yield Endpoint(
            "web", f"work:price-{name}", "POST", at(f"work:price-{name}"), "price", body=fixed(told)
        )
    yield Endpoint("web", "work:price-answer", "POST", _answer, "price objection",
                   body=fixed({"answer": "范围不同", "upholds": "0"}))  # fmt: skip
    for name, typed in (("price-new", {**PRICE, "price_fen": "10万元"}), ("price-support-new", ITEMS)):
        yield Endpoint("web", f"work:{name}", "GET", _asking(f"work:{name}"), "result")
        body = of(lambda world, typed=typed: {**typed, "result": _result(world)})  # type: ignore[misc]  # bound at once
        yield Endpoint("web", f"work:{name}", "POST", at(f"work:{name}"), body=body)
    yield Endpoint("web", "work:price-support", "GET", at("work:price-support"), "price support")
    yield Endpoint("web", "work:contract-price", "POST", at("work:contract-price"), "contract",
                   body=fixed({"finding": ""}))  # fmt: skip


def api() -> Iterator[Endpoint]:
    yield Endpoint("api", "list_price_notices", "GET", below("/price-notices"), lists=("price",))
    yield Endpoint("api", "list_prices", "GET", below("/prices"), lists=("price",))
    yield Endpoint("api", "get_price", "GET", below("/prices/{}"), "price")
    proposed = of(lambda world: {**PRICE, "price_fen": 100, "state_set": True, "result": _result(world)})
    yield Endpoint("api", "propose_price", "POST", below("/prices"), body=proposed)
    for name, told in (
        ("notice", {"days": 15, **NOTICE}), ("offer", OFFER), ("settle", {"price_fen": 12_000_000, **FOUND}),
        ("withdraw", REASON),
    ):  # fmt: skip
        yield Endpoint(
            "api", f"{name}_price", "POST", below(f"/prices/{{}}/{name}"), "price", body=fixed(told)
        )
    yield Endpoint("api", "answer_price_objection", "POST", _api_answer, "price objection",
                   body=fixed({"answer": "范围不同", "upholds": False}))  # fmt: skip
    supports = below("/price-supports")
    yield Endpoint("api", "list_price_supports", "GET", supports, lists=("price support",))
    yield Endpoint("api", "get_price_support", "GET", below("/price-supports/{}"), "price support")
    yield Endpoint("api", "make_price_support", "POST", supports, body=of(_support))
    yield Endpoint("api", "name_contract_price", "POST", below("/contracts/{}/price"), "contract",
                   body=fixed({"price": None}))  # fmt: skip


def _result(world: World) -> str:
    return str(world.records["result"]["public"].public_id)


def _asking(name: str) -> Any:
    return lambda _world, result: f"{reverse(name)}?result={result.public_id}"


def _support(world: World) -> dict[str, Any]:
    return {
        "holder": str(world.ours.public_id), "result": _result(world), "way": "licence", "grounds": "台账",
        "assumptions": {"cost": COST},
    }  # fmt: skip


def _answer(_world: World, objection: Subject) -> str:
    return reverse("work:price-answer", args=[objection.finding.public_id, objection.public_id])


def _api_answer(_world: World, objection: Subject) -> str:
    return f"{API}/prices/{objection.finding.public_id}/objections/{objection.public_id}/answer"
