"""Many rows in a short transaction: parameters are prepared before it, so that it only executes.

bulk_create prepares inside the transaction, which others wait for; measured in benchmarks/imports.py.
"""

from __future__ import annotations

import pickle
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

Prepared = list[tuple[Any, ...]]


class Spilled:
    """Prepared rows, in portions, kept in a nameless temporary file, so that a large import needs little memory."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as this object
        weakref.finalize(self, self._file.close)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, prepared: Prepared | Condensed) -> None:
        if len(prepared):
            pickle.dump(prepared, self._file, pickle.HIGHEST_PROTOCOL)
            self._count += len(prepared)

    def chunks(self) -> Iterator[Any]:
        """The portions as they were added."""
        self._file.flush()
        end = self._file.tell()
        self._file.seek(0)
        while self._file.tell() < end:
            yield pickle.load(self._file)  # noqa: S301 - this process wrote it, nobody else can reach it


class RowTemplate:
    """Prepares many rows of one model that share most values: what differs is filled into the parameters of `base`."""

    def __init__(self, base: models.Model) -> None:
        fields = _insert_fields(type(base))
        self._shared = [_parameter(field, base, add=True) for field in fields]
        self._places = {
            name: (place, field, isinstance(field, models.CharField | models.TextField))
            for place, field in enumerate(fields)
            for name in (field.name, field.attname)
        }

    def fill(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        row = self._shared.copy()
        database = connections[DEFAULT_DB_ALIAS]  # not the proxy, whose every attribute costs a look-up
        for name, value in values.items():
            place, field, is_text = self._places[name]
            # Text goes into a column of text as it is; asking the field would take most of the time.
            row[place] = value if is_text and type(value) is str else field.get_db_prep_save(value, database)
        return tuple(row)


def prepare_inserts(rows: Iterable[models.Model]) -> Prepared:
    """The parameters of an INSERT for each new object."""
    prepared: Prepared = []
    fields: Sequence[Any] = ()
    for row in rows:
        fields = fields or _insert_fields(type(row))
        prepared.append(tuple(_parameter(field, row, add=True) for field in fields))
    return prepared


@dataclass(frozen=True, slots=True)
class Condensed:
    """Rows to insert: what is the same in all of them, by place, and the rest of each.

    Binding parameters is half of the work of an INSERT, and most columns of an import hold one value.
    """

    same: Mapping[int, Any]
    rows: Prepared

    def __len__(self) -> int:
        return len(self.rows)


def condense(prepared: Prepared) -> Condensed:
    if len(prepared) < 2:
        return Condensed({}, prepared)
    columns = list(zip(*prepared, strict=True))
    same = {
        place: column[0] for place, column in enumerate(columns) if column.count(column[0]) == len(prepared)
    }
    different = [column for place, column in enumerate(columns) if place not in same]
    return Condensed(same, list(zip(*different, strict=True))) if different else Condensed({}, prepared)


def insert_condensed(model: type[models.Model], condensed: Condensed) -> None:
    """Insert them in order."""
    if not condensed.rows:
        return
    columns = [_quoted(field.column) for field in _insert_fields(model)]
    with connection.cursor() as cursor:
        values = [
            _literal(cursor, condensed.same[place]) if place in condensed.same else "%s"
            for place in range(len(columns))
        ]
        sql = (
            f"INSERT INTO {_quoted(model._meta.db_table)} ({', '.join(columns)}) VALUES ({', '.join(values)})"  # noqa: S608 - names of our own models, values quoted by the database
        )
        cursor.executemany(sql, condensed.rows)


def insert_prepared(model: type[models.Model], prepared: Prepared) -> None:
    insert_condensed(model, condense(prepared))


def _literal(cursor: Any, value: Any) -> str:
    """A parameter as the database or its driver itself writes it into a statement."""
    if connection.vendor == "sqlite":
        written = cursor.execute("SELECT quote(%s)", [value]).fetchone()[0]
    else:
        written = cursor.mogrify("%s", [value])
    return str(written).replace("%", "%%")


def prepare_update(row: models.Model, names: Sequence[str], *, read_version: int) -> tuple[Any, ...]:
    """The parameters of an UPDATE of the named fields, provided the row still has the version that was read."""
    fields = [_field(type(row), name) for name in names]
    values = (_parameter(field, row, add=False) for field in fields)
    return (*values, row.pk, read_version)


def update_prepared(model: type[models.Model], names: Sequence[str], prepared: Prepared) -> int:
    """Carry the updates out and answer how many rows were found with the version that was read."""
    if not prepared:
        return 0
    sets = ", ".join(f"{_quoted(_field(model, name).column)} = %s" for name in names)
    sql = f"UPDATE {_quoted(model._meta.db_table)} SET {sets} WHERE id = %s AND version = %s"  # noqa: S608 - names of our own models
    with connection.cursor() as cursor:
        cursor.executemany(sql, prepared)
        return int(cursor.rowcount)


@contextmanager
def checkpoint_afterwards() -> Iterator[None]:
    """Move what a large transaction writes from SQLite's log into the database after it, not while others wait.

    By itself SQLite does so at the end of the commit, before the write gate opens again. Elsewhere nothing happens.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        usual = cursor.execute("PRAGMA wal_autocheckpoint").fetchone()[0]
        cursor.execute("PRAGMA wal_autocheckpoint=0")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA wal_autocheckpoint={int(usual)}")
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")


def _insert_fields(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if not field.primary_key]


def _field(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)


def _parameter(field: Any, row: models.Model, *, add: bool) -> Any:
    return field.get_db_prep_save(field.pre_save(row, add), connections[DEFAULT_DB_ALIAS])


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
