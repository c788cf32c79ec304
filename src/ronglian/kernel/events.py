"""Writing events. An operation that changes something writes at least one; the decorator insists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models

from ronglian.kernel.actor import Actor
from ronglian.kernel.log.entries import Seal, rows_as_stored
from ronglian.kernel.models import Event, Record

_written: ContextVar[int | None] = ContextVar("events_written", default=None)
BATCH = 500


def build_event(
    actor: Actor,
    name: str,
    subject: Record,
    data: Mapping[str, Any] | None = None,
    row: bytes | None = None,
) -> Event:
    """The event, not written yet: for who writes many at once. Everybody else calls `record_event`.

    `row` is the subject as the transaction will leave it, as `canonical_row` writes it.
    """
    said = dict(data or {})
    event = Event(
        name=name,
        subject_type=subject_type(subject),
        subject_id=subject.public_id,
        actor_kind=actor.kind,
        actor_label=actor.label,
        actor_id=actor.token_id or actor.person_id,
        data=said,
    )
    for column, digest in Seal.of(actor, said).digests(event.public_id, row).items():
        setattr(event, column, digest)
    return event


def subject_type(subject: models.Model | type[models.Model]) -> str:
    return str(subject._meta.model_name)


def record_event(actor: Actor, name: str, subject: Record, data: Mapping[str, Any] | None = None) -> Event:
    """Write the event `noun.past` about `subject`, after the row was written; belongs inside an operation.

    The row is read back, so that the event commits to what is stored and not to what was meant to be.
    """
    event = build_event(actor, name, subject, data, rows_as_stored([subject]).get(subject.pk))
    event.save(force_insert=True)
    _count(1)
    return event


def record_events(
    actor: Actor, name: str, subjects: Iterable[Record], data: Mapping[str, Any] | None = None
) -> None:
    """Write the same event about many subjects of one kind, in batches."""
    about = list(subjects)
    for start in range(0, len(about), BATCH):
        batch = about[start : start + BATCH]
        rows = rows_as_stored(batch)
        events = [build_event(actor, name, subject, data, rows.get(subject.pk)) for subject in batch]
        Event.objects.bulk_create(events)
    _count(len(about))


def _count(added: int) -> None:
    so_far = _written.get()
    if so_far is not None:
        _written.set(so_far + added)


@contextmanager
def insisting_on_an_event(operation: str) -> Iterator[None]:
    """Raise when the block ends without having written an event: a write nobody could trace."""
    token = _written.set(0)
    try:
        yield
        if not _written.get():
            raise AssertionError(f"the operation {operation} wrote no event")
    finally:
        _written.reset(token)


def events_about(subject: Record) -> models.QuerySet[Event]:
    """The timeline of one record, oldest first."""
    return Event.objects.filter(subject_id=subject.public_id).order_by("id")
