"""Checking a file's rows in chunks: what taking each over would do, without doing it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import models

from ronglian.apps.registry.columns import MODELS, Kind
from ronglian.apps.registry.derived import fill_derived
from ronglian.apps.registry.duplicates import (
    Hashes,
    TextsLikeOthers,
    TextsSeen,
    bands,
    best_likeness,
    comparable,
    identifiers,
    shingles,
    text_digest,
)
from ronglian.apps.registry.enums import State
from ronglian.apps.registry.imports.identity import RecordFinder
from ronglian.apps.registry.imports.problems import CellProblem
from ronglian.apps.registry.imports.reading import RawRow
from ronglian.apps.registry.imports.reading_rows import ReadRow, RowReader, date_problems
from ronglian.apps.registry.models import (
    DuplicateReason,
    ImportBatch,
    ImportRow,
    RecordIdentifier,
    RegistryRecord,
    RowOutcome,
)
from ronglian.kernel.actor import Actor
from ronglian.kernel.events import subject_type

# Values of these belong to one organisation each.
ONCE = {"organisations": ("uscc", "ror", "name")}


Place = tuple[int, int]  # number among all rows of the file, row as a person sees it


class Checker:
    """Checks the rows of one batch, chunk after chunk, in the order of the file."""

    def __init__(self, batch: ImportBatch, actor: Actor, today: date) -> None:
        self._batch = batch
        self._kind: Kind = batch.kind  # type: ignore[assignment]  # the model's choices are the kinds
        self._model: Any = MODELS[batch.kind]
        self._today = today
        self._reader = RowReader(
            self._kind,
            batch.mapping,
            owner_id=batch.owner_id,
            source_name=batch.source_name,
            has_guards=not batch.file_format.startswith("jsonl"),
            today=today,
        )
        self._finder = RecordFinder(self._model, batch.source_name)
        self._ids: dict[tuple[Any, str], Place] = {}
        self._values: dict[tuple[str, Any], Place] = {}
        self._digests: dict[tuple[Any, str], Place] = {}
        self._numbers: dict[tuple[str, str], int] = {}
        self._texts = TextsSeen()
        self._compares = batch.kind != "organisations"
        if self._compares:
            readable = self._model.objects.visible_to(actor).exclude(state=State.WITHDRAWN)
            self._others = TextsLikeOthers(self._model, readable)
            self._readable = readable

    def check(self, raw_rows: list[tuple[int, RawRow]]) -> list[ImportRow]:
        """One staged row for each, in the same order."""
        rows = [self._reader.read(number, raw) for number, raw in raw_rows]
        for row in rows:
            if not row.errors:
                self._claim_in_file(row)
        good = [row for row in rows if not row.errors]
        texts = (
            {row.number: comparable(self._model, row.values.get) for row in good} if self._compares else {}
        )
        digests = {number: text_digest(text) for number, text in texts.items()}
        repeated = self._repeated(good, digests)
        found = self._finder.find([row for row in good if row.number not in repeated], digests)
        staged = {
            row.number: self._stage(row, found.get(row.number), digests.get(row.number, "")) for row in rows
        }
        for number, first in repeated.items():
            target = staged[number]
            target.outcome, target.values, target.record_public_id = RowOutcome.UNCHANGED, {}, None
            target.note = {"code": "same_as_row", "row": first[1]}
        if self._compares:
            self._compare(rows, staged, texts)
        return [staged[row.number] for row in rows]

    def remember(self, staged: ImportRow) -> None:
        """Take up a row that was staged before an interruption, so that later ones are compared with it."""
        owner = staged.values.get("owner_id") or self._batch.owner_id
        place = (staged.number, staged.row)
        if staged.source_id:
            self._ids.setdefault((owner, staged.source_id), place)
        for name in ONCE.get(self._kind, ()):
            if staged.values.get(name):
                self._values.setdefault((name, staged.values[name]), place)
        if staged.outcome != RowOutcome.ERROR:
            self._digests.setdefault((owner, staged.digest), place)
        if staged.outcome in (RowOutcome.CREATE, RowOutcome.DUPLICATE) and self._compares:
            for identifier in identifiers(self._model, staged.values.get):
                self._numbers.setdefault(identifier, staged.number)
            self._texts.add(staged.number, bands(shingles(comparable(self._model, staged.values.get))))

    def remember_claims(self) -> None:
        """The same for the records that staged rows were found to be."""
        known = ImportRow.objects.filter(
            batch=self._batch,
            outcome__in=(RowOutcome.UPDATE, RowOutcome.UNCHANGED),
            record_public_id__isnull=False,
        )
        pks = self._model._default_manager.filter(public_id__in=known.values("record_public_id"))
        self._finder.claimed.update(dict.fromkeys(pks.values_list("pk", flat=True), (0, 0)))

    def _repeated(self, good: list[ReadRow], digests: Mapping[int, str]) -> dict[int, Place]:
        """Rows without an id whose whole text stood in the file before: nothing tells them from that row."""
        repeated: dict[int, Place] = {}
        for row in good:
            if row.number in digests:
                first = self._digests.setdefault((row.values.get("owner_id"), digests[row.number]), row.place)
                if first != row.place and not row.source_id:
                    repeated[row.number] = first
        return repeated

    def _claim_in_file(self, row: ReadRow) -> None:
        """An id, or what belongs to one organisation only, may stand in the file once."""
        if row.source_id:
            first = self._ids.setdefault((row.values.get("owner_id"), row.source_id), row.place)
            if first != row.place:
                self._reader.note(row, CellProblem("id_twice", row=first[1]), "id")
        for name in ONCE.get(self._kind, ()):
            value = row.values.get(name)
            if value and (first := self._values.setdefault((name, value), row.place)) != row.place:
                self._reader.note(row, CellProblem("value_twice", row=first[1]), name)

    def _stage(self, row: ReadRow, record: Any, digest: str) -> ImportRow:
        staged = ImportRow(
            batch=self._batch,
            number=row.number,
            sheet=row.sheet[:100],
            row=row.row,
            title=str(row.values.get("title") or row.values.get("name") or "")[:300],
            source_id=row.source_id[:120],
            digest=digest,
        )
        if not row.errors and record is not None:
            self._stage_known(staged, row, record)
        elif not row.errors:
            self._stage_new(staged, row)
        if row.errors:
            staged.outcome, staged.errors, staged.values = RowOutcome.ERROR, row.errors, {}
        return staged

    def _stage_known(self, staged: ImportRow, row: ReadRow, record: Any) -> None:
        first = self._finder.claimed[record.pk]
        if first != row.place:
            self._reader.note(
                row,
                CellProblem("same_record_twice", row=first[1]),
                "id" if row.source_id else _name_column(self._kind),
            )
            return
        changed = {
            name: value
            for name, value in row.values.items()
            if name != "source_id" and getattr(record, name) != value
        }
        staged.record_public_id, staged.record_version = record.public_id, record.version
        if not changed:
            staged.outcome = RowOutcome.UNCHANGED
            return
        for name, value in changed.items():
            setattr(record, name, value)
        for column, problem in date_problems(
            {name: getattr(record, name, None) for name in DATES}, self._today
        ):
            self._reader.note(row, problem, column)
        staged.outcome = RowOutcome.UPDATE
        staged.values = plain_values(changed | _derived(record))

    def _stage_new(self, staged: ImportRow, row: ReadRow) -> None:
        staged.outcome = RowOutcome.CREATE
        staged.record_public_id = uuid4()
        derived = _derived(self._model(**row.values)) if self._compares else {}
        staged.values = plain_values(row.values | derived)

    def _compare(
        self, rows: list[ReadRow], staged: Mapping[int, ImportRow], texts: Mapping[int, str]
    ) -> None:
        """Mark new rows that are like a record or like an earlier row."""
        new = [row for row in rows if staged[row.number].outcome == RowOutcome.CREATE]
        known = {row.number: (hashes := shingles(texts[row.number]), bands(hashes)) for row in new}
        alike = self._others.find(known)
        numbered = self._same_identifiers(new)
        for row in new:
            self._compare_row(row, staged, texts, known[row.number], alike.get(row.number), numbered)

    def _compare_row(
        self,
        row: ReadRow,
        staged: Mapping[int, ImportRow],
        texts: Mapping[int, str],
        own: tuple[Hashes, tuple[int, ...]],
        alike: tuple[RegistryRecord, float] | None,
        numbered: Mapping[tuple[str, str], UUID],
    ) -> None:
        target = staged[row.number]
        note = self._same_number(row, target, numbered, staged)
        if not note and alike is not None:
            note = _note(
                DuplicateReason.SAME_TEXT if alike[1] == 1 else DuplicateReason.NEAR_TEXT,
                alike[0].public_id,
                alike[1],
            )
        if not note:
            note = self._like_a_row(own, staged, texts)
        self._texts.add(row.number, own[1])
        if note:
            target.outcome, target.note = RowOutcome.DUPLICATE, note

    def _same_identifiers(self, new: list[ReadRow]) -> dict[tuple[str, str], UUID]:
        """(scheme, value) → public id of a record that carries it."""
        wanted = {pair for row in new for pair in identifiers(self._model, row.values.get)}
        if not wanted:
            return {}
        rows = RecordIdentifier.objects.filter(
            subject_type=subject_type(self._model), value__in={value for _, value in wanted}
        ).values_list("subject_id", "scheme", "value")
        holders = {(scheme, value): pk for pk, scheme, value in rows}
        public = dict(self._readable.filter(pk__in=set(holders.values())).values_list("pk", "public_id"))
        return {pair: public[pk] for pair, pk in holders.items() if pk in public}

    def _same_number(
        self,
        row: ReadRow,
        target: ImportRow,
        numbered: Mapping[tuple[str, str], UUID],
        staged: Mapping[int, ImportRow],
    ) -> dict[str, Any]:
        for pair in identifiers(self._model, row.values.get):
            first = self._numbers.setdefault(pair, row.number)
            if pair in numbered:
                return _note(DuplicateReason.IDENTIFIER, numbered[pair], 1.0, detail=pair[1])
            if first != row.number:
                other = self._staged(first, staged)
                return _note(
                    DuplicateReason.IDENTIFIER, other.record_public_id, 1.0, detail=pair[1], row=other.row
                )
        return {}

    def _like_a_row(
        self, own: tuple[Hashes, tuple[int, ...]], staged: Mapping[int, ImportRow], texts: Mapping[int, str]
    ) -> dict[str, Any]:
        earlier = [self._staged(number, staged) for number in self._texts.candidates(own[1])]
        compared = (
            (other.number, texts.get(other.number) or comparable(self._model, other.values.get))
            for other in earlier
        )
        likeness = best_likeness(own[0], compared)
        if likeness is None:
            return {}
        other = self._staged(likeness.other, staged)
        reason = DuplicateReason.SAME_TEXT if likeness.similarity == 1 else DuplicateReason.NEAR_TEXT
        return _note(reason, other.record_public_id, likeness.similarity, row=other.row)

    def _staged(self, number: int, staged: Mapping[int, ImportRow]) -> ImportRow:
        return staged.get(number) or ImportRow.objects.get(batch=self._batch, number=number)


DATES = ("opens_on", "closes_on", "confirmed_on", "expires_on")


def _note(
    reason: str, other: UUID | None, similarity: float, *, detail: str = "", row: int | None = None
) -> dict[str, Any]:
    return {
        "code": str(reason), "other": str(other), "similarity": round(similarity, 4), "detail": detail, "row": row,
    }  # fmt: skip


def _derived(record: models.Model) -> dict[str, Any]:
    """The metrics read out of the texts; nothing for records that have none."""
    if not isinstance(record, RegistryRecord) or not hasattr(record, "metrics"):
        return {}
    fill_derived(record)
    return {"metrics": record.metrics, "unread": record.unread}  # type: ignore[attr-defined]  # checked just above


def plain_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON has it: dates as text."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def python_values(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """The reverse of `plain_values`."""
    found = {}
    for name, value in values.items():
        is_date = name in DATES and isinstance(value, str)
        found[name] = date.fromisoformat(value) if is_date else value
    return found


def _name_column(kind: Kind) -> str:
    return "name" if kind in ("organisations", "experts") else "title"
