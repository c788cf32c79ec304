"""`ronglian rebuild`: the match index and its vectors, made anew from the database."""

from __future__ import annotations

from gettext import gettext as _

import click

from ronglian.apps.matching.keeper import keeper
from ronglian.apps.matching.queries.matches import version_in_use
from ronglian.apps.matching.vectors import FILE
from ronglian.cli.language import gettext_noop
from ronglian.cli.output import console
from ronglian.cli.vectors import compute_vectors


@click.command(
    "rebuild",
    help=gettext_noop(
        "Build the match index anew from the database, and compute the vectors of meaning that are missing. What "
        "runs meanwhile goes on with the old ones."
    ),
)
@click.option(
    "--again", is_flag=True, help=gettext_noop("Compute all vectors anew, those that are there included.")
)
def command(again: bool) -> None:
    """The command."""
    screen = console()
    with console(errors=True).status(_("Building the match index")):
        records = keeper.rebuild()
    screen.print(_("Match index: {records} records").format(records=records))
    if again:
        (keeper.folder / FILE).unlink(missing_ok=True)
    done = compute_vectors().done
    screen.print(_("Vectors of meaning: {records} records computed").format(records=done))
    screen.print(_("Matches are scored by: {version}").format(version=version_in_use()))
