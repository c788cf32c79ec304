"""Writing many rows: values that all share, and what is left to be done after the write gate is open again."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from ronglian.apps.registry.imports.bulk import (
    RowTemplate,
    checkpoint_afterwards,
    condense,
    insert_condensed,
    insert_prepared,
)
from ronglian.apps.registry.models import DuplicateCandidate
from ronglian.kernel.models import Event

pytestmark = pytest.mark.django_db


def autocheckpoint() -> int:
    with connection.cursor() as cursor:
        return int(cursor.execute("PRAGMA wal_autocheckpoint").fetchone()[0])


@pytest.mark.django_db(transaction=True)
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


HOSTILE = ["O'Neil", "100% %s %(x)s %%", "\\' OR 1=1; --", "甲\n乙\t丙", "", "?", "$1", "‘’\u2028"]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("count", [1, 2, 5])
def test_what_all_rows_share_is_stored_like_what_each_has(text: str, count: int) -> None:
    data = {"text": text, "list": [text, None, True, 1.5]}
    template = RowTemplate(Event(name="test.shared", subject_type="test", actor_label=text, data=data))
    rows = [template.fill({"public_id": uuid4(), "subject_id": uuid4()}) for _ in range(count)]
    assert bool(condense(rows).same) == (count > 1)
    insert_prepared(Event, rows)
    stored = list(Event.objects.filter(name="test.shared").order_by("id"))
    assert [(event.actor_label, event.data, event.actor_id) for event in stored] == [
        (text, data, None)
    ] * count


def test_numbers_and_moments_that_all_share() -> None:
    blank = DuplicateCandidate(subject_type="need", reason="near_text", similarity=0.9123456789012345)
    template = RowTemplate(blank)
    ids = sorted(uuid4() for _ in range(4))
    insert_condensed(
        DuplicateCandidate,
        condense(
            [
                template.fill({"public_id": uuid4(), "first_id": ids[0], "second_id": ids[1]}),
                template.fill({"public_id": uuid4(), "first_id": ids[2], "second_id": ids[3]}),
            ]
        ),
    )
    first, second = DuplicateCandidate.objects.order_by("id")
    assert (first.first_id, second.second_id) == (ids[0], ids[3])
    assert first.similarity == second.similarity == 0.9123456789012345
    assert first.created_at == second.created_at
    assert abs(timezone.now() - first.created_at) < timedelta(minutes=5)
