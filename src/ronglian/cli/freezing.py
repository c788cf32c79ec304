"""`ronglian read-only`: lets nothing be written for a while, such as during a move to another machine."""

from __future__ import annotations

from gettext import gettext as _

import click

from ronglian.cli.language import gettext_noop
from ronglian.cli.output import console
from ronglian.kernel.read_only import read_only_reason, switch_off, switch_on


@click.command(
    "read-only",
    help=gettext_noop(
        "Let nothing be written for a while: `on` with a REASON that everybody is shown, `off`, or `status`. Reading goes "
        "on; every call that would write answers 503."
    ),
)
@click.argument("switch", type=click.Choice(["on", "off", "status"]), default="status")
@click.argument("reason", required=False)
def command(switch: str, reason: str | None) -> None:
    """The command."""
    if (reason is not None) != (switch == "on"):
        raise click.UsageError(_("`on` takes a REASON; the others take nothing."))
    if switch == "on":
        switch_on(reason or "")
    elif switch == "off":
        switch_off()
    present = read_only_reason()
    console().print(
        _("Everything can be written.")
        if present is None
        else _("Read-only: {reason}").format(reason=present)
    )
