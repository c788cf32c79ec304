"""What the log hands out: its latest checkpoint, receipts, proofs that it only grew, and itself as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from ronglian.engines.proof import (
    RECEIPT_FORMAT,
    Checkpoint,
    consistency_path,
    entry_hash,
    inclusion_path,
    nodes_in_tiles,
    salt_for,
    write_log,
)
from ronglian.kernel.errors import InvalidInput, NotFound
from ronglian.kernel.log.entries import entry_of
from ronglian.kernel.log.keys import log_key, log_secret
from ronglian.kernel.log.sequencer import latest_checkpoint, read_tile
from ronglian.kernel.models import Event, LogCheckpoint

READ_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint as it is handed out."""

    row: LogCheckpoint
    checkpoint: Checkpoint
    key: str


def signed_checkpoint() -> Signed | None:
    """The latest checkpoint; None before the first."""
    row = latest_checkpoint()
    if row is None:
        return None
    key = log_key()
    return Signed(row, Checkpoint.open(row.note, key), str(key))


def receipt(event_id: UUID) -> dict[str, Any]:
    """What proves that an event is in the log: its entry, the path to the root, the checkpoint that signs the root.

    A receipt belongs to whoever knows the event's id. Raises NotFound for an event that is not there or that no
    checkpoint covers yet.
    """
    event = Event.objects.filter(public_id=event_id, seq__isnull=False).first()
    latest = signed_checkpoint()
    if event is None or event.seq is None or latest is None or event.seq >= latest.checkpoint.size:
        raise NotFound
    entry = entry_of(event, event.seq)
    path = inclusion_path(nodes_in_tiles(read_tile), event.seq, latest.checkpoint.size)
    return {
        "format": RECEIPT_FORMAT,
        "key": latest.key,
        "index": event.seq,
        "entry": entry,
        "leaf": entry_hash(entry).hex(),
        "path": [step.hex() for step in path],
        "checkpoint": latest.row.note,
    }


def opened_receipt(event: Event) -> dict[str, Any]:
    """The receipt with what the entry commits to under `data` and the salt of that: whoever holds it can prove both.

    For those alone who may know the event's data. Raises NotFound while no checkpoint covers the event.
    """
    salt = salt_for(log_secret(), f"{event.public_id}/data")
    return {**receipt(event.public_id), "opening": {"data": event.data, "salt": salt.hex()}}


def consistency(old: int, new: int) -> list[str]:
    """What proves that the log of `new` entries begins with that of `old`. Raises InvalidInput for other sizes."""
    latest = latest_checkpoint()
    if latest is None or not 0 < old <= new <= latest.size:
        largest = latest.size if latest else 0
        message = _("Sizes are whole numbers with 0 < old ≤ new ≤ %(largest)d.") % {"largest": largest}
        raise InvalidInput.of({"new": [message]})
    return [step.hex() for step in consistency_path(nodes_in_tiles(read_tile), old, new)]


def exported_log() -> Iterator[bytes]:
    """The log as far as it is signed for, line by line; `ronglian verify` checks it without this database."""
    latest = latest_checkpoint()
    size = latest.size if latest else 0
    notes = LogCheckpoint.objects.filter(size__lte=size).order_by("size").values_list("size", "note")
    yield from write_log(log_key(), size, _entries(size), notes.iterator(chunk_size=READ_AT_ONCE))


def _entries(size: int) -> Iterator[dict[str, Any]]:
    # In steps instead of one cursor: SQLite would keep an old snapshot open for as long as the file is written.
    for start in range(0, size, READ_AT_ONCE):
        events = Event.objects.filter(seq__gte=start, seq__lt=min(start + READ_AT_ONCE, size)).order_by("seq")
        for event in events:
            assert event.seq is not None
            yield entry_of(event, event.seq)
