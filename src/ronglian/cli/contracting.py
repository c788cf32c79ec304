"""`ronglian contracts`: statistics of technology contracts, from what was registered here or from a file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from gettext import gettext as _
from pathlib import Path

import click
from django.utils import timezone

from ronglian.apps.agreements.contract_file import read_contract_file
from ronglian.apps.agreements.queries.registrations import registered_entries
from ronglian.apps.agreements.registration_document import statistics_tables
from ronglian.cli.failures import Failure
from ronglian.cli.language import current_language, gettext_noop
from ronglian.cli.output import as_json, console, print_json, print_rows
from ronglian.cli.records import keeper_of_the_machine
from ronglian.engines.contracts import Entry, count_contracts
from ronglian.kernel.codes.regions import find_region


@click.command(
    "contracts",
    help=gettext_noop(
        "Statistics of technology contracts by kind, field, objective, plan, seller and flow between regions. Without FILE of "
        "what was registered here in a --year; with FILE of its rows (Excel, CSV or JSON Lines: 合同类别, 合同成交总金额, 技术交易额, 技术领域, "
        "社会经济目标, 计划项目来源, 卖方性质, 卖方行政区划, 买方行政区划, 知识产权)."
    ),
)
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--year", type=click.IntRange(1, 9998), help=gettext_noop("The year of registration."))
@click.option("--region", default="", help=gettext_noop("Whose sellers and buyers, such as 湖北 or 42."))
@as_json
def command(file: Path | None, year: int | None, region: str, as_json: bool) -> None:
    """The command."""
    code = find_region(region) if region else ""
    if code is None:
        raise click.BadParameter(
            _("{region} is no region. Right would be 湖北省, 武汉市 or 4201.").format(region=region),
            param_hint="--region",
        )
    entries = _registered(year) if file is None else _of_file(file)
    tables = statistics_tables(count_contracts(entries, code), "en" if current_language() == "en" else "zh")
    if as_json:
        print_json(
            [
                {"table": heading, "rows": [dict(zip(table.heads, row, strict=True)) for row in table.rows]}
                for heading, table in tables
            ]
        )
        return
    for _heading, table in tables:
        if table.rows:
            print_rows(table.heads, table.rows, "")
            console().print("")


def _registered(year: int | None) -> Iterable[Entry]:
    asked = year or timezone.localdate().year
    actor = keeper_of_the_machine("contracts")
    return registered_entries(actor, date(asked, 1, 1), date(asked, 12, 31))


def _of_file(path: Path) -> Iterable[Entry]:
    """What the file holds; with a cell that cannot be read, all that is wrong and nothing else."""
    read = read_contract_file(path)
    if read.wrong:
        raise Failure(
            "\n".join([_("Nothing of {path} was counted.").format(path=path), *map(str, read.wrong)])
        )
    return read.entries
