"""Reading one cell: from what a file holds to the values of a record's attributes, by the kind of the column.

Each reader answers a plain value or raises CellProblem with a code; what would be right follows from the code and
the column. An empty cell is read as the empty value of its attribute.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

from django.db import models

from ronglian.apps.registry.columns import CellKind, Column
from ronglian.apps.registry.imports.problems import CellProblem
from ronglian.apps.registry.imports.vocabulary import find_choice
from ronglian.apps.registry.models.record import KEYWORD_LIMIT
from ronglian.engines.text.money import MoneyError, read_money
from ronglian.kernel.codes.industries import find_industry
from ronglian.kernel.codes.regions import find_region
from ronglian.kernel.codes.table import name_key, plain_text
from ronglian.kernel.identifiers import IdentifierError, check_orcid, check_ror, check_uscc
from ronglian.kernel.validation import clean_text

FORMULA = re.compile("^'+(?=[=+\\-@\\t\\r\\n＝＋－＠])")
KEYWORD_LENGTH = 100
LONGEST_CHOICE = 100
MAX_INTEGER_DIGITS = 15
_DROPPED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_DAYS = range(10_000, 110_000)  # 1927 to 2201; smaller numbers are years or typing errors
_DATE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_RANGE = re.compile(r"\s*(?:至|到|—+|~|～)\s*|\s+-{1,2}\s+")
_LIST = re.compile(r"[;；\n|]+")
_LOOSE_LIST = re.compile(r"[,，、/;；\n|]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_LEVEL = re.compile(r"(?:trl|第)?\s*([1-9]|10)\s*级?", re.IGNORECASE)
_CHINESE_DIGITS = {digit: number for number, digit in enumerate("一二三四五六七八九", start=1)}
# Where a code, a date or an amount is asked for, forms write these for "nothing"; in free text they are text.
_FREE_TEXT = frozenset({CellKind.TEXT, CellKind.LONG_TEXT, CellKind.METRICS, CellKind.SOURCE_ID})
_NOTHING = ("-", "—", "——", "/", "\\", "N/A", "n/a", "null", "NULL")
_YES = frozenset(["是", "有", "匿名", "true", "yes", "y", "t", "1", "√", "✓", "对", "真"])
_NO = frozenset(["否", "无", "不匿名", "实名", "false", "no", "n", "f", "0", "×", "✗", "x", "错", "假"])


@dataclass(frozen=True, slots=True)
class CellContext:
    """What a reader needs beside the cell: the unit its header names, its longest length, the file's organisation book."""

    unit: Literal["yuan", "wan_yuan"] | None = None
    limit: int | None = None
    find_owner: Callable[[str], int] | None = None


def read_cell(column: Column, raw: Any, context: CellContext) -> dict[str, Any]:
    """The values of the column's attributes. Raises CellProblem."""
    if is_empty(raw) if column.kind in _FREE_TEXT else is_nothing(raw):
        return {name: empty_value(column) for name in column.attributes}
    if column.kind is CellKind.MONEY:
        return dict(zip(column.attributes, _read_range(raw, context), strict=True))
    return {column.attributes[0]: _READERS[column.kind](column, raw, context)}


def is_nothing(raw: Any) -> bool:
    """Empty, or a dash and the like: what forms write where a code, a date or an amount is asked for and there is none."""
    return is_empty(raw) or raw in _NOTHING


def is_empty(raw: Any) -> bool:
    """Nothing, blanks, or a list of nothing."""
    if raw is None:
        return True
    if isinstance(raw, str):
        return not raw.strip()
    return isinstance(raw, list) and all(is_empty(item) for item in raw)


def empty_value(column: Column) -> Any:
    if column.kind in (CellKind.CHOICES, CellKind.KEYWORDS):
        return []
    if column.kind is CellKind.BOOLEAN:
        return False
    if column.kind in (CellKind.DATE, CellKind.INTEGER, CellKind.MONEY, CellKind.ORGANISATION):
        return None
    if column.kind in (CellKind.USCC, CellKind.ROR):
        return None  # unique columns: nothing, not the empty text
    return ""


