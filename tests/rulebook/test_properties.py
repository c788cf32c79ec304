"""What holds of every answer, whatever is asked where and when."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from ronglian.engines.rules import Unit, Unknown, Version, answer_document, evaluate_rule, resolve
from ronglian.rulebook import load_rulebook

BOOK = load_rulebook()
TODAY = date(2026, 11, 25)
PLACES = st.sampled_from(sorted(BOOK.jurisdictions))
FEN = st.integers(0, 10**13)
CASES = st.sampled_from(BOOK.cases)
DAYS = st.dates(date(2000, 1, 1), date(2035, 1, 1))
QUICK = settings(max_examples=60, deadline=None)


def versions() -> list[Version]:
    holders = (*BOOK.parameters.values(), *BOOK.rules.values())
    return [version for holder in holders for version in holder.versions]


# Days on which something begins to hold, or to hold surely, or no longer holds.
BOUNDARIES = sorted(
    {
        day
        for version in versions()
        for day in (
            version.validity.possible,
            version.validity.certain,
            *(
                last + timedelta(days=1)
                for last in (version.validity.until, version.validity.sure_until)
                if last is not None
            ),
        )
    }
)


def net_floor(place: str, way: str, amount: int) -> int:
    """The floor of a university at a place, where the amount is the base itself."""
    told = {
        "own_net_income": amount,
        "turnover": amount,
        "deal_taxes": 0,
        "upkeep": 0,
        "deal_costs": 0,
        "cost": 0,
    }
    base = {"equity": {"equity_value": amount}, "own_use": {"operating_profit": amount}}.get(way, told)
    answer = evaluate_rule(
        BOOK, "reward.floor", on=TODAY, place=place, inputs={"way": way, "state_set": True, **base}
    )
    return answer.fen


@QUICK
@given(CASES, DAYS, PLACES, st.booleans())
def test_an_answer_is_the_same_whenever_it_is_asked(
    case: object, on: date, place: str, provisional: bool
) -> None:
    asked = {"on": on, "place": place, "provisional": provisional}
    inputs = {
        name: str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        for name, value in case.inputs.items()
    }  # type: ignore[attr-defined] # Hypothesis gives objects
    once, again = (evaluate_rule(BOOK, case.rule, inputs=inputs, **asked) for _time in range(2))  # type: ignore[attr-defined, arg-type] # as above
    assert answer_document(BOOK, once) == answer_document(BOOK, again)
    if once.rule.unit is Unit.MONEY and once.is_determined:
        assert isinstance(once.value, Fraction)
        assert once.value.denominator == 1
    if isinstance(once.value, Unknown):
        assert once.reasons


@QUICK
@given(CASES, DAYS, st.integers(0, 400), PLACES)
def test_an_answer_changes_only_on_a_day_on_which_a_version_begins_or_ends(
    case: object, on: date, later: int, place: str
) -> None:
    then = on + timedelta(days=later)
    if any(on < boundary <= then for boundary in BOUNDARIES):
        then = on
    first, second = (
        evaluate_rule(BOOK, case.rule, on=day, place=place, inputs=case.inputs)  # type: ignore[attr-defined] # as above
        for day in (on, then)
    )
    assert first.value == second.value
    assert first.versions == second.versions


@QUICK
@given(PLACES, st.sampled_from(["transfer", "licence", "equity", "own_use"]), FEN, FEN)
def test_a_floor_never_falls_when_the_base_rises(place: str, way: str, one: int, other: int) -> None:
    lower, higher = sorted((one, other))
    assert net_floor(place, way, lower) <= net_floor(place, way, higher) <= higher


@QUICK
@given(PLACES, st.sampled_from(["transfer", "licence", "equity", "own_use"]), FEN)
def test_no_place_goes_below_the_nation(place: str, way: str, amount: int) -> None:
    assert net_floor(place, way, amount) >= net_floor("cn", way, amount)


@QUICK
@given(PLACES, FEN)
def test_the_floor_is_the_least_whole_fen_that_is_not_below_the_share(place: str, amount: int) -> None:
    share = resolve(BOOK, "reward.share_equity", on=TODAY, place=place).value
    assert isinstance(share, Fraction)
    floor = net_floor(place, "equity", amount)
    assert floor >= amount * share > floor - 1


@QUICK
@given(st.sampled_from(sorted(BOOK.parameters)), PLACES, DAYS)
def test_what_is_sure_stays_when_all_that_is_open_is_left_out_of_it(name: str, place: str, on: date) -> None:
    """A value that binds stands on sure versions alone, and open ones would not change it."""
    sure = resolve(BOOK, name, on=on, place=place)
    if sure.binding is not None:
        assert sure.binding.is_active(on)
        assert resolve(BOOK, name, on=on, place=place, provisional=True).value == sure.value
