"""The write gate: many threads and processes write one SQLite file, and nobody meets a locked database."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections

from ronglian.project.database import sqlite_settings
from tests.paths import REPOSITORY

THREADS, PROCESSES, WRITES = 6, 3, 20
ALIAS = "gate"

WRITER = """
import sys
from django.conf import settings
from pathlib import Path
from ronglian.project.sqlite import use_bundled_sqlite
use_bundled_sqlite()
from ronglian.project.database import sqlite_settings
settings.configure(DATABASES={"default": sqlite_settings(Path(sys.argv[1]))})
from django.db import connection, transaction
for _ in range(int(sys.argv[2])):
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT n FROM counter")
            (n,) = cursor.fetchone()
            cursor.execute("UPDATE counter SET n = %s", [n + 1])
"""


@pytest.fixture
def database(tmp_path: Path, django_db_blocker: pytest.FixtureRequest) -> Iterator[Path]:
    path = tmp_path / "gate.sqlite3"
    settings = connections.configure_settings({"default": {}, ALIAS: sqlite_settings(path)})
    connections.settings[ALIAS] = settings[ALIAS]
    with django_db_blocker.unblock():  # type: ignore[attr-defined] # pytest-django's own type is not exported
        with connections[ALIAS].cursor() as cursor:
            cursor.execute("CREATE TABLE counter (n integer NOT NULL)")
            cursor.execute("INSERT INTO counter VALUES (0)")
        yield path
        connections[ALIAS].close()
    del connections.settings[ALIAS]
    del connections[ALIAS]


def count(path: Path) -> int:
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("SELECT n FROM counter")
        return int(cursor.fetchone()[0])


def add_in_this_process(problems: list[BaseException]) -> None:
    from django.db import transaction  # noqa: PLC0415 - beside its use, in the thread

    connection = connections[ALIAS]
    try:
        for _ in range(WRITES):
            with transaction.atomic(using=ALIAS), connection.cursor() as cursor:
                cursor.execute("SELECT n FROM counter")
                (n,) = cursor.fetchone()
                cursor.execute("UPDATE counter SET n = %s", [n + 1])
    except BaseException as error:
        problems.append(error)
    finally:
        connection.close()


def test_threads_and_processes_never_meet_a_lock_nor_lose_a_write(database: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(database), str(WRITES)]
    children = [subprocess.Popen(command, cwd=REPOSITORY) for _ in range(PROCESSES)]
    problems: list[BaseException] = []
    threads = [threading.Thread(target=add_in_this_process, args=(problems,)) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [child.wait(timeout=60) for child in children] == [0] * PROCESSES
    assert problems == []
    assert count(database) == (THREADS + PROCESSES) * WRITES


def test_the_gate_is_free_after_commit_rollback_and_error(database: Path) -> None:
    from django.db import transaction  # noqa: PLC0415 - beside its use

    connection = connections[ALIAS]
    with transaction.atomic(using=ALIAS):
        assert connection._gate is not None  # type: ignore[attr-defined] # the wrapper under test
    assert connection._gate is None  # type: ignore[attr-defined] # as above
    with pytest.raises(ZeroDivisionError), transaction.atomic(using=ALIAS):
        raise ZeroDivisionError
    assert connection._gate is None  # type: ignore[attr-defined] # as above
    with transaction.atomic(using=ALIAS):
        with pytest.raises(ZeroDivisionError), transaction.atomic(using=ALIAS):
            raise ZeroDivisionError
        assert connection._gate is not None  # type: ignore[attr-defined] # an inner savepoint keeps it
    assert connection._gate is None  # type: ignore[attr-defined] # as above


def test_new_readers_do_not_wait_for_a_writer(database: Path) -> None:
    from django.db import transaction  # noqa: PLC0415 - beside its use

    answered = threading.Event()

    def read() -> None:
        count(database)
        connections[ALIAS].close()
        answered.set()

    with transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
        cursor.execute("UPDATE counter SET n = 7")
        reader = threading.Thread(target=read)
        reader.start()
        reader.join()
    assert answered.is_set()


def test_every_commit_is_synced(database: Path) -> None:
    with connections[ALIAS].cursor() as cursor:
        values = {}
        for pragma in ("journal_mode", "synchronous", "foreign_keys"):
            cursor.execute(f"PRAGMA {pragma}")
            values[pragma] = cursor.fetchone()[0]
    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
