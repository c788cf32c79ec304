"""The book of one agreement: claims and confirmed movements of money, double entry in whole fen (复式账).

Told with its table of postings and a worked example in docs/explanation/algorithms/money.md. A book is a value: `post`
gives a new one. The platform holds no money; a movement is what a bank or both parties have confirmed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType


class Account(StrEnum):
    PAYER = "payer"
    HELD = "held"
    RETAINED = "retained"
    PAYEE = "payee"
    DUE = "due"
    SETTLED = "settled"
    CLAIMED = "claimed"


MONEY = (Account.PAYER, Account.HELD, Account.RETAINED, Account.PAYEE)
CLAIMS = (Account.DUE, Account.SETTLED, Account.CLAIMED)
NEVER_NEGATIVE = (Account.HELD, Account.RETAINED, Account.PAYEE, Account.DUE, Account.SETTLED)


class Kind(StrEnum):
    CLAIM = "claim"
    HOLD = "hold"
    RELEASE = "release"
    RETAIN = "retain"
    RELEASE_RETAINED = "release_retained"
    REFUND = "refund"
    REFUND_RETAINED = "refund_retained"
    PAY = "pay"
    PAY_BACK = "pay_back"
    WAIVE = "waive"


# Debited and credited accounts in pairs.
POSTINGS: Mapping[Kind, tuple[tuple[Account, Account], ...]] = MappingProxyType(
    {
        Kind.CLAIM: ((Account.DUE, Account.CLAIMED),),
        Kind.HOLD: ((Account.HELD, Account.PAYER),),
        Kind.RELEASE: ((Account.PAYEE, Account.HELD), (Account.SETTLED, Account.DUE)),
        Kind.RETAIN: ((Account.RETAINED, Account.HELD),),
        Kind.RELEASE_RETAINED: ((Account.PAYEE, Account.RETAINED), (Account.SETTLED, Account.DUE)),
        Kind.REFUND: ((Account.PAYER, Account.HELD),),
        Kind.REFUND_RETAINED: ((Account.PAYER, Account.RETAINED), (Account.CLAIMED, Account.DUE)),
        Kind.PAY: ((Account.PAYEE, Account.PAYER), (Account.SETTLED, Account.DUE)),
        Kind.PAY_BACK: ((Account.PAYER, Account.PAYEE), (Account.CLAIMED, Account.SETTLED)),
        Kind.WAIVE: ((Account.CLAIMED, Account.DUE),),
    }
)


class Refusal(StrEnum):
    """Why a movement is refused; the amounts stand beside it."""

    AMOUNT = "amount"
    PRICE = "price"
    HELD = "held"
    RETAINED = "retained"
    PAYEE = "payee"
    DUE = "due"
    SETTLED = "settled"
    KEY = "key"


class BookError(ValueError):
    """A movement is refused: `reason` says why, `asked` and `left` are fen."""

    def __init__(self, reason: Refusal, *, asked: int = 0, left: int = 0) -> None:
        super().__init__(f"{reason}: asked for {asked}, {left} left")
        self.reason, self.asked, self.left = reason, asked, left


@dataclass(frozen=True, slots=True)
class Movement:
    """Something claimed or confirmed. `key` makes it happen once; `reference` is what the bank's remark carries."""

    key: str
    kind: Kind
    amount: int
    day: date
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Book:
    """What happened under one agreement. `price`: fen that all claims together may not pass; None where it is open."""

    price: int | None
    movements: tuple[Movement, ...] = ()
    _balances: Mapping[Account, int] = field(
        default_factory=lambda: MappingProxyType(dict.fromkeys(Account, 0))
    )

    @classmethod
    def of(cls, price: int | None, movements: Iterable[Movement]) -> Book:
        """The book after all of the movements. Raises BookError at the first that is refused."""
        book = cls(price)
        for movement in movements:
            book = book.post(movement)
        return book

    def balance(self, account: Account) -> int:
        """Fen, debits positive."""
        return self._balances[account]

    def post(self, movement: Movement) -> Book:
        """The book with one more movement; the same book where it holds the movement already. Raises BookError."""
        for earlier in self.movements:
            if earlier.key == movement.key:
                if earlier != movement:
                    raise BookError(Refusal.KEY, asked=movement.amount, left=earlier.amount)
                return self
        if type(movement.amount) is not int or movement.amount <= 0:
            raise BookError(Refusal.AMOUNT)
        balances = dict(self._balances)
        for debited, credited in POSTINGS[movement.kind]:
            balances[debited] += movement.amount
            balances[credited] -= movement.amount
        self._check(movement, balances)
        return replace(self, movements=(*self.movements, movement), _balances=MappingProxyType(balances))

    def most(self, kind: Kind) -> int | None:
        """The largest amount that a movement of this kind could have now, in fen; None where nothing limits it."""
        limits = [
            self.balance(credited) for _debited, credited in POSTINGS[kind] if credited in NEVER_NEGATIVE
        ]
        if kind is Kind.CLAIM and self.price is not None:
            limits.append(self.price + self.balance(Account.CLAIMED))
        return min(limits, default=None)

    def _check(self, movement: Movement, balances: Mapping[Account, int]) -> None:
        for account in NEVER_NEGATIVE:
            if balances[account] < 0:
                raise BookError(Refusal(account.value), asked=movement.amount, left=self.balance(account))
        if self.price is not None and -balances[Account.CLAIMED] > self.price:
            raise BookError(
                Refusal.PRICE, asked=movement.amount, left=self.price + self.balance(Account.CLAIMED)
            )
