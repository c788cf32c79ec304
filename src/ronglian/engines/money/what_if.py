"""What payment after use would bring under an assumption, year by year, before anybody signs (试算).

Prose. Let the first income come on a day, and let the base of the royalty be so much in the first year of paying and grow by
so much each year. Each reporting period gets its days' part of its year's base, is reported on the last day that is allowed,
and everything is paid on the day it falls due; then the standing engine says what falls due, cut by the limit of all payments.
So the table is what the contract itself would do, not a second formula. A year is a year of paying, from the day payment
starts; the price of a buy-out is that of the year's last day.

Worked (royalty 3 %, periods of 6 months, at least 20,000 a year, at most 100,000, buy-out 90,000 less half the royalties; first
income on 2027-07-01, base 1,000,000 in the first year, growing by a half), amounts in yuan:

    year   base           falls due    in all        buy-out on the last day
    1      1,000,000.00   15,081.97    15,081.97     82,459.01    half a year is reported and due within it
    2      1,500,000.00   37,602.96    52,684.93     63,657.53
    3      2,250,000.00   47,315.07    100,000.00    40,000.00    cut by the limit of all payments
    4      3,375,000.00        0.00    100,000.00    40,000.00
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from ronglian.engines.money.allocation import allocate
from ronglian.engines.money.pay_after_use import (
    Basis,
    Due,
    Facts,
    Report,
    Terms,
    Trigger,
    add_months,
    standing,
)

MOST_YEARS = 20


@dataclass(frozen=True, slots=True)
class Assumption:
    """`base`: of the royalty in the first year of paying, in fen; `growth`: each year over the one before, from -1 up.

    `started`: the day of the first income or of the output; a contract that pays from an agreed day takes no notice of it.
    """

    started: date
    base: int
    growth: Fraction = Fraction(0)
    years: int = 5

    def __post_init__(self) -> None:
        if self.base < 0 or self.growth < -1 or not 1 <= self.years <= MOST_YEARS:
            raise ValueError("an assumption has a base and growth that can be, and 1 to 20 years")


@dataclass(frozen=True, slots=True)
class Year:
    """One year of paying: amounts in fen. `total` is everything that fell due since payment started."""

    number: int
    first: date
    last: date
    base: int
    by_basis: dict[Basis, int]
    due: int
    total: int
    buy_out: int | None


def what_if(terms: Terms, assumed: Assumption) -> tuple[Year, ...]:
    """The years of paying; none where payment would not start in time, so that the licence lapses."""
    begins = _payment_start(terms, assumed)
    if begins is None:
        return ()
    after = add_months(begins, 12 * assumed.years)
    bases = [_base_of(assumed, number) for number in range(assumed.years)]
    facts = Facts(
        first_income=assumed.started,
        output_reached=assumed.started,
        reports=_reports(terms, begins, bases),
    )
    # Whatever is computed of the years is known once the last report and the last shortfall have fallen due.
    horizon = after + timedelta(days=terms.report_within_days + terms.pay_within_days + 366)
    dues = standing(terms, facts, horizon).dues
    paid = replace(facts, paid=tuple((due.day, due.amount) for due in dues))
    years, total = [], 0
    for number in range(1, assumed.years + 1):
        first, last = (
            add_months(begins, 12 * (number - 1)),
            add_months(begins, 12 * number) - timedelta(days=1),
        )
        own = [due for due in dues if first <= due.day <= last]
        total += sum(due.amount for due in own)
        price = standing(terms, paid, last).buy_out_price
        years.append(
            Year(
                number,
                first,
                last,
                bases[number - 1],
                _by_basis(own),
                sum(due.amount for due in own),
                total,
                price,
            )
        )
    return tuple(years)


def _payment_start(terms: Terms, assumed: Assumption) -> date | None:
    facts = Facts(first_income=assumed.started, output_reached=assumed.started)
    trigger = terms.trigger_day if terms.trigger is Trigger.DATE else assumed.started
    assert trigger is not None
    return standing(terms, facts, max(trigger, terms.trial_end) + timedelta(days=2)).payment_starts


def _base_of(assumed: Assumption, years_before: int) -> int:
    """To the fen, half up."""
    exact = assumed.base * (1 + assumed.growth) ** years_before
    return int(2 * exact + 1) // 2


def _reports(terms: Terms, begins: date, bases: list[int]) -> tuple[Report, ...]:
    """The periods end with a calendar month that their length divides; each year's base is divided by the days exactly."""
    if not terms.royalty:
        return ()
    found = []
    for number, base in enumerate(bases):
        periods = _periods(terms, add_months(begins, 12 * number), add_months(begins, 12 * (number + 1)))
        parts = allocate(base, [(last - first).days + 1 for first, last in periods])
        for (first, last), part in zip(periods, parts, strict=True):
            found.append(Report(first, last, part, last + timedelta(days=terms.report_within_days)))
    return tuple(found)


def _periods(terms: Terms, first: date, after: date) -> list[tuple[date, date]]:
    periods = []
    while first < after:
        months_left = -first.month % terms.report_months
        last = add_months(first.replace(day=1), months_left + 1) - timedelta(days=1)
        last = min(last, after - timedelta(days=1))
        periods.append((first, last))
        first = last + timedelta(days=1)
    return periods


def _by_basis(dues: list[Due]) -> dict[Basis, int]:
    found: dict[Basis, int] = {}
    for due in dues:
        found[due.basis] = found.get(due.basis, 0) + due.amount
    return found
