"""What payment after use would bring: the worked table, and that it is what the contract itself would do."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronglian.engines.money import Assumption, Basis, Instalment, Terms, Trigger, what_if

WORKED = Terms(
    start=date(2027, 1, 1),
    trial_days=180,
    trigger=Trigger.FIRST_INCOME,
    royalty=Fraction(3, 100),
    report_months=6,
    least_per_year=2_000_000,
    most=10_000_000,
    buy_out=9_000_000,
    royalty_credit=Fraction(1, 2),
)
GROWING = Assumption(date(2027, 7, 1), 100_000_000, Fraction(1, 2), 4)


def test_the_worked_table() -> None:
    """The half year of a base is divided by its days: 184 of 366 of the first year end in 2027."""
    years = what_if(WORKED, GROWING)
    assert [(year.base, year.due, year.total, year.buy_out) for year in years] == [
        (100_000_000, 1_508_197, 1_508_197, 8_245_901),
        (150_000_000, 3_760_296, 5_268_493, 4_731_507),
        (225_000_000, 4_731_507, 10_000_000, 0),
        (337_500_000, 0, 10_000_000, 0),
    ]
    assert (years[0].first, years[0].last) == (date(2027, 7, 1), date(2028, 6, 30))


def test_a_weak_year_is_made_up_to_the_least() -> None:
    poor = what_if(WORKED, Assumption(date(2027, 7, 1), 10_000_000, years=3))
    assert Basis.SHORTFALL not in poor[0].by_basis  # it falls due once the year is over and reported
    assert poor[1].by_basis[Basis.SHORTFALL] == 2_000_000 - 300_000
    assert poor[2].total == 2 * 1_700_000 + 751_233  # two years and a half of royalties, by days


def test_too_late_a_start_brings_nothing() -> None:
    late = Terms(
        date(2027, 1, 1), 180, Trigger.FIRST_INCOME, start_by=date(2028, 1, 1), royalty=Fraction(1, 10)
    )
    assert what_if(late, Assumption(date(2028, 1, 2), 100)) == ()
    assert what_if(late, Assumption(date(2028, 1, 1), 100))


def test_paying_from_an_agreed_day_takes_no_notice_of_the_income() -> None:
    agreed = Terms(
        date(2027, 1, 1), 0, Trigger.DATE, trigger_day=date(2027, 3, 1), instalments=(Instalment(0, 500), Instalment(12, 700))
    )  # fmt: skip
    years = what_if(agreed, Assumption(date(2030, 1, 1), 0, years=2))
    assert [year.due for year in years] == [500, 700]


@pytest.mark.parametrize("wrong", [{"base": -1}, {"growth": Fraction(-2)}, {"years": 0}, {"years": 21}])
def test_an_assumption_that_cannot_be(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="an assumption"):
        Assumption(**{"started": date(2027, 1, 1), "base": 1} | wrong)  # type: ignore[arg-type]  # one value is wrong


@given(
    base=st.integers(0, 10**13),
    growth=st.fractions(-1, 2, max_denominator=20),
    years=st.integers(1, 8),
    months=st.sampled_from([1, 2, 3, 4, 6, 12]),
    rate=st.fractions(0, 1, max_denominator=100).filter(bool),
    most=st.none() | st.integers(1, 10**12),
)
def test_it_never_passes_the_limit_and_adds_up(
    base: int, growth: Fraction, years: int, months: int, rate: Fraction, most: int | None
) -> None:
    terms = Terms(date(2026, 2, 28), 90, Trigger.OUTPUT, royalty=rate, report_months=months, most=most)
    found = what_if(terms, Assumption(date(2026, 11, 30), base, growth, years))
    assert len(found) == years
    total = 0
    for year in found:
        assert year.due == sum(year.by_basis.values())
        total += year.due
        assert year.total == total
        assert most is None or total <= most
