"""Which record of the registry a row is: by its id, by an identifier, or by exactly the same text.

A record's own public id (as our exports carry it) goes before an id of the source; an id of the source counts
within the same source only, because many files number their rows from 1. Without either, the same owner with the
same text is the same record. Every record is claimed by one row at most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db import models

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.registry.imports.reading_rows import ReadRow
from ronglian.apps.registry.models import Expert, Fingerprint
from ronglian.kernel.codes.table import name_key
from ronglian.kernel.events import subject_type

Key = tuple[Any, ...]
LookUp = Callable[[list[ReadRow]], Iterable[tuple[ReadRow, Any]]]


class RecordFinder:
    """Finds the records that rows of one file are. `digests` maps the number of a row to its text's digest."""

    def __init__(self, model: type[models.Model], source_name: str) -> None:
        self._model: Any = model
        self._source_name = source_name
        self.claimed: dict[int, tuple[int, int]] = {}  # record's row number → place in the file

    def find(self, rows: list[ReadRow], digests: dict[int, str]) -> dict[int, Any]:
        """Number of a row → its record. A record claimed by an earlier row is answered too: `claimed` tells."""
        found: dict[int, Any] = {}
        for look_up in self._look_ups(digests):
            open_rows = [row for row in rows if row.number not in found]
            for row, record in look_up(open_rows):
                if row.number not in found:
                    found[row.number] = record
                    self.claimed.setdefault(record.pk, row.place)
        return found

    def _look_ups(self, digests: dict[int, str]) -> list[LookUp]:
        if self._model is Organisation:
            return [
                self._by_field("uscc"),
                self._by_field("ror"),
                self._by_public_id,
                self._by_source,
                self._by_name,
            ]
        look_ups: list[LookUp] = [self._by_public_id, self._by_source]
        if self._model is Expert:
            look_ups.append(self._by_field("orcid"))
        return [*look_ups, lambda rows: self._by_text(rows, digests)]

    def _by_public_id(self, rows: list[ReadRow]) -> Iterable[tuple[ReadRow, Any]]:
        ids = {row.number: public_id for row in rows if (public_id := _as_uuid(row.source_id)) is not None}
        records = {
            record.public_id: record for record in self._model.objects.filter(public_id__in=set(ids.values()))
        }
        for row in rows:
            record = records.get(ids.get(row.number))
            if record is not None and self._same_owner(record, row):
                yield row, record

    def _by_source(self, rows: list[ReadRow]) -> Iterable[tuple[ReadRow, Any]]:
        wanted = {row.source_id for row in rows if row.source_id}
        records: dict[Key, Any] = {}
        for record in self._model.objects.filter(source_name=self._source_name, source_id__in=wanted):
            records[(record.source_id, getattr(record, "owner_id", None))] = record
        for row in rows:
            record = records.get((row.source_id, row.values.get("owner_id"))) if row.source_id else None
            if record is not None:
                yield row, record

    def _by_field(self, name: str) -> LookUp:
        def look_up(rows: list[ReadRow]) -> Iterable[tuple[ReadRow, Any]]:
            wanted = {row.values.get(name) for row in rows} - {None, ""}
            records = list(self._model.objects.filter(**{f"{name}__in": wanted}))
            for row in rows:
                for record in records:
                    if getattr(record, name) == row.values.get(name) and self._same_owner(record, row):
                        yield row, record
                        break

        return look_up

    def _by_name(self, rows: list[ReadRow]) -> Iterable[tuple[ReadRow, Any]]:
        """Organisations of the same name, unless their codes say that they are two."""
        wanted = {row.values["name"] for row in rows}
        records = {name_key(record.name): record for record in self._model.objects.filter(name__in=wanted)}
        for row in rows:
            record = records.get(name_key(row.values["name"]))
            if record is not None and not (record.uscc and row.values.get("uscc")):
                yield row, record

    def _by_text(self, rows: list[ReadRow], digests: dict[int, str]) -> Iterable[tuple[ReadRow, Any]]:
        wanted = {digests[row.number] for row in rows}
        same = Fingerprint.objects.filter(subject_type=subject_type(self._model), digest__in=wanted)
        digest_of = dict(same.values_list("subject_id", "digest"))
        by_text: dict[Key, list[Any]] = {}
        for record in self._model.objects.filter(public_id__in=digest_of).order_by("pk"):
            by_text.setdefault((record.owner_id, digest_of[record.public_id]), []).append(record)
        taken: set[int] = set()
        for row in rows:
            records = by_text.get((row.values.get("owner_id"), digests[row.number]), [])
            free = [record for record in records if record.pk not in self.claimed and record.pk not in taken]
            # With an id of its own in this very source, a row is a record of its own.
            free = [record for record in free if not (row.source_id and self._is_another(record, row))]
            if free:
                best = min(free, key=lambda record: record.source_id != row.source_id)
                taken.add(best.pk)
                yield row, best

    def _is_another(self, record: Any, row: ReadRow) -> bool:
        return bool(
            record.source_name == self._source_name and record.source_id and record.source_id != row.source_id
        )

    def _same_owner(self, record: Any, row: ReadRow) -> bool:
        return bool(self._model is Organisation or record.owner_id == row.values.get("owner_id"))


def _as_uuid(text: str) -> UUID | None:
    if len(text) not in (32, 36):
        return None
    try:
        return UUID(text)
    except ValueError:
        return None
