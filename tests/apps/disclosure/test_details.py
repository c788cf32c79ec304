"""Details under an agreement: not in the row, not in the open, and whole again for those who may have them."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from ronglian.apps.disclosure.models import ConfidentialDetails
from ronglian.apps.registry.duplicates import record_text, text_digest
from ronglian.apps.registry.exports import export_rows
from ronglian.apps.registry.models import Fingerprint, Need, RegistryRecord, Result, Scene
from ronglian.apps.registry.operations.imports import apply_import, check_import, stage_import
from ronglian.apps.registry.operations.records import edit_record, publish_record
from ronglian.apps.registry.queries.records import access_record
from ronglian.kernel.actor import ANONYMOUS, Role
from ronglian.kernel.log.coverage import uncovered_rows
from ronglian.kernel.sealing import KeyMissing, personal_digest, seal, unseal
from tests.api.calls import VISITOR, Caller, caller_of, secret_of
from tests.factories import SYSTEM, make_member, make_need, make_organisation, make_person_of, make_record

pytestmark = pytest.mark.django_db

SECRET: dict[str, Any] = {
    "details": "现场用药剂甲九一七，出水六价铬0.3 mg/L",
    "metrics_text": "六价铬 ≤ 0.1 mg/L",
    "budget_low_fen": 31_700_000,
    "budget_high_fen": 61_700_000,
    "minimum_maturity": 6,
    "hard": ["budget"],
}
CANARIES = ("甲九一七", "0.1 mg/L", "31700000", "61700000", "31.7", "61.7")


@pytest.fixture
def need() -> Need:
    made = make_need(title="电镀废水深度处理", summary="寻求电镀废水处理技术", under_nda=True, **SECRET)
    return access_record(SYSTEM, Need, made.public_id)


def test_the_row_holds_the_public_layer_only(need: Need) -> None:
    row = json.dumps(list(Need.objects.filter(pk=need.pk).values()), ensure_ascii=False, default=str)
    assert not [canary for canary in CANARIES if canary in row]
    stored = Need.objects.get(pk=need.pk)
    assert (stored.details, stored.budget_low_fen, stored.hard, stored.metrics) == ("", None, [], [])
    assert (need.details, need.hard) == (SECRET["details"], ["budget"])
    assert need.metrics


def test_nothing_of_it_can_be_read_in_the_database(need: Need) -> None:
    kept = ConfidentialDetails.objects.get(subject_id=need.public_id).sealed
    assert "甲九一七" not in kept
    assert unseal(kept)["details"] == SECRET["details"]


def test_the_database_refuses_details_in_the_row(need: Need) -> None:
    for field, value in (("details", "明文"), ("budget_low_fen", 1), ("metrics_text", "x")):
        with pytest.raises(IntegrityError), transaction.atomic():
            Need.objects.filter(pk=need.pk).update(**{field: value})
    with pytest.raises(IntegrityError), transaction.atomic():
        need.save()  # opened: a write past the operations


def test_only_its_own_organisation_is_given_the_details(need: Need) -> None:
    owner = make_person_of(need.owner, Role.VIEWER)
    stranger = make_person_of(make_organisation(), Role.OWNER)
    assert access_record(owner, Need, need.public_id).details == SECRET["details"]
    assert access_record(SYSTEM, Need, need.public_id).details == SECRET["details"]
    for actor in (stranger, ANONYMOUS):
        read = access_record(actor, Need, need.public_id)
        assert (read.details, read.metrics_text, read.budget_high_fen, read.is_closed) == ("", "", None, True)


def test_an_edit_sees_and_keeps_the_details(need: Need) -> None:
    editor = make_person_of(need.owner)
    closed = Need.objects.get(pk=need.pk)
    edit_record(actor=editor, record=closed, fields={"title": "新标题"})
    read = access_record(editor, Need, need.public_id)
    assert (read.title, read.details, read.minimum_maturity) == ("新标题", SECRET["details"], 6)
    assert read.metrics == need.metrics


def test_opening_the_details_to_everybody_and_closing_them_again(need: Need) -> None:
    editor = make_person_of(need.owner)
    edit_record(actor=editor, record=need, fields={"under_nda": False})
    assert Need.objects.get(pk=need.pk).details == SECRET["details"]
    assert not ConfidentialDetails.objects.exists()
    edit_record(actor=editor, record=need, fields={"under_nda": True})
    assert Need.objects.get(pk=need.pk).details == ""
    assert access_record(editor, Need, need.public_id).details == SECRET["details"]


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Result, {"details": "配方乙三三", "price_low_fen": 77_00, "metrics_text": "粘度 ≤ 33 mPa·s"}),
        (Scene, {"conditions": "条件乙三三"}),
    ],
)
def test_results_and_scenes_have_them_too(model: type[RegistryRecord], fields: dict[str, Any]) -> None:
    record = make_record(model, summary="公开", under_nda=True, **fields)
    stored = model.objects.filter(pk=record.pk).values().get()
    assert "三三" not in json.dumps(stored, ensure_ascii=False, default=str)
    read = access_record(make_person_of(record.owner), model, record.public_id)
    assert {name: getattr(read, name) for name in fields} == fields


def test_the_api_answers_each_reader_as_is_right(need: Need) -> None:
    own = caller_of(need.owner)
    path = f"/needs/{need.public_id}"
    for tail in ("", "/events", "/matches"):
        text = VISITOR.get(f"{path}{tail}").content.decode()
        assert not [canary for canary in CANARIES if canary in text], tail
    assert VISITOR.get(path).json()["is_closed"] is True
    shown = own.get(path).json()
    assert (shown["details"], shown["is_closed"], shown["under_nda"]) == (SECRET["details"], False, True)
    listed = own.get("/needs").json()["items"][0]
    assert listed["details"] == SECRET["details"]


def test_a_repeated_call_answers_the_same(need: Need) -> None:
    own = Caller(secret_of(make_member(need.owner)))
    body = {"owner": str(need.owner.public_id), "title": "另一个", "under_nda": True, "details": "丙五五五"}
    first, second = (own.post("/needs", body, **{"Idempotency-Key": "k1"}) for _ in range(2))
    assert first.json()["details"] == "丙五五五"
    assert first.content == second.content


def test_the_timeline_does_not_name_changed_confidential_fields(need: Need) -> None:
    edit_record(actor=make_person_of(need.owner), record=need, fields={"details": "改", "title": "改标题"})
    for caller, names in ((VISITOR, ["title"]), (caller_of(need.owner), ["details", "title"])):
        events = caller.get(f"/needs/{need.public_id}/events").json()["items"]
        assert [event["data"]["changed"] for event in events if "changed" in event["data"]] == [names]


def test_publishing_presents_the_details_to_the_owner() -> None:
    need = make_need(state="draft", under_nda=True, **SECRET)
    own = Caller(secret_of(make_member(need.owner)))
    assert own.post(f"/needs/{need.public_id}/publish").json()["details"] == SECRET["details"]
    with pytest.raises(Exception, match="published"):
        publish_record(actor=SYSTEM, record=need)


def exported(actor: Any) -> str:
    return b"".join(export_rows(actor, "needs", Need.objects.all(), "jsonl")).decode()


def test_files_carry_the_details_for_the_owner_only_and_read_back_unchanged(
    need: Need, settings: Any, tmp_path: Any
) -> None:
    settings.UPLOADS = tmp_path
    assert "甲九一七" not in exported(make_person_of(make_organisation()))
    owner = make_person_of(need.owner, Role.OWNER)
    text = exported(owner)
    assert "甲九一七" in text
    batch = load(owner, text, need)
    assert (batch.unchanged, batch.changes, batch.bad_rows) == (1, 0, 0)
    changed = text.replace("甲九一七", "甲九一八")
    assert load(owner, changed, need).updates == 1
    assert "甲九一八" in access_record(owner, Need, need.public_id).details
    assert Need.objects.get(pk=need.pk).details == ""


def test_a_file_of_confidential_needs_makes_rows_without_details(
    need: Need, settings: Any, tmp_path: Any
) -> None:
    settings.UPLOADS = tmp_path
    owner = make_person_of(need.owner, Role.OWNER)
    row = {
        "title": "另一个需求",
        "summary": "公开",
        "details": "丁六六六",
        "under_nda": True,
        "budget": "30万元",
    }
    load(owner, json.dumps(row, ensure_ascii=False), need)
    made = Need.objects.get(title="另一个需求")
    assert (made.details, made.budget_low_fen, made.summary) == ("", None, "公开")
    mark = Fingerprint.objects.get(subject_id=made.public_id)
    assert mark.digest == text_digest(record_text(made)), "the fingerprint is one of the public text"
    opened = access_record(owner, Need, made.public_id)
    assert (opened.details, opened.budget_low_fen) == ("丁六六六", 30_000_000)
    assert load(owner, json.dumps(row, ensure_ascii=False), need).unchanged == 1
    assert (
        load(owner, json.dumps(row | {"details": "戊七七七", "id": str(made.public_id)}), need).updates == 1
    )
    edit_record(actor=owner, record=made, fields={"difficulty": "己八八八"})
    assert list(uncovered_rows(Need)) == []  # the log commits to the rows as they are stored


def load(actor: Any, text: str, need: Need) -> Any:
    batch = stage_import(
        actor=actor, owner=need.owner, kind="needs", file=BytesIO(text.encode()), filename="n.jsonl"
    )
    check_import(actor=actor, batch=batch)
    batch.refresh_from_db()
    if batch.changes:
        apply_import(actor=actor, batch=batch)
    batch.refresh_from_db()
    return batch


def test_the_form_shows_and_keeps_the_choice(need: Need) -> None:
    client = Client()
    client.force_login(make_member(need.owner, Role.EDITOR))
    page = client.get(f"/work/needs/{need.public_id}/edit/").content.decode()
    assert "甲九一七" in page
    assert 'name="under_nda"' in page
    shown = client.get(f"/needs/{need.public_id}/").content.decode()
    assert "甲九一七" in shown
    assert "甲九一七" not in shown.partition("ld+json")[2].partition("</script>")[0]
    public = Client().get(f"/needs/{need.public_id}/").content.decode()
    assert not [canary for canary in CANARIES if canary in public]
    assert "寻求电镀废水处理技术" in public
    assert 'id="nda"' in public


def test_a_lost_key_is_said_and_an_added_one_opens_both(settings: Any) -> None:
    settings.DATA_KEYS = ["first"]
    sealed, digest = seal({"a": "秘"}), personal_digest("a@example.org")
    settings.DATA_KEYS = ["second", "first"]
    assert unseal(sealed) == {"a": "秘"}
    assert personal_digest("a@example.org") == digest
    newer = seal({"a": "秘"})
    settings.DATA_KEYS = ["second"]
    assert unseal(newer) == {"a": "秘"}
    with pytest.raises(KeyMissing, match="RONGLIAN_DATA_KEYS"):
        unseal(sealed)


def test_no_text_of_it_reaches_the_statement_log(need: Need) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM kernel_event WHERE CAST(data AS TEXT) LIKE %s", ["%甲九一七%"])
        assert cursor.fetchone()[0] == 0
