"""The board and the page of a case: journey 4 by forms alone, and what each reader is shown."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from ronglian.apps.accounts.models import Person
from ronglian.apps.clinic.case_enums import CaseStage, ContactWith, NoteReader
from ronglian.apps.clinic.models import Case, FeeTerms
from ronglian.apps.clinic.operations.contacts import add_task, log_contact
from ronglian.engines.proof import verify_receipt
from ronglian.kernel.actor import Role
from ronglian.kernel.log.sequencer import keep_log
from tests.factories import make_member, make_need, make_organisation, make_result
from tests.factories.cases import WORDS, actor_of, make_case
from tests.factories.technology_managers import make_manager

pytestmark = pytest.mark.django_db


def signed_in(person: Person) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person)
    return client


def page_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_from_a_match_to_the_signed_contract_by_forms() -> None:
    manager, need, result = make_manager(), make_need(), make_result()
    client = signed_in(manager.person)
    match = f"/needs/{need.public_id}/matches/{result.public_id}/"
    assert "Add to my cases" in page_of(client, match)
    ids = {"need": str(need.public_id), "result": str(result.public_id)}
    address = client.post("/work/cases/open/", ids)["Location"]
    client.post(f"{address}introduce/", {"words": WORDS, "protected_months": "12"})
    assert need.headline in page_of(client, "/work/cases/")
    board = client.post(
        f"{address}advance/", {"stage": "negotiating", "board": "1"}, headers={"HX-Request": "true"}
    )
    assert board.status_code == 200
    assert "<html" not in board.content.decode()
    refused = client.post(f"{address}advance/", {"stage": "agreement"})
    assert refused.status_code == 409
    assert "Both sides confirm the agreement" in refused.content.decode()
    contract = {"stage": "agreement", "contract_number": "2026-001", "amount_fen": "50万元"}
    assert client.post(f"{address}advance/", contract).status_code == 302
    assert client.post(f"{address}advance/", {"stage": "done"}).status_code == 302
    case = Case.objects.get()
    assert (case.stage, case.amount_fen) == ("done", 50_000_000)
    assert "CNY 500,000" in page_of(client, address) or "500" in page_of(client, address)


def test_a_stop_without_a_reason_teaches() -> None:
    case = make_case()
    client = signed_in(case.manager.person)
    address = f"/work/cases/{case.public_id}/advance/"
    assert client.post(address, {"stage": "stopped"}).status_code == 422
    said = {"stage": "stopped", "reason": "no_money", "note": "企业没有预算"}
    assert client.post(address, said).status_code == 302
    assert "企业没有预算" in page_of(client, f"/work/cases/{case.public_id}/")


def test_overdue_first_and_small_firms_marked() -> None:
    manager = make_manager(capacity=5)
    today = timezone.localdate()
    for number, days in enumerate((3, -9, -2)):
        owner = make_organisation(size="small" if days == -9 else "large")
        need = make_need(owner, title=f"需求{number}")
        make_case(manager, need=need, next_step="联系", next_due=today + timedelta(days=days))
    text = page_of(signed_in(manager.person), "/work/cases/")
    assert text.index("需求1") < text.index("需求2") < text.index("需求0")
    assert text.count("small firm") == 1
    assert "9 days overdue" in text


def test_each_side_reads_its_own() -> None:
    case = make_case(stage=CaseStage.INTRODUCED)
    assert case.partner is not None
    notes = {
        "需求方私话": (ContactWith.SEEKER, NoteReader.CARRIER),
        "说给需求方": (ContactWith.SEEKER, NoteReader.SIDE),
        "说给成果方": (ContactWith.PARTNER, NoteReader.SIDE),
        "说给双方": (ContactWith.BOTH, NoteReader.SIDE),
    }
    actor = actor_of(case.manager)
    for note, (with_whom, reader) in notes.items():
        log_contact(actor=actor, case=case, with_whom=with_whom, channel="phone", note=note, reader=reader)
    add_task(actor=actor, case=case, title="经理人自己的任务", due_on=timezone.localdate())
    address = f"/work/cases/{case.public_id}/"
    shown = {
        name: {note for note in (*notes, "经理人自己的任务") if note in page_of(signed_in(person), address)}
        for name, person in {
            "manager": case.manager.person,
            "seeker": make_member(case.seeker, Role.VIEWER),
            "partner": make_member(case.partner),
        }.items()
    }
    assert shown["manager"] == {*notes, "经理人自己的任务"}
    assert shown["seeker"] == {"说给需求方", "说给双方"}
    assert shown["partner"] == {"说给成果方", "说给双方"}
    assert signed_in(make_manager().person).get(address).status_code == 404
    assert signed_in(case.manager.person).get(f"/work/cases/{uuid4()}/").status_code == 404


def test_an_owner_without_a_name_stays_without_one() -> None:
    case = make_case(need=make_need(make_organisation("匿名的甲公司"), anonymous=True))
    address = f"/work/cases/{case.public_id}/"
    assert "匿名的甲公司" not in page_of(signed_in(case.manager.person), address)
    owner = signed_in(make_member(case.seeker))
    assert "Shall your name be known?" in page_of(owner, address)
    owner.post(f"{address}name/")
    assert "匿名的甲公司" in page_of(signed_in(case.manager.person), address)


def test_the_terms_for_the_fee_are_accepted_by_both() -> None:
    case = make_case(stage=CaseStage.INTRODUCED)
    assert case.partner is not None
    client = signed_in(case.manager.person)
    address = f"/work/cases/{case.public_id}/"
    assert client.post(f"{address}terms/", {"rate": "99"}).status_code == 422
    said = {"base": "money_paid", "rate": "5", "payer": "half_each", "cap_fen": "20万元"}
    assert client.post(f"{address}terms/", said).status_code == 302
    terms = FeeTerms.objects.get()
    assert (terms.rate, terms.cap_fen) == (500, 20_000_000)
    for side, organisation in (("seeker", case.seeker), ("partner", case.partner)):
        member = signed_in(make_member(organisation))
        assert terms.digest in page_of(member, f"{address}introduction/")
        said = {"side": side, "digest": terms.digest}
        member.post(f"/work/terms/{terms.public_id}/accept/", said)
        member.post(f"{address}introduction/answer/", {"side": side, "kind": "acknowledged"})
    text = page_of(client, f"{address}introduction/")
    assert "agreed by both sides" in text
    assert text.count("acknowledged") >= 2


def test_the_receipt_of_an_introduction_is_taken_away_and_verified_by_both_sides() -> None:
    case = make_case(stage=CaseStage.INTRODUCED)
    assert case.partner is not None
    keep_log(timezone.now())
    address = f"/work/cases/{case.public_id}/introduction/receipt.json"
    files = set()
    for person in (make_member(case.seeker), make_member(case.partner), case.manager.person):
        response = signed_in(person).get(address)
        assert response["Content-Disposition"].startswith("attachment; filename=")
        files.add(response.content)
    (file,) = files
    proof = json.loads(file)
    assert verify_receipt(proof).difference is None
    fixed = json.dumps(proof, ensure_ascii=False)
    assert all(str(each.public_id) in fixed for each in (case.manager, case.seeker, case.partner))
    forged = json.loads(fixed.replace(str(case.manager.public_id), str(make_manager().public_id)))
    assert verify_receipt(forged).difference is not None
    assert signed_in(make_manager().person).get(address).status_code == 404


def test_the_need_page_leads_into_a_case_and_back_to_it() -> None:
    manager, need = make_manager(), make_need()
    client, address = signed_in(manager.person), f"/needs/{need.public_id}/"
    assert "Add to my cases" in page_of(client, address)
    assert "Add to my cases" not in page_of(signed_in(make_member(need.owner)), address)
    assert "Add to my cases" not in page_of(Client(headers={"Accept-Language": "en"}), address)
    case = client.post("/work/cases/open/", {"need": str(need.public_id)})["Location"]
    text = page_of(client, address)
    assert "Add to my cases" not in text
    assert f'href="{case}"' in text


def test_a_calendar_address_works_until_it_is_ended() -> None:
    today = timezone.localdate()
    case = make_case(next_step="约谈企业", next_due=today)
    add_task(actor=actor_of(case.manager), case=case, title="整理材料", due_on=today)
    client = signed_in(case.manager.person)
    text = client.post("/work/cases/calendar/").content.decode()
    found = re.search(r"/calendar/rl_[\w-]+\.ics", text)
    assert found
    path = found.group()
    feed = Client().get(path)
    assert feed.headers["Content-Type"].startswith("text/calendar")
    assert feed.content.decode().count("BEGIN:VEVENT") == 2
    client.post("/work/cases/calendar/", {"close": "1"})
    assert Client().get(path).status_code == 404
