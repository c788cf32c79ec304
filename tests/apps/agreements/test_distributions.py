"""Sharing income by the law of the place: the reference's example in three places, what is refused, and the notice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from ronglian.apps.agreements.enums import DistributionState, MovementKind, ShareRole
from ronglian.apps.agreements.models import Agreement, Distribution
from ronglian.apps.agreements.operations.distributions import (
    begin_notice,
    propose_distribution,
    settle_distribution,
    withdraw_distribution,
)
from ronglian.apps.agreements.operations.money import confirm_movement, tell_movement
from ronglian.apps.agreements.queries.distributions import list_distributions, undistributed
from ronglian.kernel.errors import InvalidInput, NotAllowed, NotFound, RuleViolation
from ronglian.kernel.log.coverage import uncovered_rows
from tests.factories import make_organisation, make_person_of
from tests.factories.agreements import LICENCE_TERMS, Parties, make_signed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("english")]
TERMS = {
    **LICENCE_TERMS,
    "items": [{"name": "许可费", "amount_fen": 1_000_00}],
    "payments": [{"title": "一次付清", "amount_fen": 1_000_00, "due": "signing"}],
}
PEOPLE = (
    ("甲教授", ShareRole.CONTRIBUTOR, 2),
    ("乙博士", ShareRole.CONTRIBUTOR, 1),
    ("转化办", ShareRole.TRANSFER_OFFICE, 1),
)


def parties_at(region: str) -> Parties:
    client = make_organisation("甲方电镀厂")
    provider = make_organisation("乙方大学", kind="university", size="", region=region)
    return Parties(client, provider, make_person_of(client), make_person_of(provider))


def paid(parties: Parties) -> Agreement:
    """A licence of 1,000 yuan that is paid."""
    agreement = make_signed(parties, terms=TERMS)
    movement = tell_movement(
        actor=parties.buyer,
        agreement=agreement,
        kind=MovementKind.PAY,
        amount_fen=1_000_00,
        day=timezone.localdate(),
    )
    confirm_movement(actor=parties.seller, agreement=agreement, movement=movement)
    return agreement


def plan(parties: Parties, agreement: Agreement, reward_fen: int, **others: Any) -> Distribution:
    costs = {
        "deal_taxes": 30_00,
        "upkeep": 20_00,
        "deal_costs": 10_00,
        "cost": 30_00,
        "own_net_income": 940_00,
    }
    fields = {"costs": costs, "shares": PEOPLE, "state_set": True, **others}
    asked = {
        "33": ("deal_taxes", "cost"),
        "11": ("deal_taxes", "upkeep", "deal_costs"),
        "42": ("own_net_income",),
    }
    names = asked[agreement.place[:2]]
    fields["costs"] = {name: value for name, value in fields["costs"].items() if name in names}
    return propose_distribution(actor=parties.seller, agreement=agreement, reward_fen=reward_fen, **fields)


@pytest.mark.parametrize(("region", "least"), [("3301", 658_00), ("110108", 470_00), ("4201", 470_00)])
def test_the_least_reward_differs_by_place(region: str, least: int) -> None:
    parties = parties_at(region)
    agreement = paid(parties)
    with pytest.raises(RuleViolation, match=r"below the least.*art. 44, 45"):
        plan(parties, agreement, least - 1)
    made = plan(parties, agreement, least)
    assert (made.income_fen, made.net_fen, made.floor_fen) == (1_000_00, 940_00, least)
    assert sum(one["fen"] for one in made.shares) == least
    assert [one["fen"] for one in made.shares] == [least // 2, least // 4, least // 4]
    assert any("45" in text for _depth, text in made.law["lines"]["zh"])
    with pytest.raises(RuleViolation, match="not been shared"):
        plan(parties, agreement, least)


def test_what_the_law_leaves_open_is_told_instead_of_planned() -> None:
    parties = parties_at("4201")
    agreement = paid(parties)
    with pytest.raises(RuleViolation, match="cannot be determined"):
        plan(parties, agreement, 500_00, costs={})
    assert not Distribution.objects.exists()


def test_an_agreed_share_above_the_law_counts() -> None:
    parties = parties_at("4201")
    agreement = paid(parties)
    with pytest.raises(RuleViolation, match="below the least"):
        plan(parties, agreement, 751_99, agreed_rate=8_000)
    assert plan(parties, agreement, 752_00, agreed_rate=8_000).floor_fen == 752_00


def test_the_notice_lasts_as_long_as_the_place_asks() -> None:
    parties = parties_at("3301")
    agreement = paid(parties)
    made = plan(parties, agreement, 700_00)
    with pytest.raises(InvalidInput):
        begin_notice(actor=parties.seller, agreement=agreement, plan=made, days=14)
    made = begin_notice(actor=parties.seller, agreement=agreement, plan=made, days=15)
    with pytest.raises(RuleViolation, match="lasts until"):
        settle_distribution(actor=parties.seller, agreement=agreement, plan=made)
    today = timezone.localdate()
    Distribution.objects.update(
        notice_from=today - timedelta(days=16), notice_until=today - timedelta(days=1)
    )
    made.refresh_from_db()
    assert (
        settle_distribution(actor=parties.seller, agreement=agreement, plan=made).state
        == DistributionState.EFFECTIVE
    )
    with pytest.raises(RuleViolation, match="effective"):
        withdraw_distribution(actor=parties.seller, agreement=agreement, plan=made, reason="改")


def test_what_is_withdrawn_is_open_again() -> None:
    parties = parties_at("3301")
    agreement = paid(parties)
    made = plan(parties, agreement, 700_00)
    assert undistributed(agreement) == 0
    withdraw_distribution(actor=parties.seller, agreement=agreement, plan=made, reason="人员有误")
    assert undistributed(agreement) == 1_000_00
    assert plan(parties, agreement, 700_00).number == 2
    assert not list(uncovered_rows(Distribution))


def test_it_is_party_bs_own_and_sealed() -> None:
    parties = parties_at("3301")
    agreement = paid(parties)
    plan(parties, agreement, 700_00)
    with pytest.raises(NotFound):
        list_distributions(parties.buyer, agreement)
    with pytest.raises(NotAllowed):
        propose_distribution(
            actor=parties.buyer, agreement=agreement, reward_fen=1, shares=PEOPLE, costs={}, state_set=True
        )
    with connection.cursor() as cursor:
        cursor.execute("select shares, law from agreements_distribution")
        assert "甲教授" not in str(cursor.fetchall())
