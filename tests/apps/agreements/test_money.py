"""What becomes due and what is paid under a signed agreement."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from ronglian.apps.agreements.enums import MovementKind, MovementState
from ronglian.apps.agreements.models import Agreement, MoneyMovement
from ronglian.apps.agreements.operations.money import (
    accept_work,
    confirm_movement,
    dispute_movement,
    refuse_work,
    report_royalty,
    tell_movement,
    tell_use,
)
from ronglian.apps.agreements.queries.money import access_payment, book_of, standing_of
from ronglian.apps.agreements.tasks import claim_due_payments
from ronglian.engines.money import Account, State
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import Conflict, InvalidInput, NotAllowed, RuleViolation
from ronglian.kernel.log.coverage import logged_models, uncovered_rows
from tests.factories.agreements import AFTER_USE_TERMS, LICENCE_TERMS, Parties, make_parties, make_signed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("english")]


@pytest.fixture
def parties() -> Parties:
    return make_parties()


def told(actor: Actor, agreement: Agreement, kind: MovementKind, amount: int, key: str = "") -> MoneyMovement:
    return tell_movement(
        actor=actor, agreement=agreement, kind=kind, amount_fen=amount, day=timezone.localdate(), key=key
    )


def test_from_the_first_payment_to_the_retention(parties: Parties) -> None:
    agreement = make_signed(parties)
    with pytest.raises(RuleViolation, match="not so much due"):
        told(parties.buyer, agreement, MovementKind.PAY, 4_000_001)
    first = told(parties.buyer, agreement, MovementKind.PAY, 4_000_000)
    assert book_of(agreement).balance(Account.PAYEE) == 0
    with pytest.raises(NotAllowed, match="did not tell it"):
        confirm_movement(actor=parties.buyer, agreement=agreement, movement=first)
    confirm_movement(actor=parties.seller, agreement=agreement, movement=first)
    assert book_of(agreement).balance(Account.PAYEE) == 4_000_000

    second = access_payment(agreement, 2)
    refuse_work(actor=parties.buyer, agreement=agreement, payment=second, reason="第三小时超标")
    accept_work(
        actor=parties.buyer,
        agreement=agreement,
        payment=access_payment(agreement, 2),
        evidence="检测报告 27 号",
    )
    with pytest.raises(RuleViolation, match="does not wait"):
        accept_work(
            actor=parties.buyer, agreement=agreement, payment=access_payment(agreement, 2), evidence="again"
        )
    for kind, amount in (
        (MovementKind.HOLD, 6_000_000),
        (MovementKind.RETAIN, 500_000),
        (MovementKind.RELEASE, 5_500_000),
        (MovementKind.RELEASE_RETAINED, 500_000),
    ):
        movement = told(parties.buyer, agreement, kind, amount)
        confirm_movement(actor=parties.seller, agreement=agreement, movement=movement)
    book = book_of(agreement)
    assert (book.balance(Account.PAYEE), book.balance(Account.DUE), book.balance(Account.HELD)) == (
        10_000_000,
        0,
        0,
    )
    for model in logged_models():
        assert not list(uncovered_rows(model)), model


def test_only_party_a_accepts(parties: Parties) -> None:
    agreement = make_signed(parties)
    with pytest.raises(NotAllowed, match="party A"):
        accept_work(
            actor=parties.seller,
            agreement=agreement,
            payment=access_payment(agreement, 2),
            evidence="我方自认",
        )


def test_a_movement_happens_once_and_may_be_disputed(parties: Parties) -> None:
    agreement = make_signed(parties)
    first = told(parties.buyer, agreement, MovementKind.HOLD, 100, "bank-1")
    assert told(parties.buyer, agreement, MovementKind.HOLD, 100, "bank-1") == first
    with pytest.raises(Conflict):
        told(parties.buyer, agreement, MovementKind.HOLD, 101, "bank-1")
    dispute_movement(actor=parties.seller, agreement=agreement, movement=first, reason="银行没有这笔")
    first.refresh_from_db()
    assert first.state == MovementState.DISPUTED
    assert book_of(agreement).balance(Account.HELD) == 0
    with pytest.raises(InvalidInput):
        told(parties.buyer, agreement, MovementKind.CLAIM, 1)


def test_what_was_told_twice_is_not_confirmed_twice_over_what_is_due(parties: Parties) -> None:
    agreement = make_signed(parties)
    one = told(parties.buyer, agreement, MovementKind.PAY, 4_000_000, "a")
    two = told(parties.buyer, agreement, MovementKind.PAY, 4_000_000, "b")
    confirm_movement(actor=parties.seller, agreement=agreement, movement=one)
    with pytest.raises(RuleViolation, match="not so much due"):
        confirm_movement(actor=parties.seller, agreement=agreement, movement=two)


def test_payments_on_a_day_are_claimed_when_it_comes(parties: Parties) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    payments = [
        {"title": "甲", "amount_fen": 4_000_000, "due": "day", "day": yesterday.isoformat()},
        {
            "title": "乙",
            "amount_fen": 6_000_000,
            "due": "day",
            "day": (yesterday + timedelta(days=30)).isoformat(),
        },
    ]
    agreement = make_signed(parties, terms={**LICENCE_TERMS, "payments": payments})
    assert book_of(agreement).balance(Account.DUE) == 0
    assert claim_due_payments.func() == 1
    assert claim_due_payments.func() == 0
    assert book_of(agreement).balance(Account.DUE) == 4_000_000


def test_payment_after_use_starts_with_an_output_that_was_reached(parties: Parties) -> None:
    plan = {**AFTER_USE_TERMS["after_use"], "start": "output", "output": "日处理 500 吨连续三十天"}
    agreement = make_signed(parties, terms={**AFTER_USE_TERMS, "after_use": plan})
    today = timezone.localdate()
    waiting = standing_of(agreement, today)
    assert waiting is not None
    assert waiting.state == State.WAITING
    reached = today - timedelta(days=200)
    tell_use(actor=parties.buyer, agreement=agreement, happened_on=reached, evidence="运行记录")
    assert book_of(agreement).balance(Account.DUE) == 3_000_000


def test_payment_after_use_from_the_trial_to_the_royalty(parties: Parties) -> None:
    agreement = make_signed(parties, terms=AFTER_USE_TERMS)
    today = timezone.localdate()
    standing = standing_of(agreement, today)
    assert standing is not None
    assert standing.state == State.WAITING
    started = today - timedelta(days=200)
    tell_use(actor=parties.buyer, agreement=agreement, happened_on=started, evidence="首张发票")
    assert book_of(agreement).balance(Account.DUE) == 3_000_000
    with pytest.raises(RuleViolation, match="on record"):
        tell_use(actor=parties.seller, agreement=agreement, happened_on=started, evidence="再报")
    report_royalty(
        actor=parties.buyer,
        agreement=agreement,
        first_day=started,
        last_day=today - timedelta(days=60),
        base_fen=50_000_000,
    )
    with pytest.raises(InvalidInput):
        report_royalty(
            actor=parties.buyer,
            agreement=agreement,
            first_day=started,
            last_day=today - timedelta(days=61),
            base_fen=1,
        )
    with pytest.raises(NotAllowed):
        report_royalty(actor=parties.seller, agreement=agreement, first_day=today, last_day=today, base_fen=1)
    standing = standing_of(agreement, today + timedelta(days=31))
    assert standing is not None
    assert [(due.basis.value, due.amount) for due in standing.dues] == [
        ("instalment", 3_000_000),
        ("royalty", 1_500_000),
    ]
    assert (standing.state, standing.overdue) == (State.OVERDUE, 3_000_000)


def test_nothing_is_told_before_it_is_signed_or_without_being_agreed(parties: Parties) -> None:
    agreement = make_signed(parties)
    with pytest.raises(RuleViolation, match="not agreed"):
        tell_use(actor=parties.buyer, agreement=agreement, happened_on=date(2026, 1, 1), evidence="x")
    with pytest.raises(RuleViolation, match="not agreed"):
        report_royalty(
            actor=parties.buyer,
            agreement=agreement,
            first_day=date(2026, 1, 1),
            last_day=date(2026, 6, 30),
            base_fen=1,
        )
