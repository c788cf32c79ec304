"""The clinic's screens: nothing typed is lost, every refusal teaches, nobody else sees it."""

from __future__ import annotations

import pytest
from django.test import Client

from ronglian.apps.accounts.models import Organisation, Person
from ronglian.apps.clinic.enums import ConsultationState
from ronglian.apps.clinic.models import Consultation
from ronglian.kernel.actor import Role
from tests.engines.diagnosis.samples import PLATING, PLATING_TITLE
from tests.factories import make_member, make_organisation, make_person, make_result

pytestmark = pytest.mark.django_db
CRITERION = {
    "criteria-TOTAL_FORMS": "1",
    "criteria-INITIAL_FORMS": "0",
    "criteria-0-quantity": "六价铬",
    "criteria-0-threshold": "≤ 0.1 mg/L",
    "criteria-0-method": "GB 7467",
    "criteria-0-measured_by": "第三方检测机构",
    "criteria-0-evidence": "检测报告",
}


def signed_in(person: Person) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person)
    return client


@pytest.fixture
def firm() -> Organisation:
    return make_organisation("某表面处理有限公司")


@pytest.fixture
def client(firm: Organisation) -> Client:
    return signed_in(make_member(firm))


@pytest.fixture
def address(client: Client) -> str:
    response = client.post("/work/clinic/", {"title": PLATING_TITLE, "words": PLATING})
    assert response.status_code == 302
    return str(response["Location"])


def test_a_visitor_is_asked_to_sign_in() -> None:
    response = Client().get("/work/clinic/")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_somebody_without_an_organisation_is_told_what_to_do() -> None:
    client = signed_in(make_person())
    assert "Register your organisation" in client.get("/work/clinic/").content.decode()
    assert client.post("/work/clinic/", {"title": "x"}).status_code == 422


def test_what_was_understood_is_shown_beside_every_word(client: Client, address: str) -> None:
    result = make_result(title="含铬废水处理工艺")
    text = client.get(address).content.decode()
    for shown in ("出水六价铬浓度", "六价铬 ≤ 0.1 mg/L", "6个月内完成", f"/results/{result.public_id}/"):
        assert shown in text
    assert "预算80万到120万元" in text


def test_the_words_are_read_again_while_somebody_types(client: Client, address: str) -> None:
    typed = {"title": PLATING_TITLE, "words": PLATING + "可提供调节池和水样。", "version": "1"}
    response = client.post(f"{address}words/", typed, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert "<html" not in response.content.decode()
    assert Consultation.objects.get().words == typed["words"]


def test_a_colleague_who_was_faster_costs_nothing(client: Client, address: str) -> None:
    client.post(f"{address}words/", {"title": "甲", "words": "", "version": "1"})
    response = client.post(f"{address}words/", {"title": "乙", "words": "我的话", "version": "1"})
    assert response.status_code == 412
    assert "我的话" in response.content.decode()
    assert Consultation.objects.get().title == "甲"


def test_from_the_trouble_to_the_published_need(client: Client, address: str) -> None:
    client.post(f"{address}answer/", {"topic": "condition", "text": "可提供调节池。"})
    refused = client.post(f"{address}register/", {"disclosure": "public", "publish": "1"})
    assert refused.status_code == 409
    assert "acceptance test must be whole" in refused.content.decode()
    assert client.post(f"{address}acceptance/", CRITERION).status_code == 302
    published = client.post(
        f"{address}register/",
        {"disclosure": "public", "publish": "1", "under_nda": "on", "summary": "镀铬废水治理"},
    )
    need = Consultation.objects.get().need
    assert need is not None
    assert published["Location"] == f"/needs/{need.public_id}/matches/"
    public = Client(headers={"Accept-Language": "en"}).get(f"/needs/{need.public_id}/").content.decode()
    assert "镀铬废水治理" in public
    assert "GB 7467" not in public
    assert "焦亚硫酸钠" not in public
    assert "GB 7467" in client.get(f"/needs/{need.public_id}/").content.decode()
    assert "Registered as a need" in client.get(address).content.decode()


def test_a_test_without_a_quantity_says_so_and_keeps_what_was_typed(client: Client, address: str) -> None:
    response = client.post(f"{address}acceptance/", {**CRITERION, "criteria-0-quantity": ""})
    assert response.status_code == 422
    text = response.content.decode()
    assert "Say what is measured" in text
    assert "检测报告" in text


def test_closing_takes_a_reason(client: Client, address: str) -> None:
    assert client.post(f"{address}close/", {"reason": ""}).status_code == 422
    assert client.post(f"{address}close/", {"reason": "已自行解决"}).status_code == 302
    assert Consultation.objects.get().state == ConsultationState.CLOSED
    assert "已自行解决" in client.get(address).content.decode()


@pytest.mark.parametrize("screen", ["", "words/", "answer/", "acceptance/", "register/", "close/"])
def test_to_others_it_does_not_exist(address: str, screen: str) -> None:
    stranger = signed_in(make_member(make_organisation()))
    call = stranger.post if screen else stranger.get
    there = call(f"{address}{screen}")
    absent = call(f"/work/clinic/00000000-0000-4000-8000-000000000000/{screen}")
    assert there.status_code == absent.status_code == 404
    assert PLATING_TITLE not in there.content.decode()


def test_a_viewer_reads_and_is_told_who_writes(firm: Organisation, address: str) -> None:
    viewer = signed_in(make_member(firm, Role.VIEWER))
    text = viewer.get(address).content.decode()
    assert PLATING_TITLE in text
    assert 'name="words"' not in text
    assert viewer.post(f"{address}answer/", {"topic": "goal", "text": "x"}).status_code == 403
