"""Lists as files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

import pytest
from python_calamine import CalamineWorkbook

from ronglian.apps.registry.exports import begun
from tests.api.calls import VISITOR, caller_of, problem_of
from tests.factories import make_need, make_organisation, make_result

pytestmark = pytest.mark.django_db


def content(path: str, **query: str) -> bytes:
    response = VISITOR.get(path, query)
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    return b"".join(response.streaming_content)


def test_the_three_formats_hold_the_same_records() -> None:
    make_result(title="甲", technology_field="environment")
    make_result(title="乙", technology_field="nuclear")
    rows = list(csv.DictReader(io.StringIO(content("/results/export").decode("utf-8-sig"))))
    assert [row["成果名称"] for row in rows] == ["乙", "甲"]
    lines = [json.loads(line) for line in content("/results/export", format="jsonl").splitlines()]
    assert [line["title"] for line in lines] == ["乙", "甲"]
    workbook = CalamineWorkbook.from_filelike(
        io.BytesIO(content("/results/export", format="xlsx", language="en"))
    )
    assert "Title" in workbook.get_sheet_by_index(0).to_python()[0]
    narrowed = content("/results/export", format="jsonl", technology_field="nuclear").splitlines()
    assert len(narrowed) == 1
    found = content("/results/export", format="jsonl", q="甲").splitlines()
    assert [json.loads(line)["title"] for line in found] == ["甲"]


def test_what_is_hidden_is_not_in_the_file() -> None:
    owner = make_organisation("隐名精工有限公司")
    make_need(owner, "公开的需求", anonymous=True, source_name="隐名精工.xlsx", source_id="7")
    make_need(owner, "草稿中的需求", state="draft")
    for kind in ("csv", "jsonl"):
        text = content("/needs/export", format=kind).decode()
        assert "公开的需求" in text
        assert "隐名" not in text
        assert "草稿" not in text
    own = caller_of(owner).get("/needs/export", {"format": "jsonl", "state": "draft"})
    assert "草稿中的需求" in b"".join(own.streaming_content).decode()


def test_a_reader_who_hangs_up_leaves_nothing_open() -> None:
    closed = []

    def rest() -> Iterator[bytes]:
        try:
            yield from (b"a", b"b", b"c")
        finally:
            closed.append(True)

    pieces = begun(rest())
    assert [next(pieces), next(pieces)] == [b"a", b"b"]
    pieces.close()
    assert closed


def test_organisations_and_wrong_parameters() -> None:
    make_organisation("甲大学", kind="university")
    make_organisation("乙公司")
    assert "乙公司" not in content("/organisations/export", kind="university").decode()
    for query in ({"format": "pdf"}, {"language": "fr"}, {"page": "2"}):
        assert problem_of(VISITOR.get("/results/export", query), 422)["errors"][0]["name"] in query
