"""Working through a batch: in chunks of short transactions, so that others can write meanwhile.

A run that was interrupted goes on behind the last stored chunk. Before each chunk is stored, the batch is locked
and looked at: another worker at the same batch, or a cancellation, ends this run quietly.
"""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ronglian.apps.accounts.models import Person
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.registry.columns import MODELS, Kind
from ronglian.apps.registry.duplicates import refresh_fingerprints
from ronglian.apps.registry.imports.bulk import RowTemplate, insert_prepared
from ronglian.apps.registry.imports.checking import Checker, StagedRow
from ronglian.apps.registry.imports.deriving import Derived, Deriver, deriver
from ronglian.apps.registry.imports.formats import FileFormat
from ronglian.apps.registry.imports.problems import FileProblem
from ronglian.apps.registry.imports.reading import RawRow, read_rows
from ronglian.apps.registry.imports.reading_rows import ReadRow
from ronglian.apps.registry.imports.uploads import upload_path
from ronglian.apps.registry.models import ImportBatch, ImportRow, ImportState, RegistryRecord, RowOutcome
from ronglian.kernel.actor import Actor, job_actor
from ronglian.kernel.errors import OperationError
from ronglian.kernel.events import record_event

logger = logging.getLogger(__name__)

CHUNK = 500
AHEAD = 3  # chunks that are worked at while one is stored
KEPT_ERRORS = 500
Report = Callable[[ImportBatch], None]
COUNTERS = {
    RowOutcome.CREATE: "creates",
    RowOutcome.UPDATE: "updates",
    RowOutcome.UNCHANGED: "unchanged",
    RowOutcome.DUPLICATE: "duplicates",
    RowOutcome.ERROR: "bad_rows",
}


class Superseded(Exception):
    """The batch was cancelled, or another worker is at it."""


def run_check(actor: Actor, batch: ImportBatch, report: Report | None = None) -> ImportBatch:
    """Check the rows that are not staged yet. Answers the batch as it then stands."""
    try:
        _check_rows(actor, batch, report)
        _finish(actor, batch, ImportState.CHECKED, "import.checked")
    except FileProblem as problem:
        batch.failure = problem.as_dict()
        _finish(actor, batch, ImportState.FAILED, "import.failed")
    except Superseded:
        batch.refresh_from_db()
    return batch


def _check_rows(actor: Actor, batch: ImportBatch, report: Report | None) -> None:
    model = MODELS[batch.kind]
    if issubclass(model, RegistryRecord):
        refresh_fingerprints(model)
    checker = Checker(batch, actor, timezone.localdate())
    if batch.rows_seen:
        checker.remember_claims()
        for staged in batch.rows.order_by("number").iterator(chunk_size=CHUNK):
            checker.remember(staged)
    kind: Kind = batch.kind  # type: ignore[assignment]  # the model's choices are the kinds
    path = upload_path(batch.file_digest)
    with (
        closing(read_rows(path, FileFormat(batch.file_format), kind, batch.mapping)) as rows,
        deriver(kind, batch.rows_total) as derive,
    ):
        remaining = islice(enumerate(rows, start=1), batch.rows_seen, None)
        for chunk, derived in _derived(checker, derive, remaining):
            _store(batch, checker.stage(chunk, derived))
            if report is not None:
                report(batch)
    if not batch.rows_seen:
        raise FileProblem("no_rows")


def _derived(
    checker: Checker, derive: Deriver, rows: Iterator[tuple[int, RawRow]]
) -> Iterator[tuple[list[ReadRow], dict[int, Derived]]]:
    """Chunks of rows with what was derived from their texts; the next ones are worked at meanwhile."""
    waiting: deque[tuple[list[ReadRow], list[ReadRow], Future[list[Derived]]]] = deque()
    while chunk := list(islice(rows, CHUNK)):
        read = checker.read(chunk)
        good = [row for row in read if not row.errors]
        waiting.append((read, good, derive.submit([row.values for row in good])))
        if len(waiting) > AHEAD:
            yield _when_done(*waiting.popleft())
    while waiting:
        yield _when_done(*waiting.popleft())