def as_text(raw: Any) -> str:
    """A scalar as text; numbers without a useless .0. Raises CellProblem for truth values and structures."""
    if isinstance(raw, str):
        if "\x00" in raw:
            raise CellProblem("control_character")
        return raw
    if isinstance(raw, bool):
        raise CellProblem("boolean_for_text")
    if isinstance(raw, int):
        if raw.bit_length() > 400:
            raise CellProblem("number_too_large")
        return str(raw)
    if isinstance(raw, float):
        if not math.isfinite(raw):
            raise CellProblem("not_a_number")
        return str(int(raw)) if raw.is_integer() and abs(raw) < 10**MAX_INTEGER_DIGITS else repr(raw)
    if isinstance(raw, datetime):
        return (
            raw.date().isoformat() if (raw.hour, raw.minute, raw.second) == (0, 0, 0) else raw.isoformat(" ")
        )
    if isinstance(raw, date):
        return raw.isoformat()
    raise CellProblem("wrong_type")


def without_guard(text: str) -> str:
    """Drop one of the apostrophes that exports set before what a spreadsheet would run as a formula."""
    return text[1:] if FORMULA.match(text) else text


def _clean(text: str, *, one_line: bool) -> str:
    """`clean_text`, without its walk over every character where there is nothing to drop."""
    if _DROPPED.search(text):
        return clean_text(text, one_line=one_line)
    return " ".join(text.split()) if one_line else text.strip()


def _texts(raw: Any) -> list[str]:
    return [as_text(item) for item in raw if not is_empty(item)] if isinstance(raw, list) else [as_text(raw)]


def _written_list(raw: Any) -> Any:
    """The list in a cell such as ["Fe, Co", "Ni"]: how exports write words that hold a separator."""
    if isinstance(raw, str) and raw.startswith('["'):
        try:
            return json.loads(raw)
        except (ValueError, RecursionError):
            return raw
    return raw


def _read_text(column: Column, raw: Any, context: CellContext) -> str:
    one_line = column.kind in (CellKind.TEXT, CellKind.SOURCE_ID)
    parts = _texts(raw)
    text = _clean((" " if one_line else "\n").join(parts), one_line=one_line)
    if context.limit is not None and len(text) > context.limit:
        raise CellProblem("too_long", length=len(text), limit=context.limit)
    return text


def _read_metrics(column: Column, raw: Any, context: CellContext) -> str:
    if isinstance(raw, list):
        raw = "；".join(_texts(raw))
    return _read_text(column, raw, context)


def _read_choice(column: Column, raw: Any, context: CellContext) -> str:
    assert column.choices is not None
    text = as_text(raw)
    code = _find_choice(column.choices, text)
    if code is None:
        raise CellProblem("unknown_choice", unknown=text)
    return code


def _read_choices(column: Column, raw: Any, context: CellContext) -> list[str]:
    assert column.choices is not None
    codes: list[str] = []
    for part in _texts(raw):
        codes += _codes(column.choices, part)
    return list(dict.fromkeys(codes))


def _find_choice(choices: type[models.TextChoices], text: str) -> str | None:
    """The same few words fill a column; only what may be one is kept in mind."""
    return _choice_of(choices, text) if len(text) <= LONGEST_CHOICE else find_choice(choices, text)


def _codes(choices: type[models.TextChoices], text: str) -> list[str]:
    """The codes of one cell. Labels may hold a comma, so whole pieces are tried before smaller ones."""
    codes = []
    for piece in filter(str.strip, _LIST.split(text)):
        whole = _find_choice(choices, piece)
        smaller = [piece] if whole else [part for part in _LOOSE_LIST.split(piece) if part.strip()]
        for part in smaller:
            code = whole or _find_choice(choices, part)
            if code is None:
                raise CellProblem("unknown_choice", unknown=part.strip())
            codes.append(code)
    return codes


def _read_keywords(column: Column, raw: Any, context: CellContext) -> list[str]:
    raw = _written_list(raw)
    if isinstance(raw, list):
        words = _texts(raw)
    else:
        text = as_text(raw)
        words = _LIST.split(text)
        if len(words) == 1:
            words = _LOOSE_LIST.split(text)
        if len(words) == 1 and all(_HAN.search(word) for word in text.split()):
            words = text.split()
    cleaned = list(dict.fromkeys(word for word in (_clean(w, one_line=True) for w in words) if word))
    if len(cleaned) > KEYWORD_LIMIT:
        raise CellProblem("too_many_keywords", count=len(cleaned), limit=KEYWORD_LIMIT)
    for word in cleaned:
        if len(word) > KEYWORD_LENGTH:
            raise CellProblem("keyword_too_long", length=len(word), limit=KEYWORD_LENGTH)
    return cleaned


