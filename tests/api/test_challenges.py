"""Challenges for programs: read, answered, taken back; what is sealed stays sealed."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from ronglian.apps.accounts.models import Person
from ronglian.apps.challenges.models import Bid
from ronglian.engines.review import verify_record
from ronglian.kernel.actor import Actor
from tests.api.calls import Caller, secret_of
from tests.apps.challenges.test_review_and_award import award_first
from tests.factories import make_organisation, make_person_of
from tests.factories.challenges import close, make_open, make_reviewed, open_all

pytestmark = pytest.mark.django_db


def asked(actor: Actor | None, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    caller = Caller(secret_of(Person.objects.get(public_id=actor.person_id)) if actor else "")
    answer = caller.get(path) if method == "GET" else caller.post(path, body)
    return answer.status_code, answer.json()


def test_a_program_bids_reads_its_receipt_and_takes_the_bid_back() -> None:
    setting = make_open()
    firm = make_organisation()
    bidder = make_person_of(firm)
    path = f"/challenges/{setting.challenge.public_id}"
    status, shown = asked(None, "GET", path)
    assert (status, shown["phase"], shown["digests"], shown["awards"]) == (200, "open", [], [])
    bid = {
        "bidder": str(firm.public_id),
        "proposal": "机密方案",
        "answers": ["有"],
        "attachments": [{"name": "a.pdf", "data": base64.b64encode(b"%PDF-1.7 x").decode()}],
    }
    status, kept = asked(bidder, "POST", f"{path}/bids", bid)
    assert (status, kept["state"], "机密方案" in json.dumps(kept, ensure_ascii=False)) == (
        201,
        "sealed",
        False,
    )
    assert [row["id"] for row in asked(bidder, "GET", "/bids")[1]["items"]] == [kept["id"]]
    assert asked(setting.buyer, "GET", "/bids")[1]["items"] == []
    for wrong, at in (
        ({**bid, "proposal": ""}, "proposal"),
        ({**bid, "attachments": [{"name": "a.pdf", "data": "?"}]}, "attachments"),
    ):
        status, problem = asked(bidder, "POST", f"{path}/bids", wrong)
        assert (status, at in json.dumps(problem)) == (422, True)
    assert (
        asked(bidder, "POST", f"{path}/bids/withdraw", {"bidder": str(firm.public_id)})[1]["state"]
        == "withdrawn"
    )
    assert asked(None, "POST", f"{path}/bids", bid)[0] == 401
    close(setting)
    assert asked(bidder, "POST", f"{path}/bids", bid)[0] == 409


def test_what_a_program_handed_in_is_opened_like_any_other() -> None:
    setting = make_open()
    firm = make_organisation()
    bid = {"bidder": str(firm.public_id), "proposal": "机密方案", "answers": ["有"]}
    asked(make_person_of(firm), "POST", f"/challenges/{setting.challenge.public_id}/bids", bid)
    open_all(close(setting))
    content = Bid.objects.get().content
    assert content["proposal"] == "机密方案"
    shown = asked(None, "GET", f"/challenges/{setting.challenge.public_id}")[1]
    assert (shown["digests"], bool(shown["list_digest"])) == ([Bid.objects.get().digest], True)


def test_the_record_of_a_review_is_read_once_an_award_was_proposed() -> None:
    setting = make_reviewed()
    path = f"/challenges/{setting.challenge.public_id}"
    assert asked(None, "GET", f"{path}/review-record")[0] == 404
    winner = award_first(setting)[0]
    status, record = asked(None, "GET", f"{path}/review-record")
    assert (status, verify_record(record)) == (200, None)
    assert asked(None, "GET", path)[1]["awards"] == [
        {"place": 1, "bidder": str(winner.bidder.public_id), "reason": ""}
    ]
