"""What an entry of the log says of an event: names and commitments, never a person's name or a record's content."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import models

from ronglian.engines.proof import canonical_json, salt_for, salted_digest
from ronglian.kernel.actor import Actor
from ronglian.kernel.log.keys import log_secret
from ronglian.kernel.models import Event, Record

ENTRY_VERSION = 1
ALGORITHM = "sha256"
BESIDE = "beside"  # in a canonical row what is kept outside it; no column has this name
Reader = Callable[[list[UUID]], Mapping[UUID, Any]]
_readers: list[Reader] = []


@dataclass(frozen=True, slots=True)
class Seal:
    """The commitments of an event, as far as they are the same for many events."""

    actor: bytes
    data: bytes

    @classmethod
    def of(cls, actor: Actor, data: Mapping[str, Any]) -> Seal:
        return cls(actor_value(actor.label, actor.token_id or actor.person_id), canonical_json(data))

    def digests(self, event_id: UUID, row: bytes | None) -> dict[str, str]:
        """The three columns of the event; `row` is the canonical row after the write, None where there is none."""
        return {
            "actor_digest": commitment(event_id, "actor", self.actor),
            "data_digest": commitment(event_id, "data", self.data),
            "row_digest": "" if row is None else commitment(event_id, "row", row),
        }


def commitment(event_id: UUID, field: str, value: bytes) -> str:
    return salted_digest(salt_for(log_secret(), f"{event_id}/{field}"), value)


def actor_value(label: str, actor_id: UUID | None) -> bytes:
    """Who acted, as it is committed to."""
    return canonical_json([label, str(actor_id or "")])


@cache
def logged_fields(model: type[models.Model]) -> tuple[str, ...]:
    """The columns an event about such a row commits to; none where rows change without events."""
    if not issubclass(model, Record) or not model.LOGGED:
        return ()
    return tuple(
        field.attname
        for field in model._meta.concrete_fields
        if not field.primary_key and field.attname not in model.UNLOGGED_FIELDS
    )


def canonical_row(values: Mapping[str, Any]) -> bytes:
    """The one writing of a row's logged columns. Empty values are left out, so that new columns change nothing."""
    return canonical_json(
        {name: plain for name, value in values.items() if (plain := _plain(value)) is not None}
    )


def _plain(value: Any) -> Any:
    if value is None or value is False or value == "" or value == [] or value == {}:
        return None
    match value:
        case UUID():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case _:
            return value


def rows_as_stored(subjects: Iterable[models.Model]) -> dict[int, bytes]:
    """The canonical rows of subjects of one model, by row number, read back from the database."""
    wanted = list(subjects)
    if not wanted or not (fields := logged_fields(type(wanted[0]))):
        return {}
    model = type(wanted[0])
    rows = list(model._base_manager.filter(pk__in={subject.pk for subject in wanted}).values("pk", *fields))
    beside = kept_beside(model, [row["public_id"] for row in rows])
    return {row.pop("pk"): canonical_row(row | beside.get(row["public_id"], {})) for row in rows}


def cover_beside(read: Reader) -> None:
    """Let events commit to what `read` finds by public id, beside the rows of models with KEEPS_BESIDE."""
    _readers.append(read)


def kept_beside(model: type[models.Model], public_ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """What is kept of these records outside their rows, as it goes into the canonical row."""
    if not (public_ids and issubclass(model, Record) and model.KEEPS_BESIDE):
        return {}
    return {key: {BESIDE: value} for read in _readers for key, value in read(public_ids).items()}


def entry_of(event: Event, seq: int) -> dict[str, Any]:
    """The entry of an event under its number: what is hashed into the tree."""
    return {
        "v": ENTRY_VERSION,
        "hash": ALGORITHM,
        "seq": seq,
        "id": str(event.public_id),
        "at": event.occurred_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "name": event.name,
        "subject": f"{event.subject_type}/{event.subject_id}",
        "door": str(event.actor_kind),
        "actor": event.actor_digest,
        "data": event.data_digest,
        "row": event.row_digest,
    }


def row_fits(event: Event, row: bytes) -> bool:
    """Whether the canonical row is the one the event committed to."""
    return event.row_digest == commitment(event.public_id, "row", row)