def _when_done(
    read: list[ReadRow], good: list[ReadRow], future: Future[list[Derived]]
) -> tuple[list[ReadRow], dict[int, Derived]]:
    return read, {row.number: found for row, found in zip(good, future.result(), strict=True)}


def _store(batch: ImportBatch, staged: list[StagedRow]) -> None:
    """Stage the rows and move the counters on, in one short transaction."""
    counts = Counter(COUNTERS[RowOutcome(row.outcome)] for row in staged)
    cells = sum(len(row.errors) for row in staged)
    _keep_first_errors(staged, KEPT_ERRORS - min(batch.bad_cells, KEPT_ERRORS))
    template = RowTemplate(ImportRow(batch=batch))
    prepared = [template.fill(row.columns()) for row in staged]
    with transaction.atomic():
        current = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if current.state != ImportState.CHECKING or current.rows_seen != batch.rows_seen:
            raise Superseded
        insert_prepared(ImportRow, prepared)
        batch.rows_seen += len(staged)
        batch.bad_cells += cells
        for name, count in counts.items():
            setattr(batch, name, getattr(batch, name) + count)
        batch.save(update_fields=["rows_seen", "bad_cells", "updated_at", *COUNTERS.values()])


def _keep_first_errors(staged: list[StagedRow], left: int) -> None:
    """All errors are counted; the first ones of the file are kept to be shown."""
    for row in staged:
        row.errors = row.errors[: max(0, left)]
        left -= len(row.errors)


def _finish(actor: Actor, batch: ImportBatch, state: ImportState, event: str) -> None:
    with transaction.atomic():
        current = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if current.state != ImportState.CHECKING or current.rows_seen != batch.rows_seen:
            raise Superseded
        batch.state = state
        batch.checked_at = timezone.now()
        if state == ImportState.CHECKED:
            batch.rows_total = batch.rows_seen
        batch.version += 1
        batch.save(update_fields=["state", "checked_at", "rows_total", "failure", "version", "updated_at"])
        record_event(actor, event, batch, {"rows": batch.rows_seen, "bad_rows": batch.bad_rows})


def resume_import(public_id: UUID, *, only_good_rows: bool = False) -> None:
    """What the job does: go on where the batch stands, in the name of whoever sent the file."""
    from ronglian.apps.registry.operations.imports import apply_import  # noqa: PLC0415 - operations build on this module

    batch = ImportBatch.objects.select_related("owner").get(public_id=public_id)
    if not batch.is_running:
        return
    actor = _actor(batch)
    try:
        if batch.state == ImportState.CHECKING:
            run_check(actor, batch)
        else:
            apply_import(actor=actor, batch=batch, only_good_rows=only_good_rows)
    except OperationError as error:
        _stop(actor, batch, ImportState.CHECKED, {"code": error.code, "text": str(error.message)})
    except Exception:
        logger.exception("import %s stopped", public_id)
        _stop(actor, batch, ImportState.FAILED, {"code": "internal"})


def _actor(batch: ImportBatch) -> Actor:
    """Whoever sent the file, with the rights they have now; the machine itself for what the command line sent."""
    if batch.started_by is None:
        return job_actor(batch.started_by_label)
    return actor_of_person(Person.objects.get(public_id=batch.started_by))


def _stop(actor: Actor, batch: ImportBatch, state: ImportState, failure: dict[str, Any]) -> None:
    with transaction.atomic():
        current = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if not current.is_running:
            return
        current.state = ImportState.FAILED if current.state == ImportState.CHECKING else state
        current.failure = failure
        current.version += 1
        current.save(update_fields=["state", "failure", "version", "updated_at"])
        record_event(actor, "import.failed", current, {"code": failure["code"]})
