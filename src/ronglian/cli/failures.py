"""Errors as the command line shows them: what is wrong, where, what would be right, and an exit code.

0 done · 1 refused, nothing was written · 2 the command was called wrongly · 3 there is no such record ·
4 the database does not answer or is not set up · 130 stopped by Ctrl-C, and can go on
"""

from __future__ import annotations

from gettext import gettext as _

import click
from django.db import OperationalError, ProgrammingError

from ronglian.kernel.errors import NotFound, OperationError

REFUSED, NOT_FOUND, NO_DATABASE, STOPPED = 1, 3, 4, 130


class Failure(click.ClickException):
    """Refused; nothing was written."""

    exit_code = REFUSED


class NoSuchRecord(Failure):
    """What was asked for is not there."""

    exit_code = NOT_FOUND


class NoDatabase(Failure):
    """The database does not answer, or `ronglian setup` has not been run."""

    exit_code = NO_DATABASE


class Stopped(Failure):
    """By Ctrl-C; what was done is kept and the same command goes on."""

    exit_code = STOPPED


def presented(error: Exception) -> Failure | None:
    """The error for the command line; None for one that is a fault of ours and should show its trace."""
    match error:
        case OperationError():
            return Failure(_refusal(error))
        case NotFound():
            return not_found()
        case OperationalError() | ProgrammingError():
            return no_database(str(error))
        case _:
            return None


def no_database(reason: str) -> Failure:
    return NoDatabase(f"{_('The database does not answer or is not set up. Run: ronglian setup')}\n{reason}")


def not_found(what: str = "") -> Failure:
    text = _("There is no such record: {what}").format(what=what) if what else _("There is no such record.")
    return NoSuchRecord(text)


def _refusal(error: OperationError) -> str:
    lines = [str(error.message)]
    for field, messages in error.fields.items():
        lines += [f"  {field}: {message}" if field else f"  {message}" for message in messages]
    return "\n".join(lines)
