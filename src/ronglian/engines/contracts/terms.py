"""What two parties agree on, as plain values: the fields of a technology contract (民法典 845) and its money in fen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """Kinds of technology contracts (民法典 843–887)."""

    COMMISSIONED_DEVELOPMENT = "commissioned_development"
    JOINT_DEVELOPMENT = "joint_development"
    CONVERSION = "conversion"
    TRANSFER = "transfer"
    LICENCE = "licence"
    CONSULTING = "consulting"
    SERVICE = "service"
    TRAINING = "training"
    INTERMEDIATION = "intermediation"


DEVELOPMENT = (Kind.COMMISSIONED_DEVELOPMENT, Kind.JOINT_DEVELOPMENT, Kind.CONVERSION)
OF_RIGHTS = (Kind.TRANSFER, Kind.LICENCE)
OF_WORK = (Kind.CONSULTING, Kind.SERVICE, Kind.TRAINING, Kind.INTERMEDIATION)


class LicenceKind(StrEnum):
    EXCLUSIVE = "exclusive"
    SOLE = "sole"
    ORDINARY = "ordinary"
    OPEN = "open"


class RightKind(StrEnum):
    PATENT = "patent"
    PATENT_APPLICATION = "patent_application"
    KNOW_HOW = "know_how"
    SOFTWARE = "software"
    LAYOUT_DESIGN = "layout_design"
    PLANT_VARIETY = "plant_variety"


class Restraint(StrEnum):
    """What a contract may not lay on a party, because it monopolises technology (民法典 850; 法释 第10条)."""

    GRANT_BACK = "grant_back"
    NO_COMPETING_TECHNOLOGY = "no_competing_technology"
    LIMITED_EXPLOITATION = "limited_exploitation"
    TYING = "tying"
    LIMITED_SOURCES = "limited_sources"
    NO_CHALLENGE = "no_challenge"


class DueOn(StrEnum):
    """What makes a payment due."""

    SIGNING = "signing"
    DAY = "day"
    ACCEPTANCE = "acceptance"
    PAYMENT_START = "payment_start"


class PaymentMode(StrEnum):
    """How the price is computed and paid (民法典 846)."""

    LUMP_SUM = "lump_sum"
    INSTALMENTS = "instalments"
    ROYALTY = "royalty"
    ROYALTY_WITH_FEE = "royalty_with_fee"


class RoyaltyBase(StrEnum):
    """What a royalty is a part of (民法典 846)."""

    SALES = "sales"
    PROFIT = "profit"
    OUTPUT_VALUE = "output_value"
    PRODUCT_PRICE = "product_price"


class PaymentStart(StrEnum):
    """What starts payment after use."""

    DAY = "day"
    FIRST_INCOME = "first_income"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True)
class Right:
    """A right that is transferred or licensed; a patent with the particulars that 民法典 845 asks for."""

    kind: RightKind
    name: str
    number: str = ""
    holder: str = ""
    filed_on: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Licence:
    """The extent of a licence. Without a kind the law makes it ordinary."""

    kind: LicenceKind | None = None
    area: str = ""
    purpose: str = ""
    may_sublicense: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A part of the price. `carrier`: not technology itself, but what it is handed over with, in reasonable quantity."""

    name: str
    amount_fen: int
    technical: bool = True
    carrier: bool = False


@dataclass(frozen=True, slots=True)
class Payment:
    """A part of the price that becomes due; `retained_fen` of it stays until the warranty ends.

    `months`: how long after payment after use has started.
    """

    title: str
    amount_fen: int
    due: DueOn
    day: date | None = None
    months: int = 0
    retained_fen: int = 0


@dataclass(frozen=True, slots=True)
class Royalty:
    """A share of a reported base, in hundredths of a per cent."""

    rate: int
    base: RoyaltyBase
    report_months: int = 6
    report_within_days: int = 30
    pay_within_days: int = 30
    may_inspect_books: bool = False


@dataclass(frozen=True, slots=True)
class AfterUse:
    """Pay-after-use: the trial, what starts payment, and how it ends. Amounts in fen, rates in hundredths of a per cent."""

    trial_days: int
    start: PaymentStart
    day: date | None = None
    output: str = ""
    start_by: date | None = None
    least_per_year_fen: int = 0
    most_fen: int | None = None
    grace_days: int = 30
    buy_out_fen: int | None = None
    royalty_credit: int = 0
    guarantee: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """One version of what is agreed. Empty texts are silence: the law then says what holds."""

    subject: str = ""
    plan: str = ""
    confidentiality: str = ""
    ownership: str = ""
    improvements: str = ""
    background: str = ""
    acceptance: str = ""
    definitions: str = ""
    risk: str = ""
    ending: str = ""
    disputes: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    licence: Licence | None = None
    rights: tuple[Right, ...] = ()
    restraints: tuple[Restraint, ...] = ()
    items: tuple[Item, ...] = ()
    payments: tuple[Payment, ...] = ()
    royalty: Royalty | None = None
    after_use: AfterUse | None = None

    @property
    def price_fen(self) -> int:
        """The fixed part of the price: what the items add up to."""
        return sum(item.amount_fen for item in self.items)

    @property
    def is_open(self) -> bool:
        """Whether more than the fixed part may become due."""
        return self.royalty is not None

    @property
    def payment_mode(self) -> PaymentMode:
        if self.royalty is not None:
            return PaymentMode.ROYALTY_WITH_FEE if self.payments else PaymentMode.ROYALTY
        return PaymentMode.INSTALMENTS if len(self.payments) > 1 else PaymentMode.LUMP_SUM
