"""A licence that is paid for after use (先用后付): what is due when and why, from the terms and what happened.

Told with a worked example in docs/explanation/algorithms/money.md. Dates are calendar days; months are calendar months
(a day that a month lacks becomes its last). Amounts are whole fen.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from ronglian.engines.money.allocation import share_of


class Trigger(StrEnum):
    """What starts payment (付款触发条件)."""

    DATE = "date"
    FIRST_INCOME = "first_income"
    OUTPUT = "output"


class State(StrEnum):
    TRIAL = "trial"
    WAITING = "waiting"
    LAPSED = "lapsed"
    PAYING = "paying"
    OVERDUE = "overdue"
    PAID_UP = "paid_up"
    BOUGHT_OUT = "bought_out"
    DEFAULTED = "defaulted"


class Basis(StrEnum):
    """Why something is due."""

    INSTALMENT = "instalment"
    ROYALTY = "royalty"
    SHORTFALL = "shortfall"
    BUY_OUT = "buy_out"


class TermsError(ValueError):
    """The terms contradict themselves: `code` says how."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Instalment:
    """So many months after payment has started, so many fen."""

    months: int
    amount: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed. `most`: fen that are ever paid, None for no limit; `least_per_year`: fen that each full year of
    paying must bring in royalties; `start_by`: when payment has not started by then, the licence lapses;
    `report_months`: a report covers so many months and ends with a calendar month that they divide (3: March, June …);
    `buy_out`: fen for which the rest is bought, less `royalty_credit` of the royalties paid.
    """

    start: date
    trial_days: int
    trigger: Trigger
    trigger_day: date | None = None
    start_by: date | None = None
    instalments: tuple[Instalment, ...] = ()
    royalty: Fraction = Fraction(0)
    report_months: int = 6
    report_within_days: int = 30
    pay_within_days: int = 30
    least_per_year: int = 0
    most: int | None = None
    grace_days: int = 30
    buy_out: int | None = None
    royalty_credit: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        if self.trigger is Trigger.DATE and self.trigger_day is None:
            raise TermsError("trigger_day_missing")
        days = (self.trial_days, self.report_within_days, self.pay_within_days, self.grace_days)
        if min(days) < 0 or min((0, *(part.amount for part in self.instalments))) < 0:
            raise TermsError("negative")
        if not 0 <= self.royalty <= 1 or not 0 <= self.royalty_credit <= 1:
            raise TermsError("rate")
        if self.report_months not in (1, 2, 3, 4, 6, 12):
            raise TermsError("report_months")
        if self.start_by is not None and self.start_by <= self.trial_end:
            raise TermsError("start_by_within_trial")
        if not self.instalments and not self.royalty:
            raise TermsError("nothing_is_ever_paid")
        if self.most is not None and sum(part.amount for part in self.instalments) > self.most:
            raise TermsError("instalments_above_most")

    @property
    def trial_end(self) -> date:
        """The last day of the trial."""
        return self.start + timedelta(days=self.trial_days - 1) if self.trial_days else self.start


@dataclass(frozen=True, slots=True)
class Report:
    """A royalty report: the base of the days `first` to `last` (both counted), handed in on `reported`."""

    first: date
    last: date
    base: int
    reported: date


@dataclass(frozen=True, slots=True)
class Facts:
    """What happened so far. `paid`: (day, fen) of each payment, below zero where it was paid back; `waived`: (day, fen) that
    the payee gave up; `ended`: the day on which the payee ended it for default."""

    first_income: date | None = None
    output_reached: date | None = None
    reports: tuple[Report, ...] = ()
    paid: tuple[tuple[date, int], ...] = ()
    waived: tuple[tuple[date, int], ...] = ()
    bought_out: date | None = None
    ended: date | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """Something to be paid: `number` counts within its basis; `computed` is what it was before the limit of all payments."""

    day: date
    amount: int
    basis: Basis
    number: int
    computed: int
    base: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the licence stands on a day. `dues`: all that is known, by day; `overdue`: fen due and unpaid beyond the grace;
    `reports_missing`: the last days of the periods that should have been reported on.
    """

    state: State
    payment_starts: date | None
    dues: tuple[Due, ...]
    paid: int
    overdue: int
    next_due: Due | None
    buy_out_price: int | None = None
    reports_missing: tuple[date, ...] = ()


def standing(terms: Terms, facts: Facts, today: date) -> Standing:
    """Where the licence stands at the end of the day `today`."""
    begins = payment_start(terms, facts, today)
    dues = _limited(terms, _dues(terms, facts, begins, today)) if begins else ()
    dues = _with_buy_out(terms, facts, dues, today)
    paid = sum(amount for day, amount in facts.paid if day <= today)
    fallen_due = sum(due.amount for due in dues if due.day < today - timedelta(days=terms.grace_days))
    waived = sum(amount for day, amount in facts.waived if day <= today)
    overdue = max(0, fallen_due - paid - waived)
    state = _state(terms, facts, begins, dues, paid + waived, overdue, today)
    running = state in (State.PAYING, State.OVERDUE)
    return Standing(
        state=state,
        payment_starts=begins,
        dues=dues,
        paid=paid,
        overdue=overdue,
        next_due=next((due for due in dues if due.day >= today), None) if running else None,
        buy_out_price=None if facts.bought_out or facts.ended else buy_out_price(terms, facts, dues, today),
        reports_missing=_reports_missing(terms, facts, begins, today) if begins and running else (),
    )


