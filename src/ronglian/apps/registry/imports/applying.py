"""Taking checked rows over: everything is prepared first, then one transaction only executes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.disclosure.details import as_kept, details_row, drop_details
from ronglian.apps.disclosure.models import ConfidentialDetails
from ronglian.apps.registry.columns import COLUMNS, MODELS, Kind
from ronglian.apps.registry.duplicates import (
    IDENTIFIED,
    TextMark,
    identifiers,
    refresh_fingerprints,
    write_fingerprints,
)
from ronglian.apps.registry.enums import State
from ronglian.apps.registry.imports.bulk import (
    RowTemplate,
    Spilled,
    condense,
    insert_condensed,
    prepare_inserts,
    prepare_update,
    update_prepared,
)
from ronglian.apps.registry.imports.running import Report
from ronglian.apps.registry.models import (
    DuplicateCandidate,
    ImportBatch,
    ImportState,
    RegistryRecord,
    RowOutcome,
)
from ronglian.apps.registry.opening import open_records, part, parted
from ronglian.apps.registry.operations.records import VALID_FOR
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import Conflict, RuleViolation
from ronglian.kernel.events import build_event, subject_type
from ronglian.kernel.log.entries import BESIDE, Seal, canonical_row, logged_fields
from ronglian.kernel.models import Event, Record

CHUNK = 1000
CLEARED_AT_ONCE = 5000
CHANGED_MEANWHILE = _("Some of these records were changed meanwhile. Check the file again.")
NEW = (RowOutcome.CREATE, RowOutcome.DUPLICATE)


@dataclass(slots=True)
class Takeover:
    """The parameters of every statement of the transaction."""

    inserts: Spilled = field(default_factory=Spilled)
    updates: Spilled = field(default_factory=Spilled)
    update_names: Sequence[str] = ()
    events: Spilled = field(default_factory=Spilled)
    candidates: Spilled = field(default_factory=Spilled)
    details: Spilled = field(default_factory=Spilled)
    without_details: list[UUID] = field(default_factory=list)


def prepare(actor: Actor, batch: ImportBatch, report: Report | None) -> Takeover:
    """Read the staged rows and make all parameters; nothing is written but the progress."""
    model: Any = MODELS[batch.kind]
    today = timezone.localdate()
    takeover = Takeover(update_names=_update_names(batch.kind, model))
    blank = _blank_record(batch, model, actor, today)
    new_records, new_events = RowTemplate(blank), EventsOfNew(actor, batch, model, blank)
    for rows in _staged(batch):
        created = [row for row in rows if row.outcome in NEW]
        _prepare_new(model, created, new_records, new_events, takeover)
        changed = [row for row in rows if row.outcome == RowOutcome.UPDATE]
        _prepare_updates(actor, batch, model, changed, takeover, today)
        _prepare_candidates(actor, batch, model, rows, takeover)
        _report(batch, len(rows), report)
    return takeover


def _prepare_new(
    model: Any, rows: Iterable[ChangingRow], template: RowTemplate, events_of: EventsOfNew, takeover: Takeover
) -> None:
    inserts, details = [], []
    events: list[tuple[Any, ...]] = []
    for row in rows:
        values, confidential = row.values, None
        if issubclass(model, RegistryRecord):
            values, confidential = parted(model, values)
        stored = {"public_id": row.record_public_id, **values}
        inserts.append(template.fill(stored))
        events += events_of.about(stored | _beside(confidential))
        if confidential is not None:
            details.append(details_row(subject_type(model), row.record_public_id, confidential))
    takeover.inserts.add(condense(inserts))
    takeover.events.add(condense(events))
    takeover.details.add(condense(prepare_inserts(details)))


def execute(batch: ImportBatch, takeover: Takeover) -> None:
    """All statements, inside the operation's transaction. Raises Conflict when the registry has moved on."""
    model = MODELS[batch.kind]
    try:
        _insert_all(model, takeover.inserts)
    except IntegrityError as error:
        raise Conflict(_("Some of these records were registered meanwhile. Check the file again.")) from error
    updated = sum(update_prepared(model, takeover.update_names, rows) for rows in takeover.updates.chunks())
    if updated != len(takeover.updates):
        raise Conflict(CHANGED_MEANWHILE)
    for start in range(0, len(takeover.without_details), CHUNK):
        drop_details(takeover.without_details[start : start + CHUNK])
    _insert_all(ConfidentialDetails, takeover.details)
    _insert_all(DuplicateCandidate, takeover.candidates)
    _insert_all(Event, takeover.events)
    batch.state = ImportState.APPLIED
    batch.applied_at = timezone.now()
    batch.rows_applied = len(takeover.inserts) + len(takeover.updates)
    batch.failure = {}
    batch.version += 1
    batch.save(force_update=True)


