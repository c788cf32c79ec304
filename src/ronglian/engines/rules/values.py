"""What rules reckon with: exact values, their units, and unknowns that carry their reasons.

Amounts are whole fen or fractions of them (`Fraction`), shares are fractions of one, spans are whole numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeAlias

Exact: TypeAlias = Fraction | bool | date | str | tuple[str, ...]


class Unit(StrEnum):
    """单位: what a value is counted in. `money` is fen, `share` a fraction of one."""

    MONEY = "money"
    SHARE = "share"
    NUMBER = "number"
    COUNT = "count"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    YEARS = "years"
    FLAG = "flag"
    DATE = "date"
    TEXT = "text"
    LIST = "list"


NUMERIC = frozenset(
    {Unit.SHARE, Unit.NUMBER, Unit.COUNT, Unit.DAYS, Unit.WORKING_DAYS, Unit.MONTHS, Unit.YEARS}
)


class Why(StrEnum):
    """Why something is not determined; `Reason.facts` names what it is about."""

    MISSING_INPUT = "missing_input"
    OPEN_QUESTION = "open_question"
    NOT_IN_FORCE = "not_in_force"
    ENDED = "ended"
    CONFLICT = "conflict"
    LAW_IS_SILENT = "law_is_silent"
    NO_FORMULA = "no_formula"
    NOT_WHOLE = "not_whole"
    DIVISION = "division"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: about `subject` (the id of an input, parameter or rule), with what a reader needs to know."""

    why: Why
    subject: str
    versions: tuple[str, ...] = ()  # references of versions, as `Version.reference`
    facts: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is not determined."""

    reasons: tuple[Reason, ...]

    @classmethod
    def joined(cls, values: Iterable[Value]) -> Unknown:
        """All reasons of the unknown ones, each once, in order."""
        reasons: dict[Reason, None] = {}
        for value in values:
            if isinstance(value, Unknown):
                reasons.update(dict.fromkeys(value.reasons))
        return cls(tuple(reasons))


Value: TypeAlias = Exact | Unknown


def gettext_noop(text: str) -> str:
    """Mark a text for the catalogue."""
    return text


PROBLEMS: Mapping[str, str] = {
    "binary": gettext_noop(
        "{written} is a binary fraction and not exact; write 50 %, 1/2 or an amount like 12.50 元"
    ),
    "flag": gettext_noop("{written} is neither yes nor no"),
    "date": gettext_noop("{written} is no date; write it as 2026-01-31"),
    "amount": gettext_noop("{written} is no amount; write 500万元, 8000000 yuan or 47000 fen"),
    "fen": gettext_noop("{written} is no whole number of fen"),
    "share": gettext_noop("{written} is no share; write 50 %, 3 ‰ or 1/2"),
    "list": gettext_noop("{written} is no list; write [one, two]"),
    "number": gettext_noop("{written} is no number; write 3 or '1.7'"),
    "whole": gettext_noop("{written} is no whole number"),
    "negative": gettext_noop("{written} is less than nothing"),
    "choice": gettext_noop("{written} is none of {known}"),
    "unknown": gettext_noop("is not asked for; asked for are {known}"),
}


class ValueProblem(ValueError):
    """A value that cannot be read: `code` is one of PROBLEMS, whose text says what would be right."""

    def __init__(self, code: str, written: object = "", known: str = "") -> None:
        super().__init__(PROBLEMS[code].format(written=repr(written), known=known))
        self.code, self.written, self.known = code, written, known


_AMOUNT = re.compile(r"(?P<number>-?\d[\d,_ ]*(?:\.\d+)?)\s*(?P<scale>万|亿)?\s*(?P<unit>元|yuan|分|fen)")
_SHARE = re.compile(r"(?P<top>\d+(?:\.\d+)?)\s*(?:(?P<sign>[%‰])|/\s*(?P<bottom>\d+))")
_SCALES = {None: 1, "万": 10**4, "亿": 10**8}
_FEN = {"元": 100, "yuan": 100, "分": 1, "fen": 1}


def read_value(written: Any, unit: Unit) -> Exact:
    """A value as YAML or a command line gives it. Raises ValueProblem.

    Amounts name their unit (`500万元`, `8000000 yuan`, `47000 fen`); shares are `50 %`, `3 ‰` or `1/2`; spans and
    counts are whole numbers; dates are `2026-01-31`.
    """
    if isinstance(written, float):
        raise ValueProblem("binary", written)
    match unit:
        case Unit.FLAG:
            return _read_flag(written)
        case Unit.DATE:
            return _read_date(written)
        case Unit.MONEY:
            return _read_amount(str(written))
        case Unit.SHARE:
            return _read_share(str(written))
        case Unit.LIST:
            return _read_list(written)
        case Unit.TEXT:
            return str(written)
        case Unit.NUMBER:
            return _read_number(str(written))
        case _:
            return _read_whole(written)


def _read_flag(written: Any) -> bool:
    if isinstance(written, bool):
        return written
    known = {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}
    if str(written).strip().lower() not in known:
        raise ValueProblem("flag", written)
    return known[str(written).strip().lower()]


def _read_date(written: Any) -> date:
    if isinstance(written, date):
        return written
    try:
        return date.fromisoformat(str(written).strip())
    except ValueError as error:
        raise ValueProblem("date", written) from error


def _read_amount(written: str) -> Fraction:
    found = _AMOUNT.fullmatch(written.strip())
    if not found:
        raise ValueProblem("amount", written)
    number = Fraction(re.sub(r"[,_ ]", "", found["number"]))
    fen = number * _SCALES[found["scale"]] * _FEN[found["unit"]]
    if fen.denominator != 1:
        raise ValueProblem("fen", written)
    return fen


def _read_share(written: str) -> Fraction:
    found = _SHARE.fullmatch(written.strip())
    if not found or found["bottom"] == "0":
        raise ValueProblem("share", written)
    divisor = {"%": 100, "‰": 1000}.get(found["sign"] or "", 0) or int(found["bottom"])
    return Fraction(found["top"]) / divisor


def _read_list(written: Any) -> tuple[str, ...]:
    if not isinstance(written, list | tuple):
        raise ValueProblem("list", written)
    return tuple(str(each) for each in written)


def _read_number(written: str) -> Fraction:
    if not re.fullmatch(r"-?\d+(?:\.\d+)?", written.strip()):
        raise ValueProblem("number", written)
    return Fraction(written.strip())


def _read_whole(written: Any) -> Fraction:
    if isinstance(written, bool) or not re.fullmatch(r"-?\d+", str(written).strip()):
        raise ValueProblem("whole", written)
    return Fraction(int(str(written).strip()))


def take_value(given: Any, unit: Unit) -> Exact:
    """A value as a program gives it: money as int fen, shares as Fraction. Raises ValueProblem for anything else.

    Texts are read as `read_value` reads them.
    """
    if isinstance(given, str) and unit is not Unit.TEXT:
        return read_value(given, unit)
    if isinstance(given, float):
        raise ValueProblem("binary", given)
    if unit is Unit.MONEY or unit in NUMERIC:
        if isinstance(given, bool) or not isinstance(given, int | Fraction):
            raise ValueProblem("number", given)
        if unit is Unit.MONEY and Fraction(given).denominator != 1:
            raise ValueProblem("fen", given)
        return Fraction(given)
    return read_value(given, unit)
