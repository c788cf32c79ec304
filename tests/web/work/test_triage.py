"""Triage and checks on the pages: shown, decided, objected to, and read by the right people."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ronglian.apps.accounts.models import Organisation, Person
from ronglian.apps.clinic.models import AuthenticityCheck, Consultation, Triage
from tests.factories import make_member, make_need, make_organisation
from tests.factories.clinic import make_check, make_triage, open_shown
from tests.factories.technology_managers import make_manager

pytestmark = pytest.mark.django_db


def signed_in(person: Person) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person)
    return client


@pytest.fixture
def firm() -> Organisation:
    return make_organisation("某表面处理有限公司")


@pytest.fixture
def owner(firm: Organisation) -> Person:
    return make_member(firm)


@pytest.fixture
def manager() -> Client:
    return signed_in(make_manager().person)


def test_from_the_trouble_to_the_decision_and_the_objection(
    owner: Person, firm: Organisation, manager: Client
) -> None:
    client = signed_in(owner)
    client.post("/work/clinic/", {"title": "漆膜不匀", "words": "返工率8%"})
    told = Consultation.objects.get()
    address = f"/work/clinic/{told.public_id}/"
    assert "漆膜不匀" not in manager.get("/work/triage/").content.decode()
    assert client.post(f"{address}show/", {"shown": "1"}).status_code == 302
    assert "漆膜不匀" in manager.get("/work/triage/").content.decode()
    page = f"/work/triage/consultation/{told.public_id}/"
    shown = manager.get(page).content.decode()
    assert "needs diagnosis" in shown
    assert "A stranger cannot tell yet what is wanted." in shown or "Too much is missing" in shown
    assert manager.post(page, {"route": "pool", "minutes": ""}).status_code == 422
    assert manager.post(page, {"route": "pool", "minutes": "与三家同行谈过"}).status_code == 302
    read = client.get(address).content.decode()
    assert "common need to pool" in read
    assert "与三家同行谈过" in read
    triage = Triage.objects.get()
    objected = client.post(f"/work/triage/{triage.public_id}/object/", {"objection": "我们单独做"})
    assert objected.status_code == 302
    assert "我们单独做" in manager.get(page).content.decode()
    assert client.post(f"{address}show/", {"shown": "0"}).status_code == 302
    assert manager.get(page).status_code == 404


def test_others_do_not_see_the_list_of_managers(owner: Person) -> None:
    refused = signed_in(owner).get("/work/triage/")
    assert refused.status_code == 403
    assert "Technology managers say which way a trouble goes." in refused.content.decode()


def test_a_check_is_read_by_everybody_and_the_minutes_are_not(
    firm: Organisation, owner: Person, manager: Client
) -> None:
    need = make_need(firm)
    make_triage(need)
    address = f"/needs/{need.public_id}/"
    seen = {"means": "site_visit", "finding": "genuine", "checked_on": "2026-01-05", "what": "现场看到产线"}
    assert manager.post(f"/work{address}check/", {**seen, "checked_on": "2999-01-01"}).status_code == 422
    assert manager.post(f"/work{address}check/", seen).status_code == 302
    public = Client(headers={"Accept-Language": "en"}).get(address).content.decode()
    for text in ("the need is real", "visit on site", "2026-01-05", "现场看到产线"):
        assert text in public
    assert "机密纪要" not in public
    assert "机密纪要" in signed_in(owner).get(f"/work/triage/need/{need.public_id}/").content.decode()
    check = AuthenticityCheck.objects.get()
    dispute = f"/work/checks/{check.public_id}/dispute/"
    assert signed_in(owner).post(dispute, {"objection": "没有人来过"}).status_code == 302
    assert (
        "The objection is not answered yet."
        in Client(headers={"Accept-Language": "en"}).get(address).content.decode()
    )
    assert signed_in(owner).get(dispute).status_code == 403
    assert manager.post(dispute, {"answer": "未到现场", "is_dropped": "on"}).status_code == 302
    assert "no longer counts" in Client(headers={"Accept-Language": "en"}).get(address).content.decode()


def test_lists_cost_the_same_for_one_and_for_three(
    firm: Organisation, owner: Person, manager: Client
) -> None:
    need = make_need(firm, state="draft")
    pages = ((manager, "/work/triage/"), (signed_in(owner), f"/needs/{need.public_id}/"))
    counts: list[list[int]] = []
    for added in (1, 2):
        for _number in range(added):
            open_shown(owner, firm)
            make_need(firm)
            make_check(need)
        counts.append([queries_of(client, path) for client, path in pages])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 12


def queries_of(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)