def _insert_all(model: type[models.Model], prepared: Spilled) -> None:
    for portion in prepared.chunks():
        insert_condensed(model, portion)


def settle(batch: ImportBatch) -> None:
    """After the transaction: statistics for the planner, fingerprints, and the staged values are dropped."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA analysis_limit=1000")
        cursor.execute("ANALYZE")
    model = MODELS[batch.kind]
    if issubclass(model, RegistryRecord):
        _store_fingerprints(batch, model)
        refresh_fingerprints(model)
    for start in range(0, batch.rows_seen, CLEARED_AT_ONCE):
        rows = batch.rows.filter(number__gt=start, number__lte=start + CLEARED_AT_ONCE)
        with transaction.atomic():
            rows.update(values={}, bands=[])


def _store_fingerprints(batch: ImportBatch, model: type[RegistryRecord]) -> None:
    """Of the new records, as computed when the file was checked."""
    read = ("record_public_id", "digest", "bands", *(("values",) if model in IDENTIFIED else ()))
    for rows in _changing(batch, *read):
        write_fingerprints(
            model,
            [
                TextMark(public_id, 1, digest, bands, identifiers(model, values[0].get) if values else [])
                for _, public_id, digest, bands, *values in rows
                if bands and public_id is not None
            ],
        )


@dataclass(frozen=True, slots=True)
class ChangingRow:
    """What taking a row over needs to know of it; an ImportRow for each would take several times as long."""

    number: int
    outcome: str
    record_public_id: UUID
    record_version: int | None
    values: dict[str, Any]
    note: dict[str, Any]


def _staged(batch: ImportBatch) -> Iterator[list[ChangingRow]]:
    for rows in _changing(batch, "outcome", "record_public_id", "record_version", "values", "note"):
        yield [ChangingRow(*row) for row in rows]


def _changing(batch: ImportBatch, *names: str) -> Iterator[list[tuple[Any, ...]]]:
    """Number and named columns of the rows that change something, in chunks.

    No cursor stays open: SQLite would refuse to write beside it.
    """
    last = 0
    while True:
        rest = batch.rows.filter(outcome__in=(*NEW, RowOutcome.UPDATE), number__gt=last)
        rows = list(rest.order_by("number").values_list("number", *names)[:CHUNK])
        if not rows:
            return
        last = rows[-1][0]
        yield rows


def _update_names(kind: str, model: type[models.Model]) -> tuple[str, ...]:
    """Every attribute an import may change, so that one statement serves all rows."""
    known: Kind = kind  # type: ignore[assignment]  # the model's choices are the kinds
    names = {name for column in COLUMNS[known] if not column.read_only for name in column.attributes}
    names -= {"source_id", "owner_id"}
    derived = {"metrics", "unread"} & {field.name for field in model._meta.concrete_fields}
    return (*sorted(names | derived | {"confirmed_on"}), "version", "updated_at")


def _blank_record(batch: ImportBatch, model: Any, actor: Actor, today: date) -> Any:
    """What every new record of the batch starts from."""
    record = model(
        source_kind=batch.source_kind,
        source_name=batch.source_name,
        recorded_by=actor.label,
        confirmed_on=today,
    )
    if isinstance(record, RegistryRecord):
        record.expires_on = today + VALID_FOR
        record.state = State.PUBLISHED if batch.publish else State.DRAFT
    return record


class EventsOfNew:
    """The events of new records: the same as registering them by hand writes."""

    def __init__(self, actor: Actor, batch: ImportBatch, model: Any, blank: Record) -> None:
        names = ["registered"]
        if batch.publish and issubclass(model, RegistryRecord):
            names.append("published")
        events = [_event(actor, batch, f"{subject_type(model)}.{name}", blank) for name in names]
        self._templates = [RowTemplate(event) for event in events]
        self._seal = Seal.of(actor, events[0].data)
        # Of what all share only what counts: empty values are no part of a canonical row.
        shared = {name: getattr(blank, name) for name in logged_fields(model)}
        self._shared = {
            name: value for name, value in shared.items() if canonical_row({name: value}) != canonical_row({})
        }

    def about(self, stored: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
        """The parameters of the events of one new record, whose own values are `stored`."""
        row = canonical_row({**self._shared, **stored})
        for template in self._templates:
            event_id = uuid4()
            digests = self._seal.digests(event_id, row)
            yield template.fill({"public_id": event_id, "subject_id": stored["public_id"], **digests})


def _beside(confidential: Mapping[str, Any] | None) -> dict[str, Any]:
    return {} if confidential is None else {BESIDE: as_kept(confidential)}


def _event(
    actor: Actor, batch: ImportBatch, name: str, subject: Record, row: bytes | None = None, **data: Any
) -> Event:
    return build_event(actor, name, subject, {"import": str(batch.public_id), **data}, row)


def _prepare_updates(
    actor: Actor, batch: ImportBatch, model: Any, rows: list[ChangingRow], takeover: Takeover, today: date
) -> None:
    records = {
        record.public_id: record
        for record in model.objects.filter(public_id__in=[row.record_public_id for row in rows])
    }
    if issubclass(model, RegistryRecord):
        open_records(records.values())
    events, updates, details = [], [], []
    for row in rows:
        record = records.get(row.record_public_id)
        if record is None:
            raise Conflict(CHANGED_MEANWHILE)
        values = {name: model._meta.get_field(name).to_python(value) for name, value in row.values.items()}
        for name, value in values.items():
            setattr(record, name, value)
        if "confirmed_on" not in values:
            record.confirmed_on = today
        confidential = None
        if isinstance(record, RegistryRecord) and record.nda_fields:
            takeover.without_details.append(record.public_id)
            confidential = part(record)
            if confidential is not None:
                details.append(details_row(subject_type(record), record.public_id, confidential))
        read_version = row.record_version or 0
        record.version = read_version + 1
        updates.append(prepare_update(record, takeover.update_names, read_version=read_version))
        changed = sorted(set(values) - {"metrics", "unread"})
        kept = {name: getattr(record, name) for name in logged_fields(model)}
        stored = canonical_row(kept | _beside(confidential))
        events.append(_event(actor, batch, f"{subject_type(record)}.edited", record, stored, changed=changed))
    takeover.updates.add(updates)
    takeover.details.add(condense(prepare_inserts(details)))
    takeover.events.add(condense(prepare_inserts(events)))


def _prepare_candidates(
    actor: Actor,
    batch: ImportBatch,
    model: type[models.Model],
    rows: Iterable[ChangingRow],
    takeover: Takeover,
) -> None:
    candidates = list(_candidates(model, rows))
    takeover.candidates.add(condense(prepare_inserts(candidates)))
    names = logged_fields(DuplicateCandidate)
    events = (
        _event(
            actor,
            batch,
            "duplicate.found",
            each,
            canonical_row({name: getattr(each, name) for name in names}),
        )
        for each in candidates
    )
    takeover.events.add(condense(prepare_inserts(events)))


def _candidates(model: type[models.Model], rows: Iterable[ChangingRow]) -> Iterator[DuplicateCandidate]:
    for row in rows:
        if row.outcome != RowOutcome.DUPLICATE:
            continue
        first, second = sorted((row.record_public_id, UUID(row.note["other"])))
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
    with transaction.atomic():
        found = running.update(rows_applied=batch.rows_applied)
    if not found:
        raise RuleViolation(_("This import is already finished."))
    if report is not None:
        report(batch)
