"""Events in large numbers, for tests of the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ronglian.kernel.actor import Actor
from ronglian.kernel.events import build_event
from ronglian.kernel.log.entries import rows_as_stored
from ronglian.kernel.models import Event, Record


def write_events(
    actor: Actor, name: str, subjects: Iterable[Record], data: Mapping[str, Any] | None = None
) -> None:
    """The same event about many subjects of one kind, in batches."""
    about = list(subjects)
    rows = rows_as_stored(about)
    events = [build_event(actor, name, subject, data, rows.get(subject.pk)) for subject in about]
    Event.objects.bulk_create(events, batch_size=500)
