"""The register of technology managers on the screen: applying, keeping one's entry, confirming, the public pages."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ronglian.apps.accounts.models import Person
from ronglian.apps.clinic.manager_enums import ManagerState
from ronglian.apps.clinic.models import ManagerCertificate, TechnologyManager
from tests.factories import make_person
from tests.factories.technology_managers import make_certificate, make_manager
from tests.web.work.conftest import at_screen

pytestmark = pytest.mark.django_db
TYPED = {
    "name": "云岚",
    "level": "middle",
    "languages": ["zh"],
    "capacity": "20",
    "regions": "江苏省苏州市、上海市",
}
CERTIFICATE = {"title": "证书", "number": "SN-77", "issuer": "协会", "issued_on": "2025-01-01"}


@pytest.fixture
def person() -> Person:
    return make_person(name="云岚")


@pytest.fixture
def bureau() -> Client:
    return at_screen(make_person(offices=["bureau"]))


def test_applying_and_being_confirmed(person: Person, bureau: Client) -> None:
    mine = at_screen(person)
    assert mine.post("/work/manager/", TYPED).status_code == 302
    manager = TechnologyManager.objects.get()
    assert (manager.state, manager.regions) == (ManagerState.PENDING, ["3205", "31"])
    assert mine.post("/work/manager/certificates/", CERTIFICATE).status_code == 302
    assert "Suzhou" in mine.get("/work/manager/").content.decode()
    assert f"/managers/{manager.public_id}/" not in Client().get("/managers/").content.decode()

    page = bureau.get("/work/register/").content.decode()
    assert "SN-77" in page
    bureau.post(f"/work/certificates/{ManagerCertificate.objects.get().public_id}/verify/")
    assert bureau.post(f"/work/register/{manager.public_id}/confirm/").status_code == 302
    public = Client().get(f"/managers/{manager.public_id}/").content.decode()
    assert "云岚" in public
    assert "SN-77" not in public
    assert f"/managers/{manager.public_id}/" in Client().get("/managers/").content.decode()


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(person: Person) -> None:
    response = at_screen(person).post("/work/manager/", {**TYPED, "regions": "亚特兰蒂斯", "capacity": "0"})
    text = response.content.decode()
    assert response.status_code == 422
    assert "亚特兰蒂斯" in text
    assert "No single place is called so" in text
    assert not TechnologyManager.objects.exists()


def test_an_old_version_overwrites_nothing() -> None:
    manager = make_manager()
    mine = at_screen(manager.person)
    assert mine.post("/work/manager/", {**TYPED, "version": "1"}).status_code == 412
    assert mine.post("/work/manager/", {**TYPED, "version": str(manager.version)}).status_code == 302


def test_pausing_leaving_and_coming_back() -> None:
    manager = make_manager()
    mine = at_screen(manager.person)
    mine.post("/work/manager/pause/", {"takes_new": ""})
    manager.refresh_from_db()
    assert not manager.takes_new
    assert (
        "takes no new cases now"
        in Client(headers={"accept-language": "en"}).get("/managers/").content.decode()
    )
    assert mine.post("/work/manager/leave/", {"reason": ""}).status_code == 422
    assert mine.post("/work/manager/leave/", {"reason": "转岗"}).status_code == 302
    assert "apply again" in mine.get("/work/manager/").content.decode()
    assert mine.post("/work/manager/", TYPED).status_code == 302
    manager.refresh_from_db()
    assert manager.state == ManagerState.PENDING


def test_a_certificate_that_is_wrong_is_not_kept_and_can_be_taken_away() -> None:
    manager = make_manager()
    mine = at_screen(manager.person)
    assert (
        mine.post("/work/manager/certificates/", {**CERTIFICATE, "issued_on": "2999-01-01"}).status_code
        == 422
    )
    certificate = make_certificate(manager)
    assert mine.post(f"/work/certificates/{certificate.public_id}/drop/").status_code == 302
    assert not ManagerCertificate.objects.exists()


def test_the_register_is_kept_by_the_bureau_alone(bureau: Client) -> None:
    manager = make_manager(is_confirmed=False)
    stranger = at_screen(make_person())
    assert stranger.get("/work/register/").status_code == 404
    assert stranger.post(f"/work/register/{manager.public_id}/confirm/").status_code == 404
    assert bureau.post(f"/work/register/{manager.public_id}/end/", {"reason": "材料不符"}).status_code == 302
    manager.refresh_from_db()
    assert (manager.state, manager.ended_because) == (ManagerState.ENDED, "材料不符")


def test_the_list_is_narrowed_by_what_is_asked() -> None:
    make_manager(name="苏州甲")
    make_manager(name="北京乙", regions=["11"], technology_fields=["agriculture"])
    for asked, shown in (
        ("?region=苏州", "苏州甲"), ("?field=agriculture", "北京乙"), ("?q=乙", "北京乙"), ("?level=none", "苏州甲"),
    ):  # fmt: skip
        assert shown in Client().get(f"/managers/{asked}").content.decode()
    text = Client(headers={"accept-language": "en"}).get("/managers/?q=丙").content.decode()
    assert "No technology manager fits" in text


def test_a_page_costs_the_same_for_one_and_for_three(bureau: Client) -> None:
    def cost(client: Client, path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        return len(queries)

    visitor, costs = Client(), []
    for _round in range(2):
        for is_confirmed in (True, False):
            make_certificate(make_manager(is_confirmed=is_confirmed))
        costs.append((cost(visitor, "/managers/"), cost(bureau, "/work/register/")))
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 12
