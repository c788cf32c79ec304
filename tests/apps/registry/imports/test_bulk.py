"""Large transactions: what they leave to be done after the write gate is open again."""

from __future__ import annotations

import pytest
from django.db import connection

from ronglian.apps.registry.imports.bulk import checkpoint_afterwards

pytestmark = pytest.mark.django_db(transaction=True)


def autocheckpoint() -> int:
    with connection.cursor() as cursor:
        return int(cursor.execute("PRAGMA wal_autocheckpoint").fetchone()[0])


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite moves its log into the database")
def test_the_usual_checkpointing_comes_back_after_a_failure_too() -> None:
    usual = autocheckpoint()
    assert usual > 0
    inside = []

    def fail() -> None:
        with checkpoint_afterwards():
            inside.append(autocheckpoint())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (inside, autocheckpoint()) == ([0], usual)
