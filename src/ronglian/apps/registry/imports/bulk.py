"""Many rows in a short transaction: parameters are prepared before it, so that it only executes.

bulk_create prepares inside the transaction, which others wait for; measured in benchmarks/imports.py.
"""

from __future__ import annotations

import pickle
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

Prepared = list[tuple[Any, ...]]


class Spilled:
    """Prepared rows kept in a nameless temporary file, so that a large import needs little memory."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as this object
        weakref.finalize(self, self._file.close)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, prepared: Prepared) -> None:
        if prepared:
            pickle.dump(prepared, self._file, pickle.HIGHEST_PROTOCOL)
            self._count += len(prepared)

    def chunks(self) -> Iterator[Prepared]:
        """The rows as they were added."""
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


def insert_prepared(model: type[models.Model], prepared: Prepared) -> None:
    """Insert them in order."""
    if prepared:
        columns = [_quoted(field.column) for field in _insert_fields(model)]
        marks = ", ".join(["%s"] * len(columns))
        sql = f"INSERT INTO {_quoted(model._meta.db_table)} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - names of our own models
        with connection.cursor() as cursor:
            cursor.executemany(sql, prepared)


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
