"""`ronglian exposure`: who is seen in the stored suggestions."""

from __future__ import annotations

from gettext import gettext as _

import click
from rich.table import Table

from ronglian.apps.matching.operations.exposure import measure_suggestions
from ronglian.apps.matching.queries.exposure import is_on, measured
from ronglian.cli.language import gettext_noop
from ronglian.cli.output import as_json, console, print_json
from ronglian.cli.records import keeper_of_the_machine


@click.command(
    "exposure",
    help=gettext_noop(
        "Measure how much small firms are seen in the stored suggestions, against their share and their scores, "
        "and which popular results are held back. Lists follow the latest measurement."
    ),
)
@as_json
def command(as_json: bool) -> None:
    """The command."""
    found = measure_suggestions(actor=keeper_of_the_machine("exposure"))
    if as_json:
        names = ("results", "needs", "cap", "least_scores", "held_back", "parameters_version")
        print_json({name: getattr(found, name) for name in names} | {"in_use": is_on()})
        return
    table = Table(box=None, padding=(0, 1), header_style="dim")
    for header in ("", _("lists"), _("due"), _("seen"), _("seen, in fair order"), _("points")):
        table.add_column(header, justify="left" if not header else "right")
    for name, values in ((_("small suppliers"), found.results), (_("small firms"), found.needs)):
        each = measured(values)
        shares = [f"{100 * share:.1f} %" for share in (each.due, each.seen, each.seen_lifted)]
        table.add_row(name, str(each.lists), *shares, f"{each.lift:.1f}")
    screen = console()
    screen.print(table)
    text = _("A result stands in the first ten of at most {cap} needs; held back now: {held}.")
    screen.print(text.format(cap=found.cap, held=found.held_back))
    if not is_on():
        screen.print(_("The fair order is switched off (RONGLIAN_FAIR_ORDER=0): lists follow the scores."))
