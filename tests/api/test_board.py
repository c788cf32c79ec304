"""The board of a challenge for programs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ronglian.kernel.actor import Actor
from tests.api.test_challenges import asked
from tests.factories import make_organisation, make_person_of
from tests.factories.challenges import answers_file, close, make_open, make_scored, make_try

pytestmark = pytest.mark.django_db


def test_a_program_hands_in_results_and_reads_the_board() -> None:
    setting = make_scored()
    make_try(setting, answers_file(r01="2", r02="2"))
    firm = make_organisation()
    bidder = make_person_of(firm)
    path = f"/challenges/{setting.challenge.public_id}"
    body = {"organisation": str(firm.public_id), "results": answers_file().decode()}
    status, made = asked(bidder, "POST", f"{path}/tries", body)
    assert (status, made["public_score"], made["final_score"]) == (201, "1.000000", None)
    status, board = asked(None, "GET", f"{path}/board")
    assert (status, board["metric"], board["rows"], board["public_rows"]) == (200, "accuracy", 40, 12)
    assert (board["is_final"], [team["final_score"] for team in board["teams"]]) == (False, [None, None])
    assert {team["organisation"] for team in board["teams"]} == {None}
    assert not any(team["is_mine"] for team in board["teams"])
    mine = [team for team in asked(bidder, "GET", f"{path}/board")[1]["teams"] if team["is_mine"]]
    assert [(team["place"], team["public_score"], team["tries"]) for team in mine] == [(1, "1.000000", 1)]
    assert [one["digest"] for one in asked(bidder, "GET", f"{path}/tries")[1]["items"]] == [made["digest"]]
    assert asked(setting.buyer, "GET", f"{path}/tries")[1]["items"] == []
    close(setting)
    board = asked(None, "GET", f"{path}/board")[1]
    assert (board["is_final"], board["teams"][0]["final_score"]) == (True, "1.000000")
    assert asked(bidder, "GET", f"{path}/tries")[1]["items"][0]["final_score"] == "1.000000"


def said_to(bidder: Actor, path: str, body: Any) -> tuple[int, str]:
    status, problem = asked(bidder, "POST", path, body)
    return status, json.dumps(problem, ensure_ascii=False)


def test_what_is_wrong_is_said_with_its_place() -> None:
    setting, firm = make_scored(tries_a_day=1), make_organisation()
    bidder, path = make_person_of(firm), f"/challenges/{setting.challenge.public_id}/tries"
    body = {"organisation": str(firm.public_id), "results": answers_file().decode()}
    status, text = said_to(bidder, path, {**body, "results": "id,value\nr00\n"})
    assert (status, '"results"' in text, "2" in text) == (422, True, True)
    assert said_to(bidder, path, {**body, "results": "id,value\nr00,\ud800\n"})[0] == 422
    assert said_to(bidder, path, {"organisation": str(firm.public_id)})[0] == 422
    assert said_to(bidder, path, body)[0] == 201
    assert said_to(bidder, path, {**body, "results": answers_file(r01="2").decode()})[0] == 409
    assert asked(None, "POST", path, body)[0] == 401
    other = f"/challenges/{make_open().challenge.public_id}"
    assert said_to(bidder, f"{other}/tries", body)[0] == 409
    assert asked(bidder, "GET", f"{other}/board")[0] == 404
