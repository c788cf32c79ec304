"""The match index of this process: a saved snapshot, brought up to date from the event log on every use.

Every process holds its own index. `IndexKeeper.current` first applies the events that are newer than what the index
holds, so a record is matched as soon as its transaction has committed, in every process, without waiting for a
job. A snapshot on disk saves the next process the building; imports and the housekeeping job renew it.

The snapshot names the last event it holds by number and public id: a snapshot of another database, or of one
restored to an earlier state, is recognised and not used. Vectors of meaning stand in a file of their own, which a job
brings up to date (vectors.py).
"""

from __future__ import annotations

import json
import logging
import os
import threading
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.matching.indexed import (
    MANY,
    NOT_A_CHANGE,
    OVERLAP,
    known_position,
    last_event,
    position_of,
    public_profiles,
)
from ronglian.apps.matching.queries.training import points_in_use
from ronglian.apps.matching.vectors import VectorsInUse
from ronglian.apps.registry.models import Need, Result
from ronglian.engines.matching import IndexDamaged, MatchIndex
from ronglian.kernel.models import Event

logger = logging.getLogger(__name__)

INDEX_FILE = "match.index"
POSITION_FILE = "match.json"
FOLLOWED = ("need", "result", "organisation", "trainingrun")


class IndexKeeper:
    """Holds one index for one process; safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.RLock()
        self._index: MatchIndex | None = None
        self._last = 0
        self._seen: set[int] = set()
        self._vectors = VectorsInUse()

    @property
    def folder(self) -> Path:
        """Where the snapshot and the vectors are."""
        return self._folder

    def current(self) -> MatchIndex:
        """The index, up to date. Threads share it: an answer comes from the state before or after a change."""
        with self._lock:
            self._bring_up_to_date()
            assert self._index is not None
            if self._vectors.look(self._folder):
                self._index.set_meaning(self._vectors.meaning)
            return self._index

    def rebuild(self) -> int:
        """Build from the database, save the snapshot, and answer how many records it holds."""
        with self._lock:
            last = last_event()
            needs, results = public_profiles()
            self._index = MatchIndex.build(needs, results)
            self._use_points()
            self._vectors.note(needs, results)
            self._index.set_meaning(self._vectors.meaning)
            self._last, self._seen = (last.pk if last else 0), set()
            self._save(last)
            return len(needs) + len(results)

    def forget(self) -> None:
        """Drop what this process holds; the next use opens the snapshot again."""
        with self._lock:
            self._index, self._last, self._seen = None, 0, set()
            self._vectors = VectorsInUse()

    def _bring_up_to_date(self) -> None:
        if self._index is None and not self._open():
            self.rebuild()
            return
        fresh = self._fresh_events()
        if not fresh:
            return
        self._seen.update(number for number, _, _ in fresh)
        self._last = max(self._last, *self._seen)
        self._seen = {number for number in self._seen if number > self._last - OVERLAP}
        changed = {(kind, subject) for _, kind, subject in fresh}
        if len(changed) > MANY:
            self.rebuild()
        else:
            self._apply(changed)

    def _fresh_events(self) -> list[tuple[int, str, UUID]]:
        overlap = OVERLAP if connection.vendor == "postgresql" else 0
        rows = (
            Event.objects.filter(pk__gt=self._last - overlap, subject_type__in=FOLLOWED)
            .exclude(name__in=NOT_A_CHANGE)
            .order_by("pk")
            .values_list("pk", "subject_type", "subject_id")
        )
        return [row for row in rows if row[0] not in self._seen and (row[0] > self._last or overlap)]

    def _apply(self, changed: set[tuple[str, UUID]]) -> None:
        assert self._index is not None
        if any(kind == "trainingrun" for kind, _ in changed):
            self._use_points()
        owners = [subject for kind, subject in changed if kind == "organisation"]
        moved = Organisation.objects.filter(public_id__in=owners)
        touched = {str(subject) for kind, subject in changed if kind in ("need", "result")}
        for model in (Need, Result):
            touched.update(
                str(key) for key in model.objects.filter(owner__in=moved).values_list("public_id", flat=True)
            )
        needs, results = public_profiles(touched)
        gone = touched - {profile.id for profile in needs} - {profile.id for profile in results}
        # First: no text may be matched with the vectors of the one before it.
        self._vectors.note(needs, results)
        self._index.set_meaning(self._vectors.meaning)
        self._index.update(needs=needs, results=results, removed=sorted(gone))

    def _open(self) -> bool:
        """Load the snapshot if there is one that belongs to this database."""
        try:
            position = json.loads((self._folder / POSITION_FILE).read_text(encoding="ascii"))
            index = MatchIndex.load(self._folder / INDEX_FILE)
            last = known_position(position)
        except FileNotFoundError:
            return False
        except (IndexDamaged, ValueError, KeyError, OSError):
            logger.warning(
                "the saved match index cannot be used (damaged, or of another version); building a new one"
            )
            return False
        if last is None:
            return False
        self._index, self._last, self._seen = index, last, set()
        self._use_points()
        index.set_meaning(self._vectors.meaning)
        return True

    def _use_points(self) -> None:
        """Those learned from decisions that an operator activated, or the shipped ones."""
        assert self._index is not None
        points = points_in_use()
        self._index.set_points(points.points, points.version)

    def _save(self, last: Event | None) -> None:
        """Snapshot first, position second: a crash between the two leaves an older position, which is safe."""
        if last is None or self._index is None:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        self._index.save(self._folder / INDEX_FILE, meaning=False)
        draft = self._folder / f".{POSITION_FILE}-{os.getpid()}"
        draft.write_text(json.dumps(position_of(last)), encoding="ascii")
        draft.replace(self._folder / POSITION_FILE)


keeper = IndexKeeper(Path(settings.INDEX_FOLDER))
