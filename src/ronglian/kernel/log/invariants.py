"""What always holds of the log."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.engines.proof import Checkpoint, Frontier, NoteError, canonical_json, entry_hash, grow_tiles
from ronglian.kernel.invariant import invariant
from ronglian.kernel.log.coverage import Uncovered, logged_models, uncovered_rows
from ronglian.kernel.log.entries import actor_value, commitment, entry_of
from ronglian.kernel.log.keys import log_key
from ronglian.kernel.log.sequencer import HASH_BYTES, log_size
from ronglian.kernel.models import Event, LogCheckpoint, LogTile, WorkerBeat

READ_AT_ONCE = 2000
LATE = timedelta(minutes=10)


@invariant("log.numbers_gapless", _("The entries of the log are numbered from 0 without a gap."))
def _gaps() -> Iterator[str]:
    numbered = Event.objects.filter(seq__isnull=False)
    ends = numbered.aggregate(least=Min("seq"), most=Max("seq"))
    count = numbered.count()
    if count and (ends["least"], ends["most"]) != (0, count - 1):
        yield f"{count} entries numbered {ends['least']} … {ends['most']}"


@invariant("log.tree_complete", _("The tree holds as many leaves as events have numbers."))
def _missing_leaves() -> Iterator[str]:
    numbered, size = Event.objects.filter(seq__isnull=False).count(), log_size()
    if numbered != size:
        yield f"{numbered} events, {size} leaves"


@invariant("log.leaves_are_events", _("Every leaf is the hash of its event as it stands."))
def _changed_events() -> Iterator[str]:
    leaves = _leaves()
    for event in _numbered_events():
        assert event.seq is not None
        if next(leaves, None) != entry_hash(entry_of(event, event.seq)):
            yield f"entry {event.seq}: event {event.public_id}"


@invariant("log.tiles_fit", _("Every stored hash above the leaves is the hash of what is below it."))
def _wrong_tiles() -> Iterator[str]:
    grown = grow_tiles(lambda _level, _index: b"", 0, _leaves())
    stored = {(tile.level, tile.index): bytes(tile.hashes) for tile in LogTile.objects.all()}
    for place in sorted(grown.keys() | stored.keys()):
        if grown.get(place) != stored.get(place):
            yield f"tile {place[0]}/{place[1]}"


@invariant("log.checkpoints_signed", _("Every checkpoint is signed with the log's key."))
def _unsigned() -> Iterator[str]:
    key = log_key() if LogCheckpoint.objects.exists() else None
    for row in LogCheckpoint.objects.order_by("size"):
        try:
            assert key is not None
            if Checkpoint.open(row.note, key).size != row.size:
                yield f"checkpoint of {row.size}: another size stands in the note"
        except NoteError as error:
            yield f"checkpoint of {row.size}: {error}"


@invariant("log.roots_fit", _("The root of every checkpoint is the root of the tree at its size."))
def _wrong_roots() -> Iterator[str]:
    notes = {row.size: row.note for row in LogCheckpoint.objects.all()}
    frontier = Frontier()
    for leaf in _leaves():
        frontier.append(leaf)
        note = notes.pop(frontier.size, None)
        if note is not None and Checkpoint.parse(note.rpartition("\n\n")[0] + "\n").root != frontier.root():
            yield f"checkpoint of {frontier.size}"
    for size in sorted(notes):
        yield f"checkpoint of {size}: the tree has {frontier.size}"


@invariant("log.actors_fit", _("Who acted is who the event committed to, unless the name was erased."))
def _changed_actors() -> Iterator[str]:
    for event in _numbered_events():
        value = actor_value(event.actor_label, event.actor_id)
        if event.actor_label and event.actor_digest != commitment(event.public_id, "actor", value):
            yield f"event {event.public_id}"


@invariant("log.data_fits", _("What an event says is what it committed to."))
def _changed_data() -> Iterator[str]:
    for event in _numbered_events():
        if event.data_digest != commitment(event.public_id, "data", canonical_json(event.data)):
            yield f"event {event.public_id}"


@invariant("log.rows_fit", _("Every record is as its last event left it."))
def _changed_rows() -> Iterator[str]:
    yield from (_words(each) for each in _uncovered() if each.problem == "changed")


@invariant("log.rows_have_events", _("No record came without an event."))
def _inserted_rows() -> Iterator[str]:
    yield from (_words(each) for each in _uncovered() if each.problem == "without_event")


@invariant("log.deletions_have_events", _("No record went without an event."))
def _deleted_rows() -> Iterator[str]:
    yield from (_words(each) for each in _uncovered() if each.problem == "deleted")


@invariant(
    "log.is_kept_up", _("While a worker is alive, no event waits longer than ten minutes for its number.")
)
def _waiting_events() -> Iterator[str]:
    late = timezone.now() - LATE
    if WorkerBeat.objects.filter(beat_at__gte=late).exists():
        for event in Event.objects.filter(seq__isnull=True, occurred_at__lt=late).order_by("id"):
            yield f"event {event.public_id}"


@invariant(
    "log.is_signed_for",
    _("While a worker is alive, no entry waits longer than ten minutes for a checkpoint."),
)
def _waiting_entries() -> Iterator[str]:
    late = timezone.now() - LATE
    signed = LogCheckpoint.objects.aggregate(most=Max("size"))["most"] or 0
    if WorkerBeat.objects.filter(beat_at__gte=late).exists():
        for event in Event.objects.filter(seq__gte=signed, occurred_at__lt=late).order_by("seq"):
            yield f"entry {event.seq}"


def _leaves() -> Iterator[bytes]:
    for tile in LogTile.objects.filter(level=0).order_by("index").iterator(chunk_size=50):
        hashes = bytes(tile.hashes)
        yield from (hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES))


def _numbered_events() -> Iterator[Event]:
    yield from Event.objects.filter(seq__isnull=False).order_by("seq").iterator(chunk_size=READ_AT_ONCE)


def _uncovered() -> Iterator[Uncovered]:
    for model in logged_models():
        yield from uncovered_rows(model)


def _words(found: Uncovered) -> str:
    return f"{found.kind} {found.public_id}"
