"""Payment after use: the worked table, every state, and what always holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronglian.engines.money import (
    Basis,
    Facts,
    Instalment,
    Report,
    State,
    Terms,
    TermsError,
    Trigger,
    add_months,
    standing,
)

TERMS = Terms(
    start=date(2026, 1, 1),
    trial_days=365,
    trigger=Trigger.FIRST_INCOME,
    instalments=(Instalment(3, 30_000),),
    royalty=Fraction(3, 100),
    most=100_000,
    start_by=date(2029, 12, 31),
)
FACTS = Facts(
    first_income=date(2027, 2, 10),
    reports=(
        Report(date(2027, 2, 10), date(2027, 6, 30), 800_000, date(2027, 6, 30)),
        Report(date(2027, 7, 1), date(2027, 12, 31), 2_000_000, date(2027, 12, 31)),
    ),
)


def test_the_worked_table() -> None:
    found = standing(TERMS, FACTS, date(2028, 1, 30))
    assert found.payment_starts == date(2027, 2, 10)
    assert [(due.day, due.amount, due.basis, due.computed) for due in found.dues] == [
        (date(2027, 5, 10), 30_000, Basis.INSTALMENT, 30_000),
        (date(2027, 7, 30), 24_000, Basis.ROYALTY, 24_000),
        (date(2028, 1, 30), 46_000, Basis.ROYALTY, 60_000),
    ]


@pytest.mark.parametrize(
    ("facts", "today", "state"),
    [
        (Facts(), date(2026, 6, 1), State.TRIAL),
        (Facts(), date(2026, 12, 31), State.TRIAL),
        (Facts(), date(2027, 1, 1), State.WAITING),
        (Facts(), date(2030, 1, 1), State.LAPSED),
        (Facts(first_income=date(2030, 1, 1)), date(2030, 2, 1), State.LAPSED),
        (FACTS, date(2027, 2, 9), State.WAITING),
        (FACTS, date(2027, 2, 10), State.PAYING),
        (FACTS, date(2027, 6, 9), State.PAYING),
        (FACTS, date(2027, 6, 10), State.OVERDUE),
        (replace(FACTS, paid=((date(2027, 5, 1), 30_000),)), date(2027, 6, 10), State.PAYING),
        (replace(FACTS, paid=((date(2028, 1, 30), 100_000),)), date(2028, 2, 1), State.PAID_UP),
        (replace(FACTS, ended=date(2027, 7, 1)), date(2027, 7, 1), State.DEFAULTED),
    ],
)
def test_states(facts: Facts, today: date, state: State) -> None:
    assert standing(TERMS, facts, today).state is state


def test_income_during_the_trial_starts_payment_only_after_it() -> None:
    early = replace(FACTS, first_income=date(2026, 3, 1))
    assert standing(TERMS, early, date(2026, 12, 31)).payment_starts is None
    assert standing(TERMS, early, date(2027, 1, 1)).payment_starts == date(2027, 1, 1)


def test_a_default_is_mended_by_paying() -> None:
    late = standing(TERMS, FACTS, date(2027, 6, 20))
    assert (late.state, late.overdue) == (State.OVERDUE, 30_000)
    paid = replace(FACTS, paid=((date(2027, 6, 20), 30_000),))
    assert standing(TERMS, paid, date(2027, 6, 20)).state is State.PAYING


def test_a_year_that_brings_too_little_is_made_up_for() -> None:
    terms = replace(TERMS, least_per_year=40_000, most=None)
    found = standing(terms, FACTS, date(2028, 3, 12))
    shortfalls = [due for due in found.dues if due.basis is Basis.SHORTFALL]
    assert [(due.number, due.amount) for due in shortfalls] == []
    thin = replace(FACTS, reports=FACTS.reports[:1])
    (due,) = [due for due in standing(terms, thin, date(2028, 3, 12)).dues if due.basis is Basis.SHORTFALL]
    assert (due.day, due.amount) == (date(2028, 4, 10), 16_000)


def test_a_buy_out_stays_within_the_most_that_is_ever_paid() -> None:
    """What was due already and the price together are never more than the 100,000 that are ever paid."""
    terms = replace(TERMS, buy_out=80_000, royalty_credit=Fraction(0), most=100_000)
    day = date(2027, 6, 1)
    due = sum(one.amount for one in standing(terms, FACTS, day).dues if one.day <= day)
    assert 20_000 < due < 100_000
    price = standing(terms, FACTS, day).buy_out_price
    assert price == min(80_000, 100_000 - due)
    bought = standing(terms, replace(FACTS, bought_out=day), date(2028, 6, 1))
    assert sum(one.amount for one in bought.dues) <= 100_000


def test_the_rest_can_be_bought_out_less_what_counts_of_the_royalties() -> None:
    terms = replace(TERMS, buy_out=200_000, royalty_credit=Fraction(1, 2), most=None)
    paid = replace(FACTS, paid=((date(2027, 5, 10), 30_000), (date(2027, 7, 30), 24_000)))
    day = date(2027, 9, 1)
    assert standing(terms, paid, day).buy_out_price == 188_000
    bought = standing(terms, replace(paid, bought_out=day), day)
    assert bought.state is State.BOUGHT_OUT
    assert (bought.dues[-1].basis, bought.dues[-1].amount) == (Basis.BUY_OUT, 188_000)
    assert standing(terms, replace(paid, bought_out=day), date(2028, 6, 1)).dues[-1].day == day


def test_missing_reports_are_named() -> None:
    none_yet = Facts(first_income=date(2027, 2, 10), paid=((date(2027, 5, 10), 30_000),))
    assert standing(TERMS, none_yet, date(2027, 7, 30)).reports_missing == ()
    assert standing(TERMS, none_yet, date(2027, 7, 31)).reports_missing == (date(2027, 6, 30),)
    assert standing(TERMS, none_yet, date(2028, 2, 1)).reports_missing == (
        date(2027, 6, 30),
        date(2027, 12, 31),
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"trigger": Trigger.DATE}, "trigger_day_missing"),
        ({"trial_days": -1}, "negative"),
        ({"royalty": Fraction(3, 2)}, "rate"),
        ({"report_months": 5}, "report_months"),
        ({"royalty": Fraction(0), "instalments": ()}, "nothing_is_ever_paid"),
        ({"most": 29_999}, "instalments_above_most"),
        ({"start_by": date(2026, 12, 31)}, "start_by_within_trial"),
    ],
)
def test_terms_that_contradict_themselves_are_refused(changes: dict[str, object], code: str) -> None:
    with pytest.raises(TermsError) as refused:
        replace(TERMS, **changes)  # type: ignore[arg-type]
    assert refused.value.code == code


def test_a_month_that_lacks_the_day_gives_its_last() -> None:
    assert add_months(date(2027, 8, 31), 6) == date(2028, 2, 29)
    assert add_months(date(2027, 12, 31), 1) == date(2028, 1, 31)


days = st.dates(date(2026, 1, 1), date(2032, 12, 31))
reports = st.lists(
    st.builds(
        lambda first, length, base, wait: Report(
            first, first + timedelta(days=length), base, first + timedelta(days=length + wait)
        ),
        days,
        st.integers(0, 180),
        st.integers(0, 10**8),
        st.integers(0, 90),
    ),
    max_size=6,
).map(tuple)


@given(days, reports, days, st.integers(0, 200_000))
@settings(max_examples=200, deadline=None)
def test_never_more_than_the_most_and_nothing_before_payment_starts(
    income: date, given_reports: tuple[Report, ...], today: date, paid: int
) -> None:
    facts = Facts(first_income=income, reports=given_reports, paid=((today, paid),))
    found = standing(TERMS, facts, today)
    assert sum(due.amount for due in found.dues) <= 100_000
    assert found == standing(TERMS, facts, today)
    if found.payment_starts is None:
        assert not found.dues
    else:
        assert TERMS.trial_end < found.payment_starts <= today
    if found.state in (State.TRIAL, State.WAITING, State.LAPSED):
        assert not found.overdue


def test_what_was_waived_is_not_overdue_and_buys_nothing() -> None:
    terms = Terms(start=date(2025, 1, 1), trial_days=0, trigger=Trigger.DATE, trigger_day=date(2025, 1, 1),
                  instalments=(Instalment(0, 1_000), Instalment(6, 1_000)), buy_out=5_000, royalty_credit=Fraction(1))  # fmt: skip
    day = date(2026, 1, 1)
    assert standing(terms, Facts(paid=((date(2025, 1, 1), 400),)), day).overdue == 1_600
    settled = Facts(paid=((date(2025, 1, 1), 400),), waived=((date(2025, 9, 1), 1_600),))
    found = standing(terms, settled, day)
    assert (found.overdue, found.state, found.buy_out_price) == (0, State.PAID_UP, 5_000)
    back = Facts(paid=((date(2025, 1, 1), 2_000), (date(2025, 9, 1), -500)))
    assert standing(terms, back, day).overdue == 500
