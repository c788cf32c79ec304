"""Every operation of the API × who calls × the state of the record → the status that is right.

The table is complete or the test fails: an operation that stands in neither part is refused. `read` and `write`
name what happens to a record in each state; operations that are not about one record stand in OTHERS.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from ronglian.apps.accounts.models import ApiToken, Organisation
from ronglian.apps.disclosure.models import Nda
from ronglian.apps.registry.models import Expert, Need, RegistryRecord, Result, Scene
from ronglian.apps.registry.operations.imports import stage_import
from ronglian.kernel.actor import Role
from ronglian.kernel.log.sequencer import keep_log
from ronglian.kernel.models import Event
from tests.api.calls import Caller, secret_of
from tests.api.test_openapi import operations
from tests.factories import SYSTEM, make_member, make_organisation, make_person, make_record
from tests.factories.technology_managers import make_manager

pytestmark = pytest.mark.django_db

ACTORS = (
    "anonymous", "viewer", "reviewer", "editor", "owner", "reading_token", "other_organisation", "nobody", "operator",
    "expired", "suspended",
)  # fmt: skip
STATES = ("draft", "public", "own_organisation", "withdrawn", "expired", "anonymous")
OURS = frozenset({"viewer", "reviewer", "editor", "owner", "reading_token"})
WRITERS = frozenset({"editor", "owner"})
REFUSED_TOKENS = frozenset({"expired", "suspended"})
SEEN_BY_ALL = frozenset({"public", "expired", "anonymous"})

NOUNS: dict[str, type[RegistryRecord]] = {"result": Result, "need": Need, "expert": Expert, "scene": Scene}
READS = {"get": "", "list_events": "/events"}
WRITES = ("edit", "publish", "withdraw", "confirm")


@dataclass
class World:
    """One organisation, those around it, and a program for each."""

    ours: Organisation
    theirs: Organisation
    callers: dict[str, Caller]

    def record(self, model: type[RegistryRecord], state: str) -> RegistryRecord:
        fields: dict[str, Any] = {"state": state if state in ("draft", "withdrawn") else "published"}
        if state == "own_organisation":
            fields["disclosure"] = "organisation"
        if state == "anonymous" and model is Need:
            fields["anonymous"] = True
        record = make_record(model, self.ours, "电镀废水六价铬深度处理", **fields)
        if state == "expired":
            model.objects.filter(pk=record.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
        return record


@pytest.fixture
def world() -> World:
    ours, theirs = make_organisation("我方单位"), make_organisation("他方单位")
    callers = {"anonymous": Caller()}
    for role in Role:
        callers[str(role)] = Caller(secret_of(make_member(ours, role)))
    callers["reading_token"] = Caller(secret_of(make_member(ours, Role.OWNER), may_write=False))
    callers["other_organisation"] = Caller(secret_of(make_member(theirs, Role.OWNER)))
    callers["nobody"] = Caller(secret_of(make_person()))
    callers["operator"] = Caller(secret_of(make_person(is_operator=True)))
    callers["expired"] = Caller(secret_of(make_member(ours, Role.OWNER)))
    ApiToken.objects.filter(pk=ApiToken.objects.latest("id").pk).update(expires_at=timezone.now())
    suspended = make_member(ours, Role.OWNER)
    callers["suspended"] = Caller(secret_of(suspended))
    suspended.is_active = False
    suspended.save()
    assert set(callers) == set(ACTORS)
    return World(ours, theirs, callers)


def may_see(actor: str, state: str) -> bool:
    return actor in OURS or state in SEEN_BY_ALL


def status_of_read(actor: str, state: str) -> int:
    if actor in REFUSED_TOKENS:
        return 401
    return 200 if may_see(actor, state) else 404


def status_of_write(actor: str, state: str, verb: str) -> int:
    if actor in REFUSED_TOKENS or actor == "anonymous":
        return 401
    if not may_see(actor, state):
        return 404
    if actor not in WRITERS:
        return 403
    if verb == "publish":
        return 200 if state in ("draft", "withdrawn") else 409
    if verb == "withdraw":
        return 409 if state == "withdrawn" else 200
    return 200


def write(caller: Caller, verb: str, path: str) -> Any:
    if verb == "edit":
        return caller.patch(path, {"keywords": ["新"]}, **{"If-Match": "*"})
    return caller.post(f"{path}/{verb}", {"reason": "已签约"} if verb == "withdraw" else None)


def same_answer(first: Any, second: Any) -> None:
    assert first.content == second.content
    assert dict(first.items()) == dict(second.items())


@pytest.mark.parametrize("noun", NOUNS)
def test_reading_a_record(world: World, noun: str) -> None:
    for state in STATES:
        record = world.record(NOUNS[noun], state)
        for tail in READS.values():
            for actor, caller in world.callers.items():
                response = caller.get(f"/{noun}s/{record.public_id}{tail}")
                assert response.status_code == status_of_read(actor, state), (actor, state, tail)
                if response.status_code == 404:
                    same_answer(response, caller.get(f"/{noun}s/{uuid4()}{tail}"))
                if actor not in OURS and state == "anonymous" and noun == "need":
                    assert "我方单位" not in response.content.decode()


@pytest.mark.parametrize("verb", WRITES)
@pytest.mark.parametrize("noun", NOUNS)
def test_changing_a_record(world: World, noun: str, verb: str) -> None:
    model = NOUNS[noun]
    for state in STATES:
        record = world.record(model, state)
        for actor, caller in world.callers.items():
            before = model.objects.filter(pk=record.pk).values().get()
            response = write(caller, verb, f"/{noun}s/{record.public_id}")
            expected = status_of_write(actor, state, verb)
            assert response.status_code == expected, (actor, state, verb, response.content)
            if expected == 200:
                record = world.record(model, state)
            else:
                assert model.objects.filter(pk=record.pk).values().get() == before
            if expected == 404:
                same_answer(response, write(caller, verb, f"/{noun}s/{uuid4()}"))


@pytest.mark.parametrize("noun", NOUNS)
def test_lists_files_and_registering(world: World, noun: str) -> None:
    records = {state: world.record(NOUNS[noun], state) for state in STATES}
    listed = {"public", "own_organisation", "anonymous"}
    for actor, caller in world.callers.items():
        for tail in ("", "/export"):
            response = caller.get(f"/{noun}s{tail}", {"format": "jsonl"} if tail else {})
            assert response.status_code == (401 if actor in REFUSED_TOKENS else 200), (actor, tail)
            if response.status_code == 200:
                seen = ids_in(response)
                expected = {str(records[state].public_id) for state in listed if may_see(actor, state)}
                assert seen == expected, (actor, tail)
        headline = "name" if noun == "expert" else "title"
        body = {"owner": str(world.ours.public_id), headline: "新记录"}
        status = 401 if actor in REFUSED_TOKENS or actor == "anonymous" else 201 if actor in WRITERS else 403
        assert caller.post(f"/{noun}s", body).status_code == status, actor


def ids_in(response: Any) -> set[str]:
    if response.streaming:
        lines = b"".join(response.streaming_content).splitlines()
        return {json.loads(line)["id"] for line in lines}
    return {item["id"] for item in response.json()["items"]}


def test_matches_of_records_in_each_state(world: World) -> None:
    result = make_record(Result, world.theirs, "电镀废水六价铬还原技术")
    need = make_record(Need, world.theirs, "电镀废水六价铬深度处理")
    for state in STATES:
        own_need, own_result = world.record(Need, state), world.record(Result, state)
        paths = (
            (f"/needs/{own_need.public_id}/matches", f"/needs/{uuid4()}/matches"),
            (f"/results/{own_result.public_id}/matches", f"/results/{uuid4()}/matches"),
            (
                f"/needs/{own_need.public_id}/matches/{result.public_id}",
                f"/needs/{uuid4()}/matches/{result.public_id}",
            ),
            (
                f"/needs/{need.public_id}/matches/{own_result.public_id}",
                f"/needs/{need.public_id}/matches/{uuid4()}",
            ),
        )
        for actor, caller in world.callers.items():
            for path, absent in paths:
                response = caller.get(path)
                assert response.status_code == status_of_read(actor, state), (actor, state, path)
                if response.status_code == 404:
                    same_answer(response, caller.get(absent))


def test_deciding(world: World) -> None:
    result = make_record(Result, world.theirs, "电镀废水六价铬还原技术")
    for state in STATES:
        need = world.record(Need, state)
        for actor, caller in world.callers.items():
            body = {
                "need": str(need.public_id), "result": str(result.public_id), "kind": "confirmed",
                "reason": "fits_problem",
            }  # fmt: skip
            may = actor in WRITERS or actor == "other_organisation"
            expected = status_of_write(actor, state, "decide")
            if expected in (200, 403):
                expected = 201 if may else 403
            assert caller.post("/decisions", body).status_code == expected, (actor, state)
            if expected == 404:
                same_answer(
                    caller.post("/decisions", body), caller.post("/decisions", {**body, "need": str(uuid4())})
                )
    for actor, caller in world.callers.items():
        response = caller.get("/decisions")
        assert response.status_code == (401 if actor in REFUSED_TOKENS or actor == "anonymous" else 200)
        if actor in ("nobody", "operator"):
            assert response.json()["total"] == 0


def test_imports_belong_to_their_organisation(world: World, settings: Any, tmp_path: Any) -> None:
    settings.UPLOADS = tmp_path
    for actor, caller in world.callers.items():
        is_refused = actor in REFUSED_TOKENS or actor == "anonymous"
        file = SimpleUploadedFile("needs.csv", "需求名称\n甲\n".encode())
        batch = stage_import(actor=SYSTEM, owner=world.ours, kind="needs", file=file, filename="needs.csv")
        seen = 401 if is_refused else 200 if actor in OURS else 404
        for path in (f"/imports/{batch.public_id}", f"/imports/{batch.public_id}/errors"):
            response = caller.get(path)
            assert response.status_code == seen, (actor, path)
            if seen == 404:
                same_answer(response, caller.get(path.replace(str(batch.public_id), str(uuid4()))))
        assert caller.get("/imports").status_code == (401 if is_refused else 200)
        for verb, done in (("check", 202), ("apply", 202), ("cancel", 409)):
            expected = seen if seen != 200 else done if actor in WRITERS else 403
            assert caller.post(f"/imports/{batch.public_id}/{verb}", {}).status_code == expected, (
                actor,
                verb,
            )
        sent = {"kind": "needs", "owner": str(world.ours.public_id)}
        upload = SimpleUploadedFile("needs.csv", "需求名称\n甲\n".encode())
        created = caller.send("/imports", {**sent, "file": upload})
        assert created.status_code == (401 if is_refused else 201 if actor in WRITERS else 403), actor


def test_organisations_are_public_and_changed_by_their_own(world: World) -> None:
    path = f"/organisations/{world.ours.public_id}"
    for actor, caller in world.callers.items():
        read = 401 if actor in REFUSED_TOKENS else 200
        for each in ("/organisations", path, "/organisations/export"):
            response = caller.get(each)
            if response.streaming:
                file = b"".join(response.streaming_content)
                assert "我方单位" in file.decode()
            assert response.status_code == read, (actor, each)
        no_token = actor in REFUSED_TOKENS or actor == "anonymous"
        edited = caller.patch(path, {"summary": "新"}, **{"If-Match": "*"})
        assert edited.status_code == (401 if no_token else 200 if actor in WRITERS else 403), actor
        created = caller.post("/organisations", {"name": "新单位", "kind": "enterprise"})
        assert created.status_code == (401 if no_token else 403 if actor == "reading_token" else 201), actor


def test_what_everybody_may_ask(world: World) -> None:
    keep_log(timezone.now())
    event = Event.objects.latest("id")
    for actor, caller in world.callers.items():
        expected = 401 if actor in REFUSED_TOKENS else 200
        assert caller.get(f"/log/entries/{event.public_id}/receipt").status_code == expected, actor
        assert caller.get("/log/consistency", {"old": 1, "new": 2}).status_code == expected, actor
        for path in (
            "/codes",
            "/codes/stages",
            "/catalogue",
            "/quality",
            "/training-runs",
            "/log/checkpoint",
        ):
            assert caller.get(path).status_code == expected, (actor, path)
        assert caller.post("/match", {"text": "六价铬"}).status_code == expected, actor
        assert caller.get("/me").status_code == (401 if actor == "anonymous" else expected), actor


def test_agreements_are_read_by_their_two_sides(world: World) -> None:
    need = world.record(Need, "public")
    Need.objects.filter(pk=need.pk).update(under_nda=True)
    nda = Nda.objects.create(
        owner=world.ours, organisation=world.theirs, subject_type="need", subject_id=need.public_id,
        asked_about_type="need", asked_about_id=need.public_id, text_version="2026-1", text_digest="0" * 64,
        purpose="评估", signed_by=uuid4(), signed_by_label="某人", signed_at=timezone.now(),
    )  # fmt: skip
    path = f"/agreements/{nda.public_id}"
    for actor, caller in world.callers.items():
        no_token = actor in REFUSED_TOKENS or actor == "anonymous"
        sees = actor in OURS or actor == "other_organisation"
        for each, allowed in (("", sees), ("/readings", actor in OURS)):
            response = caller.get(path + each)
            assert response.status_code == (401 if no_token else 200 if allowed else 404), (actor, each)
            if response.status_code == 404:
                same_answer(response, caller.get(f"/agreements/{uuid4()}{each}"))
        listed = caller.get("/agreements")
        assert listed.status_code == caller.get("/agreements/text").status_code == (401 if no_token else 200)
        if not no_token:
            assert listed.json()["total"] == int(sees), actor
    Nda.objects.filter(pk=nda.pk).update(hides_owner=True)
    assert world.callers["other_organisation"].get(path).json()["owner"] is None
    assert "我方单位" not in world.callers["other_organisation"].get(path).content.decode()
    assert world.callers["viewer"].get(path).json()["owner"]["name"] == "我方单位"


def test_the_register_of_technology_managers_is_public_and_kept_by_each(world: World) -> None:
    path = f"/managers/{make_manager().public_id}"
    entry = {"name": "乙", "level": "initial", "languages": ["zh"]}
    for actor, caller in world.callers.items():
        for each in ("/managers", path):
            assert caller.get(each).status_code == (401 if actor in REFUSED_TOKENS else 200), actor
        refused = 401 if actor in REFUSED_TOKENS or actor == "anonymous" else 403
        assert caller.patch(path, {"summary": "新"}, **{"If-Match": "*"}).status_code == refused, actor
        assert caller.post(f"{path}/pause", {"takes_new": False}).status_code == refused, actor
        if refused == 401 or actor == "reading_token":
            assert caller.post("/managers", entry).status_code == refused, actor


# Which test above asserts an operation that is not about one record in a state.
OTHERS: dict[str, Callable[..., None]] = {
    "list_need_matches": test_matches_of_records_in_each_state,
    "list_result_matches": test_matches_of_records_in_each_state,
    "explain_match": test_matches_of_records_in_each_state,
    "match_text": test_what_everybody_may_ask,
    "decide_match": test_deciding,
    "list_decisions": test_deciding,
    "create_import": test_imports_belong_to_their_organisation,
    "list_imports": test_imports_belong_to_their_organisation,
    "get_import": test_imports_belong_to_their_organisation,
    "list_import_errors": test_imports_belong_to_their_organisation,
    "check_import": test_imports_belong_to_their_organisation,
    "apply_import": test_imports_belong_to_their_organisation,
    "cancel_import": test_imports_belong_to_their_organisation,
    "list_organisations": test_organisations_are_public_and_changed_by_their_own,
    "get_organisation": test_organisations_are_public_and_changed_by_their_own,
    "create_organisation": test_organisations_are_public_and_changed_by_their_own,
    "edit_organisation": test_organisations_are_public_and_changed_by_their_own,
    "export_organisations": test_organisations_are_public_and_changed_by_their_own,
    "list_agreements": test_agreements_are_read_by_their_two_sides,
    "get_agreement_text": test_agreements_are_read_by_their_two_sides,
    "get_agreement": test_agreements_are_read_by_their_two_sides,
    "list_agreement_readings": test_agreements_are_read_by_their_two_sides,
    **dict.fromkeys(
        ("list_managers", "get_manager", "create_manager", "edit_manager", "pause_manager"),
        test_the_register_of_technology_managers_is_public_and_kept_by_each,
    ),
    "list_code_lists": test_what_everybody_may_ask,
    "get_codes": test_what_everybody_may_ask,
    "get_catalogue": test_what_everybody_may_ask,
    "get_quality": test_what_everybody_may_ask,
    "list_quality_records": test_what_everybody_may_ask,
    "list_training_runs": test_what_everybody_may_ask,
    "get_checkpoint": test_what_everybody_may_ask,
    "get_receipt": test_what_everybody_may_ask,
    "get_consistency": test_what_everybody_may_ask,
    "get_me": test_what_everybody_may_ask,
}


def about_records() -> Iterator[str]:
    for noun in NOUNS:
        yield from (
            f"get_{noun}",
            f"list_{noun}_events",
            f"list_{noun}s",
            f"export_{noun}s",
            f"create_{noun}",
        )
        yield from (f"{verb}_{noun}" for verb in WRITES)


def test_the_table_is_complete() -> None:
    known = {each["operationId"] for _path, _method, each in operations()}
    assert known == set(about_records()) | set(OTHERS)
