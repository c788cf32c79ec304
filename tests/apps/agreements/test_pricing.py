"""Finding a price: the notice of the place, what is refused, objections, and what a contract may be signed at."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from ronglian.apps.agreements.enums import (
    AgreementKind,
    AgreementState,
    NoticeReach,
    PriceMethod,
    PriceObjectionState,
    PriceState,
    RelatedTo,
)
from ronglian.apps.agreements.models import Agreement, PriceFinding, PriceObjection
from ronglian.apps.agreements.operations.price_objections import (
    answer_price_objection,
    name_price,
    object_to_price,
)
from ronglian.apps.agreements.operations.pricing import (
    notice_price,
    offer_price,
    settle_price,
    withdraw_price,
)
from ronglian.apps.agreements.operations.signing import sign_agreement
from ronglian.apps.agreements.pricing import price_remarks
from ronglian.apps.agreements.pricing_rules import may_see_price, visible_prices_q
from ronglian.apps.agreements.queries.agreements import latest_version
from ronglian.apps.agreements.queries.pricing import access_price, list_notices, objections_to, prices_for
from ronglian.apps.agreements.terms import read_terms
from ronglian.engines.contracts import Weight
from ronglian.kernel.actor import ANONYMOUS, Role
from ronglian.kernel.errors import InvalidInput, NotAllowed, NotFound, RuleViolation
from ronglian.kernel.events import events_about
from ronglian.kernel.log.coverage import uncovered_rows
from tests.factories import SYSTEM, make_organisation, make_person_of, make_result
from tests.factories.agreements import Parties, make_agreement
from tests.factories.pricing import let_notice_end, make_noticed, make_price, make_support

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("english")]
TODAY = timezone.localdate()


def parties_at(region: str, kind: str = "university") -> Parties:
    client = make_organisation("甲方电镀厂")
    provider = make_organisation("乙方大学", kind=kind, size="", region=region)
    return Parties(client, provider, make_person_of(client), make_person_of(provider))


def notice(parties: Parties, finding: PriceFinding, **fields: Any) -> PriceFinding:
    told = {"days": 15, "noticed_at": "校园网公示栏", "reach": NoticeReach.PUBLIC, **fields}
    return notice_price(actor=parties.seller, finding=finding, **told)


@pytest.mark.parametrize(("region", "least"), [("3301", 15), ("3701", 15), ("4201", 1)])
def test_the_notice_lasts_as_long_as_the_place_asks(region: str, least: int) -> None:
    parties = parties_at(region)
    finding = make_price(parties.provider, parties.seller)
    with pytest.raises(InvalidInput) as refused:
        notice(parties, finding, days=least - 1)
    assert refused.value.fields["days"] == [f"At least {least} days here."]
    finding = notice(parties, finding, days=least)
    assert (finding.notice_from, finding.notice_until) == (TODAY, TODAY + timedelta(days=least))
    assert "reward.price_notice" in str(finding.law["answer"])
    assert set(finding.law["lines"]) == {"zh", "en"}


def test_in_zhejiang_the_notice_stands_on_the_market_as_well() -> None:
    parties = parties_at("3301")
    finding = make_price(parties.provider, parties.seller)
    with pytest.raises(InvalidInput) as refused:
        notice(parties, finding, reach=NoticeReach.UNIT)
    assert set(refused.value.fields) == {"reach"}
    elsewhere = parties_at("4201")
    noticed = notice(elsewhere, make_price(elsewhere.provider, elsewhere.seller), reach=NoticeReach.UNIT)
    assert noticed.state == PriceState.NOTICED
    assert noticed not in list_notices(TODAY)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"basis": " "}, "basis"),
        ({"related_to": RelatedTo.INVENTORS}, "related_how"),
        ({"royalty_rate": 300}, "royalty_rate"),
        ({"price_fen": -1}, "price_fen"),
    ],
)
def test_a_proposal_says_its_basis_and_how_the_buyer_is_related(fields: dict[str, Any], wrong: str) -> None:
    parties = parties_at("3301")
    with pytest.raises(InvalidInput) as refused:
        make_price(parties.provider, parties.seller, **fields)
    assert set(refused.value.fields) == {wrong}


def test_only_ones_own_results_with_ones_own_support() -> None:
    parties = parties_at("3301")
    with pytest.raises(InvalidInput):
        make_price(parties.provider, parties.seller, make_result(parties.client))
    with pytest.raises(NotAllowed):
        make_price(parties.provider, parties.buyer)
    theirs = make_support(parties.client, parties.buyer)
    with pytest.raises(InvalidInput):
        make_price(parties.provider, parties.seller, valuation=theirs)
    result = make_result(parties.provider)
    own = make_support(parties.provider, parties.seller, result)
    assert make_price(parties.provider, parties.seller, result, valuation=own).valuation == own


def test_an_agreed_price_is_found_when_the_notice_is_over_and_every_objection_is_answered() -> None:
    parties = parties_at("3301")
    finding = make_noticed(parties.provider, parties.seller)
    with pytest.raises(RuleViolation, match="lasts until"):
        settle_price(actor=parties.seller, finding=finding)
    objection = object_to_price(actor=parties.buyer, finding=finding, text="低于同类许可")
    with pytest.raises(RuleViolation, match="already"):
        object_to_price(actor=parties.buyer, finding=finding, text="又一次")
    finding = let_notice_end(finding)
    with pytest.raises(RuleViolation, match="waits for its answer"):
        settle_price(actor=parties.seller, finding=finding)
    with pytest.raises(NotAllowed):
        answer_price_objection(
            actor=parties.buyer, finding=finding, objection=objection, upholds=False, answer="否"
        )
    answer_price_objection(
        actor=parties.seller, finding=finding, objection=objection, upholds=False, answer="范围不同"
    )
    with pytest.raises(InvalidInput):
        settle_price(actor=parties.seller, finding=finding, price_fen=1)
    found = settle_price(actor=parties.seller, finding=finding)
    assert (found.state, found.found_fen, found.found_on) == (PriceState.FOUND, 10_000_000, TODAY)
    assert [one.name for one in events_about(found)][-1] == "pricefinding.found"
    assert not list(uncovered_rows(PriceFinding))
    assert not list(uncovered_rows(PriceObjection))


def test_an_upheld_objection_withdraws_the_price() -> None:
    parties = parties_at("3301")
    finding = make_noticed(parties.provider, parties.seller)
    objection = object_to_price(actor=parties.buyer, finding=finding, text="受让方是完成人的公司")
    answered = answer_price_objection(
        actor=parties.seller, finding=finding, objection=objection, upholds=True, answer="属实"
    )
    finding.refresh_from_db()
    assert (answered.state, finding.state) == (PriceObjectionState.UPHELD, PriceState.WITHDRAWN)
    assert access_price(parties.buyer, finding.public_id).withdrawn_because
    with pytest.raises(NotFound):
        access_price(ANONYMOUS, finding.public_id)


def test_the_market_finds_a_price_not_below_the_least() -> None:
    parties = parties_at("4201")
    finding = make_noticed(parties.provider, parties.seller, method=PriceMethod.AUCTION)
    assert finding.state == PriceState.OFFERED
    deal: dict[str, Any] = {
        "actor": parties.seller,
        "finding": finding,
        "buyer": "示例公司",
        "evidence": "成交确认书 3 号",
    }
    with pytest.raises(InvalidInput, match="correction"):
        settle_price(**deal, price_fen=9_999_999)
    with pytest.raises(InvalidInput):
        settle_price(**deal | {"evidence": ""}, price_fen=12_000_000)
    assert settle_price(**deal, price_fen=12_000_000).found_fen == 12_000_000


def test_each_method_has_its_own_way() -> None:
    parties = parties_at("4201")
    agreed = make_price(parties.provider, parties.seller)
    auctioned = make_price(parties.provider, parties.seller, method=PriceMethod.AUCTION)
    closes = TODAY + timedelta(days=1)
    offered: dict[str, Any] = {"noticed_at": "示例交易所", "reach": NoticeReach.PUBLIC}
    with pytest.raises(RuleViolation, match="public notice instead"):
        offer_price(actor=parties.seller, finding=agreed, closes_on=closes, **offered)
    with pytest.raises(RuleViolation, match="offered publicly instead"):
        notice(parties, auctioned)
    with pytest.raises(InvalidInput):
        offer_price(actor=parties.seller, finding=auctioned, closes_on=TODAY - timedelta(days=1), **offered)
    with pytest.raises(RuleViolation, match="being prepared"):
        settle_price(actor=parties.seller, finding=agreed)


def test_who_sees_what() -> None:
    parties = parties_at("4201")
    viewer, stranger = make_person_of(parties.provider, Role.VIEWER), make_person_of(make_organisation())
    prepared = make_price(parties.provider, parties.seller)
    public = make_noticed(parties.provider, parties.seller)
    unit = notice(parties, make_price(parties.provider, parties.seller), reach=NoticeReach.UNIT)
    found = settle_price(
        actor=parties.seller, finding=let_notice_end(make_noticed(parties.provider, parties.seller))
    )
    everything = {prepared, public, unit, found}
    for actor, seen in (
        (ANONYMOUS, {public}), (stranger, {public}), (parties.buyer, {public}),
        (viewer, everything), (parties.seller, everything), (SYSTEM, everything),
    ):  # fmt: skip
        assert set(PriceFinding.objects.filter(visible_prices_q(actor))) == seen
        assert {one for one in everything if may_see_price(actor, one)} == seen
    assert list(list_notices(TODAY)) == [public]
    with pytest.raises(NotAllowed, match="needs a name"):
        object_to_price(actor=ANONYMOUS, finding=public, text="不对")
    mine = object_to_price(actor=stranger, finding=public, text="偏低")
    assert objections_to(stranger, public) == objections_to(parties.seller, public) == [mine]
    assert objections_to(parties.buyer, public) == objections_to(ANONYMOUS, public) == []


def licensed(parties: Parties, finding: PriceFinding | None, **fields: Any) -> Agreement:
    agreement = make_agreement(parties, **fields)
    return name_price(actor=parties.seller, agreement=agreement, finding=finding) if finding else agreement


def sign(parties: Parties, agreement: Agreement) -> Agreement:
    digest = latest_version(agreement).digest
    for actor in (parties.seller, parties.buyer):
        agreement = sign_agreement(actor=actor, agreement=agreement, digest=digest)
    return agreement


def remarks(agreement: Agreement) -> list[tuple[Weight, str]]:
    terms = read_terms(latest_version(agreement).terms)
    return [(one.weight, one.text) for one in price_remarks(agreement, terms, TODAY)]


def test_a_university_signs_at_the_price_that_was_noticed() -> None:
    parties = parties_at("3301")
    finding = make_noticed(parties.provider, parties.seller)
    agreement = licensed(parties, finding)
    assert remarks(agreement)[0][0] is Weight.BLOCKS
    with pytest.raises(RuleViolation, match="on public notice until"):
        sign(parties, agreement)
    settle_price(actor=parties.seller, finding=let_notice_end(finding))
    agreement.refresh_from_db()
    assert remarks(agreement) == []
    assert sign(parties, agreement).state == AgreementState.IN_FORCE
    with pytest.raises(RuleViolation, match="signed contract rests"):
        withdraw_price(actor=parties.seller, finding=finding, reason="改价")


def test_another_price_than_the_one_found_stands_in_the_way() -> None:
    parties = parties_at("3301")
    finding = let_notice_end(make_noticed(parties.provider, parties.seller, price_fen=10_000_001))
    settle_price(actor=parties.seller, finding=finding)
    with pytest.raises(RuleViolation, match=r"another price.*art\. 18"):
        sign(parties, licensed(parties, finding))


def test_who_is_not_bound_is_warned() -> None:
    parties = parties_at("3301", kind="enterprise")
    finding = make_price(parties.provider, parties.seller, state_set=False)
    agreement = licensed(parties, finding)
    assert [weight for weight, _text in remarks(agreement)] == [Weight.WARNS]
    assert sign(parties, agreement).state == AgreementState.IN_FORCE


def test_a_university_without_a_finding_is_warned_and_an_enterprise_is_not() -> None:
    assert remarks(make_agreement(parties_at("3301")))[0][0] is Weight.WARNS
    assert remarks(make_agreement(parties_at("3301", kind="enterprise"))) == []
    assert remarks(make_agreement(parties_at("3301"), kind=AgreementKind.CONSULTING)) == []


def test_a_related_buyer_is_marked_for_both_sides() -> None:
    parties = parties_at("3301")
    finding = make_noticed(
        parties.provider,
        parties.seller,
        related_to=RelatedTo.INVENTORS,
        related_how="受让方由第一完成人控股",
    )
    assert "第一完成人控股" in remarks(licensed(parties, finding))[0][1]


def test_a_contract_rests_on_a_price_of_its_own_result_and_way() -> None:
    parties = parties_at("3301")
    result, other = make_result(parties.provider), make_result(parties.provider)
    agreement = make_agreement(parties, result=result)
    fitting = make_noticed(parties.provider, parties.seller, result)
    wrong = [
        make_noticed(parties.provider, parties.seller, other),
        make_noticed(parties.provider, parties.seller, result, way="transfer"),
        make_noticed(parties.client, parties.buyer),
    ]
    for finding in wrong:
        with pytest.raises(InvalidInput):
            name_price(actor=parties.seller, agreement=agreement, finding=finding)
    assert list(prices_for(agreement)) == [fitting]
    with pytest.raises(NotAllowed):
        name_price(actor=parties.buyer, agreement=agreement, finding=fitting)
    named = name_price(actor=parties.seller, agreement=agreement, finding=fitting)
    assert named.price_finding == fitting
    assert name_price(actor=parties.seller, agreement=named, finding=None).price_finding is None
