"""Requests made from the description of the API: no fault of ours, nothing undocumented, nothing wrong accepted.

The fast suite takes a few examples of each operation, the slow one thirty. RONGLIAN_FUZZ_EXAMPLES=300 makes a long run
of the slow one: that many examples, and before them every boundary of every schema (some 5,000 requests). Works on
either database.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import (
    content_type_conformance,
    negative_data_rejection,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ronglian.project.wsgi import application
from tests.api.calls import secret_of
from tests.factories import make_expert, make_member, make_need, make_organisation, make_result, make_scene

pytestmark = pytest.mark.django_db

LONG_RUN = os.environ.get("RONGLIAN_FUZZ_EXAMPLES", "")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
schema.config.phases.coverage.enabled = bool(LONG_RUN)


@pytest.fixture
def open_connection() -> Iterator[None]:
    """The requests run in the test's transaction: its connection may not be closed between them."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def token(open_connection: None) -> str:
    """An editor's token, and a record of each kind under its own id."""
    owner = make_organisation()
    for make in (make_need, make_result, make_expert, make_scene):
        make(owner)
    return secret_of(make_member(owner))


SHARED = settings(
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
# Their large schemas take seconds to make requests from; those of needs stand for them in the fast suite.
LIKE_NEEDS = [f"{verb}_{noun}" for verb in ("create", "edit") for noun in ("result", "expert", "scene")]


def check(case: Any, token: str) -> None:
    response = case.call(headers={"Authorization": f"Bearer {token}"})
    case.validate_response(response, checks=CHECKS)


@schema.exclude(operation_id=LIKE_NEEDS).parametrize()
@settings(SHARED, max_examples=3)
def test_requests_made_from_the_description(case: Any, token: str) -> None:
    check(case, token)


@pytest.mark.slow
@schema.parametrize()
@settings(SHARED, max_examples=int(LONG_RUN or 30))
def test_many_requests_made_from_the_description(case: Any, token: str) -> None:
    check(case, token)
