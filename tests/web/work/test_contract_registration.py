"""The screens of a contract's files and of its registration, and the bureau's statistics."""

from __future__ import annotations

from io import BytesIO

import docx
import pytest
from django.test import Client
from django.utils import timezone

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.agreements.models import Agreement, Registration
from ronglian.kernel.actor import Office, Role
from tests.factories import make_member, make_organisation, make_person, make_person_of
from tests.factories.agreements import Parties, make_agreement, make_signed
from tests.web.work.conftest import at_screen

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate().isoformat()
TYPED = {
    "provider_nature": "022",
    "client_nature": "150",
    "plan": "province",
    "objective": "01",
    "industry": "C33",
    "technology_field": "environment",
    "technology_fen": "9万元",
    "responsible": "示例负责人",
    "filled_by": "示例填报人",
    "said_mastered": "1",
}


@pytest.fixture
def parties(organisation: Organisation) -> Parties:
    client = make_organisation("甲方电镀厂", region="420100")
    organisation.region = "420106"
    organisation.save()
    return Parties(client, organisation, make_person_of(client), make_person_of(organisation))


@pytest.fixture
def agreement(parties: Parties) -> Agreement:
    return make_signed(parties)


def place(agreement: Agreement) -> str:
    return f"/work/contracts/{agreement.public_id}/registration/"


def step(client: Client, agreement: Agreement, name: str, fields: dict[str, str]) -> int:
    row = Registration.objects.latest("id")
    return client.post(f"{place(agreement)}{row.public_id}/{name}/", fields).status_code


def words_of(content: bytes) -> str:
    read = docx.Document(BytesIO(content))
    cells = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in read.paragraphs), *cells])


def test_from_the_form_to_the_certificate_and_the_statistics(client: Client, agreement: Agreement) -> None:
    page = client.get(place(agreement)).content.decode()
    assert "Would it be recognised?" in page
    assert "entries are missing" in page
    assert client.post(place(agreement), TYPED).status_code == 302
    assert "Nothing is missing." in client.get(place(agreement)).content.decode()
    assert step(client, agreement, "hand-in", {"body": "示例登记处", "day": TODAY}) == 302
    amounts = {"turnover_fen": "10万元", "technology_fen": "9万元"}
    wrong = step(client, agreement, "record", {"number": "12", "day": TODAY, **amounts})
    assert wrong == 422
    assert step(client, agreement, "record", {"number": "2026420100000017", "day": TODAY, **amounts}) == 302
    assert "2026420100000017" in client.get(place(agreement)).content.decode()
    bureau = at_screen(make_person(offices=[Office.BUREAU]))
    statistics = bureau.get("/work/contracts/statistics/?region=湖北").content.decode()
    for text in ("Sold in all", "100,000.00", "90,000.00", "100.00 %", "Environmental protection"):
        assert text in statistics
    elsewhere = bureau.get("/work/contracts/statistics/?region=陕西").content.decode()
    assert "Nothing was registered here in this year" in elsewhere
    assert bureau.get("/work/contracts/statistics/?region=月球").status_code == 422
    year = timezone.localdate().year
    file = bureau.get(f"/work/contracts/statistics/{year}.zh.docx?region=42").content
    assert "技术许可" in words_of(file)
    assert client.get("/work/contracts/statistics/").status_code == 404


def test_what_is_wrong_is_said_at_its_field(client: Client, agreement: Agreement) -> None:
    answer = client.post(place(agreement), TYPED | {"provider_country": "CN"})
    assert answer.status_code == 422
    assert "A country code of the customs has 3 digits" in answer.content.decode()
    assert client.post(place(agreement), TYPED | {"plan": ""}).status_code == 302
    row = Registration.objects.get()
    refused = client.post(f"{place(agreement)}{row.public_id}/hand-in/", {"body": "处", "day": TODAY})
    assert refused.status_code == 409
    assert "The form lacks: Source in plans." in refused.content.decode()


@pytest.mark.parametrize(("language", "word"), [("zh", "许可"), ("en", "licence")])
def test_the_contract_and_the_form_as_files(
    client: Client, agreement: Agreement, language: str, word: str
) -> None:
    contract = f"/work/contracts/{agreement.public_id}/versions/1/{language}"
    said = words_of(client.get(f"{contract}.docx").content)
    assert agreement.title in said
    assert word in said.lower()
    assert "甲方电镀厂" in said
    drawn = client.get(f"{contract}.pdf")
    assert drawn["Content-Type"] == "application/pdf"
    assert drawn.content.startswith(b"%PDF-")
    form = words_of(client.get(f"{place(agreement)}form.{language}.docx").content)
    assert agreement.title in form
    assert client.get(f"{contract}.exe").status_code == 404
    assert client.get(f"/work/contracts/{agreement.public_id}/versions/1/fr.pdf").status_code == 404


def test_party_a_reads_and_strangers_find_nothing(parties: Parties, agreement: Agreement) -> None:
    buyer = at_screen(make_member(parties.client, Role.EDITOR))
    page = buyer.get(place(agreement)).content.decode()
    assert "Add what the contract does not say" not in page
    assert buyer.post(place(agreement), TYPED).status_code == 403
    stranger = at_screen(make_member(make_organisation("他方"), Role.OWNER))
    assert stranger.get(place(agreement)).status_code == 404
    assert stranger.get(f"/work/contracts/{agreement.public_id}/versions/1/zh.pdf").status_code == 404


def test_before_signing_there_is_nothing_to_register(client: Client, parties: Parties) -> None:
    assert client.get(place(make_agreement(parties))).status_code == 404
