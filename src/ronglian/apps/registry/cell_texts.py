"""Writing one cell: the reverse of imports/cells.py, so that what is written is read back as the same value."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any, Literal

from ronglian.apps.registry.columns import CellKind, Column
from ronglian.apps.registry.imports.cells import CellContext, read_cell
from ronglian.apps.registry.imports.problems import CellProblem
from ronglian.apps.registry.imports.vocabulary import choice_label
from ronglian.engines.text.money import format_money
from ronglian.kernel.codes.industries import industry_name
from ronglian.kernel.codes.regions import region_name

Language = Literal["zh", "en"]
EXACT = CellContext()


def cell_text(column: Column, record: Any, language: Language) -> str:
    """What stands in a spreadsheet; empty for an empty value."""
    if column.kind is CellKind.MONEY:
        low, high = (getattr(record, name) for name in column.attributes)
        return range_text(low, high, language)
    value = getattr(record, column.attributes[0])
    if value in (None, "", []):
        return ""
    return _text_of_value(column, value, language)


def json_value(column: Column, record: Any) -> Any:
    """What stands in JSON Lines: codes, lists and plain values; amounts as text, because a number has no unit."""
    if column.kind is CellKind.MONEY:
        low, high = (getattr(record, name) for name in column.attributes)
        return range_text(low, high, "zh") or None
    value = getattr(record, column.attributes[0])
    return value.isoformat() if isinstance(value, date) else value


def range_text(low: int | None, high: int | None, language: Language) -> str:
    """ "30万元-60万元", "不低于30万元" or "CNY 300,000 - CNY 600,000"; exact, so that reading gives the same fen."""
    if low is None and high is None:
        return ""
    if low is None or high is None:
        amount = format_money(low if low is not None else high or 0, language)
        if language == "zh":
            return f"{'不低于' if high is None else '不超过'}{amount}"
        return f"{'at least' if high is None else 'at most'} {amount}"
    if low == high:
        return format_money(low, language)
    return (" - " if language == "en" else "-").join(format_money(fen, language) for fen in (low, high))


def _text_of_value(column: Column, value: Any, language: Language) -> str:
    match column.kind:
        case CellKind.CHOICE:
            return choice_label(_choices(column), value, language)
        case CellKind.CHOICES:
            return _separator(language).join(choice_label(_choices(column), code, language) for code in value)
        case CellKind.KEYWORDS:
            joined = _separator(language).join(value)
            return joined if _reads_back(column, joined, value) else json.dumps(value, ensure_ascii=False)
        case CellKind.BOOLEAN:
            return ("是" if value else "否") if language == "zh" else ("yes" if value else "no")
        case CellKind.REGION:
            return _code_text(column, value, lambda: region_name(value, language))
        case CellKind.INDUSTRY:
            return _code_text(column, value, lambda: f"{value} {industry_name(value, language)}")
        case CellKind.DATE:
            return str(value.isoformat())
    return str(value)


def _code_text(column: Column, code: str, name: Callable[[], str]) -> str:
    """The name, where it is read back as the same code; else the code."""
    try:
        text = name()
    except ValueError:
        return code
    return text if _reads_back(column, text, code) else code


def _reads_back(column: Column, text: str, value: Any) -> bool:
    try:
        return bool(read_cell(column, text, EXACT)[column.attributes[0]] == value)
    except CellProblem:
        return False


def _choices(column: Column) -> Any:
    assert column.choices is not None
    return column.choices


def _separator(language: Language) -> str:
    return "；" if language == "zh" else "; "
