"""Searches are counted in the database, over all processes, whatever address a request claims to come from."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from ronglian.kernel import rate_limits
from ronglian.kernel.models import RateCount
from ronglian.kernel.rate_limits import UNCOUNTED, forget_counts, may_ask
from ronglian.project import middleware

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def other_process() -> None:
    """Each test starts like a process that has seen nothing."""
    rate_limits._seen.clear()


@pytest.fixture
def limited(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SEARCHES_PER_SECOND = 5
    monkeypatch.setattr(middleware, "time", lambda: 1000.0)


def test_the_sixth_in_a_second_is_one_too_many() -> None:
    assert [may_ask("search", "a", 100.0, 5) for _ in range(7)] == [True] * 5 + [False] * 2
    assert may_ask("search", "b", 100.0, 5)


def test_the_window_moves() -> None:
    for _ in range(5):
        may_ask("search", "a", 100.9, 5)
    assert [may_ask("search", "a", 101.1, 5) for _ in range(3)] == [True, True, False]
    assert may_ask("search", "a", 103.0, 5)


def test_processes_count_together() -> None:
    """Each lets two pass by itself; what is more is added up."""
    answers = []
    for _process in range(3):
        rate_limits._seen.clear()
        answers += [may_ask("search", "a", 100.0, 5) for _ in range(4)]
    assert sum(answers) <= 5 + UNCOUNTED * 2


def test_whoever_asks_seldom_writes_nothing() -> None:
    for second in range(20):
        may_ask("search", "a", float(second), 5)
    assert not RateCount.objects.exists()


def test_old_counts_are_dropped() -> None:
    for _ in range(5):
        may_ask("search", "a", 100.0, 5)
    forget_counts(1000.0)
    assert not RateCount.objects.exists()


@pytest.mark.usefixtures("limited")
def test_pages_and_api_say_when_to_ask_again(client: Client) -> None:
    claims = [{"HTTP_X_FORWARDED_FOR": f"203.0.113.{number}"} for number in range(6)]
    pages = [client.get("/needs/", {"q": "六价铬"}, **claim) for claim in claims]
    assert [page.status_code for page in pages] == [200] * 5 + [429]
    assert (pages[-1]["Retry-After"], "过" in pages[-1].content.decode()) == ("1", True)
    refused = client.post("/api/v1/match", {"text": "六价铬"}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (429, "too_often")
    assert client.get("/needs/").status_code == 200


@pytest.mark.usefixtures("limited")
def test_behind_a_trusted_proxy_each_visitor_counts_alone(client: Client, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(8):
        claim = {"HTTP_X_FORWARDED_FOR": f"203.0.113.{number}"}
        assert client.get("/needs/", {"q": "六价铬"}, **claim).status_code == 200
