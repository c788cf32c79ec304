"""A file of contract records, as a bureau exports it, read for the statistics: CSV in any encoding of the field, XLSX, JSON Lines.

With a cell that cannot be read nothing of the file is counted: a sum over a part would be wrong without anybody seeing it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from ronglian.apps.agreements.registration_texts import codes, heads, kind_of, named
from ronglian.apps.registry.columns import CellKind, Column, declare_columns
from ronglian.apps.registry.imports.cells import is_nothing
from ronglian.apps.registry.imports.reading import Plan, RawRow
from ronglian.apps.registry.imports.side_table import SideTable, WrongCell
from ronglian.engines.contracts import GROUPS, Entry
from ronglian.kernel.codes.fields import find_field

NEEDED = ("kind", "turnover", "seller", "buyer")
KINDS = {
    "seller": CellKind.REGION,
    "buyer": CellKind.REGION,
    "turnover": CellKind.MONEY,
    "technology": CellKind.MONEY,
}
LONGEST = 200


def _columns() -> tuple[Column, ...]:
    return tuple(
        Column(
            name,
            KINDS.get(name, CellKind.TEXT),
            known["zh"],
            known["en"],
            tuple(known["other"]),
            attributes=(name, f"{name}_high") if KINDS.get(name) is CellKind.MONEY else (name,),
            required=name in NEEDED,
        )
        for name, known in heads().items()
    )


COLUMNS = _columns()
KIND = declare_columns("contract_records", COLUMNS)
LIMITS = {column.name: LONGEST for column in COLUMNS if column.kind is CellKind.TEXT}


@dataclass(frozen=True, slots=True)
class ContractFile:
    """The contracts of a file in its order, and what is wrong in it; with a wrong cell nothing of it is used."""

    entries: tuple[Entry, ...]
    wrong: tuple[WrongCell, ...]


def read_contract_file(path: Path) -> ContractFile:
    """Amounts without a unit, in the cell or its head, are yuan. Raises OSError."""
    with path.open("rb") as file:
        return read_contracts(file, path.name)


def read_contracts(file: IO[bytes], filename: str) -> ContractFile:
    """The same from what was sent; the first wrong cells are told, fifty at most."""
    table, entries = SideTable(KIND, COLUMNS, LIMITS, unit="yuan"), list[Entry]()
    table.read(file, filename, lambda raw: _read(table, raw, entries))
    if not entries and not table.wrong:
        table.wrong.append(WrongCell(filename, "", "", _("The file holds no contract below its heads.")))
    return ContractFile(() if table.wrong else tuple(entries), tuple(table.wrong))


def _read(table: SideTable, raw: RawRow, entries: list[Entry]) -> None:
    plan, values, before = table.plan(raw), dict[str, Any](), len(table.wrong)
    for column in COLUMNS:
        values |= table.cell(raw, plan, column) or {}
    kind = kind_of(values.get("kind", ""))
    if kind and kind not in GROUPS:
        told = _("A category is needed, such as 技术开发, 技术转让, 技术许可, 技术咨询 or 技术服务.")
        table.say(raw, "kind", values["kind"], told)
    if len(table.wrong) == before:
        _insist_on_amounts(table, raw, plan, values)
    if len(table.wrong) > before:
        return
    no_rights = ("", named("rights", "none", "zh"), named("rights", "none", "en"))
    entries.append(
        Entry(
            kind=kind,
            turnover_fen=values["turnover"],
            technology_fen=values["technology"] or 0,
            objective=_code_of("objectives", values["objective"]),
            field=str(find_field(values["field"]) or "") if values["field"] else "",
            plan=_code_of("plans", values["plan"]),
            seller_nature=_code_of("natures", values["nature"]),
            seller_region=values["seller"],
            buyer_region=values["buyer"],
            involves_rights=values["rights"] not in no_rights,
        )
    )


def _insist_on_amounts(table: SideTable, raw: RawRow, plan: Plan, values: Mapping[str, Any]) -> None:
    """One exact amount each: no range, nothing that is still to be agreed; the technology amount may be empty."""
    for name in ("turnover", "technology"):
        cell = raw.cells[plan[name][0].header] if name in plan else None
        low, high = values[name], values[f"{name}_high"]
        if low != high or (low is None and (name in NEEDED or not is_nothing(cell))):
            table.say(raw, name, cell, _("An amount is needed, such as 1000000 or 100万元."))


def _code_of(name: str, text: str) -> str:
    """The code of a list for a code or a name; what is neither is counted as not stated."""
    return next((code for code, entry in codes(name).items() if text in (code, entry["zh"], entry["en"])), "")
