"""The description of the API is complete, and changes only on purpose."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pydantic import BaseModel

from tests.api.calls import VISITOR

SNAPSHOT = Path(__file__).with_name("openapi.json")
RENEW = "RONGLIAN_RENEW_SNAPSHOT"


def description() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Client().get("/api/v1/openapi.json").content)
    return found


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, each) for path, all_ in description()["paths"].items() for method, each in all_.items()
    ]


def test_the_description_is_the_one_kept() -> None:
    """Renew it with `RONGLIAN_RENEW_SNAPSHOT=1 pytest tests/api/test_openapi.py` and look at the difference."""
    text = json.dumps(description(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if os.environ.get(RENEW):
        SNAPSHOT.write_text(text, encoding="utf-8")
    assert text == SNAPSHOT.read_text(encoding="utf-8"), f"the API changed; if on purpose, run with {RENEW}=1"


def test_no_two_schemas_share_a_name() -> None:
    """The later would stand for both in the description."""
    found: dict[str, set[str]] = {}
    waiting = [BaseModel]
    while waiting:
        for schema in waiting.pop().__subclasses__():
            waiting.append(schema)
            if schema.__module__.startswith("ronglian.api.") and "[" not in schema.__name__:
                found.setdefault(schema.__name__, set()).add(schema.__module__)
    assert {name: modules for name, modules in found.items() if len(modules) > 1} == {}


def test_every_operation_says_what_it_is() -> None:
    ids = [each["operationId"] for _path, _method, each in operations()]
    assert len(ids) == len(set(ids))
    for path, method, each in operations():
        where = f"{method} {path}"
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", each["operationId"]), where
        assert all(each[name] for name in ("summary", "description", "tags", "security")), where
        assert "401" in each["responses"], where
        assert any(status.startswith("2") for status in each["responses"]), where
        if "{" in path:
            assert "404" in each["responses"], where


def test_every_call_that_writes_takes_an_idempotency_key() -> None:
    for path, method, each in operations():
        names = {parameter["name"] for parameter in each["parameters"]}
        assert ("Idempotency-Key" in names) == (method in ("post", "patch")), path
        assert ("If-Match" in names) == (method == "patch"), path


def test_every_body_refuses_unknown_fields() -> None:
    schemas = description()["components"]["schemas"]
    for path, _method, each in operations():
        for media, content in each.get("requestBody", {}).get("content", {}).items():
            if media == "application/json":
                name = content["schema"]["$ref"].rsplit("/", 1)[-1]
                assert schemas[name]["additionalProperties"] is False, path


def test_the_description_is_the_same_in_every_language() -> None:
    chinese = Client(headers={"Accept-Language": "zh-Hans"}).get("/api/v1/openapi.json").content
    assert chinese == Client(headers={"Accept-Language": "en"}).get("/api/v1/openapi.json").content


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_the_page_needs_nothing_from_elsewhere(language: str) -> None:
    response = Client(headers={"Accept-Language": language}).get("/api/v1/docs")
    page = response.content.decode()
    assert response.status_code == 200
    assert not re.search(r"(src|href)=[\"'](https?:)?//", page)
    assert "<script" not in page
    assert "style=" not in page
    nonce = re.search(r'<style nonce="([^"]+)">', page)
    assert nonce
    assert f"'nonce-{nonce.group(1)}'" in response["Content-Security-Policy"]
    for _path, _method, each in operations():
        assert f'id="{each["operationId"]}"' in page
    assert f'lang="{language}"' in page


@pytest.mark.django_db
def test_code_lists_have_both_languages() -> None:
    for name in VISITOR.get("/codes").json()["items"]:
        codes = VISITOR.get(f"/codes/{name}").json()["items"]
        assert codes, name
        assert len({code["code"] for code in codes}) == len(codes), name
        assert all(code["zh"] and code["en"] for code in codes), name
    assert VISITOR.get("/codes/nothing").status_code == 422


@pytest.mark.django_db
def test_the_catalogue_is_linked() -> None:
    shown = VISITOR.get("/catalogue").json()
    assert shown["dcat"].endswith("/catalogue.jsonld")
    for dataset in shown["datasets"]:
        assert Client().get(dataset["address"]).status_code == 200
