"""`ronglian check`: asks every invariant of the live database."""

from __future__ import annotations

from gettext import gettext as _

import click
from rich.table import Table

from ronglian.cli.failures import REFUSED
from ronglian.cli.language import gettext_noop
from ronglian.cli.output import as_json, console, print_json
from ronglian.kernel.invariant import Outcome, all_invariants, check_invariant


@click.command(
    "check",
    help=gettext_noop(
        "Ask what always has to hold of the database, and name what does not. NAMES narrows it down to those whose "
        "names begin so, such as `log`. Exit code 1 if anything is broken."
    ),
)
@click.argument("names", nargs=-1)
@as_json
def command(names: tuple[str, ...], as_json: bool) -> None:
    """The command."""
    asked = [each for each in all_invariants() if not names or each.name.startswith(names)]
    if not asked:
        raise click.UsageError(_("No invariant has such a name."))
    outcomes = []
    with console(errors=True).status("") as status:
        for each in asked:
            status.update(each.name)
            outcomes.append(check_invariant(each))
    print_json([_as_json(outcome) for outcome in outcomes]) if as_json else _print(outcomes)
    if not all(outcome.holds for outcome in outcomes):
        raise click.exceptions.Exit(REFUSED)


def _print(outcomes: list[Outcome]) -> None:
    table = Table(box=None, padding=(0, 1), header_style="dim")
    for header in ("", _("name"), _("what holds")):
        table.add_column(header)
    for outcome in outcomes:
        table.add_row("✓" if outcome.holds else "✗", outcome.invariant.name, str(outcome.invariant.sentence))
        for broken in outcome.broken:
            table.add_row("", "", f"  {broken}")
    screen = console()
    screen.print(table)
    held = sum(outcome.holds for outcome in outcomes)
    screen.print(_("{held} of {asked} hold").format(held=held, asked=len(outcomes)))


def _as_json(outcome: Outcome) -> dict[str, object]:
    return {
        "name": outcome.invariant.name,
        "sentence": str(outcome.invariant.sentence),
        "holds": outcome.holds,
        "broken": list(outcome.broken),
    }
