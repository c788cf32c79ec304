"""Numbering events, growing the tree and signing checkpoints: what the worker does every few seconds.

Events get their number after they are committed, lowest row number first, whichever have none yet: there is no
cursor that could run ahead of a transaction that commits late. Two sequencers at once do no harm: the second waits
for the first.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max

from ronglian.engines.proof import (
    Checkpoint,
    canonical_json,
    grow_tiles,
    leaf_hash,
    nodes_in_tiles,
    stored_root,
)
from ronglian.kernel.log.entries import actor_value, commitment, entry_of
from ronglian.kernel.log.keys import log_signer
from ronglian.kernel.models import Event, LogCheckpoint, LogTile

BATCH = 2048
HASHES_IN_A_TILE = 256
HASH_BYTES = 32
SIGN_AFTER = timedelta(seconds=60)
SIGN_AFTER_ENTRIES = 100


class LogDamaged(Exception):
    """The stored log contradicts itself; `ronglian check` says where. Nothing is added to it."""


def keep_log(now: datetime) -> int:
    """Number what is new, and sign a checkpoint when one is due; answers how many entries were added."""
    added = sequence_events()
    latest = latest_checkpoint()
    size = log_size()
    behind = size - (latest.size if latest else 0)
    if behind and (latest is None or behind >= SIGN_AFTER_ENTRIES or now - latest.signed_at >= SIGN_AFTER):
        sign_checkpoint(now)
    return added


def sequence_events() -> int:
    """Make entries of all committed events that have no number yet; answers how many."""
    total = 0
    while Event.objects.filter(seq__isnull=True).exists():  # without taking the write gate
        total += _sequence_batch()
    return total


def sign_checkpoint(now: datetime) -> LogCheckpoint | None:
    """Sign for the log as it is, unless the latest checkpoint does so already or there is nothing to sign."""
    latest, size = latest_checkpoint(), log_size()
    if size == 0 or (latest is not None and latest.size == size):
        return latest
    signer = log_signer()
    root = stored_root(nodes_in_tiles(read_tile), size)
    note = signer.sign(Checkpoint(signer.name, size, root).text())
    return LogCheckpoint.objects.get_or_create(size=size, defaults={"note": note, "signed_at": now})[0]


def latest_checkpoint() -> LogCheckpoint | None:
    return LogCheckpoint.objects.order_by("-size").first()


def log_size() -> int:
    """How many entries the tree holds."""
    last = LogTile.objects.filter(level=0).order_by("-index").first()
    return 0 if last is None else last.index * HASHES_IN_A_TILE + len(last.hashes) // HASH_BYTES


def read_tile(level: int, index: int) -> bytes:
    tile = LogTile.objects.filter(level=level, index=index).first()
    return b"" if tile is None else bytes(tile.hashes)


def _sequence_batch() -> int:
    with transaction.atomic():
        _wait_for_others()
        events = list(Event.objects.filter(seq__isnull=True).order_by("id")[:BATCH])
        if not events:
            return 0
        size = log_size()
        highest = Event.objects.aggregate(highest=Max("seq"))["highest"]
        if highest != (size - 1 if size else None):
            raise LogDamaged(f"the tree holds {size} entries, the last event has number {highest}")
        for event in events:
            if not event.actor_digest:
                _seal(event)
        leaves = [
            leaf_hash(canonical_json(entry_of(event, seq))) for seq, event in enumerate(events, start=size)
        ]
        _number(events, size)
        try:
            tiles = grow_tiles(read_tile, size, leaves)
        except ValueError as error:
            raise LogDamaged(str(error)) from error
        for (level, index), hashes in tiles.items():
            LogTile.objects.update_or_create(level=level, index=index, defaults={"hashes": hashes})
    return len(events)


def _wait_for_others() -> None:
    """On SQLite the write gate has done so already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('ronglian log'))")


def _number(events: list[Event], first: int) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE kernel_event SET seq = %s WHERE id = %s AND seq IS NULL",
            [(seq, event.pk) for seq, event in enumerate(events, start=first)],
        )


def _seal(event: Event) -> None:
    """Commit to what an event from before there was a log says; its row is covered from its next event on."""
    event.actor_digest = commitment(event.public_id, "actor", actor_value(event.actor_label, event.actor_id))
    event.data_digest = commitment(event.public_id, "data", canonical_json(event.data))
    event.save(update_fields=["actor_digest", "data_digest"])
