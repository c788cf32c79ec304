"""What the settings of the site promise: sessions that end, nothing kept behind them, cookies, headers, methods."""

from __future__ import annotations

import ast
import logging
import re
from typing import Any
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from ronglian.apps.accounts.operations.organisations import edit_organisation
from ronglian.apps.accounts.passwords import NoWordsOfThePlace
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.kernel.errors import NotAllowed
from tests.factories import make_organisation, make_person
from tests.paths import REPOSITORY

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-42"  # what the factory gives everybody
HOUR = 3600.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """The time as sign-ins and sessions see it."""
    now = {"now": 1_000_000.0}
    for module in ("ronglian.project.sessions", "ronglian.apps.accounts.sign_ins"):
        monkeypatch.setattr(f"{module}.time", lambda: now["now"])
    return now


def is_in(client: Client) -> bool:
    return client.get(reverse("work")).status_code == 200


def test_who_is_away_for_two_hours_signs_in_again(clock: dict[str, float]) -> None:
    client = Client()
    client.force_login(make_person())
    for _step in range(5):
        clock["now"] += 1.9 * HOUR
        assert is_in(client)
    clock["now"] += 2.1 * HOUR
    assert not is_in(client)
    assert not is_in(client)


def test_a_day_is_the_longest_however_busy(clock: dict[str, float]) -> None:
    client = Client()
    client.force_login(make_person())
    for _step in range(24):
        clock["now"] += 0.99 * HOUR
        assert is_in(client)
    clock["now"] += 0.99 * HOUR
    assert not is_in(client)


def test_reading_writes_no_session_again_and_again(clock: dict[str, float]) -> None:
    client = Client()
    client.force_login(make_person())
    is_in(client)
    before = Session.objects.values_list("session_data", flat=True).get()
    clock["now"] += 60
    is_in(client)
    assert Session.objects.values_list("session_data", flat=True).get() == before


def test_what_depends_on_who_reads_is_kept_nowhere() -> None:
    visitor, member = Client(), Client()
    member.force_login(make_person())
    assert "no-store" not in visitor.get(reverse("home")).headers.get("Cache-Control", "")
    for name in ("home", "work", "work:tokens"):
        assert "no-store" in member.get(reverse(name)).headers["Cache-Control"]
    refused = visitor.get("/api/v1/me", headers={"authorization": "Bearer rl_wrong"})
    assert refused.headers["Cache-Control"] == "no-store"
    assert member.post(reverse("account_logout")).headers["Clear-Site-Data"] == '"cache", "storage"'


def test_every_answer_carries_the_headers_browsers_act_on() -> None:
    for path in ("/", "/api/v1/needs", "/none", "/health", "/robots.txt"):
        headers = Client().get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        policy = headers["Content-Security-Policy"]
        for part in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert part in policy
        assert "Access-Control-Allow-Origin" not in headers
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_trace_and_unknown_methods_are_refused() -> None:
    for path in ("/", "/api/v1/needs", "/health"):
        assert Client().generic("TRACE", path).status_code == 405
        assert Client().generic("FROB", path).status_code == 405


