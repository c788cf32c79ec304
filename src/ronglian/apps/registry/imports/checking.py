"""Checking a file's rows in chunks: what taking each over would do, without doing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from ronglian.apps.registry.columns import MODELS, Kind
from ronglian.apps.registry.derived import derive
from ronglian.apps.registry.duplicates import LikeRecords, TextsSeen, comparable, identifiers, likest_text
from ronglian.apps.registry.enums import State
from ronglian.apps.registry.imports.deriving import Derived, plain_values
from ronglian.apps.registry.imports.identity import RecordFinder
from ronglian.apps.registry.imports.problems import CellProblem
from ronglian.apps.registry.imports.reading import RawRow
from ronglian.apps.registry.imports.reading_rows import ReadRow, RowReader, date_problems
from ronglian.apps.registry.models import (
    DuplicateReason,
    ImportBatch,
    ImportRow,
    RecordIdentifier,
    RowOutcome,
)
from ronglian.apps.registry.opening import open_records
from ronglian.kernel.actor import Actor
from ronglian.kernel.events import subject_type

# Values of these belong to one organisation each.
ONCE = {"organisations": ("uscc", "ror", "name")}


@dataclass(slots=True)
class StagedRow:
    """What will be an ImportRow: its columns, without the cost of a model object."""

    number: int
    sheet: str
    row: int
    title: str
    source_id: str
    digest: str
    outcome: str = ""
    record_public_id: UUID | None = None
    record_version: int | None = None
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)
    note: dict[str, Any] = field(default_factory=dict)
    bands: Sequence[int] = ()

    def columns(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in STAGED_COLUMNS} | {"errors": self.errors or None}


STAGED_COLUMNS = tuple(column.name for column in fields(StagedRow))
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
        self._seen = TextsSeen()
        self._compares = batch.kind != "organisations"
        if self._compares:
            readable = self._model.objects.visible_to(actor).exclude(state=State.WITHDRAWN)
            self._records = LikeRecords(self._model, readable)
            self._readable = readable

    def read(self, raw_rows: list[tuple[int, RawRow]]) -> list[ReadRow]:
        """The rows as values; the texts of those without an error may then be derived from, elsewhere."""
        rows = [self._reader.read(number, raw) for number, raw in raw_rows]
        for row in rows:
            if not row.errors:
                self._claim_in_file(row)
        return rows

    def stage(self, rows: list[ReadRow], derived: Mapping[int, Derived]) -> list[StagedRow]:
        """One staged row for each, in the same order; `derived` by number for those without an error."""
        good = [row for row in rows if not row.errors]
        digests = {number: found.digest for number, found in derived.items()}
        repeated = self._repeated(good, digests) if self._compares else {}
        found = self._finder.find([row for row in good if row.number not in repeated], digests)
        if self._compares:
            open_records(found.values())
        staged = {
            row.number: self._stage(row, found.get(row.number), derived.get(row.number)) for row in rows
        }
        for number, first in repeated.items():
            target = staged[number]
            target.outcome, target.values, target.record_public_id = RowOutcome.UNCHANGED, {}, None
            target.note = {"code": "same_as_row", "row": first[1]}
        if self._compares:
            self._compare([row for row in rows if staged[row.number].outcome == RowOutcome.CREATE], staged)
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
            self._seen.add(staged.number, staged.bands)

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

    def _stage(self, row: ReadRow, record: Any, derived: Derived | None) -> StagedRow:
        staged = StagedRow(
            number=row.number,
            sheet=row.sheet[:100],
            row=row.row,
            title=str(row.values.get("title") or row.values.get("name") or "")[:300],
            source_id=row.source_id[:120],
            digest=derived.digest if derived else "",
        )
        if not row.errors and record is not None:
            self._stage_known(staged, row, record)
        elif not row.errors:
            staged.outcome = RowOutcome.CREATE
            staged.record_public_id = uuid4()
            staged.bands = derived.bands if derived else ()
            staged.values = plain_values(row.values | (derived.metrics if derived else {}))
        if row.errors:
            staged.outcome, staged.errors, staged.values = RowOutcome.ERROR, row.errors, {}
        return staged

    def _stage_known(self, staged: StagedRow, row: ReadRow, record: Any) -> None:
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
        staged.values = plain_values(changed | derive(self._model, record.__getattribute__))

    def _compare(self, new: list[ReadRow], staged: Mapping[int, StagedRow]) -> None:
        """Mark new rows that are like a record or like an earlier row."""
        own = {row.number: tuple(staged[row.number].bands) for row in new}
        texts = {row.number: row.values for row in new}
        alike = self._records.find(own, lambda number: comparable(self._model, texts[number].get))
        numbered = self._same_identifiers(new)
        rows_alike = self._rows_alike(own, staged)
        for row in new:
            target = staged[row.number]
            note = self._same_number(row, numbered, staged)
            if not note and row.number in alike:
                note = _note(*alike[row.number])
            if not note and row.number in rows_alike:
                other, like = rows_alike[row.number]
                note = _note(other.record_public_id, like, row=other.row)
            if note:
                target.outcome, target.note = RowOutcome.DUPLICATE, note

    def _rows_alike(
        self, own: Mapping[int, tuple[int, ...]], staged: Mapping[int, StagedRow]
    ) -> dict[int, tuple[ImportRow | StagedRow, float]]:
        """For each new row the likest earlier row of the file, if there is one."""
        candidates: dict[int, set[int]] = {}
        for number, values in own.items():
            candidates[number] = self._seen.candidates(values)
            self._seen.add(number, values)
        earlier = set().union(*candidates.values()) - set(staged)
        known: dict[int, ImportRow | StagedRow] = {
            row.number: row for row in self._batch.rows.filter(number__in=earlier)
        }
        known.update(staged)
        found = {}
        for number, others in candidates.items():
            if others:
                texts = [
                    (other, comparable(self._model, known[other].values.get)) for other in sorted(others)
                ]
                like = likest_text(comparable(self._model, staged[number].values.get), texts)
                if like is not None:
                    found[number] = (known[like[0]], like[1])
        return found

    def _same_identifiers(self, new: list[ReadRow]) -> dict[tuple[str, str], UUID]:
        """(scheme, value) → public id of a record that carries it."""
        wanted = {pair for row in new for pair in identifiers(self._model, row.values.get)}
        if not wanted:
            return {}
        rows = RecordIdentifier.objects.filter(
            subject_type=subject_type(self._model), value__in={value for _, value in wanted}
        ).values_list("subject_id", "scheme", "value")
        holders = {(scheme, value): public_id for public_id, scheme, value in rows}
        seen = set(
            self._readable.filter(public_id__in=set(holders.values())).values_list("public_id", flat=True)
        )
        return {pair: public_id for pair, public_id in holders.items() if public_id in seen}

    def _same_number(
        self, row: ReadRow, numbered: Mapping[tuple[str, str], UUID], staged: Mapping[int, StagedRow]
    ) -> dict[str, Any]:
        for pair in identifiers(self._model, row.values.get):
            first = self._numbers.setdefault(pair, row.number)
            if pair in numbered:
                return _note(numbered[pair], 1.0, detail=pair[1])
            if first != row.number:
                other = staged.get(first) or self._batch.rows.get(number=first)
                return _note(other.record_public_id, 1.0, detail=pair[1], row=other.row)
        return {}


DATES = ("opens_on", "closes_on", "confirmed_on", "expires_on")


def _note(
    other: UUID | None, similarity: float, *, detail: str = "", row: int | None = None
) -> dict[str, Any]:
    """What a new row is like; `detail` is the identifier both carry."""
    reason = DuplicateReason.NEAR_TEXT if similarity < 1 else DuplicateReason.SAME_TEXT
    return {
        "code": str(DuplicateReason.IDENTIFIER if detail else reason),
        "other": str(other),
        "similarity": round(similarity, 4),
        "detail": detail,
        "row": row,
    }


def _name_column(kind: Kind) -> str:
    return "name" if kind in ("organisations", "experts") else "title"
