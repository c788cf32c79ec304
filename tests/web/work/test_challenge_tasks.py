"""The task book on the page of a challenge: planned by the issuer, handed in by the winner, judged and paid."""

from __future__ import annotations

import pytest
from django.test import Client

from ronglian.apps.accounts.models import Person
from ronglian.apps.challenges.models import Award, Milestone
from ronglian.kernel.actor import Actor
from tests.apps.challenges.test_task_book import awarded, national, side_of, step
from tests.factories.challenges import Setting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
__all__ = ["national"]  # the fixture


def client_of(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(Person.objects.get(public_id=actor.person_id))
    return client


def test_a_task_book_is_planned_worked_off_and_paid(national: Setting) -> None:
    bid = awarded(national, 1, 1)[0]
    issuer, winner = client_of(national.buyer), client_of(side_of(national, bid))
    page = f"/challenges/{national.challenge.public_id}/"
    award = Award.objects.get()
    planned = f"/work/awards/{award.public_id}/milestones/"
    rows = {"award-1-TOTAL_FORMS": "1", "award-1-INITIAL_FORMS": "0", "award-1-0-title": "Pilot",
            "award-1-0-evidence": "", "award-1-0-due_at": "2036-06-30T17:00", "award-1-0-amount_fen": "10万元"}  # fmt: skip
    refused = issuer.post(planned, rows)
    assert (refused.status_code, "says what is handed in" in refused.content.decode()) == (422, True)
    assert issuer.post(planned, {**rows, "award-1-0-evidence": "Report"}).status_code == 302
    assert "CNY 100,000" in winner.get(page).content.decode()
    step(national, national.buyer, "sign")
    milestone = Milestone.objects.get()
    for client, name, paper in (
        (winner, "hand_in", "evidence"),
        (issuer, "pass", "judgement"),
        (issuer, "pay", "payment_order"),
    ):
        assert f"/steps/{name}/" in client.get(page).content.decode()
        sent = client.post(f"/work/milestones/{milestone.public_id}/steps/{name}/", {paper: "see annex"})
        assert sent.status_code == 302, sent.content.decode()
    assert "passed" in issuer.get(page).content.decode()
    assert winner.post(f"/work/milestones/{milestone.public_id}/steps/nothing/", {}).status_code == 404
