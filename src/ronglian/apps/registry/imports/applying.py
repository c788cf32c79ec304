"""Taking checked rows over: everything is prepared first, then one transaction only executes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.registry.columns import COLUMNS, MODELS, Kind
from ronglian.apps.registry.duplicates import refresh_fingerprints
from ronglian.apps.registry.enums import State
from ronglian.apps.registry.imports.bulk import (
    Prepared,
    insert_prepared,
    prepare_inserts,
    prepare_update,
    update_prepared,
)
from ronglian.apps.registry.imports.checking import python_values
from ronglian.apps.registry.imports.running import Report, Superseded
from ronglian.apps.registry.models import (
    DuplicateCandidate,
    ImportBatch,
    ImportRow,
    ImportState,
    RegistryRecord,
    RowOutcome,
)
from ronglian.apps.registry.operations.records import VALID_FOR
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import Conflict
from ronglian.kernel.events import subject_type
from ronglian.kernel.models import Event, Record

CHUNK = 1000
CLEARED_AT_ONCE = 5000
NEW = (RowOutcome.CREATE, RowOutcome.DUPLICATE)


@dataclass(slots=True)
class Takeover:
    """The parameters of every statement of the transaction."""

    inserts: Prepared = field(default_factory=list)
    updates: Prepared = field(default_factory=list)
    update_names: Sequence[str] = ()
    events: Prepared = field(default_factory=list)
    candidates: Prepared = field(default_factory=list)


def prepare(actor: Actor, batch: ImportBatch, report: Report | None) -> Takeover:
    """Read the staged rows and make all parameters; nothing is written but the progress."""
    model: Any = MODELS[batch.kind]
    today = timezone.localdate()
    takeover = Takeover(update_names=_update_names(batch.kind, model))
    changing = batch.rows.filter(outcome__in=(*NEW, RowOutcome.UPDATE)).order_by("number")
    for rows in _chunks(changing.iterator(chunk_size=CHUNK)):
        created = [_new_record(batch, model, row, actor, today) for row in rows if row.outcome in NEW]
        takeover.inserts += prepare_inserts(created)
        takeover.events += prepare_inserts(_events_of_new(actor, batch, created))
        _prepare_updates(
            actor, batch, model, [row for row in rows if row.outcome == RowOutcome.UPDATE], takeover, today
        )
        takeover.candidates += prepare_inserts(_candidates(model, rows))
        _report(batch, len(rows), report)
    return takeover


def execute(batch: ImportBatch, takeover: Takeover) -> None:
    """All statements, inside the operation's transaction. Raises Conflict when the registry has moved on."""
    model = MODELS[batch.kind]
    try:
        insert_prepared(model, takeover.inserts)
    except IntegrityError as error:
        raise Conflict(
            _(
                "Some of these records were registered by somebody else since the file was checked. Check it again."
            )
        ) from error
    if update_prepared(model, takeover.update_names, takeover.updates) != len(takeover.updates):
        raise Conflict(
            _(
                "Some of these records were changed by somebody else since the file was checked. Check it again."
            )
        )
    insert_prepared(DuplicateCandidate, takeover.candidates)
    insert_prepared(Event, takeover.events)
    batch.state = ImportState.APPLIED
    batch.applied_at = timezone.now()
    batch.rows_applied = len(takeover.inserts) + len(takeover.updates)
    batch.failure = {}
    batch.version += 1
    batch.save(force_update=True)


