"""`ronglian setup`: everything a fresh or updated installation needs before it runs. Safe to repeat."""

from __future__ import annotations

from gettext import gettext as _

import click
from django.core.management import call_command

from ronglian.cli.language import gettext_noop
from ronglian.cli.output import console
from ronglian.kernel.log.keys import log_secret, log_signer
from ronglian.kernel.messages import compile_messages
from ronglian.kernel.statistics import refresh_statistics


@click.command(
    "setup",
    help=gettext_noop(
        "Compile the texts, bring the database to the newest form, collect the front-end files. Safe to repeat."
    ),
)
def command() -> None:
    """The command."""
    screen = console(errors=True)
    for title, step in (
        (_("texts"), compile_messages),
        (_("database"), _bring_up_to_date),
        (_("keys of the log"), _make_keys),
        (_("front-end files"), _collect_files),
        (_("statistics"), refresh_statistics),
    ):
        with screen.status(title):
            step()
        screen.print(f"✓ {title}")


def _bring_up_to_date() -> None:
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def _make_keys() -> None:
    log_secret()
    log_signer()


def _collect_files() -> None:
    call_command("collectstatic", interactive=False, verbosity=0)
