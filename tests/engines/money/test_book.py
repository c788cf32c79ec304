"""The book of an agreement: the worked table, and 200 random lives of 40 steps."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ronglian.engines.money import (
    CLAIMS,
    MONEY,
    NEVER_NEGATIVE,
    Account,
    Book,
    BookError,
    Kind,
    Movement,
    Refusal,
)

DAY = date(2026, 11, 25)


def movement(kind: Kind, amount: int, key: str = "") -> Movement:
    return Movement(key or f"{kind}-{amount}", kind, amount, DAY)


def test_the_worked_table() -> None:
    book = Book.of(
        100_000,
        [
            movement(Kind.HOLD, 60_000),
            movement(Kind.CLAIM, 60_000),
            movement(Kind.RETAIN, 5_000),
            movement(Kind.RELEASE, 55_000),
            movement(Kind.RELEASE_RETAINED, 5_000),
        ],
    )
    assert [book.balance(account) for account in Account] == [-60_000, 0, 0, 60_000, 0, 60_000, -60_000]
    with pytest.raises(BookError) as refused:
        book.post(movement(Kind.CLAIM, 40_001))
    assert (refused.value.reason, refused.value.left) == (Refusal.PRICE, 40_000)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (Kind.RELEASE, Refusal.HELD),
        (Kind.RETAIN, Refusal.HELD),
        (Kind.REFUND, Refusal.HELD),
        (Kind.RELEASE_RETAINED, Refusal.RETAINED),
        (Kind.REFUND_RETAINED, Refusal.RETAINED),
        (Kind.PAY, Refusal.DUE),
        (Kind.PAY_BACK, Refusal.PAYEE),
        (Kind.WAIVE, Refusal.DUE),
    ],
)
def test_what_is_not_there_cannot_be_moved(kind: Kind, reason: Refusal) -> None:
    with pytest.raises(BookError) as refused:
        Book(100).post(movement(kind, 1))
    assert refused.value.reason is reason


def test_money_is_not_released_before_it_is_due() -> None:
    with pytest.raises(BookError) as refused:
        Book.of(100, [movement(Kind.HOLD, 50), movement(Kind.RELEASE, 50)])
    assert refused.value.reason is Refusal.DUE


def test_a_key_happens_once() -> None:
    book = Book(100).post(movement(Kind.CLAIM, 40, "m1"))
    assert book.post(movement(Kind.CLAIM, 40, "m1")) is book
    with pytest.raises(BookError) as refused:
        book.post(movement(Kind.CLAIM, 41, "m1"))
    assert refused.value.reason is Refusal.KEY


@given(st.sampled_from([0, -1, 1.5, True, None]))
def test_an_amount_is_whole_fen_above_zero(amount: object) -> None:
    with pytest.raises(BookError) as refused:
        Book(None).post(Movement("k", Kind.CLAIM, amount, DAY))  # type: ignore[arg-type]
    assert refused.value.reason is Refusal.AMOUNT


class LifeOfABook(RuleBasedStateMachine):
    """Any movement at any moment: either it keeps every law of the book, or it is refused and changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.book = Book(10_000)
        self.steps = 0

    @rule(kind=st.sampled_from(Kind), amount=st.integers(1, 6_000))
    def move(self, kind: Kind, amount: int) -> None:
        self.steps += 1
        most = self.book.most(kind)
        try:
            self.book = self.book.post(Movement(str(self.steps), kind, amount, DAY))
        except BookError:
            assert most is not None
            assert amount > most
        else:
            assert most is None or amount <= most

    @precondition(lambda self: self.book.movements)
    @rule(data=st.data())
    def say_it_again(self, data: st.DataObject) -> None:
        assert self.book.post(data.draw(st.sampled_from(self.book.movements))) is self.book

    @invariant()
    def debits_equal_credits(self) -> None:
        assert sum(self.book.balance(account) for account in MONEY) == 0
        assert sum(self.book.balance(account) for account in CLAIMS) == 0

    @invariant()
    def nothing_is_negative_and_nothing_is_paid_above_the_price(self) -> None:
        assert all(self.book.balance(account) >= 0 for account in NEVER_NEGATIVE)
        assert self.book.balance(Account.SETTLED) <= -self.book.balance(Account.CLAIMED) <= 10_000

    @invariant()
    def what_was_held_was_released_or_refunded_or_is_there(self) -> None:
        def total(*kinds: Kind) -> int:
            return sum(one.amount for one in self.book.movements if one.kind in kinds)

        released = total(Kind.RELEASE, Kind.RELEASE_RETAINED)
        refunded = total(Kind.REFUND, Kind.REFUND_RETAINED)
        there = self.book.balance(Account.HELD) + self.book.balance(Account.RETAINED)
        assert total(Kind.HOLD) == released + refunded + there
        received = total(Kind.RELEASE, Kind.RELEASE_RETAINED, Kind.PAY) - total(Kind.PAY_BACK)
        assert self.book.balance(Account.PAYEE) == received == self.book.balance(Account.SETTLED)

    @invariant()
    def the_book_is_what_its_movements_make_it(self) -> None:
        assert Book.of(10_000, self.book.movements) == self.book


TestLifeOfABook = LifeOfABook.TestCase
TestLifeOfABook.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
