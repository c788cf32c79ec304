"""Signing up, in and out, passwords, e-mail and the second factor, in the site's look."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from ronglian.apps.accounts.models import Person
from ronglian.kernel.sealing import unseal
from tests.factories import make_person

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-42"  # what the factory gives everybody
NOON = 1_795_521_600
TYPED = {"name": "张三", "email": "zhang@example.org", "password1": "quiet-river-1911", "terms": "on"}


@pytest.fixture(autouse=True)
def fresh(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Rate limits count from zero; static files are not needed; a code cannot run out between two requests."""
    settings.STATIC_ROOT = tmp_path
    monkeypatch.setattr(totp, "time", SimpleNamespace(time=lambda: NOON))
    cache.clear()
    yield
    cache.clear()


def browser(language: str = "en") -> Client:
    return Client(headers={"accept-language": language})


def code_of(secret: str) -> str:
    """What an authenticator app shows now."""
    return totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))


def signed_in(person: Person, language: str = "en") -> Client:
    """Signed in, and the password said once more, as the pages of the second factor want it."""
    client = browser(language)
    answer = client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert answer.status_code == 302
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


class TestSignUp:
    def test_the_name_and_the_password_arrive(self) -> None:
        client = browser()
        answer = client.post(reverse("account_signup"), TYPED)
        assert answer.status_code == 302
        assert answer.headers["location"] == reverse("work")
        person = Person.objects.get()
        assert (person.name, person.email) == ("张三", "zhang@example.org")
        assert person.check_password("quiet-river-1911")
        assert client.get(reverse("work")).status_code == 200

    @pytest.mark.parametrize(
        ("name", "value", "says"),
        [
            ("name", "", "required"),
            ("name", "\u200b \u200b", "call you"),
            ("name", "长" * 81, "80"),
            ("email", "no address", "valid email"),
            ("password1", "short", "10 characters"),
            ("password1", "password123", "common"),
            ("terms", "", "promise"),
        ],
    )
    def test_a_wrong_field_is_named(self, name: str, value: str, says: str) -> None:
        answer = browser().post(reverse("account_signup"), {**TYPED, name: value})
        assert says in " ".join(answer.context["form"].errors.get(name, [])) or not says
        assert not Person.objects.exists()

    def test_an_address_signs_up_once_in_any_case(self) -> None:
        make_person("zhang@example.org")
        answer = browser().post(reverse("account_signup"), {**TYPED, "email": "Zhang@Example.org"})
        assert answer.context["form"].errors["email"]
        assert Person.objects.count() == 1


class TestSignIn:
    def test_unknown_and_known_get_the_same_words(self) -> None:
        make_person("known@example.org")
        texts = []
        for email in ("known@example.org", "unknown@example.org"):
            answer = browser().post(reverse("account_login"), {"login": email, "password": "wrong-password"})
            assert answer.status_code == 200
            texts.append(
                re.sub(rf"{email}|csrfmiddlewaretoken\" value=\"\w+|nonce=\"[^\"]+", "", answer.text)
            )
        assert texts[0] == texts[1]

    def test_too_many_failures_are_stopped_even_with_the_right_password(self) -> None:
        person = make_person()
        client = browser()
        for _try in range(10):
            answer = client.post(
                reverse("account_login"), {"login": person.email, "password": "wrong-password"}
            )
            assert "Too many failed login attempts" not in answer.text
        answer = client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
        assert answer.status_code == 200
        assert "Too many failed login attempts" in answer.text

    def test_failures_are_counted_for_the_address_they_come_from_whatever_it_claims(self) -> None:
        client, person = browser(), make_person()
        for number in range(10):
            sent = {"login": f"unknown{number}@example.org", "password": "wrong-password"}
            client.post(reverse("account_login"), sent, headers={"X-Forwarded-For": f"203.0.113.{number}"})
        sent = {"login": person.email, "password": PASSWORD}
        answer = client.post(reverse("account_login"), sent, headers={"X-Forwarded-For": "203.0.113.99"})
        assert "Too many failed login attempts" in answer.text

    def test_sign_in_leads_to_work_or_where_one_wanted_to_go(self) -> None:
        person = make_person()
        wanted = reverse("work:tokens")
        plain = browser().post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
        assert plain.headers["location"] == reverse("work")
        client = browser()
        asked = client.get(wanted)
        assert f'value="{wanted}"' in client.get(asked.headers["location"]).text
        answer = client.post(
            reverse("account_login"), {"login": person.email, "password": PASSWORD, "next": wanted}
        )
        assert answer.headers["location"] == wanted

    def test_a_suspended_person_is_not_let_in(self) -> None:
        person = make_person(is_active=False)
        client = browser()
        client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
        assert client.get(reverse("work")).status_code == 302

    def test_signing_out(self) -> None:
        client = signed_in(make_person())
        assert client.get(reverse("account_logout")).status_code == 200
        client.post(reverse("account_logout"))
        assert client.get(reverse("work")).status_code == 302