def payment_start(terms: Terms, facts: Facts, today: date) -> date | None:
    """The day from which instalments and royalties count: the trigger's, but not before the trial has ended."""
    trigger_day = {
        Trigger.DATE: terms.trigger_day,
        Trigger.FIRST_INCOME: facts.first_income,
        Trigger.OUTPUT: facts.output_reached,
    }[terms.trigger]
    if trigger_day is None or trigger_day > today:
        return None
    after_trial = terms.trial_end + timedelta(days=1) if terms.trial_days else terms.start
    begins = max(trigger_day, after_trial)
    late = terms.start_by is not None and begins > terms.start_by
    return None if late or begins > today else begins


def buy_out_price(terms: Terms, facts: Facts, dues: Sequence[Due], today: date) -> int | None:
    """What the rest costs today, in fen: the agreed price less the credited part of royalties paid.

    Never below zero, and never more than what is left of the most that is ever paid.
    """
    if terms.buy_out is None:
        return None
    paid = sum(amount for day, amount in facts.paid if day <= today)
    instalments = sum(due.amount for due in dues if due.basis is Basis.INSTALMENT and due.day <= today)
    royalties = max(0, paid - instalments)
    price = max(0, terms.buy_out - share_of(royalties, terms.royalty_credit))
    if terms.most is None:
        return price
    return min(price, max(0, terms.most - sum(due.amount for due in dues if due.day <= today)))


def add_months(day: date, months: int) -> date:
    """The same day so many months later; the last day of a month that lacks it."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _dues(terms: Terms, facts: Facts, begins: date, today: date) -> list[Due]:
    dues = [
        Due(add_months(begins, part.months), part.amount, Basis.INSTALMENT, number, part.amount)
        for number, part in enumerate(terms.instalments, 1)
    ]
    reports = sorted(
        (report for report in facts.reports if report.reported <= today), key=lambda one: one.first
    )
    for number, report in enumerate(reports, 1):
        royalty = share_of(report.base, terms.royalty)
        if royalty and report.last >= begins:
            day = report.reported + timedelta(days=terms.pay_within_days)
            dues.append(Due(day, royalty, Basis.ROYALTY, number, royalty, report.base))
    if terms.least_per_year:
        dues += _shortfalls(terms, reports, begins, today)
    return sorted(dues, key=lambda due: (due.day, due.basis, due.number))


def _shortfalls(terms: Terms, reports: Sequence[Report], begins: date, today: date) -> list[Due]:
    """For each full year of paying that has been reported on, or should have been: what lacks of the least."""
    found = []
    for number in range(1, today.year - begins.year + 2):
        first, after = add_months(begins, 12 * (number - 1)), add_months(begins, 12 * number)
        if after + timedelta(days=terms.report_within_days) > today:
            break
        bases = [report.base for report in reports if first <= report.last < after]
        lacking = terms.least_per_year - sum(share_of(base, terms.royalty) for base in bases)
        if lacking > 0:
            day = after + timedelta(days=terms.report_within_days + terms.pay_within_days)
            found.append(Due(day, lacking, Basis.SHORTFALL, number, lacking))
    return found


def _reports_missing(terms: Terms, facts: Facts, begins: date, today: date) -> tuple[date, ...]:
    """The last days of the periods since payment began that no report covers although its time is over."""
    if not terms.royalty:
        return ()
    missing = []
    for last in period_ends(terms, begins):
        if last + timedelta(days=terms.report_within_days) >= today:
            break
        if not any(report.first <= last <= report.last for report in facts.reports):
            missing.append(last)
    return tuple(missing)


def period_ends(terms: Terms, begins: date) -> Iterator[date]:
    """The last days of the reporting periods since payment began, without end."""
    months_left = -begins.month % terms.report_months
    last = add_months(begins.replace(day=1), months_left + 1) - timedelta(days=1)
    while True:
        yield last
        last = add_months(last + timedelta(days=1), terms.report_months) - timedelta(days=1)


def _limited(terms: Terms, dues: Sequence[Due]) -> tuple[Due, ...]:
    """The same dues, the later ones cut so that all together stay within the most that is ever paid."""
    if terms.most is None:
        return tuple(dues)
    left, kept = terms.most, []
    for due in dues:
        amount = min(due.amount, left)
        left -= amount
        kept.append(replace(due, amount=amount))
    return tuple(kept)


def _with_buy_out(terms: Terms, facts: Facts, dues: tuple[Due, ...], today: date) -> tuple[Due, ...]:
    """Bought out: what was due until then, and the price; nothing later."""
    if facts.bought_out is None or facts.bought_out > today:
        return dues
    until = tuple(due for due in dues if due.day <= facts.bought_out)
    price = buy_out_price(terms, facts, until, facts.bought_out) or 0
    return (*until, Due(facts.bought_out, price, Basis.BUY_OUT, 1, terms.buy_out or 0))


def _state(
    terms: Terms, facts: Facts, begins: date | None, dues: Sequence[Due], paid: int, overdue: int, today: date
) -> State:
    if facts.ended is not None and facts.ended <= today:
        return State.DEFAULTED
    if overdue:
        return State.OVERDUE
    if facts.bought_out is not None and facts.bought_out <= today:
        return State.BOUGHT_OUT
    if begins is None:
        if terms.start_by is not None and today > terms.start_by:
            return State.LAPSED
        return State.TRIAL if today <= terms.trial_end and terms.trial_days else State.WAITING
    if _all_is_paid(terms, dues, paid):
        return State.PAID_UP
    return State.PAYING


def _all_is_paid(terms: Terms, dues: Sequence[Due], paid: int) -> bool:
    if terms.most is not None and paid >= terms.most:
        return True
    instalments_only = not terms.royalty and not terms.least_per_year
    return instalments_only and paid >= sum(due.amount for due in dues)
