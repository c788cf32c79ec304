"""A request that takes too long is stopped in the middle of its statement, and leaves nothing half-written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.accounts.operations import organisations as operations
from ronglian.kernel.models import Event
from ronglian.kernel.time_limit import limit_statements, time_limit
from tests.api.calls import Caller, secret_of
from tests.factories import make_organisation, make_person

pytestmark = pytest.mark.django_db(transaction=True)
SLOW = """
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 300000000)
SELECT count(*) FROM numbers
"""
ENDLESS_ROWS = """
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 300000000)
SELECT n FROM numbers WHERE n % 100000000 = 0
"""


@pytest.fixture(autouse=True)
def half_a_second(settings: Any) -> Iterator[None]:
    settings.REQUEST_SECONDS = 0.5
    limit_statements(connection, settings.REQUEST_SECONDS)
    yield
    limit_statements(connection, 0)


def run_slowly(sql: str = SLOW) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.fetchall()


@pytest.fixture(params=["while executing", "while fetching"])
def slow_reading(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking for organisations takes far longer than any limit."""

    def slow(*_args: Any, **_more: Any) -> None:
        run_slowly(SLOW if request.param == "while executing" else ENDLESS_ROWS)

    monkeypatch.setattr("ronglian.web.views.records.access_organisation", slow)
    monkeypatch.setattr("ronglian.api.accounts.routes.access_organisation", slow)


@pytest.mark.usefixtures("slow_reading")
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_slow_page_is_an_answer_in_words(language: str) -> None:
    client = Client(headers={"accept-language": language})
    answer = client.get(reverse("organisation", args=[make_organisation().public_id]))
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert ("took too long" if language == "en" else "时间过长") in answer.text


@pytest.mark.usefixtures("slow_reading")
def test_a_slow_call_is_a_problem_document() -> None:
    answer = Client().get(f"/api/v1/organisations/{make_organisation().public_id}")
    assert answer.status_code == 503
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["code"] == "out_of_time"


def test_what_was_written_before_is_undone_and_the_next_request_works(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    person = make_person()
    caller = Caller(secret_of(person, may_write=True))
    events = Event.objects.count()
    honest = operations.record_event

    def slow(*args: Any, **kwargs: Any) -> Any:
        event = honest(*args, **kwargs)
        run_slowly()
        return event

    body = {"name": "慢吞吞研究所", "kind": "research_institute"}
    with monkeypatch.context() as patch:
        patch.setattr(operations, "record_event", slow)
        assert caller.post("/organisations", body).status_code == 503
    assert not Organisation.objects.filter(name=body["name"]).exists()
    assert Event.objects.count() == events
    settings.REQUEST_SECONDS = 30.0
    assert caller.post("/organisations", body).status_code == 201


def test_no_statement_begins_after_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """However short each of them is."""
    from ronglian.kernel import time_limit as module  # noqa: PLC0415 - the clock of the module itself

    now = [0.0]
    monkeypatch.setattr(module, "monotonic", lambda: now[0])
    done = []

    def many_short_ones() -> None:
        with time_limit(3.0):
            for step in range(10):
                Organisation.objects.count()
                done.append(step)
                now[0] += 1.0

    with pytest.raises(module.OutOfTime):
        many_short_ones()
    assert len(done) == 3
    assert Organisation.objects.count() == 0  # and outside, everything works again


def test_jobs_and_commands_are_not_limited() -> None:
    limit_statements(connection, 0)
    run_slowly(SLOW.replace("300000000", "300000"))


def test_the_server_limits_each_new_connection() -> None:
    from ronglian.project import wsgi  # noqa: PLC0415 - listens to every connection from now on

    wsgi._limit(None, connection)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() == ("500ms",)
