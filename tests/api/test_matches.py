"""Matching and decisions through the API."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from ronglian.apps.matching.models import Decision
from ronglian.apps.registry.models import Need, Result
from tests.api.calls import VISITOR, Caller, caller_of, pointers, problem_of, stranger
from tests.factories import make_need, make_organisation, make_result

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> tuple[Need, Result]:
    need = make_need(
        title="电镀废水六价铬深度处理", details="要求出水六价铬不高于0.1 mg/L。", metrics_text="六价铬 ≤0.1 mg/L",
        technology_field="environment", region="3205", budget_high_fen=60_000_000, minimum_maturity=6,
    )  # fmt: skip
    result = make_result(
        title="电镀废水六价铬还原技术", summary="处理后六价铬浓度0.05 mg/L。", metrics_text="六价铬 ≤0.05 mg/L",
        technology_field="environment", region="3201", price_high_fen=50_000_000, maturity=7,
    )  # fmt: skip
    make_result(title="水稻新品种", summary="亩产提高10%。", technology_field="agriculture")
    return need, result


def check_explanation(match: dict[str, Any]) -> None:
    assert sum(part["points"] for part in match["parts"]) == pytest.approx(match["score"], abs=1e-6)
    assert all(part["text"] and part["name"] and part["verdict_label"] for part in match["parts"])


def test_matches_of_a_need_and_of_a_result(pair: tuple[Need, Result]) -> None:
    need, result = pair
    found = VISITOR.get(f"/needs/{need.public_id}/matches").json()
    assert found["items"][0]["result"]["id"] == str(result.public_id)
    assert found["engine_version"]
    check_explanation(found["items"][0])
    back = VISITOR.get(f"/results/{result.public_id}/matches", {"top": 1}).json()
    assert [item["need"]["id"] for item in back["items"]] == [str(need.public_id)]
    check_explanation(back["items"][0])


def test_one_pair_is_explained_in_codes_and_words(pair: tuple[Need, Result]) -> None:
    need, result = pair
    path = f"/needs/{need.public_id}/matches/{result.public_id}"
    match = VISITOR.get(path).json()
    check_explanation(match)
    assert match["metrics"][0]["verdict"] == "met"
    assert (match["metrics"][0]["need"], match["metrics"][0]["claim"]) == (
        "六价铬 ≤ 0.1 mg/L",
        "六价铬 ≤ 0.05 mg/L",
    )
    chinese = VISITOR.get(path, **{"Accept-Language": "zh-Hans"}).json()
    assert [part["verdict"] for part in chinese["parts"]] == [part["verdict"] for part in match["parts"]]


@pytest.mark.parametrize("side", ["results", "needs"])
def test_a_sentence_is_matched_without_a_token(pair: tuple[Need, Result], side: str) -> None:
    found = VISITOR.post("/match", {"text": "电镀废水六价铬", "side": side}).json()
    other = "result" if side == "results" else "need"
    assert found["items"][0][other]["title"].startswith("电镀废水")
    check_explanation(found["items"][0])


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/text"), ({"text": ""}, "#/text"), ({"text": "x", "side": "both"}, "#/side"),
        ({"text": "x", "top": True}, "#/top"), ({"text": "x", "top": 101}, "#/top"),
        ({"text": "x" * 5001}, "#/text"), ({"text": "x", "more": 1}, "#/more"),
    ],
)  # fmt: skip
def test_wrong_questions_are_named(body: dict[str, Any], pointer: str) -> None:
    assert pointers(VISITOR.post("/match", body)) == [pointer]


def test_what_is_hidden_is_not_matched() -> None:
    need = make_need(title="电镀废水六价铬深度处理")
    hidden = make_result(title="电镀废水六价铬还原技术", disclosure="organisation")
    assert VISITOR.get(f"/needs/{need.public_id}/matches").json()["items"] == []
    denied = VISITOR.get(f"/needs/{need.public_id}/matches/{hidden.public_id}")
    absent = VISITOR.get(f"/needs/{need.public_id}/matches/{uuid4()}")
    assert denied.status_code == 404
    assert denied.content == absent.content
    own = caller_of(hidden.owner).get(f"/needs/{need.public_id}/matches").json()
    assert [item["result"]["id"] for item in own["items"]] == [str(hidden.public_id)]


def decide(caller: Caller, pair: tuple[Need, Result], **change: Any) -> Any:
    need, result = pair
    body = {
        "need": str(need.public_id), "result": str(result.public_id), "kind": "confirmed",
        "reason": "fits_problem", **change,
    }  # fmt: skip
    return caller.post("/decisions", body)


def test_each_side_decides_and_sees_its_own(pair: tuple[Need, Result]) -> None:
    need, result = pair
    asking, offering = caller_of(need.owner), caller_of(result.owner)
    assert decide(asking, pair).status_code == 201
    declined = decide(offering, pair, kind="declined", reason="too_far", note="不合适")
    assert declined.json()["reason_label"] == "too far away"
    assert [item["kind"] for item in asking.get("/decisions").json()["items"]] == ["confirmed"]
    assert [
        item["kind"] for item in offering.get("/decisions", {"need": str(need.public_id)}).json()["items"]
    ] == ["declined"]
    assert asking.get("/decisions", {"kind": "declined"}).json()["total"] == 0
    shown = asking.get(f"/needs/{need.public_id}/matches/{result.public_id}").json()["decisions"]
    assert [decision["kind"] for decision in shown] == ["confirmed"]
    assert VISITOR.get(f"/needs/{need.public_id}/matches/{result.public_id}").json()["decisions"] == []
    assert decide(asking, pair, kind="declined", reason="too_expensive").json()["version"] == 2
    assert Decision.objects.count() == 2


def test_decisions_are_refused_with_reasons(pair: tuple[Need, Result]) -> None:
    need, _result = pair
    caller = caller_of(need.owner)
    assert problem_of(decide(stranger(), pair), 403)["code"] == "not_allowed"
    assert pointers(decide(caller, pair, reason="too_far")) == ["#/reason"]
    assert pointers(decide(caller, pair, kind="declined", reason="other")) == ["#/note"]
    assert pointers(decide(caller, pair, kind="maybe")) == ["#/kind"]
    assert pointers(decide(caller, pair, note="长" * 2001)) == ["#/note"]
    assert decide(caller, pair, need=str(uuid4())).status_code == 404
    assert problem_of(VISITOR.get("/decisions"), 401)
    assert not Decision.objects.exists()


def test_a_hidden_owner_stays_hidden_in_matches() -> None:
    owner = make_organisation("隐名精工有限公司", region="320507", industry="C336")
    need = make_need(owner, "电镀废水六价铬深度处理", anonymous=True, hard=["region"])
    result = make_result(make_organisation(region="11"), "电镀废水六价铬还原技术")
    for path in (
        f"/results/{result.public_id}/matches?include_excluded=true",
        f"/needs/{need.public_id}/matches/{result.public_id}",
    ):
        content = VISITOR.get(path).content.decode()
        assert "电镀废水六价铬深度处理" in content
        assert "隐名" not in content
        assert str(owner.public_id) not in content
        assert "3205" not in content
        assert "C336" not in content
