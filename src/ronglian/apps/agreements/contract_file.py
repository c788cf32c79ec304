"""A file of contract records, as a bureau exports it, read for the statistics. CSV with Chinese or English heads.

A row that cannot be read stops the reading with its line, its column and what would be right: a sum over a part would be
wrong without anybody seeing it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from ronglian.apps.agreements.registration_texts import codes, heads, kind_of, named
from ronglian.engines.contracts import GROUPS, Entry
from ronglian.engines.text import MoneyError, read_money
from ronglian.kernel.codes.fields import find_field
from ronglian.kernel.codes.regions import find_region
from ronglian.kernel.errors import InvalidInput

NEEDED = ("kind", "turnover", "seller", "buyer")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the file something is wrong."""

    path: Path
    line: int

    def refuse(self, head: str, right: str) -> InvalidInput:
        place = _("%(file)s, line %(line)d, column “%(head)s”") % {
            "file": self.path.name, "line": self.line, "head": head}  # fmt: skip
        return InvalidInput(f"{place}: {right}")


def read_contracts(path: Path) -> Iterator[Entry]:
    """The contracts of a file, in its order. Amounts without a unit are yuan.

    Raises InvalidInput naming file, line and column of the first cell that cannot be read; OSError, UnicodeDecodeError.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        first = next(rows, [])
        columns = _columns(_Place(path, 1), first)
        for row in rows:
            if any(cell.strip() for cell in row):
                yield _entry(_Place(path, rows.line_num), columns, first, row)


def _columns(place: _Place, first: Sequence[str]) -> Mapping[str, int]:
    found = {
        name: at for name, known in heads().items() for at, head in enumerate(first) if head.strip() in known
    }
    for name in NEEDED:
        if name not in found:
            raise place.refuse(
                heads()[name][0], _("This column is needed; the first line names the columns.")
            )
    return found


def _entry(place: _Place, columns: Mapping[str, int], first: Sequence[str], row: Sequence[str]) -> Entry:
    def cell(name: str) -> str:
        at = columns.get(name)
        return row[at].strip() if at is not None and at < len(row) else ""

    def refuse(name: str, right: str) -> InvalidInput:
        return place.refuse(first[columns[name]], right)

    def amount(name: str) -> int:
        try:
            return _fen(cell(name))
        except (MoneyError, ValueError) as error:
            raise refuse(name, _("An amount is needed, such as 1000000 or 100万元.")) from error

    def region(name: str) -> str:
        code = find_region(cell(name))
        if code is None:
            raise refuse(name, _("A region is needed, such as 湖北省, 武汉市 or 4201."))
        return code

    kind = kind_of(cell("kind"))
    if kind not in GROUPS:
        raise refuse(
            "kind", _("A category is needed, such as 技术开发, 技术转让, 技术许可, 技术咨询 or 技术服务.")
        )
    return Entry(
        kind=kind,
        turnover_fen=amount("turnover"),
        technology_fen=amount("technology") if cell("technology") else 0,
        objective=_code_of("objectives", cell("objective")),
        field=str(find_field(cell("field")) or "") if cell("field") else "",
        plan=_code_of("plans", cell("plan")),
        seller_nature=_code_of("natures", cell("nature")),
        seller_region=region("seller"),
        buyer_region=region("buyer"),
        involves_rights=cell("rights")
        not in ("", named("rights", "none", "zh"), named("rights", "none", "en")),
    )


def _fen(text: str) -> int:
    is_bare = text.replace(",", "").replace(".", "", 1).isdecimal()
    found = read_money(f"CNY {text}" if is_bare else text)
    if found.low_fen is None or found.low_fen != found.high_fen:
        raise ValueError(text)
    return found.low_fen


def _code_of(name: str, text: str) -> str:
    """The code of a list for a code or a name; what is neither is counted as not stated."""
    return next((code for code, entry in codes(name).items() if text in (code, entry["zh"], entry["en"])), "")
