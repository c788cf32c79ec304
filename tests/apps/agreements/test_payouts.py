"""Objections while a plan is on notice, the law of a day, and paying out with what is withheld."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from ronglian.apps.agreements.enums import DistributionState, ShareRole
from ronglian.apps.agreements.models import Agreement, Distribution
from ronglian.apps.agreements.operations.distributions import begin_notice, settle_distribution
from ronglian.apps.agreements.operations.payouts import answer_share_objection, object_to_shares, pay_out
from ronglian.apps.agreements.queries.distributions import access_share_objection, undistributed
from ronglian.kernel.actor import Role
from ronglian.kernel.errors import InvalidInput, NotAllowed, NotFound, RuleViolation
from tests.apps.agreements.test_distributions import paid, parties_at, plan
from tests.factories import make_person_of
from tests.factories.agreements import Parties

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
TODAY = timezone.localdate()


def noticed(parties: Parties) -> tuple[Agreement, Distribution]:
    agreement = paid(parties)
    made = plan(parties, agreement, 700_00)
    return agreement, begin_notice(actor=parties.seller, agreement=agreement, plan=made, days=15)


def over(made: Distribution) -> Distribution:
    Distribution.objects.filter(pk=made.pk).update(notice_until=TODAY - timedelta(days=1))
    made.refresh_from_db()
    return made


def effective(parties: Parties) -> tuple[Agreement, Distribution]:
    agreement, made = noticed(parties)
    return agreement, settle_distribution(actor=parties.seller, agreement=agreement, plan=over(made))


# ── objections ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_whoever_belongs_to_party_b_objects_and_the_plan_waits() -> None:
    parties = parties_at("3301")
    agreement, made = noticed(parties)
    viewer = make_person_of(parties.provider, Role.VIEWER)
    with pytest.raises(NotAllowed):
        object_to_shares(actor=parties.buyer, agreement=agreement, plan=made, text="不公")
    with pytest.raises(InvalidInput):
        object_to_shares(actor=viewer, agreement=agreement, plan=made, text=" ")
    raised = object_to_shares(actor=viewer, agreement=agreement, plan=made, text="漏了丙工程师")
    made = over(made)
    with pytest.raises(RuleViolation, match="waits for its answer"):
        settle_distribution(actor=parties.seller, agreement=agreement, plan=made)
    with pytest.raises(NotAllowed):
        answer_share_objection(
            actor=viewer, agreement=agreement, objection=raised, upholds=False, answer="否"
        )
    with pytest.raises(InvalidInput):
        answer_share_objection(
            actor=parties.seller, agreement=agreement, objection=raised, upholds=False, answer=""
        )
    answered = answer_share_objection(
        actor=parties.seller, agreement=agreement, objection=raised, upholds=False, answer="丙未参与"
    )
    with pytest.raises(RuleViolation, match="answered already"):
        answer_share_objection(
            actor=parties.seller, agreement=agreement, objection=answered, upholds=True, answer="改"
        )
    made.refresh_from_db()
    settled = settle_distribution(actor=parties.seller, agreement=agreement, plan=made)
    assert settled.state == DistributionState.EFFECTIVE
    with pytest.raises(RuleViolation, match="effective"):
        object_to_shares(actor=viewer, agreement=agreement, plan=settled, text="太晚")


def test_an_upheld_objection_opens_the_income_again() -> None:
    parties = parties_at("3301")
    agreement, made = noticed(parties)
    raised = object_to_shares(actor=parties.seller, agreement=agreement, plan=made, text="漏了丙")
    answer_share_objection(
        actor=parties.seller, agreement=agreement, objection=raised, upholds=True, answer="属实"
    )
    made.refresh_from_db()
    assert (made.state, undistributed(agreement)) == (DistributionState.WITHDRAWN, 1_000_00)


def test_party_a_finds_no_objection() -> None:
    parties = parties_at("3301")
    agreement, made = noticed(parties)
    raised = object_to_shares(actor=parties.seller, agreement=agreement, plan=made, text="漏了丙")
    assert access_share_objection(parties.seller, agreement, raised.public_id) == raised
    with pytest.raises(NotFound):
        access_share_objection(parties.buyer, agreement, raised.public_id)


# ── the law of a day ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_plan_names_a_day_since_the_signing() -> None:
    parties = parties_at("3301")
    agreement = paid(parties)
    for day in (TODAY + timedelta(days=1), TODAY - timedelta(days=1)):
        with pytest.raises(InvalidInput, match="correction"):
            plan(parties, agreement, 700_00, as_of=day)


def test_the_same_deal_by_the_law_of_two_days() -> None:
    """What Zhejiang asks for is known from 2025-04-19 on; before that the rulebook says so instead of guessing."""
    told: dict[int, Any] = {}
    for day in (date(2024, 1, 2), date(2025, 4, 19)):
        parties = parties_at("3301")
        agreement = paid(parties)
        Agreement.objects.filter(pk=agreement.pk).update(signed_on=date(2024, 1, 2))
        agreement.refresh_from_db()
        try:
            told[day.year] = plan(parties, agreement, 700_00, as_of=day)
        except RuleViolation as error:
            told[day.year] = str(error.message)
    assert "cannot be determined" in told[2024]
    assert (told[2025].floor_fen, told[2025].as_of) == (658_00, date(2025, 4, 19))


# ── paying out ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_half_of_a_reward_counts_as_salary_where_the_conditions_are_met() -> None:
    parties = parties_at("3301")
    agreement, made = effective(parties)
    days = {"paid_on": TODAY, "income_on": TODAY}
    made = pay_out(
        actor=parties.seller, agreement=agreement, plan=made, withheld=[35_00, 0, 0], non_profit=True,
        is_certified=True, **days,
    )  # fmt: skip
    first, second, office = made.shares
    assert (first["fen"], first["counted"], first["withheld"], first["received"]) == (
        350_00,
        175_00,
        35_00,
        315_00,
    )
    assert second["counted"] == 87_50
    assert office["role"] == ShareRole.TRANSFER_OFFICE
    assert "counted" not in office
    assert sum(one["withheld"] + one["received"] for one in made.shares) == made.reward_fen
    assert (made.state, made.paid_on) == (DistributionState.PAID, TODAY)
    with pytest.raises(RuleViolation, match="paid out"):
        pay_out(
            actor=parties.seller, agreement=agreement, plan=made, withheld=[0, 0, 0], non_profit=True,
            is_certified=True, **days,
        )  # fmt: skip


def test_without_a_certificate_all_of_it_counts() -> None:
    parties = parties_at("3301")
    agreement, made = effective(parties)
    made = pay_out(
        actor=parties.seller, agreement=agreement, plan=made, withheld=[0, 0, 0], non_profit=True,
        is_certified=False, paid_on=TODAY, income_on=TODAY,
    )  # fmt: skip
    assert [one.get("counted") for one in made.shares] == [350_00, 175_00, None]


@pytest.mark.parametrize("withheld", [[1], [-1, 0, 0], [350_01, 0, 0]])
def test_what_is_withheld_is_a_part_of_each_share(withheld: list[int]) -> None:
    parties = parties_at("3301")
    agreement, made = effective(parties)
    with pytest.raises(InvalidInput):
        pay_out(
            actor=parties.seller, agreement=agreement, plan=made, withheld=withheld, non_profit=True,
            is_certified=True, paid_on=TODAY, income_on=TODAY,
        )  # fmt: skip
    made.refresh_from_db()
    assert made.state == DistributionState.EFFECTIVE


def test_income_comes_before_its_payment() -> None:
    parties = parties_at("3301")
    agreement, made = effective(parties)
    for income_on, paid_on in ((TODAY, TODAY - timedelta(days=1)), (TODAY, TODAY + timedelta(days=1))):
        with pytest.raises(InvalidInput):
            pay_out(
                actor=parties.seller, agreement=agreement, plan=made, withheld=[0, 0, 0], non_profit=True,
                is_certified=True, paid_on=paid_on, income_on=income_on,
            )  # fmt: skip
