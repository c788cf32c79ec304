"""`ronglian`: the commands, each loaded when it is called.

Starting Django takes about a second and needs a database, so it is done only for the commands that use it;
`ronglian --help` and `ronglian evaluate` do without.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from gettext import gettext as _
from importlib import import_module
from importlib.metadata import version
from typing import Any

import click

from ronglian.cli.language import (
    DJANGO_CODES,
    LANGUAGES,
    current_language,
    gettext_noop,
    language_of,
    use_language,
)

SETTINGS = "ronglian.project.settings.dev"


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a command is and what the list of commands says of it."""

    module: str
    summary: str
    needs_django: bool = True


COMMANDS: dict[str, Entry] = {
    "match": Entry("matching", gettext_noop("Match a need, a result or a sentence, with reasons.")),
    "search": Entry("searching", gettext_noop("Find records that say what you ask for.")),
    "import": Entry("importing", gettext_noop("Check a file of records and take it over.")),
    "export": Entry("exporting", gettext_noop("Write records to a file.")),
    "evaluate": Entry(
        "evaluating", gettext_noop("Measure the matching engine on judged pairs."), needs_django=False
    ),
    "train": Entry("training", gettext_noop("Learn from decisions; put it to use; take it back.")),
    "exposure": Entry("exposing", gettext_noop("Measure who is seen in the suggestions.")),
    "rules": Entry(
        "ruling",
        gettext_noop("Rules as code: what the law says at a place on a date, and why."),
        needs_django=False,
    ),
    "log": Entry("logging_events", gettext_noop("The log of all events: checkpoint, file, receipts.")),
    "verify": Entry(
        "verifying", gettext_noop("Check an exported log or a receipt, offline."), needs_django=False
    ),
    "check": Entry("checking", gettext_noop("Ask what always has to hold of the database.")),
    "backup": Entry("backing_up", gettext_noop("Back everything up, while the site runs.")),
    "restore": Entry("restoring", gettext_noop("Bring a backup back into an empty place, and check it.")),
    "keys": Entry("keys", gettext_noop("The keys that seal confidential values: rotate, reseal, retire.")),
    "read-only": Entry("freezing", gettext_noop("Let nothing be written for a while.")),
    "setup": Entry(
        "setting_up", gettext_noop("Make the database and all files ready; again after an update.")
    ),
    "rebuild": Entry("rebuilding", gettext_noop("Make the match index and its vectors anew.")),
    "demo": Entry("demonstrating", gettext_noop("Load the invented demo region and match one of its needs.")),
    "serve": Entry("serving", gettext_noop("Serve the site and run its background jobs.")),
    "worker": Entry("working", gettext_noop("Run background jobs only.")),
    "managers": Entry(
        "registering_managers", gettext_noop("The register of technology managers: read it, confirm entries.")
    ),
    "drafting": Entry(
        "drafting", gettext_noop("The drafting assistant: whether one is set up, and asking it.")
    ),
    "checkups": Entry(
        "checking_up", gettext_noop("Check-ups of enterprises: begin, answer, read, take to the clinic.")
    ),
    "surveys": Entry(
        "surveying",
        gettext_noop("Surveys along an enterprise's chain: open, enter, invite, remind, look, close."),
    ),
    "services": Entry("offering", gettext_noop("The catalogue of services: read it, take one out.")),
    "cases": Entry("carrying", gettext_noop("Cases of technology managers: read, open, move, hand over.")),
    "contracts": Entry(
        "contracting", gettext_noop("Technology contracts: statistics of what was registered, or of a file.")
    ),
    "contract": Entry(
        "reading_contracts",
        gettext_noop("Contracts of a person's organisations: read, written as files, tried out."),
    ),
    "triage": Entry("triaging", gettext_noop("Which way troubles go, and whether needs are real.")),
    "hours": Entry("receiving", gettext_noop("Clinic hours and their bookings.")),
    "pools": Entry("pooling", gettext_noop("Common needs: find, invite, give up.")),
    "neglected": Entry("attending", gettext_noop("Needs that lie without an answer.")),
    "challenge": Entry(
        "challenging",
        gettext_noop("Open challenges: compute a ranking again from its record, offline."),
        needs_django=False,
    ),
    "process": Entry("processes", gettext_noop("Processes that are data: list, check, draw, simulate.")),
    "operator": Entry("people", gettext_noop("Make a person an operator of the platform.")),
}


class LazyCommands(click.Group):
    """Knows the names of the commands; loads a command's module, and Django for it, when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        if entry.needs_django:
            set_up_django()
        command: click.Command = import_module(f"ronglian.cli.{entry.module}").command
        return localised(command)

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        return [_localised_parameter(parameter) for parameter in super().get_params(ctx)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(entry.summary)) for name, entry in COMMANDS.items()])

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        formatter.write_text(_(ABOUT))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            # Loaded here because it knows Django's errors, and `evaluate` does without Django.
            presented = import_module("ronglian.cli.failures").presented(error)
            if presented is None:
                raise
            raise presented from error


def set_up_django() -> None:
    """Start Django with the profile of DJANGO_SETTINGS_MODULE, in the language of the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import_module("django").setup()
    import_module("django.utils.translation").activate(DJANGO_CODES[current_language()])


def localised(command: click.Command) -> click.Command:
    """A copy of the command whose help is in the language of the command line."""
    copied = copy(command)
    copied.help = _(command.help) if command.help else None
    copied.params = [_localised_parameter(parameter) for parameter in command.params]
    return copied


def _localised_parameter(parameter: click.Parameter) -> click.Parameter:
    copied = copy(parameter)
    if isinstance(copied, click.Option) and copied.help:
        copied.help = _(copied.help)
    return copied


def _choose_language(_context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if value:
        use_language(value)


ABOUT = gettext_noop(
    "Ronglian 融链 matches enterprises' technology needs with research results, both ways, with reasons."
)


@click.group(cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    is_eager=True,
    expose_value=False,
    callback=_choose_language,
    help=gettext_noop("Language of all texts; without it English where LANG is English, else Chinese."),
)
@click.version_option(version("ronglian"), prog_name="ronglian")
def commands() -> None:
    """The group that holds all commands."""


def main(arguments: Sequence[str] | None = None) -> None:
    """The entry point of the `ronglian` command."""
    use_language(language_of(os.environ))
    commands.main(args=arguments, prog_name="ronglian")
