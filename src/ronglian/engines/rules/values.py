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


class ValueProblem(ValueError):
    """A value that cannot be read; the text says what would be right."""


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
        raise ValueProblem(
            f"{written} is a binary fraction and not exact; write 50 %, 1/2 or an amount like 12.50 元"
        )
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
            return _read_whole(written, unit)


def _read_flag(written: Any) -> bool:
    if isinstance(written, bool):
        return written
    known = {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}
    if str(written).strip().lower() not in known:
        raise ValueProblem(f"{written!r} is neither yes nor no")
    return known[str(written).strip().lower()]


def _read_date(written: Any) -> date:
    if isinstance(written, date):
        return written
    try:
        return date.fromisoformat(str(written).strip())
    except ValueError as error:
        raise ValueProblem(f"{written!r} is no date; write it as 2026-01-31") from error


def _read_amount(written: str) -> Fraction:
    found = _AMOUNT.fullmatch(written.strip())
    if not found:
        raise ValueProblem(f"{written!r} is no amount; write 500万元, 8000000 yuan or 47000 fen")
    number = Fraction(re.sub(r"[,_ ]", "", found["number"]))
    fen = number * _SCALES[found["scale"]] * _FEN[found["unit"]]
    if fen.denominator != 1:
        raise ValueProblem(f"{written!r} is no whole number of fen")
    return fen


def _read_share(written: str) -> Fraction:
    found = _SHARE.fullmatch(written.strip())
    if not found or found["bottom"] == "0":
        raise ValueProblem(f"{written!r} is no share; write 50 %, 3 ‰ or 1/2")
    divisor = {"%": 100, "‰": 1000}.get(found["sign"] or "", 0) or int(found["bottom"])
    return Fraction(found["top"]) / divisor


def _read_list(written: Any) -> tuple[str, ...]:
    if not isinstance(written, list | tuple):
        raise ValueProblem(f"{written!r} is no list; write [one, two]")
    return tuple(str(each) for each in written)


def _read_number(written: str) -> Fraction:
    if not re.fullmatch(r"-?\d+(?:\.\d+)?", written.strip()):
        raise ValueProblem(f"{written!r} is no number; write 3 or '1.7'")
    return Fraction(written.strip())


def _read_whole(written: Any, unit: Unit) -> Fraction:
    if isinstance(written, bool) or not re.fullmatch(r"-?\d+", str(written).strip()):
        raise ValueProblem(f"{written!r} is no whole number of {unit}")
    return Fraction(int(str(written).strip()))


def take_value(given: Any, unit: Unit) -> Exact:
    """A value as a program gives it: money as int fen, shares as Fraction. Raises ValueProblem for anything else.

    Texts are read as `read_value` reads them.
    """
    if isinstance(given, str) and unit is not Unit.TEXT:
        return read_value(given, unit)
    if isinstance(given, float):
        raise ValueProblem(f"{given} is a binary fraction; give whole fen (int) or a Fraction")
    if unit is Unit.MONEY or unit in NUMERIC:
        if isinstance(given, bool) or not isinstance(given, int | Fraction):
            raise ValueProblem(f"{given!r} is no number")
        if unit is Unit.MONEY and Fraction(given).denominator != 1:
            raise ValueProblem(f"{given!r} is no whole number of fen")
        return Fraction(given)
    return read_value(given, unit)
