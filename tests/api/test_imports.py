"""Importing files through the API."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.registry.models import ImportBatch, Need
from tests.api.calls import VISITOR, Caller, caller_of, problem_of, stranger
from tests.factories import make_organisation

pytestmark = pytest.mark.django_db

GOOD = "需求名称,技术领域,预算金额\n六价铬深度处理,环境保护与资源综合利用,30-60万元\n低温焊料,新材料及其应用,面议\n"
BAD = GOOD + "第三个,没有这个领域,很多\n"


@pytest.fixture(autouse=True)
def own_uploads(settings: Any, tmp_path: Any) -> None:
    settings.UPLOADS = tmp_path / "uploads"


def send(caller: Caller, text: str, holder: Organisation | None, **form: Any) -> Any:
    upload = SimpleUploadedFile("needs.csv", text.encode())
    key = form.pop("key", None)
    fields = {"kind": "needs", "file": upload, **({"owner": str(holder.public_id)} if holder else {}), **form}
    return caller.send("/imports", fields, **({"Idempotency-Key": key} if key else {}))


def test_a_file_is_sent_checked_and_taken_over() -> None:
    owner = make_organisation()
    caller = caller_of(owner)
    sent = send(caller, GOOD, owner)
    assert sent.status_code == 201, sent.content
    batch = sent.json()
    assert (batch["state"], batch["mapping"]["需求名称"]) == ("staged", "title")
    path = f"/imports/{batch['id']}"

    assert caller.post(f"{path}/check", {}).status_code == 202
    checked = caller.get(path).json()
    assert (checked["state"], checked["creates"], checked["bad_rows"]) == ("checked", 2, 0)
    assert not Need.objects.exists()

    assert caller.post(f"{path}/apply", {}).status_code == 202
    assert caller.get(path).json()["state"] == "applied"
    assert sorted(item["title"] for item in VISITOR.get("/needs").json()["items"]) == [
        "低温焊料",
        "六价铬深度处理",
    ]
    assert caller.get("/imports").json()["total"] == 1
    refused = problem_of(caller.post(f"{path}/cancel"), 409)
    assert refused["detail"] == "This import is already finished."


def test_bad_cells_are_listed_and_nothing_is_taken_over() -> None:
    owner = make_organisation()
    caller = caller_of(owner)
    path = f"/imports/{send(caller, BAD, owner).json()['id']}"
    caller.post(f"{path}/check", {"mapping": None})
    cells = caller.get(f"{path}/errors").json()
    assert cells["total"] == 2
    assert {(cell["row"], cell["header"]) for cell in cells["items"]} == {(4, "技术领域"), (4, "预算金额")}
    assert all(cell["message"] and cell["file"] == "needs.csv" for cell in cells["items"])
    assert problem_of(caller.post(f"{path}/apply", {}), 409)["code"] == "rule"
    assert not Need.objects.exists()
    assert caller.post(f"{path}/apply", {"only_good_rows": True}).status_code == 202
    assert Need.objects.count() == 2


def test_a_mapping_is_corrected_by_hand() -> None:
    owner = make_organisation()
    caller = caller_of(owner)
    path = f"/imports/{send(caller, GOOD.replace('技术领域', '某列'), owner).json()['id']}"
    wrong = problem_of(caller.post(f"{path}/check", {"mapping": {"某列": "no_such"}}), 422)
    assert wrong["errors"][0]["name"] == "某列"
    caller.post(f"{path}/check", {"mapping": {"某列": "technology_field"}})
    caller.post(f"{path}/apply", {})
    assert Need.objects.filter(technology_field="environment").count() == 1


def test_an_import_can_be_cancelled() -> None:
    owner = make_organisation()
    caller = caller_of(owner)
    path = f"/imports/{send(caller, GOOD, owner).json()['id']}"
    assert caller.post(f"{path}/cancel").json()["state"] == "cancelled"
    assert caller.get(path).json()["state"] == "cancelled"


def test_the_same_key_sends_the_file_once() -> None:
    owner = make_organisation()
    caller = caller_of(owner)
    first, again = (send(caller, GOOD, owner, key="file-1") for _time in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json()["id"] == again.json()["id"]
    assert ImportBatch.objects.count() == 1
    assert problem_of(send(caller, BAD, owner, key="file-1"), 409)["code"] == "conflict"


def test_imports_are_nobody_elses_business() -> None:
    owner = make_organisation()
    path = f"/imports/{send(caller_of(owner), GOOD, owner).json()['id']}"
    other = stranger()
    denied, absent = other.get(path), other.get(f"/imports/{uuid4()}")
    assert denied.status_code == absent.status_code == 404
    assert denied.content == absent.content
    for action in ("check", "apply"):
        assert other.post(f"{path}/{action}", {}).status_code == 404
    assert problem_of(send(other, GOOD, owner), 403)["code"] == "not_allowed"
    assert problem_of(send(other, GOOD, None), 403)


@pytest.mark.parametrize(
    ("change", "place", "name"),
    [
        ({"kind": "nothing"}, "form", "kind"),
        ({"owner": "x"}, "form", "owner"),
        ({"publish": "1"}, "form", "publish"),
        ({"source_name": "a\x00"}, "form", "source_name"),
        ({"file": "no file"}, "file", "file"),
    ],
)
def test_each_refusal_names_the_field(change: dict[str, str], place: str, name: str) -> None:
    owner = make_organisation()
    errors = problem_of(send(caller_of(owner), GOOD, owner, **change), 422)["errors"]
    assert (errors[0]["in"], errors[0]["name"]) == (place, name)


def test_an_unreadable_file_is_named() -> None:
    owner = make_organisation()
    refused = problem_of(send(caller_of(owner), "", owner), 422)
    assert [error["name"] for error in refused["errors"]] == ["file"]
    assert "\x00" not in refused["errors"][0]["message"]
