"""The registry through the API."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ronglian.apps.registry.models import Need, Result
from ronglian.kernel.actor import Role
from ronglian.kernel.models import Event
from tests.api.calls import VISITOR, caller_of, pointers, problem_of, stranger
from tests.factories import make_expert, make_need, make_organisation, make_result, make_scene

pytestmark = pytest.mark.django_db

KINDS = ("results", "needs", "experts", "scenes")
MAKE = {"results": make_result, "needs": make_need, "experts": make_expert, "scenes": make_scene}


def minimal(kind: str, owner: Any) -> dict[str, Any]:
    headline = "name" if kind == "experts" else "title"
    return {"owner": str(owner.public_id), headline: "六价铬深度处理"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_lives_through_the_api(kind: str) -> None:
    owner = make_organisation()
    caller = caller_of(owner)

    created = caller.post(f"/{kind}", minimal(kind, owner))
    assert created.status_code == 201, created.content
    path = created["Location"].removeprefix("/api/v1")
    assert created["ETag"] == '"1"'
    assert created.json()["state"] == "draft"
    assert created.json()["provenance"]["source_kind"] == "api"

    assert VISITOR.get(path).status_code == 404
    assert caller.post(f"{path}/publish").json()["state"] == "published"
    assert VISITOR.get(path).json()["owner"]["name"] == owner.name

    edited = caller.patch(path, {"keywords": ["电镀"]}, **{"If-Match": '"2"'})
    assert edited.status_code == 200, edited.content
    assert edited.json()["keywords"] == ["电镀"]
    assert edited["ETag"] == '"3"'

    assert caller.post(f"{path}/confirm").status_code == 200
    withdrawn = caller.post(f"{path}/withdraw", {"reason": "已签约"})
    assert withdrawn.json()["state"] == "withdrawn"
    events = [event["name"].split(".")[1] for event in caller.get(f"{path}/events").json()["items"]]
    assert events == ["registered", "published", "edited", "confirmed", "withdrawn"]


def test_every_field_sent_comes_back() -> None:
    owner = make_organisation()
    caller = caller_of(owner)
    sent = {
        **minimal("needs", owner),
        "title_en": "Hexavalent chromium",
        "technology_field": "environment",
        "industry": "C33",
        "region": "3205",
        "details": "要求六价铬≤0.1 mg/L。",
        "modes": ["development", "pay_after_use"],
        "budget_low_fen": 30_000_000,
        "budget_high_fen": 60_000_000,
        "minimum_maturity": 6,
        "hard": ["budget"],
        "anonymous": True,
        "metrics_text": "六价铬 ≤0.1 mg/L",
        "expires_on": "2027-06-30",
    }
    shown = caller.post("/needs", sent).json()
    for name, value in sent.items():
        if name not in ("owner", "expires_on"):
            assert shown[name] == value, name
    assert shown["provenance"]["expires_on"] == "2027-06-30"
    assert [metric["text"] for metric in shown["metrics"]] == ["六价铬 ≤ 0.1 mg/L"]


def test_null_takes_a_code_or_number_back() -> None:
    owner = make_organisation()
    result = make_result(owner, stage="pilot", maturity=5)
    path = f"/results/{result.public_id}"
    edited = caller_of(owner).patch(path, {"stage": None, "maturity": None}, **{"If-Match": "*"})
    assert (edited.json()["stage"], edited.json()["maturity"]) == (None, None)


@pytest.mark.parametrize(
    ("name", "value", "pointer"),
    [
        ("title", "", "#/title"),
        ("title", "   ", "#/title"),
        ("title", 5, "#/title"),
        ("title", None, "#/title"),
        ("title", "a\x00b", "#/title"),
        ("title", "长" * 301, "#/title"),
        ("maturity", True, "#/maturity"),
        ("maturity", "5", "#/maturity"),
        ("maturity", 5.0, "#/maturity"),
        ("maturity", 10, "#/maturity"),
        ("price_low_fen", 10**30, "#/price_low_fen"),
        ("price_low_fen", -1, "#/price_low_fen"),
        ("stage", "unknown", "#/stage"),
        ("transfer_modes", ["licence_ordinary", "no such"], "#/transfer_modes/1"),
        ("transfer_modes", "licence_ordinary", "#/transfer_modes"),
        ("transfer_modes", ["equity", "equity"], "#/transfer_modes"),
        ("keywords", ["", "b"], "#/keywords/0"),
        ("expires_on", 1_700_000_000, "#/expires_on"),
        ("expires_on", "2027-02-30", "#/expires_on"),
        ("expires_on", "2027-06-30T00:00:00", "#/expires_on"),
        ("expires_on", "9999-12-31", "#/expires_on"),
        ("region", "99", "#/region"),
        ("region", "苏州", "#/region"),
        ("industry", "C99", "#/industry"),
        ("owner", "x", "#/owner"),
        ("state", "published", "#/state"),
        ("verification", "verified", "#/verification"),
        ("version", 7, "#/version"),
        ("recorded_by", "x", "#/recorded_by"),
        ("metrics", [], "#/metrics"),
    ],
)
def test_each_refusal_names_the_field(name: str, value: Any, pointer: str) -> None:
    owner = make_organisation()
    before = Event.objects.count()
    response = caller_of(owner).post("/results", {**minimal("results", owner), name: value})
    assert pointer in pointers(response)
    assert not Result.objects.exists()
    assert Event.objects.filter(subject_type="result").count() == 0
    assert before <= Event.objects.count()


def test_a_lone_surrogate_names_the_field() -> None:
    owner = make_organisation()
    body = json.dumps({**minimal("results", owner), "summary": "x"}).replace('"x"', '"\\ud800"')
    assert pointers(caller_of(owner).raw("POST", "/results", body.encode())) == ["#/summary"]


def test_money_the_wrong_way_round() -> None:
    owner = make_organisation()
    body = {**minimal("needs", owner), "budget_low_fen": 2, "budget_high_fen": 1}
    assert pointers(caller_of(owner).post("/needs", body)) == ["#/budget_low_fen"]


def test_an_edit_names_its_version() -> None:
    owner = make_organisation()
    need = make_need(owner)
    caller, path = caller_of(owner), f"/needs/{need.public_id}"
    assert problem_of(caller.patch(path, {"title": "新"}), 428)["errors"][0]["name"] == "If-Match"
    assert problem_of(caller.patch(path, {"title": "新"}, **{"If-Match": '"9"'}), 412)["code"] == "stale"
    assert problem_of(caller.patch(path, {"title": "新"}, **{"If-Match": "3"}), 422)
    assert caller.patch(path, {"title": "新"}, **{"If-Match": '"1"'}).status_code == 200
    assert caller.patch(path, {"title": "旧"}, **{"If-Match": '"1"'}).status_code == 412
    need.refresh_from_db()
    assert need.title == "新"


def test_a_viewer_is_told_who_can() -> None:
    owner = make_organisation()
    need = make_need(owner)
    for caller in (caller_of(owner, Role.VIEWER), caller_of(owner, Role.OWNER, may_write=False), stranger()):
        refused = problem_of(caller.patch(f"/needs/{need.public_id}", {}, **{"If-Match": "*"}), 403)
        assert refused["code"] == "not_allowed"
        assert refused["detail"]


@pytest.mark.parametrize("kind", KINDS)
def test_who_may_not_change_a_record_leaves_it_as_it_was(kind: str) -> None:
    owner = make_organisation()
    record = MAKE[kind](owner)
    rows = type(record).objects.filter(pk=record.pk)
    before, path = rows.values().get(), f"/{kind}/{record.public_id}"
    reading = caller_of(owner, Role.OWNER, may_write=False)
    callers = {VISITOR: 401, stranger(): 403, caller_of(owner, Role.VIEWER): 403, reading: 403}
    for caller, status in callers.items():
        refused = [caller.patch(path, {"keywords": ["新"]}, **{"If-Match": "*"})]
        refused += [caller.post(f"{path}/{verb}", {"reason": "已签约"} if verb == "withdraw" else None)
                    for verb in ("publish", "withdraw", "confirm")]  # fmt: skip
        assert {answer.status_code for answer in refused} == {status}
    assert rows.values().get() == before


def test_rules_of_the_state_are_conflicts() -> None:
    owner = make_organisation()
    need = make_need(owner)
    refused = problem_of(caller_of(owner).post(f"/needs/{need.public_id}/publish"), 409)
    assert refused["code"] == "rule"
    assert refused["detail"] == "This record is already published."


def test_denied_is_identical_to_absent() -> None:
    hidden = make_need(state="draft")
    for caller in (VISITOR, stranger()):
        denied = caller.get(f"/needs/{hidden.public_id}")
        absent = caller.get(f"/needs/{uuid4()}")
        assert denied.status_code == absent.status_code == 404
        assert denied.content == absent.content
        assert dict(denied.items()) == dict(absent.items())


def test_a_hidden_owner_stays_hidden() -> None:
    owner = make_organisation("隐名精工有限公司", uscc=None)
    caller = caller_of(owner)
    body = {
        **minimal("needs", owner), "anonymous": True, "publish": True, "region": "3205", "industry": "C33",
        "source_name": "隐名精工.xlsx",
    }  # fmt: skip
    path = caller.post("/needs", body)["Location"].removeprefix("/api/v1")
    for address in (path, "/needs", f"{path}/events", f"{path}/matches"):
        content = VISITOR.get(address).content.decode()
        assert "隐名" not in content
        assert str(owner.public_id) not in content
    shown = VISITOR.get(path).json()
    assert shown["owner"] is None
    assert shown["owner_label"].startswith("Anonymous enterprise · Jiangsu · ")
    assert shown["provenance"]["source_name"] is None
    for query in ({"owner": str(owner.public_id)}, {"owner_kind": "enterprise"}, {"q": "隐名精工"}):
        assert VISITOR.get("/needs", query).json()["total"] == 0, query
    assert caller.get(path).json()["owner"]["id"] == str(owner.public_id)
    assert caller.get("/needs", {"owner": str(owner.public_id)}).json()["total"] == 1


def test_people_in_the_timeline_show_to_their_own_organisation() -> None:
    owner = make_organisation()
    caller = caller_of(owner)
    path = caller.post("/needs", {**minimal("needs", owner), "publish": True})["Location"].removeprefix(
        "/api/v1"
    )
    caller.post(f"{path}/withdraw", {"reason": "内部原因"})
    caller.post(f"{path}/publish")
    assert "内部原因" in caller.get(f"{path}/events").content.decode()
    seen = VISITOR.get(f"{path}/events").json()["items"]
    assert {event["actor"] for event in seen} == {None}
    assert "内部原因" not in json.dumps(seen, ensure_ascii=False)


def test_lists_are_paged() -> None:
    owner = make_organisation()
    for number in range(5):
        make_result(owner, f"成果{number}")
    page = VISITOR.get("/results", {"limit": 2}).json()
    assert (page["total"], len(page["items"]), page["page"]) == (5, 2, 1)
    titles = [item["title"] for item in page["items"]]
    while page["next"]:
        page = VISITOR.get(page["next"].removeprefix("/api/v1")).json()
        titles += [item["title"] for item in page["items"]]
    assert titles == [f"成果{number}" for number in (4, 3, 2, 1, 0)]
    assert VISITOR.get("/results", {"page": 99}).json()["items"] == []


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "101"}, {"limit": "0"}, {"limit": "x"}, {"page": "1_0"}, {"page": "-1"}, {"page": "9" * 30},
        {"include_expired": "1"}, {"stage": "x"}, {"region": "江苏"}, {"q": "a\x00"}, {"regoin": "32"}, {"owner": "1"},
        {"q": "长" * 1001}, {"minimum_maturity": "0"},
    ],
)  # fmt: skip
def test_wrong_parameters_are_named(query: dict[str, str]) -> None:
    errors = problem_of(VISITOR.get("/results", query), 422)["errors"]
    assert [(error["in"], error["name"]) for error in errors] == [("query", next(iter(query)))]


def test_filters_narrow() -> None:
    owner = make_organisation(kind="university")
    first = make_result(
        owner, "甲", technology_field="environment", region="3205", stage="pilot", maturity=6,
        transfer_modes=["equity"],
    )  # fmt: skip
    make_result(
        title="乙", technology_field="nuclear", region="11", stage="mature", transfer_modes=["transfer"]
    )
    for query in (
        {"technology_field": "environment"}, {"region": "32"}, {"stage": "pilot"}, {"minimum_maturity": 5},
        {"mode": "equity"}, {"owner": str(owner.public_id)}, {"owner_kind": "university"}, {"q": "甲"},
    ):  # fmt: skip
        items = VISITOR.get("/results", query).json()["items"]
        assert [item["id"] for item in items] == [str(first.public_id)], query


def test_drafts_are_listed_for_their_organisation_only() -> None:
    need = make_need(state="draft")
    assert VISITOR.get("/needs", {"state": "draft"}).json()["total"] == 0
    assert caller_of(need.owner).get("/needs", {"state": "draft"}).json()["total"] == 1


def test_the_number_of_queries_does_not_grow() -> None:
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            VISITOR.get("/needs")
        return len(queries)

    make_need()
    one = count()
    for _number in range(3):
        make_need()
    assert count() == one <= 4


def test_a_key_makes_a_call_repeatable() -> None:
    owner = make_organisation()
    caller = caller_of(owner)
    body, key = minimal("needs", owner), {"Idempotency-Key": "order-7"}
    first, again = caller.post("/needs", body, **key), caller.post("/needs", body, **key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert Need.objects.count() == 1
    other = problem_of(caller.post("/needs", {**body, "title": "别的"}, **key), 409)
    assert other["code"] == "conflict"
    path = first["Location"].removeprefix("/api/v1")
    for _time in range(2):
        assert caller.post(f"{path}/publish", **{"Idempotency-Key": "publish-7"}).status_code == 200
    assert caller_of(owner).post("/needs", body, **key).json()["id"] != first.json()["id"]
    for wrong in ("", "x" * 121, "键", "a b"):
        response = caller.post("/needs", body, **{"Idempotency-Key": wrong})
        assert problem_of(response, 422)["errors"][0]["name"] == "Idempotency-Key"


def test_an_edit_sent_again_with_its_key_has_one_effect_and_one_answer() -> None:
    firm = make_organisation()
    caller = caller_of(firm)
    need = make_need(firm)
    sent = {"If-Match": f'"{need.version}"', "Idempotency-Key": "edit-once"}
    path = f"/needs/{need.public_id}"
    first = caller.patch(path, {"keywords": ["新"]}, **sent)
    again = caller.patch(path, {"keywords": ["新"]}, **sent)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content
    assert caller.patch(path, {"keywords": ["旧"]}, **sent).status_code == 409
    assert caller.patch(path, {"keywords": ["旧"]}, **{"If-Match": sent["If-Match"]}).status_code == 412
