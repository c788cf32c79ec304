"""`ronglian import`: check a file of records, list every bad cell, and take the file over."""

from __future__ import annotations

from collections.abc import Iterator
from gettext import gettext as _
from pathlib import Path
from typing import Any, cast

import click
from rich.table import Table

from ronglian.apps.registry.columns import KINDS, Kind
from ronglian.apps.registry.imports.messages import describe_cell_error, describe_file_problem, describe_place
from ronglian.apps.registry.models import ImportBatch, ImportState, RowOutcome
from ronglian.apps.registry.operations.imports import apply_import, check_import, stage_import
from ronglian.cli.failures import Failure
from ronglian.cli.language import gettext_noop
from ronglian.cli.output import as_json, console, print_json, progress_bar
from ronglian.cli.records import find_organisation, keeper_of_the_machine
from ronglian.kernel.actor import Actor

LISTED = 500


@click.command(
    "import",
    help=gettext_noop(
        "Take over FILE (.xlsx, .csv, .jsonl, .jsonl.gz) with records of KIND. Nothing is written unless every row "
        "is in order or --only-good-rows is given; importing the same file twice changes nothing."
    ),
)
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--owner",
    help=gettext_noop(
        "Whose records they are: id, credit code or name of the organisation. Without it each row names its own."
    ),
)
@click.option(
    "--map",
    "assigned",
    multiple=True,
    metavar="HEADER=COLUMN",
    help=gettext_noop("Which column a header is, where it is not recognised. May be repeated."),
)
@click.option("--dry-run", is_flag=True, help=gettext_noop("Only check; take nothing over."))
@click.option(
    "--only-good-rows", is_flag=True, help=gettext_noop("Take over what is in order; leave out the rest.")
)
@click.option(
    "--draft", is_flag=True, help=gettext_noop("Keep the new records as drafts instead of publishing them.")
)
@click.option(
    "--source",
    default="",
    help=gettext_noop("What the ids in the file count within; without it the file's name."),
)
@as_json
def command(
    kind: str,
    file: Path,
    owner: str | None,
    assigned: tuple[str, ...],
    dry_run: bool,
    only_good_rows: bool,
    draft: bool,
    source: str,
    as_json: bool,
) -> None:
    """The command."""
    actor = keeper_of_the_machine("import")
    with file.open("rb") as stream:
        batch = stage_import(
            actor=actor,
            owner=find_organisation(actor, owner) if owner else None,
            kind=cast(Kind, kind),
            file=stream,
            filename=file.name,
            mapping=_mapping(assigned),
            publish=not draft,
            source_name=source,
        )
    batch = _run(actor, batch, dry_run=dry_run, only_good_rows=only_good_rows)
    if as_json:
        print_json(_as_json(batch))
    else:
        _print(batch)
    if batch.state == ImportState.FAILED:
        raise Failure(describe_file_problem(batch.failure, batch.kind))
    if batch.bad_rows and not (dry_run or only_good_rows):
        raise Failure(_("Nothing was taken over. Correct the cells above, or use --only-good-rows."))


def _run(actor: Actor, batch: ImportBatch, *, dry_run: bool, only_good_rows: bool) -> ImportBatch:
    with progress_bar(_("checking")) as advance:
        batch = check_import(
            actor=actor, batch=batch, report=lambda now: advance(now.rows_seen, now.rows_total)
        )
    if dry_run or batch.state != ImportState.CHECKED or (batch.bad_rows and not only_good_rows):
        return batch
    with progress_bar(_("taking over")) as advance:
        return apply_import(
            actor=actor,
            batch=batch,
            only_good_rows=only_good_rows,
            report=lambda now: advance(now.rows_applied, now.changes),
        )


def _mapping(assigned: tuple[str, ...]) -> dict[str, str]:
    pairs = [each.rpartition("=") for each in assigned]
    wrong = [each for each, (header, _equals, _column) in zip(assigned, pairs, strict=True) if not header]
    if wrong:
        raise click.UsageError(_("--map takes HEADER=COLUMN, not {wrong}").format(wrong=wrong[0]))
    return {header: column for header, _equals, column in pairs}


def _errors(batch: ImportBatch) -> Iterator[tuple[Any, dict[str, Any]]]:
    """The bad cells that are kept with the rows, in the order of the file."""
    for row in batch.rows.filter(outcome=RowOutcome.ERROR).order_by("number").iterator(chunk_size=LISTED):
        for error in row.errors:
            yield row, {**error, "kind": batch.kind}


def _as_json(batch: ImportBatch) -> dict[str, Any]:
    counts = (
        "rows_seen",
        "creates",
        "updates",
        "unchanged",
        "duplicates",
        "bad_rows",
        "bad_cells",
        "rows_applied",
    )
    return {
        "id": str(batch.public_id),
        "file": batch.file_name,
        "kind": batch.kind,
        "state": batch.state,
        "mapping": batch.mapping,
        **{name: getattr(batch, name) for name in counts},
        "errors": [
            {"sheet": row.sheet, "row": row.row, **error, "message": describe_cell_error(error)}
            for row, error in _errors(batch)
        ],
    }


def _print(batch: ImportBatch) -> None:
    screen = console()
    table = Table(box=None, padding=(0, 1), header_style="dim")
    for header in (_("place"), _("column"), _("value"), _("what is wrong")):
        table.add_column(header, overflow="fold")
    for row, error in _errors(batch):
        place = describe_place(row.sheet, row.row)
        table.add_row(place, error["header"] or error["column"], error["value"], describe_cell_error(error))
    if table.rows:
        screen.print(table)
    for name in ("creates", "updates", "unchanged", "duplicates", "bad_rows", "bad_cells", "rows_applied"):
        label = str(ImportBatch._meta.get_field(name).verbose_name)  # type: ignore[union-attr] # all are plain columns
        screen.print(f"{getattr(batch, name):>8,}  {label}")
    if batch.duplicates:
        screen.print(_("Look at the likely duplicates at the site: nothing is merged without you."))
