"""Reading imports: one's own, one's organisations', or all for the machine's keeper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from ronglian.apps.registry.columns import MODELS
from ronglian.apps.registry.imports.messages import (
    column_label,
    describe_cell_error,
    describe_file_problem,
    describe_place,
)
from ronglian.apps.registry.models import ImportBatch, ImportRow, ImportState, RowOutcome
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class BadCell:
    """One line of the list of what is to be corrected, in the active language."""

    file: str
    sheet: str
    row: int
    place: str
    column: str
    header: str
    value: str
    code: str
    message: str


def list_imports(actor: Actor) -> QuerySet[ImportBatch]:
    """Newest first."""
    batches = ImportBatch.objects.select_related("owner").order_by("-id")
    if actor.is_system:
        return batches
    mine = Q(owner_id__in=actor.organisation_ids)
    if actor.person_id is not None:
        mine |= Q(started_by=actor.person_id)
    return batches.filter(mine)


def access_import(actor: Actor, public_id: UUID) -> ImportBatch:
    """The import, if the actor may know of it. Raises NotFound otherwise."""
    batch = list_imports(actor).filter(public_id=public_id).first()
    if batch is None:
        raise NotFound
    return batch


def waiting_files() -> set[str]:
    """The digests of the files that are still to be read."""
    waiting = ImportBatch.objects.filter(state__in=(ImportState.STAGED, ImportState.CHECKING))
    return set(waiting.values_list("file_digest", flat=True))


def list_rows(batch: ImportBatch, outcome: str = "") -> QuerySet[ImportRow]:
    """The rows as checked, in the order of the file."""
    rows = batch.rows.order_by("number")
    return rows.filter(outcome=outcome) if outcome else rows


def list_bad_cells(batch: ImportBatch) -> list[BadCell]:
    """What is to be corrected, at most the first 500 cells; `batch.bad_cells` counts all."""
    rows = batch.rows.filter(outcome=RowOutcome.ERROR, errors__isnull=False).order_by("number")
    return list(_bad_cells(batch, rows))


def describe_failure(batch: ImportBatch) -> str:
    """Why the file could not be read or taken over, in the active language; empty where nothing failed."""
    if not batch.failure:
        return ""
    text = batch.failure.get("text")
    return str(text) if text else describe_file_problem(batch.failure, batch.kind)


def imported_records(batch: ImportBatch) -> QuerySet[Any]:
    """The records that the import made or changed."""
    changed = batch.rows.filter(outcome__in=(RowOutcome.CREATE, RowOutcome.DUPLICATE, RowOutcome.UPDATE))
    model: Any = MODELS[batch.kind]
    if batch.state != ImportState.APPLIED:
        none: QuerySet[Any] = model.objects.none()
        return none
    records: QuerySet[Any] = model.objects.filter(public_id__in=changed.values("record_public_id"))
    return records


def _bad_cells(batch: ImportBatch, rows: QuerySet[ImportRow]) -> Iterator[BadCell]:
    for row in rows:
        for error in row.errors:
            yield BadCell(
                file=batch.file_name,
                sheet=row.sheet,
                row=row.row,
                place=describe_place(row.sheet, row.row),
                column=column_label(batch.kind, error["column"]) if error["column"] else "",
                header=error["header"],
                value=error["value"],
                code=error["code"],
                message=describe_cell_error(error),
            )
