"""`ronglian operator`: who operates the platform."""

from __future__ import annotations

from gettext import gettext as _

import click

from ronglian.apps.accounts.operations.people import appoint_operator
from ronglian.cli.language import gettext_noop
from ronglian.cli.output import console
from ronglian.cli.records import keeper_of_the_machine


@click.command(
    "operator",
    help=gettext_noop(
        "Make the person who signed up with EMAIL an operator of the platform, who sees all records."
    ),
)
@click.argument("email")
@click.option("--end", is_flag=True, help=gettext_noop("End it instead."))
def command(email: str, end: bool) -> None:
    """The command."""
    appoint_operator(actor=keeper_of_the_machine("operator"), email=email, is_operator=not end)
    text = _("{email} is no longer an operator.") if end else _("{email} is now an operator.")
    console().print(text.format(email=email))
