"""The fee of a technology manager, from the terms both sides accepted and the contract they signed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from ronglian.apps.agreements.commission import Standing, commission_of, commissions_of, divided, fee_of
from ronglian.apps.agreements.enums import MovementKind
from ronglian.apps.agreements.models import Agreement
from ronglian.apps.agreements.operations.money import confirm_movement, tell_movement
from ronglian.apps.agreements.operations.registering import (
    fill_in_registration,
    hand_in_registration,
    record_registration,
)
from ronglian.apps.clinic.case_enums import CaseStage, FeeBase, FeePayer
from ronglian.apps.clinic.models import Case
from ronglian.apps.clinic.operations.fee_terms import accept_fee, propose_fee
from tests.factories import make_need, make_person_of, make_result
from tests.factories.agreements import PARTICULARS, Parties, make_parties, make_signed
from tests.factories.cases import actor_of, make_case

TODAY = timezone.localdate()


@pytest.fixture
def parties() -> Parties:
    return make_parties()


def introduced(parties: Parties) -> Case:
    need, result = make_need(parties.client, "六价铬超标"), make_result(parties.provider, "除铬")
    return make_case(stage=CaseStage.NEGOTIATING, need=need, result=result)


def agree(parties: Parties, case: Case, **terms: Any) -> None:
    chosen: dict[str, Any] = {"base": FeeBase.CONTRACT_TOTAL, "rate": 300, "payer": FeePayer.HALF_EACH}
    proposed = propose_fee(actor=actor_of(case.manager), case=case, **chosen | terms)
    for person in (parties.buyer, parties.seller):
        proposed = accept_fee(actor=person, terms=proposed, digest=proposed.digest)


def signed(parties: Parties, case: Case) -> Agreement:
    return make_signed(parties, need=case.need)


@pytest.mark.django_db
def test_a_contract_belongs_to_the_case_that_introduced_its_sides(parties: Parties) -> None:
    case = introduced(parties)
    agree(parties, case)
    agreement = signed(parties, case)
    assert agreement.case == case
    found = commission_of(agreement)
    assert found is not None
    assert (found.standing, found.base_fen, found.fee_fen) == (Standing.DUE, 10_000_000, 300_000)
    assert (found.seeker_fen, found.partner_fen) == (150_000, 150_000)
    assert [one.agreement for one in commissions_of(case)] == [agreement]


@pytest.mark.django_db
def test_strangers_to_the_case_owe_nothing(parties: Parties) -> None:
    introduced(make_parties())
    agreement = make_signed(parties)
    assert agreement.case is None
    assert commission_of(agreement) is None
    case = introduced(parties)
    assert commission_of(signed(parties, case)) is None  # introduced, but no terms were accepted


@pytest.mark.django_db
def test_what_is_paid_counts_as_it_is_paid(parties: Parties) -> None:
    case = introduced(parties)
    agree(parties, case, base=FeeBase.MONEY_PAID, payer=FeePayer.PARTNER)
    agreement = signed(parties, case)
    found = commission_of(agreement)
    assert found is not None
    assert found.fee_fen == 0
    for fen in (1_000_000, 2_000_017):
        told = tell_movement(
            actor=parties.buyer, agreement=agreement, kind=MovementKind.PAY, amount_fen=fen, day=TODAY
        )
        confirm_movement(actor=parties.seller, agreement=agreement, movement=told)
    found = commission_of(agreement)
    assert found is not None
    assert (found.base_fen, found.fee_fen, found.partner_fen) == (3_000_017, 90_001, 90_001)


@pytest.mark.django_db
def test_the_technology_amount_is_the_certificates(parties: Parties) -> None:
    case = introduced(parties)
    agree(parties, case, base=FeeBase.TECHNOLOGY_AMOUNT, cap_fen=100_000, payer=FeePayer.SEEKER)
    parties.client.region = "420100"
    parties.client.save()
    agreement = signed(parties, case)
    found = commission_of(agreement)
    assert found is not None
    assert found.standing is Standing.NOT_REGISTERED
    step: dict[str, Any] = {"actor": parties.seller, "agreement": agreement}
    row = fill_in_registration(**step, particulars=PARTICULARS)
    hand_in_registration(**step, registration=row, body="示例登记处", day=TODAY)
    record_registration(
        **step, registration=row, number="2026420100000017", day=TODAY, turnover_fen=10_000_000, technology_fen=9_000_000
    )  # fmt: skip
    found = commission_of(agreement)
    assert found is not None
    assert (found.base_fen, found.fee_fen, found.seeker_fen) == (9_000_000, 100_000, 100_000)


@pytest.mark.django_db
def test_signed_after_the_protection_nothing_is_owed(parties: Parties) -> None:
    case = introduced(parties)
    agree(parties, case)
    agreement = signed(parties, case)
    late = case.introduction.protected_until + timedelta(days=1)
    Agreement.objects.filter(pk=agreement.pk).update(signed_on=late)
    agreement.refresh_from_db()
    found = commission_of(agreement)
    assert found is not None
    assert (found.standing, found.fee_fen) == (Standing.AFTER_PROTECTION, 0)


@pytest.mark.django_db
def test_a_later_contract_of_another_need_is_not_the_cases(parties: Parties) -> None:
    introduced(parties)
    other = make_need(parties.client, "另一件事")
    assert make_signed(parties, need=other).case is None
    assert make_person_of(parties.client)


@given(
    base=st.integers(0, 10**15),
    rate=st.integers(1, 10_000),
    cap=st.none() | st.integers(1, 10**12),
    payer=st.sampled_from(list(FeePayer)),
)
def test_shares_add_up_and_no_fee_passes_its_base_or_cap(
    base: int, rate: int, cap: int | None, payer: FeePayer
) -> None:
    fee = fee_of(base, rate, cap)
    assert 0 <= fee <= (base if cap is None else min(base, cap))
    assert abs(fee * 10_000 - base * rate) <= 5_000 or fee == cap
    seeker, partner = divided(fee, payer)
    assert seeker + partner == fee
    assert 0 <= seeker - partner <= 1 or payer != FeePayer.HALF_EACH
