"""The screens of disputes: from raising one to a settlement, or to the clause on courts."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import docx
import pytest
from django.test import Client
from django.utils import timezone

from ronglian.apps.accounts.models import Organisation, Person
from ronglian.apps.agreements.models import Agreement, Dispute, MediatorProposal, Settlement
from ronglian.kernel.actor import Role
from tests.factories import make_member, make_organisation, make_person_of
from tests.factories.agreements import LICENCE_TERMS, Parties, make_agreement, make_signed
from tests.factories.disputes import make_answered, make_dispute, make_mediated, make_settled, make_settlement
from tests.factories.technology_managers import make_manager
from tests.web.work.conftest import at_screen

pytestmark = pytest.mark.django_db
COURTS = {**LICENCE_TERMS, "disputes": "协商不成的，提交苏州仲裁委员会仲裁"}
NO_AMOUNTS = {"amounts-TOTAL_FORMS": "0", "amounts-INITIAL_FORMS": "0"}


@pytest.fixture
def parties(organisation: Organisation) -> Parties:
    """The one at the screen is of party A."""
    provider = make_organisation("乙方大学", kind="university", size="", region="110108")
    return Parties(organisation, provider, make_person_of(organisation), make_person_of(provider))


@pytest.fixture
def agreement(parties: Parties) -> Agreement:
    return make_signed(parties, terms=COURTS)


@pytest.fixture
def seller(parties: Parties) -> Client:
    return at_screen(Person.objects.get(public_id=parties.seller.person))


def place(agreement: Agreement, path: str = "1/") -> str:
    return f"/work/contracts/{agreement.public_id}/disputes/{path}"


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def send(client: Client, path: str, told: dict[str, Any] | None = None) -> int:
    return client.post(path, told or {}).status_code


def test_from_raising_it_to_the_settlement(client: Client, seller: Client, agreement: Agreement) -> None:
    told = {"subject": "quality", "claim": "出水超标，拒付验收款", "clause": "acceptance", "payment": "2",
            "amount_fen": "6万元", "asks_hold": "on", "days": "15"}  # fmt: skip
    assert 'href="' + place(agreement, "") in read(client, f"/work/contracts/{agreement.public_id}/")
    assert send(client, place(agreement, ""), told | {"days": "5"}) == 422
    assert send(client, place(agreement, ""), told) == 302
    assert "quality or acceptance" in read(client, place(agreement, ""))
    page = read(seller, place(agreement))
    for text in ("出水超标", "CNY 60,000", "asks to hold it", "How you see the matter", "验收"):
        assert text in page
    assert send(client, place(agreement, "1/answer/"), {"text": "自答"}) == 403
    assert send(seller, place(agreement, "1/answer/"), {"text": "进水超出约定", "agrees_hold": "on"}) == 302
    contract = read(client, f"/work/contracts/{agreement.public_id}/")
    assert "Held by both sides because of a dispute: CNY 60,000." in contract

    manager = make_manager(name="云岚", name_en="Yun Lan")
    address = f"https://example.org/managers/{manager.public_id}/"
    assert send(client, place(agreement, "1/mediator/"), {"mediator": "云岚"}) == 422
    party = {"mediator": f"/organisations/{agreement.provider.public_id}/"}
    refused = client.post(place(agreement, "1/mediator/"), party)
    assert refused.status_code == 422
    assert "It is a party of the contract." in refused.content.decode()
    mediator = at_screen(manager.person)
    assert send(client, place(agreement, "1/mediator/"), {"mediator": address}) == 302
    assert mediator.get(place(agreement)).status_code == 404
    proposal = MediatorProposal.objects.get()
    accept = place(agreement, f"1/mediators/{proposal.public_id}/accept/")
    assert send(client, accept) == 403
    assert "Yun Lan" in read(seller, place(agreement))
    assert send(seller, accept) == 302

    assert place(agreement) in read(mediator, "/work/contracts/")
    assert f'href="/work/contracts/{agreement.public_id}/"' not in read(mediator, place(agreement))
    assert mediator.get(f"/work/contracts/{agreement.public_id}/").status_code == 404
    assert mediator.get(place(agreement, "")).status_code == 404
    amounts = {"amounts-TOTAL_FORMS": "2", "amounts-INITIAL_FORMS": "0", "amounts-0-payer": "client",
               "amounts-0-amount_fen": "3万元", "amounts-0-title": "验收款", "amounts-0-day": "2027-01-31",
               "amounts-1-payer": "client"}  # fmt: skip
    text = {"text": "甲方付一半，乙方整改"}
    assert send(mediator, place(agreement, "1/settlement/"), text | amounts | {"amounts-0-title": ""}) == 422
    assert send(mediator, place(agreement, "1/settlement/"), text | amounts) == 302
    assert "Propose this instead" in read(mediator, place(agreement))
    waiting = Settlement.objects.get()
    page = read(client, place(agreement))
    for shown in (waiting.digest, "CNY 30,000", "2027-01-31", "Accept for party A"):
        assert shown in page
    assert send(client, place(agreement, "1/accept/"), {"digest": "0"}) == 409
    for each in (client, seller):
        assert send(each, place(agreement, "1/accept/"), {"digest": waiting.digest}) == 302
    page = read(client, place(agreement))
    assert "Settled: both sides accepted the same text." in page
    assert "Add a statement" not in page
    assert Dispute.objects.get().state == "settled"


def test_what_fails_leads_to_the_clause_of_the_contract(
    client: Client, parties: Parties, agreement: Agreement
) -> None:
    make_answered(parties, agreement)
    assert send(client, place(agreement, "1/fail/"), {"reason": ""}) == 422
    assert send(client, place(agreement, "1/fail/"), {"reason": "谈不拢"}) == 302
    page = read(client, place(agreement))
    assert "Ended without a settlement." in page
    assert "苏州仲裁委员会" in page
    silent = make_signed(parties)
    make_answered(parties, silent)
    assert send(client, place(silent, "1/fail/"), {"reason": "谈不拢"}) == 302
    assert "names neither a court nor arbitration" in read(client, place(silent))


def test_small_steps(client: Client, seller: Client, parties: Parties, agreement: Agreement) -> None:
    mediated = make_mediated(parties, agreement)
    mediator = at_screen(Person.objects.get(public_id=mediated.mediator.person))
    assert send(client, place(agreement, "1/say/"), {"text": "附上检测报告"}) == 302
    assert "附上检测报告" in read(seller, place(agreement))
    make_settlement(parties, mediated)
    assert send(seller, place(agreement, "1/decline/"), {"reason": ""}) == 422
    assert send(seller, place(agreement, "1/decline/"), {"reason": "太少"}) == 302
    assert send(mediator, place(agreement, "1/leave/"), {"reason": "与一方有往来"}) == 302
    assert mediator.get(place(agreement)).status_code == 404
    office = make_organisation("示例调解中心")
    named = {"mediator": f"/organisations/{office.public_id}/"}
    nobody = {"mediator": f"/managers/{office.public_id}/"}
    missing = client.post(place(agreement, "1/mediator/"), nobody)
    assert (missing.status_code, "nobody at this address" in missing.content.decode()) == (422, True)
    assert send(client, place(agreement, "1/mediator/"), named) == 302
    proposal = MediatorProposal.objects.get(state="proposed")
    decline = place(agreement, f"1/mediators/{proposal.public_id}/decline/")
    assert send(seller, decline, {"reason": ""}) == 422
    assert send(seller, decline, {"reason": "不熟悉本领域"}) == 302
    assert send(seller, place(agreement, "1/withdraw/"), {"reason": "撤"}) == 403
    assert send(client, place(agreement, "1/withdraw/"), {"reason": "已经整改"}) == 302
    assert Dispute.objects.get().state == "withdrawn"


@pytest.mark.parametrize(("language", "word"), [("zh", "和解"), ("en", "Settlement of a dispute")])
def test_the_settlement_as_a_file(
    client: Client, parties: Parties, agreement: Agreement, language: str, word: str
) -> None:
    dispute = make_settled(parties, agreement)
    assert dispute.settlement is not None
    read_page = read(client, place(agreement))
    path = place(agreement, f"1/settlements/1/{language}")
    assert f'href="{path}.docx"' in read_page
    document = docx.Document(BytesIO(client.get(f"{path}.docx").content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    foot = "".join(one.text for one in document.sections[0].footer.paragraphs)
    said = "\n".join([*(one.text for one in document.paragraphs), *cells])
    for text in (word, "甲方付一半，乙方整改", "50,000.00", "出水超标", "验收款的一部分"):
        assert text in said
    assert dispute.settlement.digest in foot
    assert client.get(f"{path}.pdf").content.startswith(b"%PDF-")
    assert client.get(f"{path}.exe").status_code == 404
    assert client.get(place(agreement, "1/settlements/9/zh.pdf")).status_code == 404
    waiting = make_settlement(parties).dispute.agreement
    assert client.get(place(waiting, "1/settlements/1/en.docx")).status_code == 200


def test_a_side_ends_the_mediation_and_names_another(
    client: Client, parties: Parties, agreement: Agreement
) -> None:
    make_mediated(parties, agreement)
    assert "End this mediation" in read(client, place(agreement))
    assert send(client, place(agreement, "1/leave/"), {"reason": "进展太慢"}) == 302
    assert "Register of technology managers" in read(client, place(agreement))


def test_who_is_late_is_said(client: Client, parties: Parties, agreement: Agreement) -> None:
    dispute = make_dispute(parties, agreement)
    assert send(client, place(agreement, "1/fail/"), {"reason": "没有答复"}) == 409
    Dispute.objects.filter(pk=dispute.pk).update(answer_by=timezone.localdate() - timedelta(days=1))
    assert "the day has passed" in read(client, place(agreement, ""))
    assert "the day to answer has passed" in read(client, place(agreement))


def test_viewers_read_and_strangers_find_nothing(parties: Parties, agreement: Agreement) -> None:
    make_settled(parties, agreement)
    viewer = at_screen(make_member(parties.client, Role.VIEWER))
    assert "Raise a dispute" not in read(viewer, place(agreement, ""))
    assert "Settled" in read(viewer, place(agreement))
    assert send(viewer, place(agreement, ""), {"subject": "other", "claim": "x", "days": "15"}) == 403
    stranger = at_screen(make_member(make_organisation("他方"), Role.OWNER))
    for path in ("", "1/", "9/"):
        assert stranger.get(place(agreement, path)).status_code == 404
    assert send(stranger, place(agreement, "1/settlement/"), {"text": "x", **NO_AMOUNTS}) == 404


def test_before_signing_there_is_nothing_to_dispute(client: Client, parties: Parties) -> None:
    assert client.get(place(make_agreement(parties), "")).status_code == 404


def test_who_is_in_both_organisations_says_for_which(
    client: Client, parties: Parties, agreement: Agreement
) -> None:
    both = make_member(parties.client, Role.OWNER)
    both.memberships.create(organisation=parties.provider, role=Role.OWNER)
    screen = at_screen(both)
    told = {"subject": "other", "claim": "双方之间", "days": "15"}
    assert send(screen, place(agreement, ""), told) == 422
    assert send(screen, place(agreement, ""), told | {"side": "provider"}) == 302
    assert Dispute.objects.get().raised_by == "provider"
    assert send(screen, place(agreement, "1/answer/"), {"text": "收到"}) == 302
    assert 'name="side"' in read(screen, place(agreement))
