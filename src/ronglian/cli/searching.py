"""`ronglian search`: records that say what is asked for."""

from __future__ import annotations

from gettext import gettext as _
from typing import Any

import click
from django.db.models import QuerySet
from rich.table import Table

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.accounts.queries.organisations import list_organisations
from ronglian.apps.matching.queries.matches import search_organisations, search_records
from ronglian.apps.registry.queries.records import list_records
from ronglian.cli.language import gettext_noop
from ronglian.cli.output import as_json, console, print_json
from ronglian.cli.records import MODELS, keeper_of_the_machine, summary_of, title_of
from ronglian.kernel.actor import Actor

KINDS = (*MODELS, "organisations")


@click.command("search", help=gettext_noop("Find the records that say what QUERY asks for, best first."))
@click.argument("query")
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    default="results",
    show_default=True,
    help=gettext_noop("Where to look."),
)
@click.option(
    "--limit",
    type=click.IntRange(1, 2000),
    default=20,
    show_default=True,
    help=gettext_noop("How many at most."),
)
@as_json
def command(query: str, kind: str, limit: int, as_json: bool) -> None:
    """The command."""
    found = _find(keeper_of_the_machine("search"), kind, query, limit)
    if as_json:
        print_json({"query": query, "kind": kind, "found": [_row(record) for record in found]})
        return
    if not found:
        console().print(_("Nothing found. Try fewer or other words, or another --kind."))
        return
    table = Table(box=None, padding=(0, 1), header_style="dim")
    for header in (_("id"), _("title"), _("organisation")):
        table.add_column(header, overflow="fold")
    for record in found:
        owner = "" if isinstance(record, Organisation) else title_of(record.owner)
        table.add_row(str(record.public_id), title_of(record), owner)
    console().print(table)


def _find(actor: Actor, kind: str, query: str, limit: int) -> list[Any]:
    rows: QuerySet[Any]
    if kind == "organisations":
        keys = search_organisations(query, limit=limit)
        rows = list_organisations(actor).filter(public_id__in=keys)
    else:
        keys = search_records(actor, MODELS[kind], query, limit=limit)
        rows = list_records(actor, MODELS[kind]).filter(public_id__in=keys)
    by_key = {row.public_id: row for row in rows}
    return [by_key[key] for key in keys if key in by_key]


def _row(record: Any) -> dict[str, Any]:
    if isinstance(record, Organisation):
        return {
            "id": str(record.public_id),
            "kind": "organisation",
            "title": record.name,
            "title_en": record.name_en,
        }
    return summary_of(record)
