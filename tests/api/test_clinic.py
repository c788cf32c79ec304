"""The clinic and cases for programs: repeated safely, told as far as the token may know."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.clinic.case_enums import CaseStage, NoteReader
from ronglian.apps.clinic.models import Case, Consultation, SlotBooking
from ronglian.apps.clinic.operations.contacts import log_contact
from ronglian.apps.clinic.operations.pools import join_pool
from ronglian.kernel.actor import Role
from tests.api.calls import Caller, caller_of, problem_of, secret_of
from tests.factories import SYSTEM, make_member, make_need, make_organisation, make_person_of
from tests.factories.cases import actor_of, make_case
from tests.factories.clinic import make_booking, make_slot, make_triage
from tests.factories.pools import make_pool
from tests.factories.technology_managers import make_manager

pytestmark = pytest.mark.django_db
SECRET = "机密工艺参数"


@pytest.fixture
def firm() -> Organisation:
    return make_organisation("某表面处理有限公司")


def plain_caller(organisation: Organisation) -> Caller:
    return Caller(secret_of(make_member(organisation, Role.EDITOR), confidential=False))


def tell(caller: Caller, firm: Organisation, **headers: str) -> dict[str, Any]:
    said = {"owner": str(firm.public_id), "title": SECRET, "words": f"{SECRET}，返工率8%，希望降到2%以下。"}
    response = caller.post("/consultations", said, **headers)
    assert response.status_code == 201, response.content
    found: dict[str, Any] = response.json()
    return found


def test_a_trouble_becomes_a_need(firm: Organisation) -> None:
    caller = caller_of(firm)
    key = {"Idempotency-Key": "one"}
    told = tell(caller, firm, **key)
    assert tell(caller, firm, **key)["id"] == told["id"]
    assert Consultation.objects.count() == 1
    one = f"/consultations/{told['id']}"
    asked = caller.get(f"{one}/questions").json()["items"]
    assert {"budget", "acceptance"} <= {each["topic"] for each in asked}
    assert problem_of(caller.patch(one, {"words": "新"}), 428)
    assert problem_of(caller.patch(one, {"words": "新"}, **{"If-Match": '"9"'}), 412)
    refused = problem_of(caller.post(f"{one}/register", {"publish": True}), 409)
    assert "acceptance test" in refused["detail"]
    line = {
        "quantity": "返工率",
        "threshold": "≤2%",
        "method": "连续三批",
        "measured_by": "质检",
        "evidence": "报告",
    }
    assert caller.post(f"{one}/acceptance", {"criteria": [line]}).json()["has_acceptance_test"]
    registered = caller.post(f"{one}/register", {"publish": True, "under_nda": True}).json()
    assert registered["state"] == "registered"
    assert caller.get(f"/needs/{registered['need']}").json()["under_nda"]


def test_sealed_texts_are_not_for_every_token(firm: Organisation) -> None:
    told = tell(caller_of(firm), firm)
    consultation = Consultation.objects.get(public_id=told["id"])
    make_triage(consultation)
    manager = make_manager()
    make_booking(make_slot(manager, 1, joining=SECRET), consultation)
    case = make_case(manager, need=make_need(firm))
    log_contact(
        actor=SYSTEM, case=case, with_whom="seeker", channel="phone", note=SECRET, reader=NoteReader.SIDE
    )
    pool = make_pool([firm, make_organisation()])
    join_pool(actor=make_person_of(firm), pool=pool, owner=firm, told=SECRET, budget_fen=7)
    paths = (
        f"/consultations/{told['id']}", "/consultations", f"/consultations/{told['id']}/triages", "/bookings",
        f"/cases/{case.public_id}/contacts", f"/common-needs/{pool.public_id}",
    )  # fmt: skip
    shown = {path for path in paths if "机密" in caller_of(firm).get(path).content.decode()}
    assert shown == set(paths)
    assert {path for path in paths if "机密" in plain_caller(firm).get(path).content.decode()} == set()


def test_each_reader_of_a_case_sees_its_own(firm: Organisation) -> None:
    case = make_case(need=make_need(firm, anonymous=True), next_step="约谈")
    path = f"/cases/{case.public_id}"
    carrier = Caller(secret_of(case.manager.person))
    assert carrier.get(path).json()["roles"] == ["carries"]
    assert carrier.get(path).json()["seeker"] is None
    assert "某表面处理" not in carrier.get("/cases").content.decode()
    owner = caller_of(firm).get(path).json()
    assert (owner["roles"], owner["seeker"]["name"]) == (["seeker"], "某表面处理有限公司")
    assert case.partner is not None
    assert caller_of(case.partner).get(path).status_code == 404
    assert caller_of(firm).post(f"{path}/name").json()["version"] == 2
    assert carrier.get(path).json()["seeker"]["name"] == "某表面处理有限公司"


def test_a_refused_move_says_what_is_missing() -> None:
    case = make_case(stage=CaseStage.NEGOTIATING)
    caller = Caller(secret_of(case.manager.person))
    path = f"/cases/{case.public_id}/advance"
    assert "Both sides confirm" in problem_of(caller.post(path, {"stage": "agreement"}), 409)["detail"]
    moved = caller.post(path, {"stage": "agreement", "contract_number": "2026-7", "amount_fen": 1})
    assert moved.json()["stage"] == "agreement"
    assert problem_of(caller.post(path, {"stage": "nowhere"}), 422)
    assert caller.get("/cases", {"stage": "agreement", "carried": "true"}).json()["total"] == 1


def test_an_hour_is_booked_once_by_programs_too(firm: Organisation) -> None:
    slot = make_slot(make_manager(), 1)
    told = [tell(caller_of(firm), firm)["id"] for _trouble in range(2)]
    path = f"/clinic-hours/{slot.public_id}/book"
    answers = [
        caller_of(firm).post(path, {"consultation": one, "allows_preread": False}).status_code for one in told
    ]
    assert answers == [201, 409]
    assert SlotBooking.objects.count() == 1
    assert caller_of(firm).get("/clinic-hours").json()["total"] == 0


def test_a_program_has_no_office(firm: Organisation) -> None:
    """A technology manager's token reads no trouble that was shown to technology managers."""
    told = tell(caller_of(firm), firm)
    caller_of(firm).post(f"/consultations/{told['id']}/show", {"shown": True})
    manager = Caller(secret_of(make_manager().person))
    assert manager.get(f"/consultations/{told['id']}").status_code == 404
    assert manager.get("/consultations").json()["total"] == 0


def test_a_case_is_opened_from_a_need_and_gets_the_match() -> None:
    case = make_case()
    assert case.need is not None
    assert case.result is not None
    manager = make_manager()
    caller, need = Caller(secret_of(manager.person)), make_need()
    opened = caller.post("/cases", {"need": str(need.public_id)}).json()
    found = caller.post("/cases", {"need": str(need.public_id), "result": str(case.result.public_id)}).json()
    assert found["id"] == opened["id"]
    assert Case.objects.get(public_id=found["id"]).result == case.result
    assert json.loads(caller.get(f"/cases/{found['id']}").content)["manager"]["name"] == manager.name
    assert actor_of(manager).may_write
