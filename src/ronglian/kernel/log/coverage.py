"""Whether the rows are still those their last events committed to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from django.apps import apps
from django.db.models import Exists, Model, OuterRef

from ronglian.kernel.events import subject_type
from ronglian.kernel.log.entries import canonical_row, kept_beside, logged_fields, row_fits
from ronglian.kernel.models import Event

READ_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A row that its events do not account for."""

    kind: str
    public_id: UUID
    problem: Literal["changed", "deleted", "without_event"]


def logged_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if logged_fields(model)]


def uncovered_rows(model: type[Model]) -> Iterator[Uncovered]:
    """Rows that were changed, put in or deleted without an event. Rows from before the log are passed over."""
    fields, kind = logged_fields(model), subject_type(model)
    last = 0
    while rows := list(
        model._base_manager.filter(pk__gt=last).order_by("pk").values("pk", *fields)[:READ_AT_ONCE]
    ):
        last = rows[-1]["pk"]
        public_ids = [row["public_id"] for row in rows]
        latest, beside = latest_events(public_ids), kept_beside(model, public_ids)
        for row in rows:
            event = latest.get(row["public_id"])
            if event is None:
                yield Uncovered(kind, row["public_id"], "without_event")
            elif event.row_digest and not _fits(
                event, {name: row[name] for name in fields}, beside.get(row["public_id"])
            ):
                yield Uncovered(kind, row["public_id"], "changed")
    yield from _deleted(model)


def _fits(event: Event, row: Mapping[str, Any], beside: Mapping[str, Any] | None) -> bool:
    """An event from before what is kept beside was covered commits to the row alone."""
    if beside is not None and row_fits(event, canonical_row({**row, **beside})):
        return True
    return row_fits(event, canonical_row(row))


def _deleted(model: type[Model]) -> Iterator[Uncovered]:
    kind = subject_type(model)
    row = model._base_manager.filter(public_id=OuterRef("subject_id"))
    gone = (
        Event.objects.filter(~Exists(row), subject_type=kind).values_list("subject_id", flat=True).distinct()
    )
    missing = list(gone)
    for start in range(0, len(missing), READ_AT_ONCE):
        for subject_id, event in latest_events(missing[start : start + READ_AT_ONCE]).items():
            if event.row_digest:  # an event written after an honest deletion commits to no row
                yield Uncovered(kind, subject_id, "deleted")


def latest_events(subject_ids: list[UUID]) -> dict[UUID, Event]:
    """The last event about each subject."""
    events = Event.objects.filter(subject_id__in=subject_ids).order_by("id")
    return {event.subject_id: event for event in events.only("public_id", "subject_id", "row_digest")}
