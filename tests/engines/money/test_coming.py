"""What comes under payment after use: the worked example, and properties of what is left to pay and to report."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from ronglian.engines.money import (
    Facts,
    Instalment,
    Report,
    State,
    Terms,
    Trigger,
    reports_due,
    standing,
    still_to_pay,
)

START = date(2026, 1, 1)
TERMS = Terms(
    start=START,
    trial_days=0,
    trigger=Trigger.DATE,
    trigger_day=START,
    instalments=(Instalment(2, 300), Instalment(5, 300)),
    royalty=Fraction(3, 100),
    report_months=3,
)
DAYS = st.integers(0, 900).map(lambda days: START + timedelta(days=days))


def test_the_worked_example() -> None:
    today, facts = date(2026, 3, 15), Facts(paid=((date(2026, 3, 10), 400),))
    found = standing(TERMS, facts, today)
    assert still_to_pay(found, facts, today, date(2026, 12, 31)) == ((date(2026, 6, 1), 200),)
    assert still_to_pay(found, facts, today, date(2026, 5, 31)) == ()
    assert reports_due(TERMS, facts, today, date(2026, 4, 30)) == ((date(2026, 3, 31), date(2026, 4, 30)),)
    handed_in = Facts(reports=(Report(date(2026, 1, 1), date(2026, 3, 31), 0, date(2026, 4, 2)),))
    assert reports_due(TERMS, handed_in, date(2026, 4, 2), date(2026, 4, 30)) == ()


def test_nothing_is_asked_for_before_payment_runs_or_after_it_ended() -> None:
    later = Terms(start=START, trial_days=90, trigger=Trigger.FIRST_INCOME, royalty=Fraction(1, 100))
    assert reports_due(later, Facts(), START, date(2030, 1, 1)) == ()
    ended = Facts(ended=date(2026, 2, 1))
    assert reports_due(TERMS, ended, date(2026, 2, 2), date(2030, 1, 1)) == ()


@given(DAYS, st.lists(st.tuples(DAYS, st.integers(0, 400)), max_size=5), st.integers(0, 500))
def test_what_is_left_and_what_is_overdue_never_count_the_same_yuan_twice(
    today: date, paid: list[tuple[date, int]], ahead: int
) -> None:
    facts = Facts(paid=tuple(paid))
    found, until = standing(TERMS, facts, today), today + timedelta(days=ahead)
    coming = still_to_pay(found, facts, today, until)
    assert all(today <= day <= until and fen > 0 for day, fen in coming)
    in_all = sum(due.amount for due in found.dues)
    assert sum(fen for _day, fen in coming) + found.overdue <= max(0, in_all - found.paid)


@given(DAYS, st.integers(0, 400))
def test_a_report_is_asked_for_once_and_only_in_its_days(today: date, ahead: int) -> None:
    until = today + timedelta(days=ahead)
    found = reports_due(TERMS, Facts(), today, until)
    assert len(set(found)) == len(found)
    assert all(today <= day <= until and day - last == timedelta(days=30) for last, day in found)
    missing = standing(TERMS, Facts(), today)
    assert missing.state in (State.PAYING, State.OVERDUE)
    assert not set(missing.reports_missing) & {last for last, _day in found}
