"""`ronglian export`: records in a file that people open and that can be imported again."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from gettext import gettext as _
from pathlib import Path
from typing import Any, cast

import click
from django.db.models import QuerySet
from django.utils import timezone

from ronglian.apps.accounts.queries.organisations import list_organisations
from ronglian.apps.registry.columns import KINDS, Kind
from ronglian.apps.registry.enums import State
from ronglian.apps.registry.exports import FORMATS, Format, Language, export_rows, template_file
from ronglian.apps.registry.queries.records import list_records
from ronglian.cli.language import current_language, gettext_noop
from ronglian.cli.records import MODELS, keeper_of_the_machine
from ronglian.kernel.actor import Actor
from ronglian.kernel.log.carried import COMPANION, checkpoint_note
from ronglian.kernel.provenance import unexpired


@click.command(
    "export",
    help=gettext_noop(
        "Write the records of KIND to standard output or --output. The file can be imported again. Beside a CSV or JSON "
        "Lines file lies the latest checkpoint of the log; a workbook holds it."
    ),
)
@click.argument("kind", type=click.Choice(KINDS))
@click.option(
    "--format",
    "file_format",
    type=click.Choice(FORMATS),
    help=gettext_noop("Without it what the name of the output says, else jsonl."),
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help=gettext_noop("Where to write; replaced whole."),
)
@click.option("--current", is_flag=True, help=gettext_noop("Only what is published and has not expired."))
@click.option(
    "--template", is_flag=True, help=gettext_noop("An empty file with the headers, to be filled in.")
)
def command(kind: str, file_format: str | None, output: Path | None, current: bool, template: bool) -> None:
    """The command."""
    chosen = cast(Format, file_format or _format_of(output))
    if chosen == "xlsx" and output is None and sys.stdout.isatty():
        raise click.UsageError(_("A workbook cannot be shown here. Name a file with --output."))
    language: Language = "en" if current_language() == "en" else "zh"
    chosen_kind = cast(Kind, kind)
    pieces: Iterable[bytes]
    if template:
        pieces = [template_file(chosen_kind, chosen, language)]
    else:
        actor = keeper_of_the_machine("export")
        pieces = export_rows(actor, chosen_kind, _records(actor, kind, current=current), chosen, language)
    if output is None:
        for piece in pieces:
            click.echo(piece, nl=False)
        return
    note = "" if template or chosen == "xlsx" else checkpoint_note()
    _write(output, pieces)
    _write_companion(output, note)


def _format_of(output: Path | None) -> str:
    suffix = "" if output is None else output.suffix.removeprefix(".").lower()
    return suffix if suffix in FORMATS else "jsonl"


def _records(actor: Actor, kind: str, *, current: bool) -> QuerySet[Any]:
    if kind == "organisations":
        return list_organisations(actor).order_by("id")
    records = list_records(actor, MODELS[kind]).order_by("id")
    if current:
        records = records.filter(unexpired(timezone.localdate()), state=State.PUBLISHED)
    return records


def _write(output: Path, pieces: Iterable[bytes]) -> None:
    """A reader never sees half a file, and a failed export leaves the old one."""
    draft = output.with_name(f".{output.name}.part")
    try:
        with draft.open("wb") as stream:
            stream.writelines(pieces)
        draft.replace(output)
    finally:
        draft.unlink(missing_ok=True)


def _write_companion(output: Path, note: str) -> None:
    """The checkpoint beside the file; one that lay beside an older file goes where there is none for this."""
    companion = output.with_name(output.name + COMPANION)
    if note:
        _write(companion, [note.encode()])
    else:
        companion.unlink(missing_ok=True)