def _read_date(column: Column, raw: Any, context: CellContext) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    text = plain_text(as_text(raw))
    if column.name in ("expires_on", "closes_on"):
        text = _RANGE.split(text)[-1]  # "2026-01-01至2026-12-31" ends with its second date
    if re.fullmatch(r"\d{5,6}(?:\.\d+)?", text) and int(float(text)) in _EXCEL_DAYS:
        return _EXCEL_EPOCH + timedelta(days=int(float(text)))
    found = _DATE.fullmatch(text) or _COMPACT_DATE.fullmatch(text)
    if found is None:
        raise CellProblem("not_a_date")
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError as error:
        raise CellProblem("no_such_day") from error


def _read_integer(column: Column, raw: Any, context: CellContext) -> int:
    number = _whole_number(raw)
    if not column.low <= number <= column.high:
        raise CellProblem("out_of_range", low=column.low, high=column.high)
    return number


def _whole_number(raw: Any) -> int:
    if isinstance(raw, bool):
        raise CellProblem("boolean_for_number")
    if isinstance(raw, float) and not math.isfinite(raw):
        raise CellProblem("not_a_number")
    text = plain_text(as_text(raw))
    if text in _CHINESE_DIGITS or text.removesuffix("级") in _CHINESE_DIGITS:
        return _CHINESE_DIGITS[text.removesuffix("级")]
    level = _LEVEL.fullmatch(text)
    if level is not None:
        return int(level[1])
    if not _NUMBER.fullmatch(text):
        raise CellProblem("not_a_number")
    if len(text) > MAX_INTEGER_DIGITS:
        raise CellProblem("number_too_large")
    number = float(text)
    if not number.is_integer():
        raise CellProblem("not_whole")
    return int(number)


def _read_range(raw: Any, context: CellContext) -> tuple[int | None, int | None]:
    if isinstance(raw, bool):
        raise CellProblem("boolean_for_number")
    text = as_text(raw)
    if len(text) > 200:
        raise CellProblem("too_long", length=len(text), limit=200)
    try:
        amount = read_money(text, default_unit=context.unit or "wan_yuan")
    except MoneyError as error:
        raise CellProblem(f"money_{error.reason}") from error
    return amount.low_fen, amount.high_fen


_choice_of = lru_cache(maxsize=4096)(find_choice)
_region_of = lru_cache(maxsize=4096)(find_region)
_industry_of = lru_cache(maxsize=4096)(find_industry)


def _read_region(column: Column, raw: Any, context: CellContext) -> str:
    text = as_text(raw)[:200]
    code = _region_of(text)
    if code is None:
        raise CellProblem("unknown_region", unknown=text)
    return code


def _read_industry(column: Column, raw: Any, context: CellContext) -> str:
    text = as_text(raw)[:200]
    code = _industry_of(text)
    if code is None:
        raise CellProblem("unknown_industry", unknown=text)
    return code


def _read_boolean(column: Column, raw: Any, context: CellContext) -> bool:
    if isinstance(raw, bool):
        return raw
    key = plain_text(as_text(raw)).casefold()
    if key in _YES:
        return True
    if key in _NO:
        return False
    raise CellProblem("not_yes_or_no")


def _identifier(check: Callable[[str], str], kind: str) -> Callable[[Column, Any, CellContext], str]:
    def read(column: Column, raw: Any, context: CellContext) -> str:
        try:
            return check(as_text(raw))
        except IdentifierError as error:
            raise CellProblem(
                f"{kind}_{error.code}", length=len(error.value), expected=error.expected or ""
            ) from error

    return read


def _read_owner(column: Column, raw: Any, context: CellContext) -> int:
    text = as_text(raw)
    if context.find_owner is None or not name_key(text):
        raise CellProblem("unknown_organisation", unknown=text)
    return context.find_owner(text)


_READERS: Mapping[CellKind, Callable[[Column, Any, CellContext], Any]] = {
    CellKind.TEXT: _read_text,
    CellKind.SOURCE_ID: _read_text,
    CellKind.LONG_TEXT: _read_text,
    CellKind.METRICS: _read_metrics,
    CellKind.CHOICE: _read_choice,
    CellKind.CHOICES: _read_choices,
    CellKind.KEYWORDS: _read_keywords,
    CellKind.DATE: _read_date,
    CellKind.INTEGER: _read_integer,
    CellKind.REGION: _read_region,
    CellKind.INDUSTRY: _read_industry,
    CellKind.BOOLEAN: _read_boolean,
    CellKind.USCC: _identifier(check_uscc, "uscc"),
    CellKind.ORCID: _identifier(check_orcid, "orcid"),
    CellKind.ROR: _identifier(check_ror, "ror"),
    CellKind.ORGANISATION: _read_owner,
}
