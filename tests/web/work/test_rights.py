"""Rights in service results at the screen: from the application to the signatures, the notice, and the ledger."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import UUID

import docx
import pytest
from django.test import Client
from django.utils import timezone

from ronglian.apps.accounts.models import Person
from ronglian.apps.agreements.models import AssetEntry, GrantObjection, RightsDeed, RightsGrant
from ronglian.apps.agreements.operations.granting import withdraw_grant
from ronglian.apps.agreements.rights_enums import GrantState
from tests.factories import make_person, make_result
from tests.factories.rights import (
    DEED_TERMS,
    FACTS,
    Team,
    applied,
    approved,
    contract,
    drawn_up,
    in_force,
    make_team,
    moved,
    notice_over,
    noticed,
    pay,
)
from tests.web.work.conftest import at_screen

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
FORM: dict[str, Any] = {
    "title": "六价铬还原技术", "right": "patent", "form": "ownership", "share": "70", "plan": "两年内许可三家企业",
    "ownership_clear": "on", "good_prospects": "on", "taker_identified": "on", "researchers_willing": "on",
    "members-TOTAL_FORMS": "3", "members-INITIAL_FORMS": "0",
}  # fmt: skip


@pytest.fixture
def team() -> Team:
    return make_team()


def person_of(team: Team) -> Person:
    return Person.objects.get(public_id=team.office.person_id)


def rows(team: Team, *parts: str) -> dict[str, str]:
    people = (("云澜教授", team.first), ("校外合作者", team.second))
    found: dict[str, str] = {}
    for place, ((name, person), part) in enumerate(zip(people, parts, strict=True)):
        found |= {
            f"members-{place}-name": name,
            f"members-{place}-email": person.email,
            f"members-{place}-share": part,
        }
    return found


def body(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, response.content.decode()[-2000:]
    return response.content.decode()


def test_an_inventor_applies_from_the_page_of_the_result(team: Team) -> None:
    result = make_result(team.institution, "六价铬还原技术")
    client = at_screen(team.first)
    path = f"/work/rights/new/{result.public_id}/"
    assert path in body(client, f"/results/{result.public_id}/")
    assert "at least 10 years" in body(client, path)
    wrong = client.post(path, {**FORM, **rows(team, "60", "39.99")})
    assert wrong.status_code == 422
    assert "99.99 %" in wrong.content.decode()
    assert "云澜教授" in wrong.content.decode()
    response = client.post(path, {**FORM, **rows(team, "60", "40")})
    grant = RightsGrant.objects.get()
    assert response["Location"] == f"/work/rights/{grant.public_id}/"
    page = body(client, response["Location"])
    for said in ("70 % of the ownership", "42 %", "28 %", "not determined", "not established"):
        assert said in page
    assert "Who decided" not in page
    again = client.post(path, {**FORM, **rows(team, "60", "40")})
    assert again.status_code == 409


def test_who_is_not_of_the_institution_finds_no_application(team: Team) -> None:
    result = make_result(team.institution)
    client = at_screen(make_person())
    assert "/work/rights/new/" not in body(client, f"/results/{result.public_id}/")
    assert client.get(f"/work/rights/new/{result.public_id}/").status_code == 403


def test_the_institution_decides_and_puts_it_on_notice(team: Team) -> None:
    grant = applied(team)
    client, path = at_screen(person_of(team)), f"/work/rights/{grant.public_id}/"
    assert grant.title in body(client, "/work/rights/")
    empty = client.post(f"{path}decide/", {"approves": "1", "grounds": ""})
    assert empty.status_code == 422
    assert client.post(f"{path}decide/", {"approves": "1", "grounds": "校办会"}).status_code == 302
    short = client.post(f"{path}notice/", {"days": "1"})
    assert short.status_code == 422
    assert client.post(f"{path}notice/", {"days": "15"}).status_code == 302
    visitor = Client()
    assert grant.title in body(visitor, "/rights-notices/")
    notice = body(visitor, f"/rights-notices/{grant.public_id}/")
    assert "云澜教授" in notice
    for secret in (str(grant.plan), "校办会"):
        assert secret in body(client, path)
        assert secret not in notice


def test_what_the_law_bars_cannot_be_approved(team: Team) -> None:
    grant = applied(team, facts={**FACTS, "touches_security": True})
    client, path = at_screen(person_of(team)), f"/work/rights/{grant.public_id}/"
    assert "It would fail whatever" in body(client, path)
    refused = client.post(f"{path}decide/", {"approves": "1", "grounds": "校办会"})
    assert refused.status_code == 409
    assert "negative list" in refused.content.decode()


def test_anybody_objects_under_his_name_and_is_answered(team: Team) -> None:
    grant = noticed(team)
    stranger = at_screen(make_person(name="路人"))
    assert Client().post(f"/work/rights/{grant.public_id}/object/", {"text": "漏了丙"}).status_code == 302
    assert not GrantObjection.objects.exists()
    empty = stranger.post(f"/work/rights/{grant.public_id}/object/", {"text": ""})
    assert empty.status_code == 422
    stranger.post(f"/work/rights/{grant.public_id}/object/", {"text": "漏了丙"})
    objection = GrantObjection.objects.get()
    assert objection.objected_by.startswith("路人")
    assert stranger.get(f"/work/rights/{grant.public_id}/").status_code == 404
    office = at_screen(person_of(team))
    assert "漏了丙" in body(office, f"/work/rights/{grant.public_id}/")
    answered = office.post(
        f"/work/rights/{grant.public_id}/objections/{objection.public_id}/",
        {"answer": "未参与", "upholds": "0"},
    )
    assert answered.status_code == 302
    objection.refresh_from_db()
    assert objection.state == "dismissed"


def test_nothing_can_be_read_or_objected_to_after_the_notice(team: Team) -> None:
    grant = notice_over(team)
    client = at_screen(make_person())
    assert client.get(f"/rights-notices/{grant.public_id}/").status_code == 404
    assert client.post(f"/work/rights/{grant.public_id}/object/", {"text": "晚了"}).status_code == 404


def test_a_notice_ends_with_the_application(team: Team) -> None:
    grant = noticed(team)
    assert Client().get(f"/rights-notices/{grant.public_id}/").status_code == 200
    withdraw_grant(actor=team.inventor, grant=grant, reason="重新商量")
    assert Client().get(f"/rights-notices/{grant.public_id}/").status_code == 404
    assert grant.title not in body(Client(), "/rights-notices/")


def test_the_agreement_is_drawn_up_printed_and_signed_by_all(team: Team) -> None:
    grant = notice_over(team)
    office, path = at_screen(person_of(team)), f"/work/rights/{grant.public_id}/"
    typed = {**DEED_TERMS, "income_share": "80", "convert_within_months": "12"}
    assert office.post(f"{path}draw-up/", {**typed, "costs": ""}).status_code == 422
    assert office.post(f"{path}draw-up/", typed).status_code == 302
    deed = RightsDeed.objects.get()
    assert deed.terms == DEED_TERMS
    word = office.get(f"{path}agreement/1/zh.docx")
    told = "\n".join(one.text for one in docx.Document(BytesIO(word.content)).paragraphs)
    assert "转化净收益的 80 % 归科研团队" in told
    assert office.get(f"{path}agreement/1/en.pdf").content[:5] == b"%PDF-"
    for person in (team.first, team.second, person_of(team)):
        client = at_screen(person)
        assert deed.digest in body(client, path)
        assert client.post(f"{path}sign/", {"digest": deed.digest}).status_code == 302
    grant.refresh_from_db()
    assert grant.state == GrantState.IN_FORCE
    assert "signed by all" in body(office, path)


def test_title_and_end(team: Team) -> None:
    grant = in_force(team)
    office, path = at_screen(person_of(team)), f"/work/rights/{grant.public_id}/"
    told = {"day": TODAY.isoformat(), "evidence": "手续合格通知书"}
    assert office.post(f"{path}title/", told).status_code == 302
    early = office.post(f"{path}end/", {"kind": "unused", "reason": "未转化"})
    assert early.status_code == 409
    assert office.post(f"{path}end/", {"kind": "agreed", "reason": "双方同意"}).status_code == 302
    assert "双方同意" in body(office, path)


def test_an_inventor_withdraws(team: Team) -> None:
    grant = approved(team)
    client, path = at_screen(team.second), f"/work/rights/{grant.public_id}/"
    assert f"{path}withdraw/" in body(client, path)
    assert client.post(f"{path}withdraw/", {"reason": "重新商量"}).status_code == 302
    grant.refresh_from_db()
    assert grant.state == GrantState.WITHDRAWN


def test_the_ledger_lists_counts_and_is_kept_as_csv(team: Team) -> None:
    office, ledger = at_screen(person_of(team)), f"/work/rights/ledger/{team.institution.public_id}/"
    result = make_result(team.institution, "=六价铬还原技术")
    typed = {
        "result": f"https://example.org/results/{result.public_id}/", "right": "patent", "stage": "research",
        "value_fen": "50万元", "value_basis": "评估报告",
    }  # fmt: skip
    assert office.post(ledger, {**typed, "value_basis": ""}).status_code == 422
    assert office.post(ledger, {**typed, "result": "无"}).status_code == 422
    absent = f"/results/{UUID(int=7)}/"
    assert office.post(ledger, {**typed, "result": absent}).status_code == 422
    assert office.post(ledger, typed).status_code == 302
    entry = AssetEntry.objects.get()
    assert entry.value_fen == 50_000_000
    in_force(team, result=result)
    page = body(office, f"{ledger}?state=granted")
    assert "六价铬还原技术" in page
    assert "value preservation" in page
    file = office.get(f"{ledger.rstrip('/')}.csv")
    text = file.content.decode("utf-8-sig")
    assert text.splitlines()[1].startswith("1,'=六价铬还原技术,")
    assert "500000.00" in text
    assert "rights granted to its team" in text
    assert at_screen(team.second).get(ledger).status_code == 404


def test_an_entry_is_valued_and_written_off(team: Team) -> None:
    grant = in_force(team)
    office, entry = at_screen(person_of(team)), AssetEntry.objects.get()
    path = f"/work/rights/ledger/entries/{entry.public_id}/"
    assert "a share of ownership" in body(office, path)
    assert (
        office.post(f"{path}value/", {"stage": "research", "value_fen": "1元", "value_basis": ""}).status_code
        == 422
    )
    told = {"stage": "research", "value_fen": "1元", "value_basis": "协议价"}
    assert office.post(f"{path}value/", told).status_code == 302
    refused = office.post(f"{path}write-off/", {"reason": "失效"})
    assert refused.status_code == 409
    assert "ends first" in refused.content.decode()
    moved(grant)
    RightsGrant.objects.filter(pk=grant.pk).update(
        state="ended", end_kind="agreed", ended_on=TODAY, ended_because="双方同意"
    )
    assert office.post(f"{path}write-off/", {"reason": "失效"}).status_code == 302
    assert "失效" in body(office, path)


def test_signing_waits_for_the_text_that_was_shown(team: Team) -> None:
    grant = drawn_up(team)
    client = at_screen(team.first)
    refused = client.post(f"/work/rights/{grant.public_id}/sign/", {"digest": "0" * 64})
    assert refused.status_code == 409
    assert "not the text" in refused.content.decode()


def test_a_contract_shows_that_rights_were_granted(team: Team) -> None:
    grant = in_force(team)
    parties, agreement = contract(team, grant.result)
    pay(parties, agreement)
    page = body(at_screen(person_of(team)), f"/work/contracts/{agreement.public_id}/income/")
    assert f"/work/rights/{grant.public_id}/" in page
    assert 'value="80"' in page
