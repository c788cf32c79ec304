"""Search, facets, order and export of the lists."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ronglian.apps.registry.models import Result
from tests.factories import make_expert, make_need, make_organisation, make_result, make_scene
from tests.web.public.conftest import Region


def titles(client: Client, address: str) -> list[str]:
    response = client.get(address)
    assert response.status_code == 200
    cards = re.findall(r'<h3><a href="[^"]+">(.*?)</a></h3>', response.content.decode())
    return [re.sub(r"<[^>]+>", "", card) for card in cards]


def test_a_search_narrows_and_marks(reader_zh: Client, region: Region) -> None:
    assert titles(reader_zh, "/results/?q=六价铬") == [region.result.title]
    assert "<mark>六价铬</mark>" in reader_zh.get("/results/?q=六价铬").content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("stage=pilot", 1),
        ("mode=development", 1),
        ("mode=equity", 0),
        ("field=environment", 2),
        ("field=nuclear", 0),
        ("region=34", 2),  # one says so itself, of the other its university does
        ("region=32", 0),
        ("owner=university", 2),
        ("owner=enterprise", 0),
        ("verification=self_declared", 2),
        ("verification=verified", 0),
    ],
)
def test_each_facet_narrows(reader_zh: Client, region: Region, query: str, expected: int) -> None:
    assert len(titles(reader_zh, f"/results/?{query}")) == expected


def test_experts_are_narrowed_by_any_of_their_fields(reader_zh: Client, region: Region) -> None:
    make_expert(region.university, "岑岚", technology_fields=["nuclear", "environment"])
    assert len(titles(reader_zh, "/experts/?field=environment")) == 2
    assert titles(reader_zh, "/experts/?field=nuclear") == ["岑岚"]


def test_counts_beside_facets_say_what_choosing_leaves(visitor: Client, region: Region) -> None:
    make_result(region.university, "核电密封", technology_field="nuclear", stage="mature")
    text = visitor.get("/results/?stage=pilot").content.decode()
    choices = dict(re.findall(r'<span>([^<]+)</span><span class="number">(\d+)</span>', text))
    assert choices["environment and resources"] == "1"  # one of the two is at the pilot stage
    assert "nuclear applications" not in choices
    assert choices["mature application"] == "1"  # its own facet shows the way to the others
    chosen = re.search(r'href="(\?[^"]*)">\s*<span>mature application', text)
    assert chosen
    assert titles(visitor, f"/results/{chosen[1]}") == ["核电密封"]


@pytest.mark.parametrize(
    "query",
    [
        "field=x",
        "region=zz",
        "region=3205",
        "stage=%00",
        "page=-4",
        "page=a",
        "sort=up",
        "owner='--",
        "small=2",
        "q=%00",
    ],
)
def test_unknown_values_count_as_none(reader_zh: Client, region: Region, query: str) -> None:
    assert len(titles(reader_zh, f"/results/?{query}")) == 2


def test_expired_records_come_only_when_asked_for(reader_zh: Client, region: Region, yesterday: date) -> None:
    Result.objects.filter(pk=region.other_result.pk).update(expires_on=yesterday)
    assert titles(reader_zh, "/results/") == [region.result.title]
    assert len(titles(reader_zh, "/results/?expired=1")) == 2
    assert region.other_result.title in titles(reader_zh, "/results/?expired=1&q=漂洗水")


def test_drafts_and_closed_records_are_in_no_list(reader_zh: Client, region: Region) -> None:
    make_need(region.firm, "草稿需求", state="draft")
    make_need(region.firm, "内部需求", disclosure="organisation")
    for address in ("/needs/", "/needs/?q=需求", "/needs/?expired=1", "/search/?q=需求", "/needs.csv"):
        text = reader_zh.get(address)
        body = b"".join(text.streaming_content) if text.streaming else text.content  # type: ignore[attr-defined]
        assert "草稿需求" not in body.decode()
        assert "内部需求" not in body.decode()


def test_small_firms_can_come_first(reader_zh: Client, region: Region) -> None:
    large = make_organisation("大型企业", size="large")
    make_need(large, "大企业的废水需求")
    assert titles(reader_zh, "/needs/")[0] == "大企业的废水需求"
    assert titles(reader_zh, "/needs/?small=1")[0] == region.need.title


def test_order_by_fit_or_by_age(reader_zh: Client, region: Region) -> None:
    newest = make_result(region.university, "电镀废水在线监测仪", summary="在线监测电镀废水的多种离子。")
    assert titles(reader_zh, "/results/?q=六价铬 电镀废水")[0] == region.result.title
    assert titles(reader_zh, "/results/?q=六价铬 电镀废水&sort=newest")[0] == newest.title


def test_pages_keep_the_filters(visitor: Client, region: Region) -> None:
    for number in range(25):
        make_result(region.university, f"成果{number}", technology_field="nuclear")
    text = visitor.get("/results/?field=nuclear").content.decode()
    assert "Page 1 of 2" in text
    assert 'href="?field=nuclear&amp;page=2"' in text
    assert len(titles(visitor, "/results/?field=nuclear&page=2")) == 5
    assert len(titles(visitor, "/results/?field=nuclear&page=99")) == 5


def count_queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    "address",
    [
        "/results/",
        "/results/?q=废水",
        "/needs/",
        "/experts/",
        "/scenes/",
        "/organisations/",
        "/search/?q=废水",
    ],
)
def test_a_list_costs_the_same_for_one_and_for_three(reader_zh: Client, db: None, address: str) -> None:
    def add(number: int) -> None:
        owner = make_organisation(f"废水处理公司{number}", region="3205")
        fields = {"region": "3205", "technology_field": "environment"}
        make_need(owner, f"废水需求{number}", modes=["development"], **fields)
        make_result(owner, f"废水成果{number}", transfer_modes=["development"], stage="pilot", **fields)
        make_expert(owner, f"废水专家{number}", technology_fields=["environment"], region="3205")
        make_scene(owner, f"废水场景{number}", **fields)

    add(1)
    reader_zh.get(address)  # the index is built once
    add(2)
    reader_zh.get(address)
    for_two = count_queries(reader_zh, address)
    add(3)
    add(4)
    reader_zh.get(address)
    assert count_queries(reader_zh, address) == for_two


def body(client: Client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_exports_follow_the_filters(reader_zh: Client, region: Region) -> None:
    text = body(reader_zh, "/results.csv?stage=pilot").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["成果名称"] for row in rows] == [region.result.title]
    lines = body(reader_zh, "/results.jsonl").decode().splitlines()
    assert {json.loads(line)["id"] for line in lines} == {
        str(region.result.public_id),
        str(region.other_result.public_id),
    }
    assert body(reader_zh, "/organisations.xlsx?owner=university").startswith(b"PK")


def test_export_links_keep_the_filters(visitor: Client, region: Region) -> None:
    text = visitor.get("/results/?stage=pilot&page=1").content.decode()
    assert 'href="/results.csv?stage=pilot"' in text


def test_search_looks_through_all_kinds(reader_zh: Client, region: Region) -> None:
    found = titles(reader_zh, "/search/?q=电镀")
    assert {region.need.title, region.result.title, region.scene.title} <= set(found)


@pytest.mark.parametrize("address", ["/results/?q=", "/search/?q=", "/organisations/?q="])
@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)>",
        "%F0%9F%92%A9",
        "'; DROP TABLE x;--",
        "%5C%25_",
        "a" * 5000,
        "%ED%A0%80",
    ],
)
def test_hostile_queries_do_no_harm(visitor: Client, region: Region, address: str, text: str) -> None:
    response = visitor.get(f"{address}{text}")
    assert response.status_code == 200
    assert "<img src=x" not in response.content.decode()
