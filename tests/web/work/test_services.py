"""Services on the pages: the catalogue, offering, asking, answering, confirming."""

from __future__ import annotations

import pytest
from django.test import Client

from ronglian.apps.accounts.models import Organisation, Person
from ronglian.apps.clinic.models import Service, ServiceRequest
from tests.factories import make_member, make_need, make_organisation
from tests.factories.services import make_accepted, make_request, make_service
from tests.factories.technology_managers import make_manager

pytestmark = pytest.mark.django_db
TYPED = {
    "kind": "evaluation", "title": "电镀废水处理技术评价", "summary": "取样、检测、出具报告。",
    "technology_fields": ["environment"], "regions": "江苏省苏州市", "price_basis": "fixed",
    "price_note": "8000元起", "answer_days": "3",
}  # fmt: skip


def signed_in(person: Person) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person)
    return client


@pytest.fixture
def centre() -> Organisation:
    return make_organisation("示例技术转移中心")


@pytest.fixture
def firm() -> Organisation:
    return make_organisation("某表面处理有限公司")


def test_the_whole_way(centre: Organisation, firm: Organisation) -> None:
    provider, asking = signed_in(make_member(centre)), signed_in(make_member(firm))
    need = make_need(firm, "六价铬深度处理")
    offered = provider.post("/work/services/new/", {**TYPED, "provider": str(centre.public_id)})
    service = Service.objects.get()
    assert (offered.status_code, offered["Location"]) == (302, f"/services/{service.public_id}/")
    assert service.regions == ["3205"]
    assert TYPED["title"] in Client().get("/services/?kind=evaluation&region=苏州市").content.decode()
    assert TYPED["title"] not in Client().get("/services/?kind=finance").content.decode()
    page = asking.get(offered["Location"]).content.decode()
    assert "Ask for this service" in page
    assert "六价铬深度处理" in page
    assert "Your service" not in page
    wish = {"organisation": str(firm.public_id), "need": str(need.public_id), "wish": "请来取样"}
    asked = asking.post(f"{offered['Location'].replace('/services', '/work/services')}ask/", wish)
    request = ServiceRequest.objects.get()
    assert asked["Location"] == f"/work/service-requests/{request.public_id}/"
    assert "1 request waits for your answer" in provider.get("/work/").content.decode()
    seen = provider.get(asked["Location"]).content.decode()
    assert "请来取样" in seen
    assert "六价铬深度处理" in seen
    answer = {"answer": "下周一取样", "accepts": "1"}
    assert provider.post(f"{asked['Location']}answer/", answer).status_code == 302
    assert "下周一取样" in asking.get(asked["Location"]).content.decode()
    assert asking.post(f"{asked['Location']}confirm/", {"met": "yes"}).status_code == 302
    assert "it gave what was asked for" in provider.get(asked["Location"]).content.decode()


def test_what_cannot_be_read_stands_at_its_field(centre: Organisation, firm: Organisation) -> None:
    provider = signed_in(make_member(centre))
    refused = provider.post(
        "/work/services/new/",
        {**TYPED, "provider": str(centre.public_id), "regions": "火星", "answer_days": "99"},
    )
    assert refused.status_code == 422
    assert "火星" in refused.content.decode()
    assert not Service.objects.exists()
    service = make_service(centre)
    assert provider.post(f"/work/services/{service.public_id}/withdraw/", {"reason": ""}).status_code == 422
    asked = make_request(service, firm)
    address = f"/work/service-requests/{asked.public_id}/"
    assert provider.post(f"{address}answer/", {"answer": "", "accepts": "1"}).status_code == 422
    asking = signed_in(make_member(firm))
    wish = {"organisation": str(firm.public_id), "wish": "再请"}
    again = asking.post(f"/work/services/{service.public_id}/ask/", wish)
    assert again.status_code == 409
    assert "has asked already" in again.content.decode()
    accepted = make_accepted(make_service(centre), firm)
    confirm = f"/work/service-requests/{accepted.public_id}/confirm/"
    assert asking.post(confirm, {}).status_code == 422


def test_changed_withdrawn_and_offered_again(centre: Organisation) -> None:
    provider, service = signed_in(make_member(centre)), make_service(centre)
    edit = f"/work/services/{service.public_id}/edit/"
    assert "Suzhou" in provider.get(edit).content.decode()
    assert provider.post(edit, {**TYPED, "title": "新题", "version": "1"}).status_code == 302
    assert provider.post(edit, {**TYPED, "title": "旧题", "version": "1"}).status_code == 412
    provider.post(f"/work/services/{service.public_id}/withdraw/", {"reason": "设备检修"})
    assert Client().get(f"/services/{service.public_id}/").status_code == 404
    assert "设备检修" in provider.get(f"/services/{service.public_id}/").content.decode()
    provider.post(f"/work/services/{service.public_id}/resume/")
    assert "新题" in Client().get("/services/").content.decode()


def test_a_request_is_taken_back(centre: Organisation, firm: Organisation) -> None:
    asked = make_request(make_service(centre), firm)
    signed_in(make_member(firm)).post(f"/work/service-requests/{asked.public_id}/take-back/")
    asked.refresh_from_db()
    assert asked.state == "taken_back"


def test_a_manager_offers_and_the_own_page_shows_it() -> None:
    manager = make_manager()
    client = signed_in(manager.person)
    assert client.post("/work/services/new/", {**TYPED, "provider": "manager"}).status_code == 302
    assert TYPED["title"] in Client().get(f"/managers/{manager.public_id}/").content.decode()


def test_who_acts_for_nobody_offers_nothing() -> None:
    person = make_member(make_organisation(), role="viewer")  # type: ignore[arg-type]
    assert signed_in(person).get("/work/services/new/").status_code == 403
    assert Client().get("/work/services/").status_code == 302
