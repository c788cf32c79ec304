"""The examples of docs/reference/api.md are run, top to bottom, and answer what the page says."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from tests.api.calls import secret_of
from tests.factories import make_member, make_need, make_organisation, make_result
from tests.paths import REPOSITORY

PAGE = REPOSITORY / "docs" / "reference" / "api.md"
EXAMPLE = re.compile(
    r"```http\n(?P<request>.*?)```\n\nAnswer (?P<status>\d+)(?P<dot>\.|:\n\n```json\n(?P<answer>.*?)```)",
    re.DOTALL,
)


def contains(found: Any, said: Any, where: str = "answer") -> None:
    """Whatever the page says is in the answer; the answer may say more."""
    if isinstance(said, dict):
        for name, value in said.items():
            assert name in found, f"{where}.{name}"
            contains(found[name], value, f"{where}.{name}")
    elif isinstance(said, list):
        assert len(found) >= len(said), where
        for at, value in enumerate(said):
            contains(found[at], value, f"{where}[{at}]")
    else:
        assert found == said, where


@pytest.mark.django_db
def test_every_example_answers_what_the_page_says() -> None:
    owner = make_organisation("云澜表面处理有限公司")
    need = make_need(
        owner,
        "电镀废水六价铬深度处理",
        technology_field="environment",
        region="3205",
        metrics_text="六价铬 ≤0.1 mg/L",
    )
    result = make_result(
        title="电镀废水六价铬还原技术", technology_field="environment", metrics_text="六价铬 ≤0.05 mg/L"
    )
    known = {
        "token": secret_of(make_member(owner)), "need": str(need.public_id), "result": str(result.public_id),
        "organisation": str(owner.public_id),
    }  # fmt: skip

    def filled(text: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda found: known.get(found[1], found[0]), text)

    text = PAGE.read_text(encoding="utf-8")
    examples = list(EXAMPLE.finditer(text))
    assert len(examples) == text.count("```http") >= 9
    for example in examples:
        head, _blank, body = filled(example["request"]).partition("\n\n")
        first, *lines = head.strip().splitlines()
        method, path = first.split(" ")
        headers = dict(line.split(": ", 1) for line in lines)
        media = headers.pop("Content-Type", "application/json")
        response = Client(headers=headers).generic(
            method, quote(path, safe="/?&=%"), body.strip().encode(), content_type=media
        )
        content = b"".join(response)  # a file that nobody reads to its end would keep its cursor open
        assert response.status_code == int(example["status"]), (first, content)
        if example["answer"]:
            contains(json.loads(content), json.loads(filled(example["answer"])))
