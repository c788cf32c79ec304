"""`ronglian verify`: checks an exported log or a receipt offline, with nothing but the file and the public key."""

from __future__ import annotations

import json
from gettext import gettext as _
from pathlib import Path
from typing import Any

import click

from ronglian.cli.language import gettext_noop
from ronglian.cli.output import as_json, print_json
from ronglian.engines.proof import (
    RECEIPT_FORMAT,
    Difference,
    NoteError,
    Problem,
    Verified,
    Verifier,
    note_within,
    verify_log,
    verify_receipt,
)

LONGEST_RECEIPT = 1 << 20
PROBLEMS: dict[Problem, str] = {
    "unreadable": gettext_noop("This line is not what stands in such a file."),
    "foreign_key": gettext_noop("The file names another public key than the one given."),
    "entry_changed": gettext_noop("The entry does not have the hash that stands beside it: it was changed."),
    "out_of_place": gettext_noop(
        "The entry has another number than its place: one was deleted, put in or swapped."
    ),
    "not_signed": gettext_noop("The checkpoint is not signed by the log's key."),
    "wrong_size": gettext_noop("The checkpoint counts other entries than stand before it."),
    "root_differs": gettext_noop("Among these entries, at least one is not the one that was signed for."),
    "no_checkpoint": gettext_noop("These entries at the end are covered by no checkpoint."),
    "count_differs": gettext_noop(
        "The head of the file counts other entries than follow: some were cut off."
    ),
    "too_short": gettext_noop("A checkpoint you gave counts more entries: the end of the log was cut off."),
    "opening_differs": gettext_noop("What the receipt tells is not what the entry of the log commits to."),
    "history_differs": gettext_noop(
        "The log does not begin as a checkpoint you gave says: its history was rewritten."
    ),
}


@click.command(
    "verify",
    help=gettext_noop(
        "Check FILE, an exported log or a receipt, offline. Without --key the file is checked against the key it names "
        "itself: that shows it whole, not whose it is. Exit code 1 if anything differs."
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--key", help=gettext_noop("The log's public key as name+keyid+base64, or a file that holds it.")
)
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    multiple=True,
    help=gettext_noop(
        "A checkpoint you kept, or a saved mail that carries one; the log has to go on from it. May be given several times."
    ),
)
@as_json
def command(file: Path, key: str | None, against: tuple[Path, ...], as_json: bool) -> None:
    """The command."""
    trusted, notes = _read_key(key) if key else None, [_read_note(path) for path in against]
    try:
        found = _verified(file, trusted, notes)
    except OSError as error:
        raise click.BadParameter(f"{file}: {error.strerror}", param_hint="FILE") from error
    if as_json:
        print_json(_as_json(found))
    elif found.difference is None:
        text = _("Whole: {entries} entries, {checkpoints} signed checkpoints, key {key}")
        click.echo(text.format(entries=found.size, checkpoints=found.checkpoints, key=found.key))
    else:
        click.echo(_describe(found.difference))
    if found.difference is not None:
        raise click.exceptions.Exit(1)


def _verified(file: Path, key: Verifier | None, against: list[str]) -> Verified:
    receipt = _receipt(file)
    if receipt is not None:
        return verify_receipt(receipt, key)
    with file.open("rb") as lines:
        return verify_log(lines, key, against)


def _receipt(file: Path) -> dict[str, Any] | None:
    """The receipt the file holds, if it holds one."""
    if file.stat().st_size > LONGEST_RECEIPT:
        return None
    try:
        value = json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and value.get("format") == RECEIPT_FORMAT else None


def _read_key(given: str) -> Verifier:
    path = Path(given)
    try:
        return Verifier.parse(path.read_text("utf-8") if path.is_file() else given)
    except (NoteError, UnicodeDecodeError) as error:
        raise click.BadParameter(
            _("A public key looks like name+keyid+base64."), param_hint="--key"
        ) from error


def _read_note(path: Path) -> str:
    try:
        return note_within(path.read_bytes())
    except OSError as error:
        raise click.BadParameter(f"{path}: {error.strerror}", param_hint="--against") from error


def _describe(difference: Difference) -> str:
    lines = [_(PROBLEMS[difference.problem]), _("Line {number} of the file.").format(number=difference.line)]
    if difference.first is not None and difference.first == difference.last:
        lines.append(_("Entry {number}.").format(number=difference.first))
    elif difference.first is not None:
        lines.append(_("Entries {first} to {last}.").format(first=difference.first, last=difference.last))
    return " ".join(lines)


def _as_json(found: Verified) -> dict[str, Any]:
    difference = found.difference
    return {
        "whole": difference is None,
        "entries": found.size,
        "checkpoints": found.checkpoints,
        "key": found.key,
        "difference": difference
        and {
            "problem": difference.problem,
            "line": difference.line,
            "first": difference.first,
            "last": difference.last,
        },
    }
