"""`ronglian log`: the state of the log, the log as a file, receipts, the public key."""

from __future__ import annotations

import json
from collections.abc import Callable
from gettext import gettext as _
from uuid import UUID

import click
from django.utils import timezone

from ronglian.cli.failures import not_found
from ronglian.cli.language import gettext_noop
from ronglian.cli.output import console
from ronglian.kernel.errors import NotFound
from ronglian.kernel.log.keys import log_key
from ronglian.kernel.log.proofs import exported_log, receipt, signed_checkpoint
from ronglian.kernel.log.sequencer import log_size, sequence_events, sign_checkpoint


@click.command(
    "log",
    help=gettext_noop(
        "The log of all events. `status` signs for what is new and prints the latest checkpoint; `export` FILE writes "
        "the whole log; `receipt` EVENT prints what proves one event; `key` prints the public key."
    ),
)
@click.argument("action", type=click.Choice(["status", "export", "receipt", "key"]), default="status")
@click.argument("what", required=False)
def command(action: str, what: str | None) -> None:
    """The command."""
    if (what is None) != (action in ("status", "key")):
        raise click.UsageError(_("`export` takes a FILE and `receipt` an EVENT; the others take nothing."))
    ACTIONS[action](what or "")


def _status(_what: str) -> None:
    sequence_events()
    sign_checkpoint(timezone.now())
    signed = signed_checkpoint()
    if signed is None:
        console(errors=True).print(_("Nothing has happened yet: the log is empty."))
        return
    click.echo(signed.row.note, nl=False)


def _export(what: str) -> None:
    sequence_events()
    sign_checkpoint(timezone.now())
    with click.open_file(what, "wb", atomic=what != "-") as file:
        for line in exported_log():
            file.write(line)
    console(errors=True).print(_("{number} entries written to {file}").format(number=log_size(), file=what))


def _receipt(what: str) -> None:
    sequence_events()
    sign_checkpoint(timezone.now())
    try:
        click.echo(json.dumps(receipt(UUID(what)), ensure_ascii=False, indent=2))
    except (ValueError, NotFound) as error:
        raise not_found(what) from error


def _key(_what: str) -> None:
    click.echo(str(log_key()))


ACTIONS: dict[str, Callable[[str], None]] = {
    "status": _status,
    "export": _export,
    "receipt": _receipt,
    "key": _key,
}
