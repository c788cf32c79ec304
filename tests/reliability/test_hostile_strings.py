"""A thousand hostile texts through the API, the forms, the searches and import files.

No answer of 500 or above, nothing half-written, and every refusal names its field. Imports get the whole corpus
always; everything else gets a sample in the fast suite and the whole in the slow one. Runs on either database.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.registry.models import RECORD_MODELS, Expert, Need, RegistryRecord, Result, Scene
from ronglian.kernel.models import Event
from tests.api.calls import VISITOR, Caller, secret_of
from tests.factories import make_member, make_need, make_organisation, make_result
from tests.reliability.hostile import VALUES, corpus, nested

pytestmark = pytest.mark.django_db

MODELS: dict[str, type[RegistryRecord]] = {
    "results": Result,
    "needs": Need,
    "experts": Expert,
    "scenes": Scene,
}
NOT_TEXT = frozenset({"keywords", "keywords_en", "expires_on", "disclosure", "owner", "publish"})


Share = Callable[[Sequence[Any], int], Sequence[Any]]


@pytest.fixture(params=["sample", pytest.param("whole", marks=pytest.mark.slow)])
def share(request: pytest.FixtureRequest) -> Share:
    """`share(items, 47)` is every 47th, or all of them in the slow suite.

    The corpus has five forms of each text, so an odd number meets all forms.
    """
    return lambda items, part: items[::part] if request.param == "sample" else items


def schema_of(noun: str) -> dict[str, Any]:
    description = json.loads(Client().get("/api/v1/openapi.json").content)
    found: dict[str, Any] = description["components"]["schemas"][f"New{noun}"]["properties"]
    return found


def text_fields(kind: str) -> list[str]:
    properties = schema_of(kind[:-1].capitalize())
    return [
        name for name, each in properties.items() if each.get("type") == "string" and name not in NOT_TEXT
    ]


@pytest.fixture(autouse=True)
def own_files(settings: Settings, tmp_path: Path) -> None:
    settings.UPLOADS = tmp_path / "uploads"
    settings.STATIC_ROOT = tmp_path


@pytest.fixture
def owner() -> Organisation:
    return make_organisation("苏州示例环保有限公司", region="3205")


@pytest.fixture
def caller(owner: Organisation) -> Caller:
    return Caller(secret_of(make_member(owner)), raise_errors=True)


@pytest.fixture
def screen(owner: Organisation) -> Client:
    client = Client()
    client.force_login(make_member(owner))
    return client


def check_whole() -> None:
    """Every record has the event of its registration, and every such event its record."""
    for model in RECORD_MODELS:
        noun = model._meta.model_name
        rows = set(model.objects.values_list("public_id", flat=True))
        assert rows == set(
            Event.objects.filter(name=f"{noun}.registered").values_list("subject_id", flat=True)
        )


def check_answer(response: Any, *, may_succeed: bool = True) -> None:
    assert response.status_code < 500, response.content[:2000]
    if response.status_code >= 400:
        problem = response.json()
        assert problem["errors"], problem
        assert all(error["message"] and error["in"] for error in problem["errors"]), problem
        if response.status_code == 422:
            assert all(error["name"] for error in problem["errors"]), problem
    else:
        assert may_succeed


def test_the_corpus_is_large() -> None:
    assert len(corpus()) >= 1000
    assert len(set(corpus())) == len(corpus())


def test_texts_through_the_api(caller: Caller, owner: Organisation, share: Share) -> None:
    fields = {kind: text_fields(kind) for kind in MODELS}
    coded = frozenset({"region", "industry", "orcid", "source_id"})
    for text, kind in zip(share(corpus(), 7), cycle(MODELS), strict=False):
        headline = "name" if kind == "experts" else "title"
        sent = {name: text for name in fields[kind] if name not in coded}
        sent[headline] = text[: 80 if kind == "experts" else 300]
        keywords = {"keywords": [text]} if len(text) <= 100 else {}
        check_answer(caller.post(f"/{kind}", {**sent, **keywords, "owner": str(owner.public_id)}))
    for text, kind in zip(share(corpus(), 31), cycle(MODELS), strict=False):
        headline = "name" if kind == "experts" else "title"
        sent = {name: text for name in fields[kind] if name in coded}
        check_answer(caller.post(f"/{kind}", {**sent, headline: "题", "owner": str(owner.public_id)}))
    check_whole()
    for kind in MODELS:
        for page in (1, 2, 3):
            assert caller.get(f"/{kind}", {"state": "draft", "limit": 100, "page": page}).status_code == 200


def test_each_text_alone_in_each_field_names_the_field(caller: Caller, owner: Organisation) -> None:
    """What is wrong in one field is reported for that field and no other."""
    for kind in MODELS:
        headline = "name" if kind == "experts" else "title"
        for name in text_fields(kind):
            for text in ("\x00", "\ud800", "x" * 50_000):
                sent = {headline: "题", "owner": str(owner.public_id), name: text}
                response = caller.post(f"/{kind}", sent)
                assert response.status_code == 422, (kind, name)
                assert {error["pointer"] for error in response.json()["errors"]} == {f"#/{name}"}
    check_whole()


def test_values_of_every_type_in_every_field(caller: Caller, owner: Organisation, share: Share) -> None:
    """A boolean is no number and a number no text: whatever does not belong is refused under its name."""
    values = [*VALUES, nested(50), nested(400)]
    for kind in MODELS:
        headline = "name" if kind == "experts" else "title"
        for at, (name, schema) in enumerate(schema_of(kind[:-1].capitalize()).items()):
            for value in share(values[at % 13 :] + values[: at % 13], 13):
                sent = {headline: "题", "owner": str(owner.public_id), name: value}
                response = caller.post(f"/{kind}", sent)
                check_answer(response)
                if isinstance(value, bool) and schema.get("type") != "boolean":
                    assert response.status_code == 422, (kind, name, value)
                if response.status_code == 422:
                    assert all(error["pointer"].startswith(f"#/{name}") for error in response.json()["errors"]), (
                        kind, name, value, response.content,
                    )  # fmt: skip
    check_whole()


@pytest.mark.parametrize(
    "body", [b'{"title": NaN}', b'{"title": 1e999}', b"[" * 100_000, b'{"a":' * 100_000, b"9" * 100_000]
)
def test_bodies_no_parser_likes(caller: Caller, body: bytes) -> None:
    check_answer(caller.raw("POST", "/needs", body), may_succeed=False)


def test_texts_as_questions_and_searches(caller: Caller, share: Share) -> None:
    make_need(title="电镀废水六价铬深度处理")
    make_result(title="电镀废水六价铬还原技术")
    paths = ("/needs", "/match", "/results", "/experts", "/scenes", "/organisations")
    for text, path in zip(share(corpus(), 9), cycle(paths), strict=False):
        if path == "/match":
            check_answer(VISITOR.post("/match", {"text": text}))
        else:
            check_answer(
                VISITOR.client.get(f"/api/v1{path}?q={_quoted(text[:2000])}", headers=VISITOR.headers)
            )


def test_texts_as_other_parameters(caller: Caller, share: Share) -> None:
    names = (
        "page",
        "limit",
        "region",
        "owner",
        "state",
        "technology_field",
        "include_expired",
        "verification",
        "x",
    )
    for text, name in zip(share(corpus(), 13), cycle(names), strict=False):
        check_answer(
            VISITOR.client.get(f"/api/v1/needs?{name}={_quoted(text[:2000])}", headers=VISITOR.headers)
        )
    for text in share(corpus(), 51):
        assert VISITOR.client.get(f"/api/v1/needs/{_quoted(text[:500])}").status_code in (200, 404)
        for header in ("Idempotency-Key", "If-Match", "Authorization", "Accept-Language"):
            value = text[:200].encode("utf-8", "replace").decode("latin-1")
            response = caller.post("/needs", {}, **{header: value})
            assert response.status_code in (401, 422), header


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"))


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_texts_in_forms(screen: Client, owner: Organisation, share: Share) -> None:
    kinds = cycle(MODELS)
    for text in share(corpus(), 47):
        kind = next(kinds)
        names = [*text_fields(kind), "keywords", "keywords_en", "budget", "price", "expires_on", "opens_on"]
        fields = {**dict.fromkeys(names, text), "owner": str(owner.public_id), "disclosure": "public"}
        check_page(_post(screen, f"/work/{kind}/new/", fields))
    for text in share(corpus(), 97):
        fields = dict.fromkeys(
            ("name", "name_en", "uscc", "ror", "region", "industry", "summary", "size"), text
        )
        check_page(_post(screen, "/work/organisations/new/", {**fields, "kind": "enterprise"}))
        check_page(_post(screen, "/work/tokens/", {"name": text, "days": text}))
        check_page(_post(screen, "/work/needs/draft/", {"title": text, "details": text}))
        check_page(_post(screen, "/work/needs/metrics/", {"metrics_text": text, "details": text}))
    check_whole()


def test_texts_at_a_record(screen: Client, owner: Organisation, share: Share) -> None:
    need, result = make_need(owner), make_result()
    for text in share(corpus(), 97):
        said = {"kind": "declined", "reason": "other", "note": text}
        check_page(_post(screen, f"/needs/{need.public_id}/matches/{result.public_id}/", said))
        check_page(_post(screen, f"/work/needs/{need.public_id}/edit/", {"title": text, "version": text}))
    for text in share(corpus(), 101):
        fresh = make_need(owner)
        check_page(_post(screen, f"/work/needs/{fresh.public_id}/withdraw/", {"reason": text}))
    check_whole()


def test_texts_at_the_entrance(share: Share) -> None:
    client = Client()
    for text in share(corpus(), 97):
        check_page(_post(client, "/accounts/login/", {"login": text, "password": text}))
        check_page(_post(client, "/accounts/password/reset/", {"email": text}))
        check_page(_post(client, "/accounts/signup/", {"email": text, "password1": text, "name": text}))


def test_texts_in_the_addresses_of_pages(client: Client, share: Share) -> None:
    make_need(title="电镀废水六价铬深度处理")
    names = (
        "q",
        "field",
        "region",
        "stage",
        "mode",
        "owner",
        "verification",
        "page",
        "sort",
        "small",
        "expired",
        "side",
    )
    pages = ("/", "/search/", "/needs/", "/results/", "/experts/", "/scenes/", "/organisations/")
    for text, page in zip(share(corpus(), 51), cycle(pages), strict=False):
        query = "&".join(f"{name}={_quoted(text[:1500])}" for name in names)
        assert client.get(f"{page}?{query}").status_code == 200, (page, text[:80])
        assert client.get(f"/needs/{_quoted(text[:300])}/").status_code in (200, 301, 404)


def check_page(response: Any) -> None:
    """No fault of ours; a form that was refused says at which field."""
    assert response.status_code < 500
    if response.status_code == 422 and response.context is not None:
        form = response.context.get("form")
        assert form is None or form.errors, response.content[:2000]


def _post(client: Client, path: str, fields: dict[str, str]) -> Any:
    body = "&".join(f"{quote(name)}={_quoted(text)}" for name, text in fields.items())
    return client.generic("POST", path, body, content_type="application/x-www-form-urlencoded")


# ── import files ─────────────────────────────────────────────────────────────────────────────────────────────────

COLUMNS = ("title", "details", "keywords", "budget", "metrics", "region", "industry", "expires_on", "modes", "id", "anonymous",
           "minimum_maturity", "technology_field", "owner", "title_en", "disclosure")  # fmt: skip


def test_texts_in_the_cells_of_a_file(caller: Caller, owner: Organisation) -> None:
    rows = []
    texts = [text for text in corpus() if len(text) < 100_000]  # a line of a megabyte is refused as a line
    for number, (text, column) in enumerate(zip(texts, cycle(COLUMNS), strict=False)):
        rows.append({**dict.fromkeys(COLUMNS), "difficulty": "难点", "title": f"需求{number}", column: text})
    cells: list[Any] = [*VALUES, nested(50)]
    for number, (value, column) in enumerate(zip(cells * 4, cycle(COLUMNS), strict=False)):
        rows.append(
            {**dict.fromkeys(COLUMNS), "difficulty": "难点", "title": f"另一需求{number}", column: value}
        )
    text = "\n".join(json.dumps(row) for row in rows)
    batch = caller.send(
        "/imports",
        {
            "kind": "needs",
            "owner": str(owner.public_id),
            "file": SimpleUploadedFile("needs.jsonl", text.encode()),
        },
    )
    assert batch.status_code == 201, batch.content
    path = f"/imports/{batch.json()['id']}"
    assert caller.post(f"{path}/check", {}).status_code == 202
    checked = caller.get(path).json()
    assert checked["state"] == "checked", checked["failure"]
    assert checked["rows_seen"] == len(rows)
    assert checked["bad_rows"] > 100
    assert not Need.objects.exists()
    cell = caller.get(f"{path}/errors", {"limit": 100}).json()["items"]
    assert all(each["row"] and each["message"] and each["code"] for each in cell)
    assert caller.post(f"{path}/apply", {"only_good_rows": True}).status_code == 202
    applied = caller.get(path).json()
    assert applied["state"] == "applied", applied["failure"]
    assert Need.objects.count() == checked["creates"] + checked["duplicates"]
    assert Event.objects.filter(name="need.registered").count() == Need.objects.count()


def test_texts_as_names_of_files_and_headers(caller: Caller, owner: Organisation, share: Share) -> None:
    for text in share(corpus(), 101):
        body = f"需求名称,{text}\n甲,{text}\n".encode("utf-8", "surrogatepass")
        fields = {"kind": "needs", "owner": str(owner.public_id), "source_name": "x"}
        name = text[:100].encode("utf-8", "replace").decode().replace("\n", " ").replace("\r", " ")
        if name.rpartition("/")[2] in ("", ".", ".."):
            name = "x"  # Django's upload refuses the others before they are sent
        response = caller.send("/imports", {**fields, "file": SimpleUploadedFile(name, body)})
        assert response.status_code in (201, 422), response.content
        if response.status_code == 201:
            assert caller.post(f"/imports/{response.json()['id']}/check", {}).status_code in (202, 409, 422)
    assert not Need.objects.exists()
