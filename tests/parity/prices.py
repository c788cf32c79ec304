"""Prices through the site and by a program: the same step on two prices that are alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from ronglian.apps.agreements.enums import PriceMethod, Side
from ronglian.apps.agreements.models import Agreement, PriceFinding, PriceObjection, Valuation
from ronglian.apps.agreements.operations.price_objections import object_to_price
from tests.factories import make_organisation, make_person_of, make_result
from tests.factories.agreements import make_agreement
from tests.factories.pricing import COST, let_notice_end, make_noticed, make_price
from tests.parity.contracts import parties_of, told
from tests.parity.doors import Doors, latest

LATER = (timezone.localdate() + timedelta(days=30)).isoformat()
REASON = {"reason": "有理由"}
NOTICE = {"days": "15", "noticed_at": "公示栏", "reach": "public"}
OFFER = {"noticed_at": "示例交易所", "closes_on": LATER, "reach": "public"}
FOUND = {"buyer": "示例公司", "evidence": "确认书"}
ANSWER = {"answer": "范围不同"}


@dataclass(frozen=True, slots=True)
class Step:
    """A step on a price: what the form sends, and what a program sends to the same step."""

    path: str
    form: Mapping[str, Any]
    body: Mapping[str, Any] | None
    make: Callable[[Doors], PriceFinding]


def compare(step: Step) -> Callable[[Doors], None]:
    def same(doors: Doors) -> None:
        found = []
        for is_site in (True, False):
            finding = step.make(doors)
            objection = PriceObjection.objects.filter(finding=finding).first()
            path = step.path.format(objection.public_id if objection else "")
            if is_site:
                doors.post(f"/work/prices/{finding.public_id}/{path}/", dict(step.form))
            else:
                path += "/answer" if objection else ""
                answer = doors.api.post(f"/prices/{finding.public_id}/{path}", step.body)
                assert answer.status_code == 200, answer.content.decode()
            rows = [PriceFinding.objects.get(pk=finding.pk), *PriceObjection.objects.filter(finding=finding)]
            found.append([_told(row) for row in rows])
        assert found[0] == found[1]
        assert len(found[0][-1][1]) > 1, "the step wrote an event"

    return same


def _told(row: Any) -> tuple[dict[str, Any], list[tuple[str, Any]]]:
    """Who objected differs."""
    values, events = told(row)
    return {name: value for name, value in values.items() if name != "person"}, events


def prepared(doors: Doors, **fields: Any) -> PriceFinding:
    doors.organisation.region = "420100"
    return make_price(doors.organisation, make_person_of(doors.organisation), **fields)


def offered(doors: Doors) -> PriceFinding:
    return make_noticed(doors.organisation, make_person_of(doors.organisation), method=PriceMethod.AUCTION)


def noticed(doors: Doors) -> PriceFinding:
    return make_noticed(doors.organisation, make_person_of(doors.organisation))


def objected(doors: Doors) -> PriceFinding:
    finding = noticed(doors)
    object_to_price(actor=make_person_of(make_organisation()), finding=finding, text="偏低")
    return finding


STEPS = {
    "price.notice": Step("notice", NOTICE, {**NOTICE, "days": 15}, prepared),
    "price.offer": Step("offer", OFFER, OFFER, lambda doors: prepared(doors, method=PriceMethod.LISTING)),
    "price.settle": Step(
        "settle", {"price_fen": "12万元", **FOUND}, {"price_fen": 12_000_000, **FOUND},
        lambda doors: let_notice_end(offered(doors)),
    ),
    "price.withdraw": Step("withdraw", REASON, REASON, noticed),
    "price.answer_objection": Step(
        "objections/{}", {**ANSWER, "upholds": "0"}, {**ANSWER, "upholds": False}, objected
    ),
}  # fmt: skip


def same_proposed(doors: Doors) -> None:
    result = make_result(doors.organisation, "膜分离")
    common = {
        "result": str(result.public_id), "way": "licence", "method": "agreement", "basis": "询价", "title": "膜分离",
        "related_to": "inventors", "related_how": "完成人控股", "buyer": "示例公司",
    }  # fmt: skip
    doors.post("/work/prices/new/", {**common, "price_fen": "10万元", "state_set": "on", "royalty_rate": "3", "royalty_base": "sales"})  # fmt: skip
    body = {
        **common,
        "price_fen": 10_000_000,
        "state_set": True,
        "royalty_rate": 300,
        "royalty_base": "sales",
    }
    assert doors.api.post("/prices", body).status_code == 201
    first, second = PriceFinding.objects.order_by("id")
    assert told(first) == told(second)


def same_valued(doors: Doors) -> None:
    result = make_result(doors.organisation)
    form = {
        "result": str(result.public_id), "way": "licence", "grounds": "台账",
        "items-TOTAL_FORMS": "2", "items-INITIAL_FORMS": "0",
        "items-0-name": "人工", "items-0-low": "50万元", "items-0-likely": "60万元", "items-0-high": "70万元",
        "items-0-index": "110", "items-1-name": "中试", "items-1-low": "30万元", "items-1-likely": "40万元",
        "items-1-high": "50万元", "items-1-index": "100", "cost_profit_low": "10", "cost_profit_likely": "15",
        "cost_profit_high": "20", "cost_obsolescence_low": "10", "cost_obsolescence_likely": "20",
        "cost_obsolescence_high": "30",
    }  # fmt: skip
    doors.post("/work/prices/support/new/", form)
    body = {
        "holder": str(doors.organisation.public_id), "result": str(result.public_id), "way": "licence",
        "grounds": "台账", "assumptions": {"cost": COST},
    }  # fmt: skip
    assert doors.api.post("/price-supports", body).status_code == 201
    first, second = Valuation.objects.order_by("id")
    assert told(first) == told(second)


def same_named(doors: Doors) -> None:
    found = []
    for is_site in (True, False):
        parties = parties_of(doors, Side.PROVIDER)
        agreement = make_agreement(parties)
        finding = make_noticed(doors.organisation, parties.seller)
        if is_site:
            doors.post(f"/work/contracts/{agreement.public_id}/price/", {"finding": str(finding.public_id)})
        else:
            body = {"price": str(finding.public_id)}
            assert doors.api.post(f"/contracts/{agreement.public_id}/price", body).status_code == 200
        row = Agreement.objects.get(pk=agreement.pk)
        assert row.price_finding == finding
        found.append(told(row))
    assert found[0] == found[1]
    assert latest(Agreement).price_finding is not None


COMPARED: dict[str, Callable[[Doors], None]] = {
    **{name: compare(step) for name, step in STEPS.items()},
    "price.propose": same_proposed,
    "valuation.make": same_valued,
    "agreement.name_price": same_named,
}
