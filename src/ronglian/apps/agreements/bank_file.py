"""A bank statement as a bank exports it, read for reconciliation. Amounts are yuan; what comes in is positive.

A statement has either one amount with a sign, or one column for what came in and one for what went out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import IO, Any

from django.utils.translation import gettext as _

from ronglian.apps.registry.columns import CellKind, Column, declare_columns
from ronglian.apps.registry.imports.reading import RawRow
from ronglian.apps.registry.imports.side_table import SideTable, WrongCell
from ronglian.engines.money import StatementLine

LARGEST_YUAN = Decimal(10) ** 13
COLUMNS = (
    Column("day", CellKind.DATE, "交易日期", "Day", ("日期", "记账日期", "交易时间", "入账日期", "date"), attributes=("day",),
           required=True, example_zh="2026-11-25"),
    Column("amount", CellKind.TEXT, "金额", "Amount", ("交易金额", "发生额", "amount"), attributes=("amount",)),
    Column("came_in", CellKind.TEXT, "收入金额", "Came in", ("贷方金额", "贷方发生额", "收入", "转入金额", "credit"),
           attributes=("came_in",), example_zh="40000.00"),
    Column("went_out", CellKind.TEXT, "支出金额", "Went out", ("借方金额", "借方发生额", "支出", "转出金额", "debit"),
           attributes=("went_out",)),
    Column("remark", CellKind.TEXT, "摘要", "Remark", ("附言", "用途", "备注", "交易说明", "remark", "purpose"),
           attributes=("remark",), example_zh="许可费首付 RL-2026-1"),
)  # fmt: skip
KIND = declare_columns("bank_lines", COLUMNS)
LIMITS = {"amount": 40, "came_in": 40, "went_out": 40, "remark": 500}
_NOT_DIGITS = re.compile(r"[,，\s¥￥]|元$|CNY|RMB", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Statement:
    """The lines of a file, and what is wrong in it; with a wrong cell nothing of the file is used."""

    lines: tuple[StatementLine, ...]
    wrong: tuple[WrongCell, ...]


def read_statement(file: IO[bytes], filename: str) -> Statement:
    """Read CSV or XLSX; the first wrong cells are told, fifty at most."""
    table = SideTable(KIND, COLUMNS, LIMITS)
    lines: list[StatementLine] = []
    table.read(file, filename, lambda raw: _read(table, raw, lines))
    if not lines and not table.wrong:
        table.wrong.append(
            WrongCell(filename, "", "", _("The file holds no line of a statement below its heads."))
        )
    return Statement(() if table.wrong else tuple(lines), tuple(table.wrong))


def _read(table: SideTable, raw: RawRow, lines: list[StatementLine]) -> None:
    plan, values, before = table.plan(raw), dict[str, Any](), len(table.wrong)
    for column in COLUMNS:
        values |= table.cell(raw, plan, column) or {}
    fen = [_fen(table, raw, name, values.get(name) or "") for name in ("amount", "came_in", "went_out")]
    if len(table.wrong) > before:
        return
    signed, came_in, went_out = fen
    amount = signed if signed is not None else (came_in or 0) - abs(went_out or 0)
    if not amount:
        table.say(raw, "amount", "", _("An amount is needed: one with a sign, or what came in or went out."))
        return
    lines.append(StatementLine(raw.row, amount, values["day"], values.get("remark") or ""))


def _fen(table: SideTable, raw: RawRow, name: str, text: str) -> int | None:
    """Yuan as fen; None of an empty cell."""
    plain = _NOT_DIGITS.sub("", text)
    if not plain or plain in ("-", "--"):
        return None
    try:
        yuan = Decimal(plain)
    except InvalidOperation:
        yuan = Decimal("NaN")
    if not yuan.is_finite() or abs(yuan) > LARGEST_YUAN or yuan * 100 != (yuan * 100).to_integral_value():
        table.say(
            raw, name, text, _("This is no amount in yuan with at most two decimals, such as 40,000.00.")
        )
        return None
    return int(yuan * 100)
