"""The language of formulas: what it lets through, how unknowns travel, what its types refuse."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronglian.engines.rules.calendars import add_months
from ronglian.engines.rules.expressions import ExpressionProblem, evaluate, parse
from ronglian.engines.rules.typed import unit_of
from ronglian.engines.rules.values import (
    Reason,
    Unit,
    Unknown,
    Value,
    ValueProblem,
    Why,
    read_value,
    take_value,
)

NOT_TOLD = Unknown((Reason(Why.MISSING_INPUT, "x"),))
NAMES: dict[str, Value] = {
    "a": Fraction(30), "b": Fraction(7), "yes": True, "no": False, "x": NOT_TOLD, "d": date(2026, 1, 31),
    "kind": "licence", "law.rate": Fraction(1, 2), "law.kinds": ("licence", "transfer"),
}  # fmt: skip
UNITS = {"a": Unit.MONEY, "b": Unit.MONEY, "yes": Unit.FLAG, "no": Unit.FLAG, "x": Unit.MONEY, "d": Unit.DATE,
         "kind": Unit.TEXT, "law.rate": Unit.SHARE, "law.kinds": Unit.LIST, "days": Unit.DAYS, "n": Unit.COUNT}  # fmt: skip


def value(text: str) -> Value:
    return evaluate(parse(text), lambda name, _advised: NAMES[name])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a - b * law.rate", Fraction(53, 2)),
        ("max(a - b, 0, 1)", Fraction(23)),
        ("min(a, b) / b", Fraction(1)),
        ("kind in ('licence', 'transfer') and kind in law.kinds", True),
        ("a if no else b", Fraction(7)),
        ("not (a < b) and a != b and a >= b", True),
        ("x if no else b", Fraction(7)),  # what is not chosen need not be known
        ("no and x > a", False),
        ("yes or x > a", True),
        ("kind if x > a else kind", "licence"),  # whichever it is
        ("d < d", False),
    ],
)
def test_expressions_have_values(text: str, expected: Value) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    "text", ["x + a", "yes and x > a", "no or x > a", "a if x > a else b", "max(x, a)", "not (x > a)"]
)
def test_what_an_unknown_decides_is_unknown_for_its_reason(text: str) -> None:
    assert value(text) == NOT_TOLD


def test_division_by_nothing_is_unknown() -> None:
    found = value("a / (b - b)")
    assert isinstance(found, Unknown)
    assert found.reasons[0].why is Why.DIVISION


@pytest.mark.parametrize(
    "text",
    ["a + 2", "a * 0.5", "__import__('os')", "a.b()", "[a for a in b]", "lambda: a", "a ** b", "a // b", "a < b < a",
     "a; b", "a if b", "max(a)", "add_days(d)", "advised(a)", "f'{a}'", "kind[0]", "(a := b)", "print(a)", "-a"],
)  # fmt: skip
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(ExpressionProblem):
        parse(text)


@pytest.mark.parametrize(
    ("text", "unit"),
    [("a * law.rate", Unit.MONEY), ("a / b", Unit.SHARE), ("1 - law.rate", Unit.SHARE), ("max(a - b, 0)", Unit.MONEY),
     ("a > 0", Unit.FLAG), ("add_days(d, days)", Unit.DATE), ("days_between(d, d)", Unit.DAYS), ("kind in law.kinds", Unit.FLAG),
     ("0 if yes else a", Unit.MONEY)],
)  # fmt: skip
def test_an_expression_has_a_type(text: str, unit: Unit) -> None:
    assert unit_of(parse(text), UNITS.__getitem__) is unit


@pytest.mark.parametrize(
    "text",
    ["a + law.rate", "a * b", "a > d", "kind + kind", "yes + a", "not a", "a and yes", "a if kind else b", "1 / a",
     "kind in kind", "add_days(d, a)", "max(d, d)", "kind < kind", "kind if yes else 0"],
)  # fmt: skip
def test_what_does_not_go_together_is_refused(text: str) -> None:
    with pytest.raises(ExpressionProblem):
        unit_of(parse(text), UNITS.__getitem__)


@pytest.mark.parametrize(
    ("written", "unit", "expected"),
    [("500万元", Unit.MONEY, 500_000_000), ("1,000.50 yuan", Unit.MONEY, 100_050), ("2亿元", Unit.MONEY, 20_000_000_000),
     ("47000 fen", Unit.MONEY, 47_000), ("0.03 %", Unit.SHARE, Fraction(3, 10_000)), ("2/3", Unit.SHARE, Fraction(2, 3)),
     ("3 ‰", Unit.SHARE, Fraction(3, 1000)), ("是", Unit.FLAG, True), ("no", Unit.FLAG, False), ("1.7", Unit.NUMBER, Fraction(17, 10))],
)  # fmt: skip
def test_values_are_read_exactly(written: str, unit: Unit, expected: object) -> None:
    assert read_value(written, unit) == expected


@pytest.mark.parametrize(
    ("written", "unit"),
    [(0.5, Unit.SHARE), (1000, Unit.MONEY), ("1000", Unit.MONEY), ("0.001 元", Unit.MONEY), ("50", Unit.SHARE), ("1/0", Unit.SHARE),
     ("2026-02-30", Unit.DATE), ("maybe", Unit.FLAG), ("3.5", Unit.DAYS), (True, Unit.DAYS), ("one", Unit.LIST)],
)  # fmt: skip
def test_what_is_not_exact_is_refused(written: object, unit: Unit) -> None:
    with pytest.raises(ValueProblem):
        read_value(written, unit)


@pytest.mark.parametrize(
    ("given_value", "unit"),
    [(0.5, Unit.MONEY), (Fraction(1, 2), Unit.MONEY), (True, Unit.MONEY), (None, Unit.COUNT)],
)
def test_programs_give_whole_fen(given_value: object, unit: Unit) -> None:
    with pytest.raises(ValueProblem):
        take_value(given_value, unit)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 240), st.integers(0, 240))
def test_months_go_forward_and_never_past_the_month(start: date, first: int, more: int) -> None:
    once = add_months(start, first)
    assert (once.year * 12 + once.month) - (start.year * 12 + start.month) == first
    assert once.day <= start.day
    assert add_months(start, first + more) >= once


@given(st.recursive(
    st.sampled_from(["yes", "no", "x > a"]),
    lambda inner: st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda each: f"({each[0]} {each[1]} {each[2]})")
    | inner.map(lambda each: f"(not {each})"),
    max_leaves=12,
))  # fmt: skip
def test_an_unknown_is_unknown_only_where_it_decides(text: str) -> None:
    """Kleene: known exactly where both ways of knowing it give the same, or more cautious than that, never bolder."""
    ways = set()
    for known in ("yes", "no"):
        ways.add(value(text.replace("x > a", known)) is True)
    found = value(text)
    assert isinstance(found, Unknown) or ways == {found}
