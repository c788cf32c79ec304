"""Calling the API in tests."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from ronglian.apps.accounts.models import ApiToken, Organisation, Person
from ronglian.apps.accounts.operations.tokens import issue_token, new_secret
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.kernel.actor import Role
from tests.factories import make_member, make_person

ROOT = "/api/v1"


# One client for all: each has its own middleware, which takes long to make. Nobody keeps cookies here.
CLIENTS = {raises: Client(raise_request_exception=raises) for raises in (True, False)}


class Caller:
    """A program with a token, or without one."""

    def __init__(self, secret: str = "", *, raise_errors: bool = True) -> None:
        self.client = CLIENTS[raise_errors]
        self.headers = {"Accept-Language": "en"}
        if secret:
            self.headers["Authorization"] = f"Bearer {secret}"

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.client.get(ROOT + path, query, headers=self.headers | headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.raw("POST", path, b"" if body is None else json.dumps(body).encode(), **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.raw("PATCH", path, json.dumps(body).encode(), **headers)

    def send(self, path: str, fields: dict[str, Any], **headers: str) -> Any:
        """A multipart form."""
        return self.client.post(ROOT + path, fields, headers=self.headers | headers)

    def raw(
        self, method: str, path: str, body: bytes, media: str = "application/json", **headers: str
    ) -> Any:
        return self.client.generic(
            method, ROOT + path, body, content_type=media, headers=self.headers | headers
        )


def secret_of(person: Person, *, may_write: bool = True, confidential: bool = True) -> str:
    """A token of the person."""
    secret = new_secret()
    issue_token(
        actor=actor_of_person(person),
        name="program",
        secret=secret,
        may_write=may_write,
        days=30,
        may_read_confidential=confidential,
    )
    return secret


def caller_of(organisation: Organisation, role: Role = Role.EDITOR, *, may_write: bool = True) -> Caller:
    """A program of a new person who acts for the organisation."""
    return Caller(secret_of(make_member(organisation, role), may_write=may_write))


def stranger() -> Caller:
    """A program of a person who acts for nobody."""
    return Caller(secret_of(make_person()))


def expired(secret: str) -> str:
    """The same secret after its time."""
    token = ApiToken.objects.latest("id")
    ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    return secret


VISITOR = Caller()


def problem_of(response: Any, status: int) -> dict[str, Any]:
    """The problem document, after checking that it is one."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = json.loads(response.content)
    assert found["status"] == status
    return found


def pointers(response: Any, status: int = 422) -> list[str]:
    return [error["pointer"] for error in problem_of(response, status)["errors"]]