def settle(batch: ImportBatch) -> None:
    """After the transaction: statistics for the planner, fingerprints, and the staged values are dropped."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA analysis_limit=1000")
        cursor.execute("ANALYZE")
    model = MODELS[batch.kind]
    if issubclass(model, RegistryRecord):
        refresh_fingerprints(model)
    last = batch.rows_seen
    for start in range(0, last, CLEARED_AT_ONCE):
        batch.rows.filter(number__gt=start, number__lte=start + CLEARED_AT_ONCE).exclude(values={}).update(
            values={}
        )


def _chunks(rows: Iterator[ImportRow]) -> Iterator[list[ImportRow]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _update_names(kind: str, model: type[models.Model]) -> tuple[str, ...]:
    """Every attribute an import may change, so that one statement serves all rows."""
    known: Kind = kind  # type: ignore[assignment]  # the model's choices are the kinds
    names = {name for column in COLUMNS[known] if not column.read_only for name in column.attributes}
    names -= {"source_id", "owner_id"}
    derived = {"metrics", "unread"} & {field.name for field in model._meta.concrete_fields}
    return (*sorted(names | derived | {"confirmed_on"}), "version", "updated_at")


def _new_record(batch: ImportBatch, model: Any, row: ImportRow, actor: Actor, today: date) -> Any:
    record = model(
        public_id=row.record_public_id,
        source_kind=batch.source_kind,
        source_name=batch.source_name,
        recorded_by=actor.label,
        **python_values(model, row.values),
    )
    record.confirmed_on = record.confirmed_on or today
    if isinstance(record, RegistryRecord):
        record.expires_on = record.expires_on or today + VALID_FOR
        record.state = State.PUBLISHED if batch.publish else State.DRAFT
    return record


def _events_of_new(actor: Actor, batch: ImportBatch, created: Sequence[Record]) -> Iterator[Event]:
    for record in created:
        noun = subject_type(record)
        yield _event(actor, batch, f"{noun}.registered", record)
        if batch.publish and isinstance(record, RegistryRecord):
            yield _event(actor, batch, f"{noun}.published", record)


def _event(actor: Actor, batch: ImportBatch, name: str, subject: Record, **data: Any) -> Event:
    return Event(
        name=name,
        subject_type=subject_type(subject),
        subject_id=subject.public_id,
        actor_kind=actor.kind,
        actor_label=actor.label,
        actor_id=actor.token_id or actor.person_id,
        data={"import": str(batch.public_id), **data},
    )


def _prepare_updates(
    actor: Actor, batch: ImportBatch, model: Any, rows: list[ImportRow], takeover: Takeover, today: date
) -> None:
    records = {
        record.public_id: record
        for record in model.objects.filter(public_id__in=[row.record_public_id for row in rows])
    }
    events = []
    for row in rows:
        record = records.get(row.record_public_id)
        if record is None:
            raise Conflict(
                _(
                    "Some of these records were changed by somebody else since the file was checked. Check it again."
                )
            )
        values = python_values(model, row.values)
        for name, value in values.items():
            setattr(record, name, value)
        if "confirmed_on" not in values:
            record.confirmed_on = today
        read_version = row.record_version or 0
        record.version = read_version + 1
        takeover.updates.append(prepare_update(record, takeover.update_names, read_version=read_version))
        changed = sorted(set(values) - {"metrics", "unread"})
        events.append(_event(actor, batch, f"{subject_type(record)}.edited", record, changed=changed))
    takeover.events += prepare_inserts(events)


def _candidates(model: type[models.Model], rows: Iterable[ImportRow]) -> Iterator[DuplicateCandidate]:
    for row in rows:
        if row.outcome != RowOutcome.DUPLICATE or row.record_public_id is None:
            continue
        first, second = sorted((row.record_public_id.hex, row.note["other"].replace("-", "")))
        yield DuplicateCandidate(
            subject_type=subject_type(model),
            first_id=first,
            second_id=second,
            reason=row.note["code"],
            similarity=row.note["similarity"],
            detail=row.note["detail"],
        )


def _report(batch: ImportBatch, rows: int, report: Report | None) -> None:
    """Move the progress on, unless the import was cancelled meanwhile."""
    batch.rows_applied += rows
    running = ImportBatch.objects.filter(pk=batch.pk, state__in=(ImportState.CHECKED, ImportState.APPLYING))
    if not running.update(rows_applied=batch.rows_applied):
        raise Superseded
    if report is not None:
        report(batch)
