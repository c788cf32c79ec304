"""Prices on their screens: a support, a notice, an objection from outside, and the contract."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from ronglian.apps.accounts.models import Organisation, Person
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.agreements.enums import PriceMethod, PriceState, RelatedTo
from ronglian.apps.agreements.models import PriceFinding, PriceObjection, Valuation
from ronglian.kernel.actor import Actor, Role
from tests.factories import make_member, make_organisation, make_person_of, make_result
from tests.factories.agreements import Parties, make_agreement
from tests.factories.pricing import let_notice_end, make_noticed, make_price
from tests.web.work.conftest import at_screen

pytestmark = pytest.mark.django_db
SUPPORT = {
    "way": "licence", "grounds": "成本台账",
    "items-TOTAL_FORMS": "2", "items-INITIAL_FORMS": "0",
    "items-0-name": "人工", "items-0-low": "50万元", "items-0-likely": "60万元", "items-0-high": "70万元", "items-0-index": "110",
    "items-1-name": "中试", "items-1-low": "30万元", "items-1-likely": "40万元", "items-1-high": "50万元", "items-1-index": "",
    "cost_profit_low": "10", "cost_profit_likely": "15", "cost_profit_high": "20",
    "cost_obsolescence_low": "10", "cost_obsolescence_likely": "20", "cost_obsolescence_high": "30",
    "income_base": "sales", "income_fen_likely": "300万元", "income_growth_low": "-10", "income_growth_likely": "0",
    "income_share_likely": "3", "income_discount_likely": "20", "income_years_likely": "5",
}  # fmt: skip


@pytest.fixture
def seller(editor: Person) -> Actor:
    return actor_of_person(editor)


def test_from_assumptions_to_a_range_and_a_price(client: Client, organisation: Organisation) -> None:
    result = make_result(organisation, "膜分离除铬")
    assert "Find a price" in client.get(f"/results/{result.public_id}/").content.decode()
    place = f"/work/prices/support/new/?result={result.public_id}"
    page = client.get(place).content.decode()
    assert "Fewer than five organisations stand behind this" in page
    made = client.post(place, {**SUPPORT, "result": str(result.public_id)}, follow=True).content.decode()
    for text in (
        "CNY 654,500",
        "CNY 975,200",
        "CNY 1,371,600",
        "contradict each other",
        "growth each year",
        "<rect",
    ):
        assert text.casefold() in made.casefold()
    support = Valuation.objects.get()
    asked = {
        "result": str(result.public_id), "title": "膜分离除铬", "way": "licence", "method": "agreement",
        "price_fen": "97万元", "basis": "按成本测算", "valuation": str(support.public_id), "state_set": "on",
        "related_to": "none",
    }  # fmt: skip
    page = client.post("/work/prices/new/", asked, follow=True).content.decode()
    finding = PriceFinding.objects.get()
    assert (finding.price_fen, finding.valuation, finding.state_set) == (97_000_000, support, True)
    assert "Put it on public notice" in page


def test_what_is_wrong_stands_at_its_field(client: Client, organisation: Organisation) -> None:
    result = make_result(organisation)
    place = "/work/prices/support/new/"
    sent = {**SUPPORT, "result": str(result.public_id)}
    wrong = {**sent, "cost_profit_low": "30", "income_share_likely": ""}
    refused = client.post(place, wrong)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "From low over likely to high." in page
    assert "This is needed here." in page
    assert client.post(place, {**sent, "income_share_likely": "130"}).status_code == 422
    nothing = {name: "" for name in SUPPORT if not name.startswith("items-")} | {
        "items-TOTAL_FORMS": "0", "items-INITIAL_FORMS": "0", "way": "licence", "grounds": "无",
        "result": str(result.public_id),
    }  # fmt: skip
    refused = client.post(place, nothing)
    assert (refused.status_code, Valuation.objects.count()) == (422, 0)
    assert "at least one of cost, market and income" in refused.content.decode()
    related = {"result": str(result.public_id), "title": "一", "way": "licence", "method": "agreement",
               "price_fen": "1万元", "basis": "询价", "related_to": "inventors"}  # fmt: skip
    refused = client.post("/work/prices/new/", related)
    assert (refused.status_code, PriceFinding.objects.count()) == (422, 0)
    assert "it stands in the notice" in refused.content.decode()


def test_a_notice_is_read_and_objected_to_by_others_and_answered(
    client: Client, organisation: Organisation, seller: Actor
) -> None:
    finding = make_noticed(
        organisation, seller, related_to=RelatedTo.INVENTORS, related_how="受让方由第一完成人控股"
    )
    outsider = at_screen(make_member(make_organisation(), Role.VIEWER))
    visitor = Client(headers={"accept-language": "en"})
    for reader in (visitor, outsider, client):
        assert "related party" in reader.get("/price-notices/").content.decode()
        page = reader.get(f"/price-notices/{finding.public_id}/").content.decode()
        assert "第一完成人控股" in page
        assert "三家询价" not in page
    assert "an objection needs a name" in visitor.get(f"/price-notices/{finding.public_id}/").content.decode()
    assert outsider.get(f"/work/prices/{finding.public_id}/").status_code == 404
    objected = outsider.post(f"/work/prices/{finding.public_id}/object/", {"text": "低于评估"}, follow=True)
    assert "低于评估" in objected.content.decode()
    assert "低于评估" not in visitor.get(f"/price-notices/{finding.public_id}/").content.decode()
    objection = PriceObjection.objects.get()
    answered = client.post(
        f"/work/prices/{finding.public_id}/objections/{objection.public_id}/",
        {"answer": "范围较窄", "upholds": "0"},
        follow=True,
    )
    assert "范围较窄" in answered.content.decode()
    assert "范围较窄" in outsider.get(f"/price-notices/{finding.public_id}/").content.decode()


def test_from_the_notice_to_the_price(client: Client, organisation: Organisation, seller: Actor) -> None:
    finding = make_price(organisation, seller)
    place = f"/work/prices/{finding.public_id}"
    refused = client.post(f"{place}/notice/", {"days": "0", "noticed_at": "公示栏", "reach": "unit"})
    assert refused.status_code == 422
    page = client.post(
        f"{place}/notice/", {"days": "7", "noticed_at": "公示栏", "reach": "public"}, follow=True
    )
    assert "What the law says" in page.content.decode()
    assert client.post(f"{place}/settle/", {}).status_code == 409
    let_notice_end(finding)
    assert "It is found" in client.get(f"{place}/").content.decode()
    client.post(f"{place}/settle/", {})
    finding.refresh_from_db()
    assert finding.state == PriceState.FOUND
    client.post(f"{place}/withdraw/", {"reason": "改为转让"})
    finding.refresh_from_db()
    assert finding.state == PriceState.WITHDRAWN


def test_an_auction_is_offered_and_closed(client: Client, organisation: Organisation, seller: Actor) -> None:
    finding = make_price(organisation, seller, method=PriceMethod.AUCTION)
    place = f"/work/prices/{finding.public_id}"
    offer = {"noticed_at": "示例交易所 17 号", "closes_on": "2027-06-30", "reach": "public"}
    assert client.post(f"{place}/offer/", offer).status_code == 302
    assert client.post(f"{place}/settle/", {"price_fen": "1元", "evidence": "确认书"}).status_code == 422
    client.post(f"{place}/settle/", {"price_fen": "12万元", "buyer": "示例公司", "evidence": "确认书 3 号"})
    finding.refresh_from_db()
    assert (finding.found_fen, finding.buyer) == (12_000_000, "示例公司")
    assert "CNY 120,000" in client.get("/work/prices/").content.decode()


def test_a_contract_names_its_price_and_the_review_speaks_of_it(
    client: Client, organisation: Organisation, seller: Actor
) -> None:
    buyer = make_organisation("甲方电镀厂")
    agreement = make_agreement(Parties(buyer, organisation, make_person_of(buyer), seller))
    finding = make_noticed(organisation, seller)
    place = f"/work/contracts/{agreement.public_id}"
    page = client.get(f"{place}/").content.decode()
    assert "The price it rests on" in page
    named = client.post(f"{place}/price/", {"finding": str(finding.public_id)}, follow=True).content.decode()
    assert "The agreed price is on public notice until" in named
    digest = re.search(r'name="digest" value="(\w+)"', named)
    assert digest is not None
    assert client.post(f"{place}/sign/", {"digest": digest[1]}).status_code == 409
