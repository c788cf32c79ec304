"""Organisations through the API."""

from __future__ import annotations

from typing import Any

import pytest

from ronglian.apps.accounts.models import Organisation
from tests.api.calls import VISITOR, caller_of, pointers, problem_of, stranger
from tests.factories import make_organisation

pytestmark = pytest.mark.django_db
NEW = {
    "name": "云澜表面处理有限公司",
    "kind": "enterprise",
    "size": "small",
    "region": "3205",
    "industry": "C33",
}


def test_an_organisation_is_registered_by_its_first_owner() -> None:
    caller = stranger()
    created = caller.post("/organisations", NEW)
    assert created.status_code == 201, created.content
    shown = created.json()
    assert shown["source_kind"] == "api"
    assert caller.get("/me").json()["organisations"][0]["role"] == "owner"
    path = created["Location"].removeprefix("/api/v1")
    assert VISITOR.get(path).json()["name"] == NEW["name"]
    edited = caller.patch(path, {"size": None, "summary": "表面处理"}, **{"If-Match": created["ETag"]})
    assert (edited.json()["size"], edited.json()["summary"]) == (None, "表面处理")
    assert caller.patch(path, {"summary": "别的"}, **{"If-Match": created["ETag"]}).status_code == 412
    assert stranger().patch(path, {"summary": "别的"}, **{"If-Match": "*"}).status_code == 403


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": ""}, "#/name"), ({"kind": "club"}, "#/kind"), ({"kind": None}, "#/kind"),
        ({"uscc": "913205000000000000"}, "#/uscc"), ({"uscc": "short"}, "#/uscc"), ({"ror": "123456789"}, "#/ror"),
        ({"region": "00"}, "#/region"), ({"verification": "verified"}, "#/verification"), ({"name": 3}, "#/name"),
    ],
)  # fmt: skip
def test_each_refusal_names_the_field(change: dict[str, Any], pointer: str) -> None:
    assert pointers(stranger().post("/organisations", {**NEW, **change})) == [pointer]
    assert not Organisation.objects.exists()


def test_a_code_is_registered_once() -> None:
    make_organisation("甲", ror="05dxps055")
    assert pointers(stranger().post("/organisations", {**NEW, "ror": "05dxps055"})) == ["#/ror"]


def test_lists_and_filters() -> None:
    make_organisation("甲大学", kind="university", region="11")
    make_organisation("乙公司", region="3205")
    for query, name in (
        ({"kind": "university"}, "甲大学"),
        ({"region": "32"}, "乙公司"),
        ({"q": "甲大学"}, "甲大学"),
    ):
        assert [item["name"] for item in VISITOR.get("/organisations", query).json()["items"]] == [name]
    assert problem_of(VISITOR.get("/organisations", {"size": "small"}), 422)["errors"][0]["name"] == "size"


def test_a_token_that_may_only_read() -> None:
    organisation = make_organisation()
    reader = caller_of(organisation, may_write=False)
    assert problem_of(reader.post("/organisations", NEW), 403)
    assert problem_of(reader.patch(f"/organisations/{organisation.public_id}", {}, **{"If-Match": "*"}), 403)
