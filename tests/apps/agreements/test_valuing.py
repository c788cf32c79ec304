"""Price support: what is kept, what is refused, and comparable contracts that name nobody."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.agreements.comparables import Comparables, find_comparables
from ronglian.apps.agreements.enums import PricedWay
from ronglian.apps.agreements.models import Agreement, Valuation
from ronglian.apps.agreements.queries.pricing import access_valuation
from ronglian.apps.agreements.valuing import read_assumptions
from ronglian.kernel.errors import InvalidInput, NotAllowed, NotFound, RuleViolation
from tests.factories import make_organisation, make_person_of, make_result
from tests.factories.agreements import LICENCE_TERMS, Parties, make_signed
from tests.factories.pricing import COST, INCOME, make_support

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("english")]
TODAY = timezone.localdate()
PRICES = (100_000, 305_000, 418_000, 422_000, 613_000)  # yuan


def deal(yuan: int, *, field: str = "environment", region: str = "3301", **fields: Any) -> Agreement:
    """A licence between two new organisations, signed a good year ago."""
    client, provider = make_organisation(), make_organisation(kind="university", size="", region=region)
    parties = Parties(client, provider, make_person_of(client), make_person_of(provider))
    terms = {**deepcopy(LICENCE_TERMS), **fields}
    terms["items"] = [{"name": "许可费", "amount_fen": yuan * 100}]
    terms["payments"] = [{"title": "一次付清", "amount_fen": yuan * 100, "due": "signing"}]
    result = make_result(provider, technology_field=field)
    signed = make_signed(parties, terms=terms, result=result)
    Agreement.objects.filter(pk=signed.pk).update(signed_on=TODAY - timedelta(days=400))
    return signed


def comparables(asks: Organisation | None = None, **fields: Any) -> Comparables:
    told = {"way": PricedWay.LICENCE, "technology_field": "environment", "region": "330106", "today": TODAY}
    return find_comparables(**{**told, "without": asks.pk if asks else 0, **fields})


def test_the_narrowest_circle_with_five_on_both_sides_is_told() -> None:
    for yuan in PRICES[:4]:
        deal(yuan)
    assert comparables().prices is None
    deal(PRICES[4], field="new_materials", region="4201")
    found = comparables()
    assert found.circle == "kind"
    assert found.prices is not None
    assert (found.prices.contracts, found.prices.lower, found.prices.median, found.prices.upper) == (
        5, 31_000_000, 42_000_000, 42_000_000,
    )  # fmt: skip
    deal(PRICES[4], region="4201")
    assert comparables().circle == "field"
    deal(PRICES[4])
    assert comparables().circle == "province"
    assert comparables(way=PricedWay.TRANSFER).prices is None
    assert comparables(way=PricedWay.EQUITY).prices is None


def test_ones_own_contracts_and_those_of_this_month_do_not_count() -> None:
    deals = [deal(yuan) for yuan in PRICES]
    assert comparables().prices is not None
    assert comparables(deals[0].provider).prices is None
    assert comparables(deals[0].client).prices is None
    Agreement.objects.filter(pk=deals[0].pk).update(signed_on=TODAY.replace(day=1))
    assert comparables().prices is None


def test_royalties_are_told_apart_from_fixed_prices() -> None:
    for rate in (200, 300, 300, 400, 500):
        deal(1_000, royalty={"rate": rate, "base": "sales"})
    found = comparables()
    assert found.prices is None
    assert found.rates is not None
    assert (found.rates.lower, found.rates.median, found.rates.upper) == (300, 300, 400)


def test_it_is_kept_as_it_was_computed() -> None:
    holder = make_organisation(kind="university", size="", region="3301")
    actor = make_person_of(holder)
    for yuan in PRICES:
        deal(yuan)
    result = make_result(holder, technology_field="environment")
    market = {"adjustment": [8_000, 10_000, 12_000]}
    made = make_support(holder, actor, result, cost=COST, income=INCOME, market=market)
    made.refresh_from_db()
    by = {one["approach"]: one for one in made.found["approaches"]}
    assert (by["cost"]["low"], by["cost"]["likely"], by["cost"]["high"]) == (
        65_450_000, 97_520_000, 137_160_000,
    )  # fmt: skip
    assert by["income"]["likely"] == 15_874_747
    assert by["market"]["likely"] == 42_000_000
    assert made.found["common"] is None  # cost begins above where the market ends
    assert made.found["engine"] == "valuation-1"
    assert made.found["comparables"]["circle"] == "province"
    assert "provider" not in str(made.found["comparables"]).replace("providers", "")


def test_it_is_its_holders_own_and_sealed() -> None:
    holder = make_organisation()
    actor, stranger = make_person_of(holder), make_person_of(make_organisation())
    made = make_support(holder, actor)
    assert access_valuation(actor, made.public_id) == made
    with pytest.raises(NotFound):
        access_valuation(stranger, made.public_id)
    with pytest.raises(NotAllowed):
        make_support(holder, stranger)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM agreements_valuation")
        raw = str(cursor.fetchall())
    assert "97520000" not in raw
    assert "台账" not in raw
    assert Valuation.objects.count() == 1


@pytest.mark.parametrize(
    ("assumed", "wrong"),
    [
        ({}, ""),
        ({"cost": {**COST, "profit": [1, 2]}}, "cost.profit"),
        ({"cost": {**COST, "profits": [1, 2, 3]}}, "cost.profits"),
        ({"income": {**INCOME, "share": [0, 300, 10_001]}}, "income.share.2"),
        ({"income": {**INCOME, "base": "hope"}}, "income.base"),
    ],
)
def test_assumptions_are_read_strictly(assumed: dict[str, Any], wrong: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_assumptions(assumed)
    assert any(name.startswith(wrong) for name in refused.value.fields)


def test_what_cannot_be_is_named() -> None:
    holder = make_organisation()
    actor = make_person_of(holder)
    with pytest.raises(InvalidInput):
        make_support(holder, actor, cost={**COST, "profit": [3, 2, 1]})
    with pytest.raises(RuleViolation, match="Too few"):
        make_support(holder, actor, market={"adjustment": [10_000, 10_000, 10_000]})
    with_cost = make_support(holder, actor, cost=COST, market={"adjustment": [10_000, 10_000, 10_000]})
    assert with_cost.found["without_market"] is True


def test_the_years_before_this_month_count() -> None:
    found = comparables(today=date(2026, 11, 25))
    assert (found.first, found.last) == (date(2021, 11, 1), date(2026, 11, 1))
