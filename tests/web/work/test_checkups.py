"""The check-up on the pages: filled in, refused at the question, reported with reasons, and taken to the clinic once."""

from __future__ import annotations

import pytest
from django.test import Client

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.clinic.models import Consultation
from ronglian.apps.prospecting.models import Checkup
from tests.factories import make_member, make_organisation, make_person
from tests.factories.checkups import make_checkup
from tests.web.work.conftest import at_screen

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm() -> Organisation:
    return make_organisation("某铸造厂")


@pytest.fixture
def client(firm: Organisation) -> Client:
    return at_screen(make_member(firm))


def test_filled_in_and_reported(client: Client) -> None:
    path = client.post("/work/checkups/", {})["Location"]
    wrong = client.post(path, {"quality_scrap": "", "quality_scrap-words": "返工多"})
    assert wrong.status_code == 422
    assert "Choose an answer beside your words." in wrong.content.decode()
    assert "返工多" in wrong.content.decode()
    assert client.post(path, {"quality_scrap": "high", "quality_scrap-words": "返工多"}).status_code == 302
    report = client.get(f"{path}report/").content.decode()
    assert "More than five per cent of the output are wasted" in report
    assert Checkup.objects.get().answers == {"quality_scrap": {"choice": "high", "words": "返工多"}}


@pytest.mark.parametrize(
    ("language", "title", "word"),
    [("zh-Hans", "废品率和返工率偏高", "高于"), ("en", "Much scrap and rework", "above 5")],
)
def test_taken_to_the_clinic_once_in_the_language_of_the_reader(
    firm: Organisation, language: str, title: str, word: str
) -> None:
    client = Client(headers={"Accept-Language": language})
    client.force_login(make_member(firm))
    path = client.post("/work/checkups/", {})["Location"]
    client.post(path, {"quality_scrap": "high"})
    brought = client.post(f"{path}bring/", {"question": "quality_scrap"})
    assert brought.status_code == 302
    told = Consultation.objects.get()
    assert told.title == title
    assert word in told.words
    assert client.post(f"{path}bring/", {"question": "quality_scrap"}).status_code == 409
    assert client.post(f"{path}bring/", {"question": "energy_share"}).status_code == 409


def test_it_is_nobody_elses(firm: Organisation) -> None:
    path = f"/work/checkups/{make_checkup(firm).public_id}/"
    for person in (
        make_member(make_organisation()),
        make_person(offices=["bureau"]),
        make_person(is_operator=True),
    ):
        for page in (path, f"{path}report/"):
            assert at_screen(person).get(page).status_code == 404
