"""Surveys along a chain on the lead's pages: opened, a list entered or refused as a whole, mails, closed, and what strangers see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.prospecting.models import ChainPartner, ChainSurvey
from tests.factories import make_member, make_organisation, make_person
from tests.factories.surveys import make_survey, make_waiting_survey, partner_row
from tests.web.work.conftest import at_screen

pytestmark = pytest.mark.django_db
HEADERS = "单位名称,上下游关系,层级,产品或工序,联系邮箱\n"


@pytest.fixture
def lead() -> Organisation:
    return make_organisation("云澜整机厂")


@pytest.fixture
def client(lead: Organisation) -> Client:
    return at_screen(make_member(lead))


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return str(response.content.decode())


def test_opened_with_reminders_and_closed_with_a_reason(client: Client) -> None:
    until = (timezone.localdate() + timedelta(days=9)).isoformat()
    assert client.post("/work/surveys/", {"title": "", "closes_on": until}).status_code == 422
    late = (timezone.localdate() + timedelta(days=999)).isoformat()
    assert client.post("/work/surveys/", {"title": "减速器", "closes_on": late}).status_code == 422
    said = {"title": "减速器", "closes_on": until, "reminds": "on"}
    path = client.post("/work/surveys/", said)["Location"]
    assert ChainSurvey.objects.get().reminds
    assert "by itself" in text(client, path)
    assert client.post(f"{path}close/", {"reason": ""}).status_code == 422
    assert client.post(f"{path}close/", {"reason": "够了"}).status_code == 302
    assert "够了" in text(client, path)


def test_a_list_is_entered_whole_or_not_at_all(client: Client, lead: Organisation) -> None:
    path = f"/work/surveys/{make_survey(lead).public_id}/"
    bad = SimpleUploadedFile("一.csv", f"{HEADERS}甲厂,客户,2,整机,a@example.org\n乙厂,朋友,9,,b\n".encode())
    refused = client.post(f"{path}file/", {"file": bad})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Nothing was entered" in page
    assert "朋友" in page
    assert not ChainPartner.objects.exists()
    good = SimpleUploadedFile("一.csv", f"{HEADERS}甲厂,客户,2,整机,a@example.org\n".encode())
    assert client.post(f"{path}file/", {"file": good}).status_code == 302
    assert client.post(f"{path}partners/", partner_row(1, email="keine")).status_code == 422
    assert client.post(f"{path}partners/", partner_row(1)).status_code == 302
    shown = text(client, path)
    assert "Invite 2 partners" in shown
    assert client.get("/work/surveys/partners.csv").status_code == 200


def test_invited_reminded_and_taken_off_the_list(client: Client, lead: Organisation) -> None:
    survey = make_waiting_survey(lead, "减速器")
    path = f"/work/surveys/{survey.public_id}/"
    waiting = ChainPartner.objects.get(mails=0)
    assert client.post(f"{path}remind/").status_code == 302
    assert client.post(f"{path}remind/").status_code == 409
    assert client.post(f"{path}partners/{waiting.public_id}/drop/").status_code == 302
    assert client.post(f"{path}invite/").status_code == 409


def test_the_bureau_sees_counts_and_no_list_and_strangers_nothing(lead: Organisation) -> None:
    survey = make_survey(lead, partners=2)
    path = f"/work/surveys/{survey.public_id}/"
    bureau = at_screen(make_person(offices=["bureau"]))
    assert "云澜配套100厂" not in text(bureau, path)
    assert "the lead enterprise's own list" in text(bureau, path).replace("&#x27;", "'")
    assert "云澜配套100厂" not in text(bureau, f"{path}lists/partners/")
    assert at_screen(make_person()).get(path).status_code == 404
    assert text(at_screen(make_member(lead)), f"{path}lists/partners/").count("云澜配套") >= 2
    assert at_screen(make_member(lead)).get(f"{path}lists/other/").status_code == 404
