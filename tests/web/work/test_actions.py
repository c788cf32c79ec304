"""Publish, withdraw, confirm: one click each; refused with the reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ronglian.apps.accounts.models import Organisation, Person
from ronglian.apps.registry.enums import State
from ronglian.kernel.models import Event
from tests.factories import make_expert, make_need, make_organisation, make_result
from tests.web.work.conftest import at_screen

pytestmark = pytest.mark.django_db


def address(action: str, record: object, kind: str = "needs") -> str:
    return reverse(f"work:{action}", args=[kind, record.public_id])  # type: ignore[attr-defined]  # any record


def test_publishing_leads_to_matches_or_to_the_record(client: Client, organisation: Organisation) -> None:
    need = make_need(organisation, state=State.DRAFT)
    answer = client.post(address("publish", need))
    assert answer.headers["location"] == reverse("need-matches", args=[need.public_id])
    expert = make_expert(organisation, state=State.DRAFT)
    answer = client.post(address("publish", expert, "experts"))
    assert answer.headers["location"] == reverse("expert", args=[expert.public_id])
    assert {type(one).objects.get(pk=one.pk).state for one in (need, expert)} == {State.PUBLISHED}


def test_what_the_state_forbids_is_said(client: Client, organisation: Organisation) -> None:
    answer = client.post(address("publish", make_need(organisation)))
    assert answer.status_code == 409
    assert "already published" in answer.text


def test_withdrawing_asks_for_a_reason(client: Client, organisation: Organisation) -> None:
    result = make_result(organisation)
    page = address("withdraw", result, "results")
    assert client.get(page).status_code == 200
    for empty in ("", "   ", "\u200b\x00"):
        answer = client.post(page, {"reason": empty})
        assert answer.status_code in (302, 422)
        if empty.strip() == "":
            assert answer.status_code == 422
    result.refresh_from_db()
    type(result).objects.filter(pk=result.pk).update(state=State.PUBLISHED)
    assert client.post(page, {"reason": "已许可给一方"}).headers["location"] == reverse(
        "result", args=[result.public_id]
    )
    assert Event.objects.filter(name="result.withdrawn").latest("id").data == {"reason": "已许可给一方"}


def test_confirming_renews_for_a_year(client: Client, organisation: Organisation) -> None:
    need = make_need(organisation)
    type(need).objects.filter(pk=need.pk).update(expires_on=timezone.localdate() - timedelta(days=9))
    client.post(address("confirm", need))
    need.refresh_from_db()
    assert need.expires_on == timezone.localdate() + timedelta(days=365)


@pytest.mark.parametrize("action", ["publish", "withdraw", "confirm"])
def test_a_viewer_sees_why_not(action: str, viewer: Person, organisation: Organisation) -> None:
    need = make_need(organisation, state=State.DRAFT)
    answer = at_screen(viewer).post(address(action, need), {"reason": "x"})
    assert answer.status_code == 403
    assert "Only owners and editors" in answer.text
    need.refresh_from_db()
    assert (need.state, need.version) == (State.DRAFT, 1)


@pytest.mark.parametrize("action", ["publish", "confirm"])
def test_a_link_changes_nothing(action: str, client: Client, organisation: Organisation) -> None:
    assert client.get(address(action, make_need(organisation))).status_code == 405


@pytest.mark.parametrize("action", ["publish", "withdraw", "confirm"])
def test_the_hidden_is_not_there(action: str, client: Client) -> None:
    hidden = make_need(make_organisation(), state=State.DRAFT)
    assert client.post(address(action, hidden), {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("wanted", ["https://example.org/", "//example.org", "javascript:alert(1)"])
def test_going_back_stays_on_the_site(wanted: str, client: Client, organisation: Organisation) -> None:
    need = make_need(organisation)
    answer = client.post(address("confirm", need), {"next": wanted})
    assert answer.headers["location"] == reverse("need", args=[need.public_id])
