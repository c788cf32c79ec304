"""The rulebook in the API: values, versions, answers; what the law leaves open is no error."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def get(path: str, status: int = 200) -> Any:
    response = Client(HTTP_ACCEPT_LANGUAGE="en").get(f"/api/v1/rules{path}")
    assert response.status_code == status, response.content
    return json.loads(response.content)


def ask(rule: str, status: int = 200, **body: Any) -> Any:
    response = Client(HTTP_ACCEPT_LANGUAGE="en").post(
        f"/api/v1/rules/{rule}/evaluate", json.dumps(body), content_type="application/json"
    )
    assert response.status_code == status, response.content
    return json.loads(response.content)


def test_a_topic_at_a_place_and_day() -> None:
    found = get("?topic=reward&place=330106&date=2026-11-25")
    shares = {each["id"]: each for each in found["parameters"]}
    assert found["place"] == "cn-33"
    assert shares["reward.share_transfer"]["value"] == "7/10"
    assert {each["topic"] for each in found["rules"]} == {"reward"}
    assert "commission.premium" not in json.dumps(get("?date=2026-11-25"))


def test_every_version_is_there_with_how_sure_it_is() -> None:
    versions = get("/tax.rd_super_general")["versions"]
    assert {version["confidence"] for version in versions} == {"H", "M"}
    assert get("/contract.void?date=2026-11-25")["items"][0]["article"] == "850"
    get("/reward.nothing", 404)


def test_an_answer_names_what_it_stands_on() -> None:
    told = {"way": "licence", "state_set": True, "turnover": 100_000, "deal_taxes": "30元", "cost": 3_000}
    answer = ask("reward.floor", place="cn-33", date="2026-11-25", inputs=told)
    assert (answer["value"], answer["is_determined"]) == (65_800, True)
    assert "cn-33/reward.share_transfer@2025-04-19" in answer["versions"]
    assert any("940.00 yuan × 70 %" in line for line in answer["trace"])


def test_what_the_law_leaves_open_is_an_answer() -> None:
    told = {"price": 100_000_000}
    answer = ask("tax.stamp", date="2026-11-25", inputs=told)
    assert (answer["value"], answer["is_determined"]) == (None, False)
    assert answer["reasons"][0]["why"] == "open_question"
    assert ask("tax.stamp", date="2026-11-25", inputs=told, provisional=True)["value"] == 30_000


def test_mistakes_are_told_where_they_are() -> None:
    wrong = ask("reward.floor", 422, inputs={"turnover": "much"})
    assert "is no amount" in json.dumps(wrong, ensure_ascii=False)
    assert "inputs.turnover" in json.dumps(wrong) or "turnover" in json.dumps(wrong["errors"])
    assert "no place" in json.dumps(ask("reward.floor", 422, place="cn-81"))
    ask("reward.nothing", 404)
    assert "asked for are" in json.dumps(ask("reward.floor", 422, inputs={"price": 1}))
