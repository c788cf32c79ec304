"""`ronglian neglected`: needs that lie without an answer, and what is done about them."""

from __future__ import annotations

from gettext import gettext as _
from uuid import UUID

import click

from ronglian.apps.clinic.enums import AttentionKind
from ronglian.apps.clinic.operations.attention import note_attention
from ronglian.apps.clinic.queries.neglect import list_neglected
from ronglian.apps.registry.models import Need
from ronglian.apps.registry.queries.records import access_record
from ronglian.cli.failures import not_found
from ronglian.cli.language import gettext_noop
from ronglian.cli.output import as_json, print_json, print_rows
from ronglian.cli.records import keeper_of_the_machine, title_of
from ronglian.kernel.errors import NotFound


@click.command(
    "neglected",
    help=gettext_noop(
        "Needs that lie without an answer. `list` shows them, the most urgent first; `note` NEED writes down what was done."
    ),
)
@click.argument("action", type=click.Choice(["list", "note"]), default="list")
@click.argument("need", required=False, type=click.UUID)
@click.option("--kind", type=click.Choice(AttentionKind.values), default=AttentionKind.CONTACTED.value,
              show_default=True, help=gettext_noop("What was done."))  # fmt: skip
@click.option("--note", default="", help=gettext_noop("Why, and what came of it."))
@as_json
def command(action: str, need: UUID | None, kind: str, note: str, as_json: bool) -> None:
    """The command."""
    actor = keeper_of_the_machine("neglected")
    if action == "note":
        if need is None:
            raise click.UsageError(_("Say about which NEED; `ronglian neglected` shows them."))
        try:
            found = access_record(actor, Need, need)
        except NotFound as error:
            raise not_found(str(need)) from error
        note_attention(actor=actor, need=found, kind=kind, note=note)
    rows = list_neglected(actor)
    if as_json:
        print_json(
            [
                {"id": str(row.need.public_id), "title": row.need.title, "days_waiting": row.days_waiting,
                 "days_silent": row.days_silent, "is_small": row.is_small, "urgency": row.urgency}
                for row in rows
            ]
        )  # fmt: skip
        return
    print_rows(
        (_("id"), _("title"), _("days waiting"), _("days silent"), _("small firm")),
        [
            (row.need.public_id, title_of(row.need), row.days_waiting, row.days_silent or "–",
             _("yes") if row.is_small else "")
            for row in rows
        ],
        _("No need lies without an answer."),
    )  # fmt: skip