def test_a_program_is_refused_without_tls_and_a_page_led_to_it(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^api/"]
    answer = Client().get("/api/v1/me", headers={"authorization": "Bearer x"})
    assert (answer.status_code, answer.json()["code"]) == (403, "https_needed")
    assert Client().get("/").status_code == 301
    assert Client().get("/api/v1/needs", secure=True).status_code == 200


def test_the_production_profile_hardens_cookies_and_transport() -> None:
    """Read from its source: it cannot be loaded beside the profile of the tests."""
    text = (REPOSITORY / "src/ronglian/project/settings/production.py").read_text()
    found = {
        node.targets[0].id: ast.unparse(node.value)
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for name in ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "LANGUAGE_COOKIE_NAME"):
        assert found[name].strip("'").startswith("__Host-")
        assert found[name.replace("_NAME", "_SECURE")] == "True"
    assert found["DEBUG"] == "False"
    assert int(found["SECURE_HSTS_SECONDS"]) >= 365 * 24 * 3600
    assert found["SECURE_HSTS_INCLUDE_SUBDOMAINS"] == "True"
    assert "api/" in found["SECURE_REDIRECT_EXEMPT"]


@pytest.mark.parametrize(
    "word", ["ronglian2026!", "Admin-Admin-1", "融链融链融链123", "operator12345", "Bureau_0000"]
)
def test_words_of_the_place_make_no_password(word: str) -> None:
    with pytest.raises(ValidationError):
        NoWordsOfThePlace().validate(word)


@pytest.mark.parametrize(
    "word", ["correct-horse-42", "admin of quiet rivers", "x" * 80, "夜半钟声到客船一二"]
)
def test_a_password_of_ones_own_passes(word: str) -> None:
    NoWordsOfThePlace().validate(word)


def test_who_signed_in_and_who_failed_is_noted_without_an_address(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "ronglian.security")
    person, client = make_person("zhang@example.org"), Client()
    for password in ("wrong-password", PASSWORD):
        client.post(reverse("account_login"), {"login": "zhang@example.org", "password": password})
    client.post(reverse("account_logout"))
    said = [record.getMessage() for record in caplog.records if record.name == "ronglian.security"]
    assert [line.partition(":")[0] for line in said] == ["sign-in failed", "signed in", "signed out"]
    assert str(person.public_id) in said[1]
    assert "zhang" not in caplog.text
    assert PASSWORD not in caplog.text
    assert re.search(r"address [0-9a-f]{32}$", said[0])


def test_a_refused_operation_is_noted(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "ronglian.security")
    stranger, organisation = actor_of_person(make_person()), make_organisation()
    with pytest.raises(NotAllowed):
        edit_organisation(actor=stranger, organisation=organisation, version=1, fields={"name": str(uuid4())})
    assert f"refused: organisation.edit to person {stranger.person_id}" in caplog.text


def test_a_password_is_taken_as_typed() -> None:
    """Long, with blanks at its ends and letters of both cases: no character is dropped or changed."""
    typed = "  Zwölf Boxkämpfer 夜半钟声 " + "x" * 80 + " "
    sent = {"name": "张三", "email": "zhang@example.org", "password1": typed, "terms": "on"}
    assert Client().post(reverse("account_signup"), sent).status_code == 302
    for wrong in (typed.strip(), typed.lower(), typed[:72], typed):
        client = Client()
        client.post(reverse("account_login"), {"login": "zhang@example.org", "password": wrong})
        assert is_in(client) == (wrong == typed)


def test_signing_in_changes_the_session_key() -> None:
    person, client = make_person(), Client()
    session = client.session
    session["planted"] = 1
    session.save()
    planted = session.session_key
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert is_in(client)
    assert client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_a_new_password_ends_the_other_sessions() -> None:
    person = make_person()
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    new = "quiet-river-1911"
    here.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert is_in(here)
    assert not is_in(elsewhere)


def test_changing_what_one_signs_in_with_asks_for_the_password() -> None:
    client = Client()
    client.force_login(make_person())  # without a password said just now
    other = {"email": "other@example.org", "action_add": ""}
    answer = client.post(reverse("account_email"), other)
    assert answer.status_code == 302
    assert answer.headers["location"].startswith(reverse("account_reauthenticate"))
    assert not EmailAddress.objects.filter(email="other@example.org").exists()


def test_scripts_keep_nothing_in_the_browser() -> None:
    scripts = list((REPOSITORY / "src/ronglian/web/static/site").rglob("*.js"))
    assert scripts
    for script in scripts:
        text = script.read_text(encoding="utf-8")
        for word in (
            "localStorage",
            "indexedDB",
            "document.cookie",
            "postMessage",
            "innerHTML",
            "eval(",
            "__proto__",
        ):
            assert word not in text, f"{script.name}: {word}"
