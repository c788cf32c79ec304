"""Default and recovery, buying out, and the end of an agreement."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from ronglian.apps.agreements.enums import AgreementState, EndKind, MovementKind
from ronglian.apps.agreements.models import Agreement, Demand, EndProposal, MoneyMovement
from ronglian.apps.agreements.operations.ending import (
    answer_end,
    buy_out,
    demand_payment,
    end_for_default,
    give_more_time,
    propose_end,
)
from ronglian.apps.agreements.operations.money import claim_due, confirm_movement, tell_movement
from ronglian.apps.agreements.queries.money import book_of, open_demand, overdue_of, standing_of
from ronglian.engines.money import Account, State
from ronglian.kernel.errors import InvalidInput, NotAllowed, RuleViolation
from ronglian.kernel.events import events_about
from ronglian.kernel.log.coverage import logged_models, uncovered_rows
from tests.factories import SYSTEM, make_person_of
from tests.factories.agreements import AFTER_USE_TERMS, LICENCE_TERMS, Parties, make_parties, make_signed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
TODAY = timezone.localdate()
ON_A_DAY: dict[str, Any] = {
    **LICENCE_TERMS,
    "payments": [
        {"title": "一期", "amount_fen": 4_000_000, "due": "day", "day": (TODAY - timedelta(days=9)).isoformat()},
        {"title": "二期", "amount_fen": 6_000_000, "due": "day", "day": (TODAY + timedelta(days=90)).isoformat()},
    ],
}  # fmt: skip
TIME = TODAY + timedelta(days=30)


@pytest.fixture
def parties() -> Parties:
    return make_parties()


def late(parties: Parties) -> Agreement:
    """The first instalment is nine days late."""
    agreement = make_signed(parties, terms=deepcopy(ON_A_DAY))
    claim_due(actor=SYSTEM, agreement=agreement, today=TODAY)
    MoneyMovement.objects.filter(kind=MovementKind.CLAIM).update(day=TODAY - timedelta(days=9))
    return Agreement.objects.select_related("signed", "client", "provider").get(pk=agreement.pk)


def pay(parties: Parties, agreement: Agreement, fen: int) -> None:
    movement = tell_movement(
        actor=parties.buyer,
        agreement=agreement,
        kind=MovementKind.PAY,
        amount_fen=fen,
        day=TODAY,
        key=f"{fen}",
    )
    confirm_movement(actor=parties.seller, agreement=agreement, movement=movement)


def demand(parties: Parties, agreement: Agreement, day: date = TIME) -> Demand:
    return demand_payment(actor=parties.seller, agreement=agreement, cure_by=day, reason="一期到期未付")


def reread(agreement: Agreement) -> Agreement:
    return Agreement.objects.select_related("signed", "client", "provider").get(pk=agreement.pk)


# ── default and recovery ─────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_demanded_and_paid_is_cured(parties: Parties) -> None:
    agreement = late(parties)
    assert overdue_of(agreement, TODAY) == 4_000_000
    with pytest.raises(NotAllowed, match="party B"):
        demand_payment(actor=parties.buyer, agreement=agreement, cure_by=TIME, reason="一期")
    with pytest.raises(InvalidInput):
        demand(parties, agreement, TODAY)
    made = demand(parties, agreement)
    assert made.overdue_fen == 4_000_000
    with pytest.raises(RuleViolation, match="open already"):
        demand(parties, agreement)
    pay(parties, agreement, 1_500_000)
    assert open_demand(agreement) == made  # a part cures nothing
    pay(parties, agreement, 2_500_000)
    made.refresh_from_db()
    assert (made.state, made.closed_on) == ("cured", TODAY)
    assert reread(agreement).state == AgreementState.IN_FORCE
    with pytest.raises(RuleViolation, match="Nothing is overdue"):
        demand(parties, agreement)
    names = [event.name for event in events_about(made).order_by("id")]
    assert names == ["demand.made", "demand.cured"]


def test_more_time_is_a_later_day(parties: Parties) -> None:
    agreement = late(parties)
    with pytest.raises(RuleViolation, match="No demand"):
        give_more_time(actor=parties.seller, agreement=agreement, cure_by=TIME)
    demand(parties, agreement)
    with pytest.raises(InvalidInput):
        give_more_time(actor=parties.seller, agreement=agreement, cure_by=TIME)
    later = TIME + timedelta(days=10)
    assert give_more_time(actor=parties.seller, agreement=agreement, cure_by=later).cure_by == later


def test_it_ends_for_default_only_after_the_day_has_passed(parties: Parties) -> None:
    agreement = late(parties)
    with pytest.raises(RuleViolation, match="No demand"):
        end_for_default(actor=parties.seller, agreement=agreement, reason="逾期")
    made = demand(parties, agreement)
    with pytest.raises(RuleViolation, match="leaves time"):
        end_for_default(actor=parties.seller, agreement=agreement, reason="逾期")
    Demand.objects.filter(pk=made.pk).update(cure_by=TODAY - timedelta(days=1))
    with pytest.raises(InvalidInput):
        end_for_default(actor=parties.seller, agreement=agreement, reason=" ")
    ended = end_for_default(actor=parties.seller, agreement=agreement, reason="催告后仍未支付")
    assert (ended.state, ended.ended_on) == (AgreementState.TERMINATED, TODAY)
    # What was due is still paid; nothing more falls due.
    pay(parties, reread(agreement), 4_000_000)
    assert book_of(reread(agreement)).balance(Account.DUE) == 0
    with pytest.raises(RuleViolation, match="in force"):
        propose_end(actor=parties.buyer, agreement=reread(agreement), kind=EndKind.EARLY, reason="又一次")


def test_payment_after_use_knows_that_it_ended_for_default(parties: Parties) -> None:
    agreement = make_signed(parties, terms=deepcopy(AFTER_USE_TERMS))
    Agreement.objects.filter(pk=agreement.pk).update(
        state=AgreementState.TERMINATED, ended_on=TODAY, ended_because="逾期"
    )
    standing = standing_of(reread(agreement), TODAY)
    assert standing is not None
    assert standing.state is State.DEFAULTED


# ── buying out ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_bought_out_at_the_price_that_was_read(parties: Parties) -> None:
    agreement = make_signed(parties, terms=deepcopy(AFTER_USE_TERMS))
    with pytest.raises(NotAllowed, match="party A"):
        buy_out(actor=parties.seller, agreement=agreement, price_fen=8_000_000)
    with pytest.raises(RuleViolation, match="another one"):
        buy_out(actor=parties.buyer, agreement=agreement, price_fen=7_000_000)
    bought = buy_out(actor=parties.buyer, agreement=agreement, price_fen=8_000_000)
    assert bought.bought_out_on == TODAY
    assert book_of(bought).balance(Account.DUE) == 8_000_000
    standing = standing_of(bought, TODAY)
    assert standing is not None
    assert standing.state is State.BOUGHT_OUT
    with pytest.raises(RuleViolation, match="was not agreed, or has happened"):
        buy_out(actor=parties.buyer, agreement=bought, price_fen=8_000_000)
    pay(parties, bought, 8_000_000)
    proposal = propose_end(actor=parties.buyer, agreement=bought, kind=EndKind.FULFILLED, reason="已买断")
    assert (
        answer_end(actor=parties.seller, agreement=bought, proposal=proposal, agrees=True).state
        == AgreementState.COMPLETED
    )


def test_no_buy_out_where_none_was_agreed(parties: Parties) -> None:
    with pytest.raises(RuleViolation, match="was not agreed"):
        buy_out(actor=parties.buyer, agreement=make_signed(parties), price_fen=1)


# ── the end ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_fulfilled_when_nothing_is_left_and_both_say_so(parties: Parties) -> None:
    at_once = {**LICENCE_TERMS, "payments": [{"title": "付清", "amount_fen": 10_000_000, "due": "signing"}]}
    agreement = make_signed(parties, terms=at_once)
    with pytest.raises(RuleViolation, match="still due"):
        propose_end(actor=parties.seller, agreement=agreement, kind=EndKind.FULFILLED, reason="履行完毕")
    pay(parties, agreement, 10_000_000)
    proposal = propose_end(
        actor=parties.seller, agreement=agreement, kind=EndKind.FULFILLED, reason="履行完毕"
    )
    with pytest.raises(RuleViolation, match="waits for its answer"):
        propose_end(actor=parties.buyer, agreement=agreement, kind=EndKind.EARLY, reason="也提")
    for actor in (parties.seller, make_person_of(parties.provider)):
        with pytest.raises(NotAllowed, match="did not propose"):
            answer_end(actor=actor, agreement=agreement, proposal=proposal, agrees=True)
    ended = answer_end(actor=parties.buyer, agreement=agreement, proposal=proposal, agrees=True)
    assert (ended.state, ended.ended_because) == (AgreementState.COMPLETED, "履行完毕")
    with pytest.raises(RuleViolation, match="in force"):
        tell_movement(
            actor=parties.buyer, agreement=ended, kind=MovementKind.HOLD, amount_fen=1, day=TODAY, key="late"
        )
    for model in logged_models():
        assert not list(uncovered_rows(model)), model


def test_what_waits_for_its_day_is_not_fulfilled(parties: Parties) -> None:
    agreement = late(parties)
    pay(parties, agreement, 4_000_000)
    with pytest.raises(RuleViolation, match="not become due yet"):
        propose_end(actor=parties.buyer, agreement=agreement, kind=EndKind.FULFILLED, reason="履行完毕")


def test_ended_early_with_a_settlement(parties: Parties) -> None:
    agreement = late(parties)
    made = demand(parties, agreement)
    with pytest.raises(InvalidInput):
        propose_end(
            actor=parties.buyer, agreement=agreement, kind=EndKind.EARLY, reason="停产", waived_fen=4_000_001
        )
    proposal = propose_end(
        actor=parties.buyer, agreement=agreement, kind=EndKind.EARLY, reason="停产", waived_fen=1_000_000
    )
    with pytest.raises(InvalidInput):
        answer_end(actor=parties.seller, agreement=agreement, proposal=proposal, agrees=False)
    declined = answer_end(
        actor=parties.seller, agreement=agreement, proposal=proposal, agrees=False, reason="免得太多"
    )
    assert declined.state == AgreementState.IN_FORCE
    again = propose_end(
        actor=parties.buyer, agreement=agreement, kind=EndKind.EARLY, reason="停产", waived_fen=500_000
    )
    ended = answer_end(actor=parties.seller, agreement=agreement, proposal=again, agrees=True)
    assert ended.state == AgreementState.TERMINATED
    assert book_of(ended).balance(Account.DUE) == 3_500_000
    made.refresh_from_db()
    assert made.state == "ended"
    pay(parties, ended, 3_500_000)
    assert book_of(ended).balance(Account.DUE) == 0


def test_one_proposal_and_one_demand_at_a_time(parties: Parties) -> None:
    agreement = late(parties)
    made = demand(parties, agreement)
    copy = Demand.objects.get(pk=made.pk)
    copy.pk, copy._state.adding = None, True
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)
    proposal = propose_end(actor=parties.buyer, agreement=agreement, kind=EndKind.EARLY, reason="停产")
    second = EndProposal.objects.get(pk=proposal.pk)
    second.pk, second._state.adding = None, True
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save(force_insert=True)


def test_strangers_do_none_of_this(parties: Parties) -> None:
    agreement, stranger = late(parties), make_person_of(make_parties().client)
    calls: list[Any] = [
        lambda actor: demand_payment(actor=actor, agreement=agreement, cure_by=TIME, reason="x"),
        lambda actor: buy_out(actor=actor, agreement=agreement, price_fen=1),
        lambda actor: propose_end(actor=actor, agreement=agreement, kind=EndKind.EARLY, reason="x"),
    ]
    for call in calls:
        with pytest.raises(NotAllowed):
            call(stranger)