class TestPassword:
    def test_a_reset_can_be_asked_for_five_times_a_day(self) -> None:
        person = make_person()
        answers = [
            browser().post(reverse("account_reset_password"), {"email": person.email}) for _try in range(6)
        ]
        assert [answer.status_code for answer in answers] == [302] * 5 + [429]
        assert int(answers[-1]["Retry-After"]) > 0
        assert len(mail.outbox) == 5

    def test_reset_answers_the_same_for_everybody(self) -> None:
        make_person("known@example.org")
        pages = set()
        for email in ("known@example.org", "unknown@example.org"):
            answer = browser().post(reverse("account_reset_password"), {"email": email}, follow=True)
            pages.add(re.sub(r"csrfmiddlewaretoken\" value=\"\w+|nonce=\"[^\"]+", "", answer.text))
        assert len(pages) == 1

    def test_the_link_in_the_mail_sets_a_new_one(self) -> None:
        person = make_person()
        client = browser()
        client.post(reverse("account_reset_password"), {"email": person.email})
        link = re.search(r"http://testserver(/\S+)", str(mail.outbox[0].body))
        assert link is not None
        form = client.get(link[1], follow=True)
        address = form.redirect_chain[-1][0]
        sent = {"password1": "new-quiet-river-12", "password2": "new-quiet-river-12"}
        client.post(address, sent)
        person.refresh_from_db()
        assert person.check_password("new-quiet-river-12")

    def test_a_wrong_link_says_so(self) -> None:
        answer = browser().get(reverse("account_reset_password_from_key", args=["1", "abc-def"]))
        assert answer.status_code == 200
        assert reverse("account_reset_password") in answer.text

    def test_changing_asks_for_the_old_one(self) -> None:
        person = make_person()
        client = signed_in(person)
        sent = {"oldpassword": "wrong", "password1": "new-quiet-river-12", "password2": "new-quiet-river-12"}
        assert client.post(reverse("account_change_password"), sent).context["form"].errors["oldpassword"]
        client.post(reverse("account_change_password"), {**sent, "oldpassword": PASSWORD})
        person.refresh_from_db()
        assert person.check_password("new-quiet-river-12")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "name",
    ["account_login", "account_signup", "account_reset_password", "account_reset_password_done"],
)
def test_pages_for_visitors_are_in_the_sites_look(name: str, language: str) -> None:
    page = browser(language).get(reverse(name))
    assert page.status_code == 200
    assert "site/account.css" in page.text
    assert page.text.count("<h1>") == 1
    assert "style=" not in page.text


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "name",
    [
        "account_email",
        "account_change_password",
        "account_logout",
        "account_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
    ],
)
def test_pages_of_ones_account_are_in_the_sites_look(name: str, language: str) -> None:
    person = make_person()
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    page = signed_in(person, language).get(reverse(name))
    assert page.status_code == 200
    assert "site/account.css" in page.text
    assert page.text.count("<h1>") == 1
    assert "style=" not in page.text


def test_the_second_factor_is_asked_for_at_the_next_sign_in() -> None:
    person = make_person()
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    client = signed_in(person)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    activated = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)}, follow=True)
    assert activated.status_code == 200
    page = client.get(reverse("mfa_view_recovery_codes"))
    assert page.status_code == 200
    assert "<textarea" in page.text
    again = browser()
    asked = again.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert asked.headers["location"] == reverse("mfa_authenticate")
    assert again.get(reverse("mfa_authenticate")).status_code == 200
    assert again.get(reverse("work")).status_code == 302


def test_the_seeds_of_the_second_factor_are_sealed() -> None:
    """And one that was kept before they were sealed still works."""
    person = make_person()
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    client = signed_in(person)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    rows = Authenticator.objects.all()
    assert {row.type for row in rows} == {"totp", "recovery_codes"}
    assert secret not in str([row.data for row in rows])
    codes = rows.get(type="recovery_codes")
    plain = {**codes.data, "seed": unseal(codes.data["seed"])}
    shown = client.get(reverse("mfa_view_recovery_codes")).text
    Authenticator.objects.filter(pk=codes.pk).update(data=plain)
    again = client.get(reverse("mfa_view_recovery_codes")).text
    assert re.findall("<textarea.*?</textarea>", shown, re.S) == re.findall(
        "<textarea.*?</textarea>", again, re.S
    )
