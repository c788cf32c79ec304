"""A denial does what the answer for nothing there does, statement for statement, so that its time tells nothing."""

from __future__ import annotations

import re
from statistics import median
from time import process_time
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ronglian.kernel.actor import Role
from tests.api.calls import VISITOR, Caller, secret_of
from tests.factories import make_member, make_need, make_organisation, make_result

pytestmark = pytest.mark.django_db
VARIES = re.compile(r"'[^']*'|\b\d+\b")
TIMES = 40
ADDRESSES = ("/needs/{}/", "/needs/{}/matches/", "/work/needs/{}/edit/", "/work/needs/{}/readers/")
CALLS = ("/needs/{}", "/needs/{}/matches", "/needs/{}/events")


def statements(reader: Client | Caller, path: str) -> tuple[int, list[str]]:
    """The answer's status, and what the database was asked, without values."""
    with CaptureQueriesContext(connection) as queries:
        response: Any = reader.get(path)
    return response.status_code, [VARIES.sub("?", query["sql"]) for query in queries.captured_queries]


@pytest.fixture
def stranger() -> Any:
    return make_member(make_organisation(), Role.OWNER)


@pytest.mark.parametrize(
    "hidden", [{"state": "draft"}, {"state": "withdrawn"}, {"disclosure": "organisation"}]
)
def test_a_denial_asks_the_database_what_absence_asks(hidden: dict[str, str], stranger: Any) -> None:
    need = make_need(**hidden)
    signed_in = Client()
    signed_in.force_login(stranger)
    compared = 0
    for reader in (Client(), signed_in, VISITOR, Caller(secret_of(stranger))):
        for pattern in CALLS if isinstance(reader, Caller) else ADDRESSES:
            denied = statements(reader, pattern.format(need.public_id))
            absent = statements(reader, pattern.format(uuid4()))
            assert denied == absent, pattern
            compared += denied[0] == 404
    assert compared >= 8


def test_how_long_a_denial_takes(stranger: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Measured in processor time, asked in turn; what is asserted stands in the test above."""
    need, reader = make_need(state="draft"), Caller(secret_of(stranger))
    make_result()
    spent: dict[str, list[float]] = {"denied": [], "absent": []}
    for _ in range(TIMES):
        for what, public_id in (("denied", need.public_id), ("absent", uuid4())):
            began = process_time()
            reader.get(f"/needs/{public_id}")
            spent[what].append(process_time() - began)
    ratio = median(spent["denied"]) / median(spent["absent"])
    with capsys.disabled():
        print(f"\ndenied takes {ratio:.2f} times what absent takes")  # noqa: T201 - a measurement
