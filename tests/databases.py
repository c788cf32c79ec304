"""The suite's databases: made by copying a file that holds all migrations, and emptied without touching what is empty."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from tests.paths import REPOSITORY

KEPT = REPOSITORY / "build" / "migrated"
# What Django itself writes after each migration, and again after each emptying.
STANDING = frozenset({"django_content_type", "auth_permission"})
MAKE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0); call_command("createcachetable", verbosity=0)
"""


def digest_of_migrations() -> str:
    """Of everything they are made of: our own, and by the pins those of the packages."""
    digest = sha256()
    for path in [*sorted(REPOSITORY.glob("src/**/migrations/*.py")), REPOSITORY / "requirements" / "run.txt"]:
        digest.update(str(path.relative_to(REPOSITORY)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def migrated_file() -> Path:
    """The file; whoever comes first makes it, and the others wait. To be copied, never opened for writing."""
    KEPT.mkdir(parents=True, exist_ok=True)
    file = KEPT / f"{digest_of_migrations()}.sqlite3"
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            for older in KEPT.glob("*.sqlite3"):
                older.unlink()
            _make(file)
    return file


def _make(file: Path) -> None:
    folder = KEPT / uuid4().hex
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    own = {"RONGLIAN_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "ronglian.project.settings.dev"}
    subprocess.run([sys.executable, "-c", MAKE], env=kept | own, check=True)
    made = folder / "ronglian.sqlite3"
    with closing(sqlite3.connect(made)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")  # one file is all there is
    made.replace(file)
    shutil.rmtree(folder)


@contextmanager
def memory_filled(connection: Any) -> Iterator[None]:
    """The suite's database in memory holds the tables already, so that Django has nothing to migrate."""
    library = connection.Database
    name = connection.creation._get_test_db_name()
    memory = library.connect(name, uri=True, check_same_thread=False)
    source = library.connect(f"file:{migrated_file()}?mode=ro", uri=True)
    source.backup(memory)
    source.close()
    connection.settings_dict["TEST"]["MIGRATE"] = False
    yield
    memory.close()  # only now: the last to close it takes the database along


@contextmanager
def emptied_quickly(connection: Any) -> Iterator[None]:
    """PostgreSQL deletes rows where there are some; to truncate every table, as Django does, makes hundreds of new files."""

    def sql_flush(_style: Any, tables: Sequence[str], **_more: Any) -> list[str]:
        quoted = [connection.ops.quote_name(table) for table in tables if table not in STANDING]
        held = "SELECT " + ", ".join(f"EXISTS (SELECT FROM {table})" for table in quoted)  # noqa: S608 - our own names
        with connection.cursor() as cursor:
            cursor.execute(held)
            found = zip(quoted, cursor.fetchone(), strict=True)
        return [f"DELETE FROM {table}" for table, is_held in found if is_held]  # noqa: S608 - our own names

    with patch.object(connection.ops, "sql_flush", sql_flush):
        yield
