"""`ronglian managers`: the register of technology managers."""

from __future__ import annotations

from gettext import gettext as _
from uuid import UUID

import click
from rich.table import Table

from ronglian.apps.clinic.manager_enums import ManagerLevel, ManagerState
from ronglian.apps.clinic.models import TechnologyManager
from ronglian.apps.clinic.operations.assignments import propose_assignments
from ronglian.apps.clinic.operations.technology_managers import confirm_manager
from ronglian.apps.clinic.queries.technology_managers import access_manager, list_managers
from ronglian.cli.failures import not_found
from ronglian.cli.language import gettext_noop
from ronglian.cli.output import as_json, console, print_json
from ronglian.cli.records import keeper_of_the_machine
from ronglian.kernel.errors import NotFound


@click.command(
    "managers",
    help=gettext_noop(
        "The register of technology managers. `list` shows all entries, those that wait for confirmation too; "
        "`confirm` MANAGER enters somebody whose documents were seen; `assign` shares out the needs that wait, "
        "for the bureau to confirm at the site."
    ),
)
@click.argument("action", type=click.Choice(["list", "confirm", "assign"]), default="list")
@click.argument("manager", required=False, type=click.UUID)
@as_json
def command(action: str, manager: UUID | None, as_json: bool) -> None:
    """The command."""
    actor = keeper_of_the_machine("managers")
    if action == "assign":
        run = propose_assignments(actor=actor)
        figures = {**run.counts, "value": run.value, "bound": run.bound}
        if as_json:
            print_json({"id": str(run.public_id), **figures})
        else:
            text = _(
                "{carried} of {cases} waiting needs have a manager proposed; small firms: {small_held} of {small}, {small_minimum} guaranteed."
            )
            console().print(text.format(**figures))
        return
    if action == "confirm":
        if manager is None:
            raise click.UsageError(_("Say which MANAGER; `ronglian managers` shows them."))
        try:
            shown = [confirm_manager(actor=actor, manager=access_manager(actor, manager))]
        except NotFound as error:
            raise not_found(str(manager)) from error
    else:
        shown = list(list_managers(actor))
    if as_json:
        print_json([_as_json(each) for each in shown])
    elif shown:
        _print(shown)
    else:
        console().print(_("Nobody has applied yet. People do so at the site, under My work."))


def _print(managers: list[TechnologyManager]) -> None:
    table = Table(box=None, padding=(0, 1), header_style="dim")
    for header in (_("id"), _("name"), _("level"), _("state"), _("open cases at once")):
        table.add_column(header, overflow="fold")
    for each in managers:
        level, state = str(ManagerLevel(each.level).label), str(ManagerState(each.state).label)
        table.add_row(str(each.public_id), each.name, level, state, str(each.capacity))
    console().print(table)


def _as_json(manager: TechnologyManager) -> dict[str, object]:
    names = ("name", "name_en", "level", "state", "technology_fields", "regions", "languages", "capacity",
             "takes_new", "confirmed_on")  # fmt: skip
    return {"id": str(manager.public_id), **{name: getattr(manager, name) for name in names}}
