"""Which value holds where and when, and what an unsure one does to it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from ronglian.engines.rules import Rulebook, Unknown, UnknownName, Why, check_book, resolve
from tests.engines.rules.samples import book, more_of_parameter, parameter, value

DAY = date(2026, 1, 1)
HALF, MOST = Fraction(1, 2), Fraction(7, 10)


def with_lower(*values: str, direction: str = "floor", upper: str = value("50 %")) -> Rulebook:
    return book(
        {"cn-11/tax/parameters.yaml": more_of_parameter(*values)},
        parameters=parameter(upper, direction=direction),
    )


@pytest.mark.parametrize(
    ("direction", "lower", "effect", "binds"),
    [
        ("floor", "70 %", "must", MOST),
        ("floor", "30 %", "must", HALF),  # a lower level does not relax
        ("ceiling", "70 %", "must", HALF),
        ("ceiling", "30 %", "must", Fraction(3, 10)),
        ("floor", "70 %", "may", HALF),
        ("floor", "30 %", "replace", Fraction(3, 10)),
    ],
)
def test_a_lower_level_tightens_allows_or_replaces(
    direction: str, lower: str, effect: str, binds: Fraction
) -> None:
    rules = with_lower(value(lower, more=f", effect: {effect}"), direction=direction)
    assert resolve(rules, "tax.rate", on=DAY, place="cn-11").value == binds
    assert resolve(rules, "tax.rate", on=DAY, place="cn-12").value == HALF


def test_what_may_be_done_is_shown_beside_what_binds() -> None:
    found = resolve(with_lower(value("70 %", more=", effect: may")), "tax.rate", on=DAY, place="cn-11-park")
    assert (found.value, found.advised_value) == (HALF, MOST)
    less = resolve(with_lower(value("30 %", more=", effect: may")), "tax.rate", on=DAY, place="cn-11")
    assert less.advised is None


def test_an_unsure_value_that_would_decide_makes_it_undetermined() -> None:
    found = resolve(with_lower(value("70 %", confidence="M")), "tax.rate", on=DAY, place="cn-11")
    assert isinstance(found.value, Unknown)
    assert [reason.why for reason in found.value.reasons] == [Why.OPEN_QUESTION]
    assert found.value.reasons[0].versions == ("cn-11/tax.rate@2020-01-01",)


def test_an_unsure_value_that_would_not_decide_stands_beside() -> None:
    found = resolve(with_lower(value("30 %", confidence="L")), "tax.rate", on=DAY, place="cn-11")
    assert found.value == HALF
    assert [version.reference for version in found.open] == ["cn-11/tax.rate@2020-01-01"]


def test_before_the_last_possible_first_day_a_value_is_open() -> None:
    rules = with_lower(
        "{value: 70 %, from: unknown, seen: 2025-04-19, source: law, article: '1', confidence: H}"
    )
    assert isinstance(resolve(rules, "tax.rate", on=date(2025, 4, 18), place="cn-11").value, Unknown)
    assert resolve(rules, "tax.rate", on=date(2025, 4, 19), place="cn-11").value == MOST


@pytest.mark.parametrize(
    ("written", "on", "sure"),
    [("2022-09", "2022-08-31", False), ("2022-09", "2022-09-15", False), ("2022-09", "2022-09-30", True),
     ("2022", "2022-12-30", False), ("2022", "2022-12-31", True)],
)  # fmt: skip
def test_a_month_or_year_is_sure_from_its_last_day(written: str, on: str, sure: bool) -> None:
    rules = book(parameters=parameter(value("50 %", begins=f"'{written}'")))
    assert (resolve(rules, "tax.rate", on=date.fromisoformat(on), place="cn").value == HALF) is sure


def test_what_ended_says_when_and_what_has_not_begun_says_so() -> None:
    rules = book(parameters=parameter(value("50 %", more=", to: 2025-12-31")))
    ended = resolve(rules, "tax.rate", on=DAY, place="cn").value
    early = resolve(rules, "tax.rate", on=date(2019, 12, 31), place="cn").value
    assert isinstance(ended, Unknown)
    assert isinstance(early, Unknown)
    assert (ended.reasons[0].why, ended.reasons[0].facts["until"]) == (Why.ENDED, "2025-12-31")
    assert early.reasons[0].why is Why.NOT_IN_FORCE
    assert resolve(rules, "tax.rate", on=date(2025, 12, 31), place="cn").value == HALF


def test_without_a_direction_two_that_bind_contradict_each_other() -> None:
    rules = with_lower(value("70 %"), direction="none")
    found = resolve(rules, "tax.rate", on=DAY, place="cn-11").value
    assert isinstance(found, Unknown)
    assert found.reasons[0].why is Why.CONFLICT
    assert any("contradicts" in fault.text for fault in check_book(rules))


@pytest.mark.parametrize("place", ["81", "99", "810000", "jiangsu", ""])
def test_a_place_of_other_law_is_unknown(place: str) -> None:
    with pytest.raises(UnknownName):
        resolve(with_lower(value("70 %")), "tax.rate", on=DAY, place=place)


@pytest.mark.parametrize("place", ["11", "1101", "110108", "cn-11", "cn-11-park"])
def test_a_code_is_known_by_the_smallest_place_that_holds_it(place: str) -> None:
    assert resolve(with_lower(value("70 %")), "tax.rate", on=DAY, place=place).value == MOST
