"""The screen on which needs are given to technology managers."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ronglian.apps.clinic.assignment_enums import ProposalState
from ronglian.apps.clinic.models import AssignmentProposal
from tests.factories import make_need, make_person
from tests.factories.technology_managers import make_manager, make_proposal
from tests.web.work.conftest import at_screen

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau() -> Client:
    return at_screen(make_person(offices=["bureau"]))


def test_the_bureau_proposes_sees_the_reasons_and_confirms_all_shown(bureau: Client) -> None:
    make_manager(name="环保甲", name_en="Yunlan A", summary="电镀废水治理")
    make_manager(name="外地乙", name_en="Other B", regions=["53"], technology_fields=["agriculture"])
    make_need(title="电镀废水超标", technology_field="environment", region="3205")
    make_need(title="镀件发黑", technology_field="environment", region="3205")
    assert "Nothing here" in bureau.get("/work/assignments/").content.decode()
    assert bureau.post("/work/assignments/propose/").status_code == 302
    text = bureau.get("/work/assignments/").content.decode()
    for shown in (
        "Yunlan A",
        "电镀废水超标",
        "2 of 2 waiting needs",
        "Next best: Other B",
        "fits less",
        "small firm",
    ):
        assert shown in text
    ids = [str(row.public_id) for row in AssignmentProposal.objects.all()]
    assert bureau.post("/work/assignments/confirm/", {"proposal": ids}).status_code == 302
    assert AssignmentProposal.objects.filter(state=ProposalState.CONFIRMED).count() == 2
    assert bureau.post("/work/assignments/confirm/", {"proposal": ids[:1]}).status_code == 409
    assert bureau.post("/work/assignments/confirm/", {"proposal": "x"}).status_code == 404


def test_those_left_out_are_listed(bureau: Client) -> None:
    make_manager(capacity=1)
    for number in range(2):
        make_need(title=f"废水{number}")
    bureau.post("/work/assignments/propose/")
    text = bureau.get("/work/assignments/?state=left").content.decode()
    assert "1 need stays without one" in text
    assert ("废水0" in text) != ("废水1" in text)


def test_a_manager_sees_the_own_ones_on_the_work_page_and_declines(bureau: Client) -> None:
    manager, need = make_manager(), make_need(title="电镀废水超标")
    make_proposal(manager, need)
    mine = at_screen(manager.person)
    assert "1 need is proposed to you" in mine.get("/work/").content.decode()
    assert "1 proposed assignment to confirm" in bureau.get("/work/").content.decode()
    proposal = AssignmentProposal.objects.get()
    address = f"/work/assignments/{proposal.public_id}/decline/"
    assert at_screen(make_manager().person).post(address, {"reason": "too_far"}).status_code == 404
    assert mine.post(address, {"reason": "none"}).status_code == 404
    assert mine.post(address, {"reason": "other"}).status_code == 422
    assert mine.post(address, {"reason": "too_far"}).status_code == 302
    text = mine.get("/work/assignments/?state=declined").content.decode()
    assert "too far away" in text
    assert "Next best" not in text


def test_who_is_neither_finds_no_such_page() -> None:
    assert at_screen(make_person()).get("/work/assignments/").status_code == 404


def test_an_unnamed_owner_is_not_told_by_the_reasons(bureau: Client) -> None:
    proposal = make_proposal(make_manager(), make_need(anonymous=True))
    second = make_manager(name="乙", name_en="Second")
    AssignmentProposal.objects.filter(pk=proposal.pk).update(
        second=second, second_worth=150, against="conflict"
    )
    text = bureau.get("/work/assignments/").content.decode()
    assert "not possible" in text
    assert "points before load – conflict" not in text
    assert "small firm</span>" not in text


def test_the_page_costs_the_same_for_one_and_for_three(bureau: Client) -> None:
    costs = []
    for _round in range(2):
        make_proposal(make_manager(), make_need())
        bureau.get("/work/assignments/")
        with CaptureQueriesContext(connection) as queries:
            bureau.get("/work/assignments/")
        costs.append(len(queries))
    assert costs[0] == costs[1]
    assert costs[0] <= 15
