"""我的: what waits today, my records, and what a newcomer is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from ronglian.apps.accounts.models import Organisation, Person
from ronglian.apps.matching.operations.matches import suggest_matches
from ronglian.apps.registry.enums import State
from ronglian.apps.registry.models import Need
from tests.factories import SYSTEM, make_need, make_organisation, make_person, make_result
from tests.web.work.conftest import at_screen

pytestmark = pytest.mark.django_db
WORK = "/work/"


def in_days(days: int) -> dict[str, Any]:
    return {"expires_on": timezone.localdate() + timedelta(days=days)}


def test_a_visitor_is_sent_to_sign_in() -> None:
    answer = Client().get(WORK)
    assert answer.headers["location"] == f"{reverse('account_login')}?next={WORK}"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_newcomer_is_told_the_two_ways_to_begin(language: str) -> None:
    person = make_person("new@example.org")
    page = at_screen(person, language=language).get(WORK)
    assert page.status_code == 200
    assert reverse("work:new-organisation") in page.text
    assert "new@example.org" in page.text


def test_nothing_waits(client: Client) -> None:
    assert "Nothing waits" in client.get(WORK).text


def test_what_runs_out_can_be_renewed_with_one_click(client: Client, organisation: Organisation) -> None:
    soon = make_need(organisation, "快到期的需求", **in_days(30))
    over = make_result(organisation, "已过期的成果")
    type(over).objects.filter(pk=over.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    make_need(organisation, "还早的需求", **in_days(31))
    make_need(organisation, "草稿", state=State.DRAFT, **in_days(1))
    make_need(make_organisation(), "别家的需求", **in_days(1))
    shown = client.get(WORK).context["expiring"]
    assert [(strip_tags(one.title), one.is_over) for one in shown] == [
        ("已过期的成果", True),
        ("快到期的需求", False),
    ]
    answer = client.post(shown[1].renew_url, {"next": WORK})
    assert answer.headers["location"] == WORK
    soon.refresh_from_db()
    assert soon.expires_on == timezone.localdate() + timedelta(days=365)
    assert [strip_tags(one.title) for one in client.get(WORK).context["expiring"]] == ["已过期的成果"]


def test_more_than_fits_is_counted(client: Client, organisation: Organisation) -> None:
    for day in range(7):
        make_need(organisation, **in_days(day))
    page = client.get(WORK)
    assert len(page.context["expiring"]) == 5
    assert page.context["expiring_more"] == 2
    assert "and 2 more" in page.text


def test_suggestions_lead_to_the_matches_of_the_own_record(
    client: Client, organisation: Organisation
) -> None:
    need = make_need(organisation, "电镀废水六价铬处理", details="电镀废水六价铬处理，六价铬≤0.1 mg/L")
    make_result(None, "电镀废水六价铬处理树脂", summary="电镀废水六价铬处理，六价铬≤0.05 mg/L")
    suggest_matches(actor=SYSTEM, record=need)
    page = client.get(WORK)
    assert [strip_tags(one.title) for one in page.context["waiting"]] == ["电镀废水六价铬处理"]
    assert reverse("need-matches", args=[need.public_id]) in page.text


def test_drafts_wait(client: Client) -> None:
    client.post(reverse("work:keep-draft", args=["needs"]), {"title": "写到一半的需求"})
    page = client.get(WORK)
    assert "写到一半的需求" in page.text
    assert reverse("work:new", args=["needs"]) in page.text


class TestMyRecords:
    def test_tabs_states_and_words(self, client: Client, organisation: Organisation) -> None:
        make_need(organisation, "铬的需求")
        make_need(organisation, "镍的需求", state=State.DRAFT)
        make_result(organisation, "树脂")
        make_need(make_organisation(), "别家的铬需求")

        def titles(**asked: str) -> list[str]:
            return sorted(strip_tags(row.title) for row in client.get(WORK, asked).context["rows"])

        assert titles(kind="needs") == ["铬的需求", "镍的需求"]
        assert titles(kind="needs", state="draft") == ["镍的需求"]
        assert titles(kind="needs", q="铬") == ["铬的需求"]
        assert titles(kind="results") == ["树脂"]
        assert titles(kind="scenes") == []
        counts = {tab.kind.name: tab.count for tab in client.get(WORK).context["tabs"]}
        assert counts == {"results": 1, "needs": 2, "experts": 0, "scenes": 0}

    @pytest.mark.parametrize(
        "asked", [{"kind": "x"}, {"state": "%"}, {"q": "\0'\""}, {"page": "-1"}, {"q": "长" * 5000}]
    )
    def test_strange_addresses_are_answered(self, asked: dict[str, str], client: Client) -> None:
        assert client.get(WORK, asked).status_code == 200

    def test_a_viewer_reads_and_is_offered_no_writing(
        self, viewer: Person, organisation: Organisation
    ) -> None:
        need = make_need(organisation, "组织内的需求", disclosure="organisation", **in_days(3))
        page = at_screen(viewer).get(WORK)
        assert "组织内的需求" in page.text
        for name in ("edit", "publish", "confirm"):
            assert reverse(f"work:{name}", args=["needs", need.public_id]) not in page.text
        assert reverse("work:new", args=["needs"]) not in page.text

    def test_a_list_costs_the_same_for_one_row_and_for_three(
        self,
        client: Client,
        organisation: Organisation,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        make_need(organisation, **in_days(5))
        client.get(WORK)
        with django_assert_max_num_queries(60) as first:
            client.get(WORK)
        for _more in range(2):
            make_need(organisation, **in_days(5))
        with django_assert_max_num_queries(len(first)):
            page = client.get(WORK)
        assert len(page.context["rows"]) == 3 == Need.objects.count()


def test_whose_session_ended_is_told_so_in_place(client: Client) -> None:
    visitor = Client(headers={"accept-language": "en", "hx-request": "true"})
    typing = visitor.post(reverse("work:keep-draft", args=["needs"]), {"title": "写到一半"})
    assert typing.status_code == 409
    assert "Sign in to keep drafts" in typing.text
    assert reverse("account_login") in typing.text
    assert "<html" not in typing.text
    polling = visitor.get(reverse("work:import", args=["8f0e5f4e-0000-4000-8000-000000000000"]))
    assert polling.status_code == 286  # HTMX shows it and stops asking
