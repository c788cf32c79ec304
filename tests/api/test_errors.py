"""Everything that goes wrong is a problem document."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from ronglian.apps.accounts.models import ApiToken
from ronglian.apps.accounts.operations.tokens import revoke_token
from ronglian.kernel.actor import Actor, ActorKind
from tests.api.calls import VISITOR, Caller, caller_of, expired, problem_of, secret_of, stranger
from tests.factories import SYSTEM, make_member, make_need, make_organisation

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/nothing",
        "/needs/",
        "/needs/1",
        "/needs/x/events",
        "/../admin",
        "/%00",
        "/专家",
        "/needs/%0Ax/events",
    ],
)
def test_an_unknown_address(path: str) -> None:
    assert problem_of(VISITOR.get(path), 404)["code"] == "not_found"


def test_an_address_above_the_version() -> None:
    response = Client().get("/api/v2/needs")
    assert problem_of(response, 404)


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "/needs"), ("PUT", "/me"), ("GET", "/match"), ("TRACE", "/needs")]
)
def test_a_wrong_method_says_which_are_right(method: str, path: str) -> None:
    response = VISITOR.raw(method, path, b"")
    assert problem_of(response, 405)["code"] == "method_not_allowed"
    assert response["Allow"]


def test_head_answers_like_get() -> None:
    response = VISITOR.client.head("/api/v1/needs")
    assert response.status_code == 200
    assert response.content == b""


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "unreadable"),
        (b"", "invalid"),
        (b"null", "invalid"),
        (b"[]", "invalid"),
        (b'"text"', "invalid"),
        (b'{"title": NaN}', "unreadable"),
        (b'{"title": -Infinity}', "unreadable"),
        (b'{"title": "a", "title": "b"}', "unreadable"),
        (b'{"title": ' + b"9" * 5000 + b"}", "unreadable"),
        (b"[" * 100_000, "unreadable"),
        (b'{"title": ' + b'{"a":' * 50_000, "unreadable"),
        (b'{"title": "\xff"}', "unreadable"),
        (b'\xef\xbb\xbf{"title": "a"}', "unreadable"),
        (b'{"title": "tab\there"}', "unreadable"),
    ],
)
def test_malformed_bodies(body: bytes, code: str) -> None:
    found = problem_of(stranger().raw("POST", "/needs", body), 422 if code == "invalid" else 400)
    assert found["code"] == code
    assert found["errors"][0]["in"] == "body"


def test_another_media_type() -> None:
    response = stranger().raw("POST", "/needs", b"<need/>", media="text/xml")
    assert problem_of(response, 415)["code"] == "unsupported_media_type"


def test_too_large_a_body(settings: Any) -> None:
    body = json.dumps({"text": "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE}).encode()
    assert problem_of(VISITOR.raw("POST", "/match", body), 413)["code"] == "too_large"
    settings.UPLOAD_LIMIT_BYTES = 1000
    assert problem_of(VISITOR.raw("POST", "/imports", b"x" * 1001), 413)["code"] == "too_large"


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer wrong",
        "Basic YTpi",
        "wrong",
        "",
        "Bearer \xff\xfe",
        "bearer" + " x" * 999,
    ],
)
def test_a_wrong_token_is_refused_even_where_none_is_needed(header: str) -> None:
    response = Client(headers={"Authorization": header}).get("/api/v1/needs")
    assert problem_of(response, 401)["code"] == "unauthorised"
    assert response["WWW-Authenticate"] == "Bearer"


def test_expired_revoked_and_suspended_tokens_are_refused_at_once() -> None:
    person = make_member(make_organisation())
    secret = secret_of(person)
    assert Caller(secret).get("/me").status_code == 200
    person.is_active = False
    person.save()
    assert Caller(secret).get("/me").status_code == 401
    person.is_active = True
    person.save()
    revoke_token(actor=SYSTEM, token=ApiToken.objects.get())
    assert Caller(secret).get("/me").status_code == 401
    assert Caller(expired(secret_of(person))).get("/me").status_code == 401


def test_cookies_are_never_looked_at() -> None:
    owner = make_organisation()
    need = make_need(owner, state="draft")
    client = Client()
    client.force_login(make_member(owner), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(f"/api/v1/needs/{need.public_id}").status_code == 404
    assert client.post(f"/api/v1/needs/{need.public_id}/publish").status_code == 401


def test_a_visitor_who_writes_learns_nothing() -> None:
    need = make_need(state="draft")
    for path in (f"/needs/{need.public_id}/publish", "/needs", f"/needs/{need.owner.public_id}/confirm"):
        assert problem_of(VISITOR.post(path, {}), 401)["code"] == "unauthorised"


def test_messages_come_in_the_language_asked_for() -> None:
    caller = caller_of(make_organisation())
    english = problem_of(caller.post("/needs", {}), 422)
    chinese = problem_of(caller.post("/needs", {}, **{"Accept-Language": "zh-Hans"}), 422)
    assert english["title"] == "Some fields need correction."
    assert [error["code"] for error in english["errors"]] == [error["code"] for error in chinese["errors"]]
    response = caller.get("/me", **{"Accept-Language": "zh-Hans"})
    assert response["Content-Language"] == "zh-hans"
    assert "Accept-Language" in response["Vary"]


def test_a_fault_of_ours_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_rest: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("ronglian.api.accounts.routes.own_organisations", fail)
    person = make_member(make_organisation())
    response = Caller(secret_of(person), raise_errors=False).get("/me")
    assert problem_of(response, 500)["code"] == "failed"
    assert "secret detail" not in response.content.decode()


def test_who_i_am() -> None:
    owner = make_organisation()
    shown = caller_of(owner).get("/me").json()
    assert shown["kind"] == "token"
    assert shown["may_write"] is True
    assert shown["organisations"] == [
        {"organisation": str(owner.public_id), "name": owner.name, "role": "editor", "wants_digest": True}
    ]
    assert problem_of(VISITOR.get("/me"), 401)


def test_an_operators_token_has_no_more_rights_than_its_person_as_member() -> None:
    """Tokens of operators see what everybody sees: a leaked one opens nothing."""
    need = make_need(disclosure="organisation")
    operator = make_member(make_organisation(), is_operator=True)
    assert Caller(secret_of(operator)).get(f"/needs/{need.public_id}").status_code == 404
    assert Actor(ActorKind.TOKEN, "x").is_operator is False
