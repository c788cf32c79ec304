"""The catalogue, the calendar file, robots and health."""

from __future__ import annotations

import json
from datetime import timedelta
from importlib.metadata import version

from django.test import Client
from icalendar import Calendar

from ronglian.apps.registry.models import Need
from tests.web.public.conftest import Region


def test_the_catalogue_lists_data_sets_that_can_be_downloaded(visitor: Client, region: Region) -> None:
    response = visitor.get("/catalogue.jsonld")
    assert response.headers["Content-Type"] == "application/ld+json"
    catalogue = json.loads(response.content)
    assert catalogue["@type"] == "dcat:Catalog"
    assert len(catalogue["dcat:dataset"]) == 5
    for data_set in catalogue["dcat:dataset"]:
        assert {text["@language"] for text in data_set["dct:title"]} == {"zh-Hans", "en"}
        for distribution in data_set["dcat:distribution"]:
            address = distribution["dcat:downloadURL"]["@id"].removeprefix("http://testserver")
            download = visitor.get(address)
            assert download.status_code == 200
            assert download.headers["Content-Type"].startswith(distribution["dcat:mediaType"])
            assert b"".join(download.streaming_content)  # type: ignore[attr-defined]


def test_a_deadline_goes_into_the_calendar(visitor: Client, region: Region) -> None:
    response = visitor.get(f"/needs/{region.need.public_id}/deadline.ics")
    assert response.headers["Content-Type"].startswith("text/calendar")
    calendar = Calendar.from_ical(response.content)
    (event,) = calendar.walk("VEVENT")
    assert event.decoded("dtstart") == region.need.expires_on
    assert region.need.title in str(event["summary"])
    (alarm,) = event.walk("VALARM")
    assert alarm.decoded("trigger") == -timedelta(days=14)


def test_a_need_without_a_deadline_has_no_calendar_file(visitor: Client, region: Region) -> None:
    Need.objects.filter(pk=region.need.pk).update(expires_on=None)
    assert visitor.get(f"/needs/{region.need.public_id}/deadline.ics").status_code == 404


def test_the_data_page_sets_needs_beside_results(visitor: Client, region: Region) -> None:
    text = visitor.get("/data/").content.decode()
    assert '<a href="/needs/?field=environment">2</a>' in text
    assert '<a href="/results/?field=environment">2</a>' in text


def test_the_points_on_the_about_page_are_those_of_the_engine(visitor: Client, db: None) -> None:
    text = visitor.get("/about/").content.decode()
    assert '<td class="number">60</td>' in text
    assert '<td class="number">100</td>' in text


def test_robots_keeps_work_pages_out(visitor: Client, db: None) -> None:
    response = visitor.get("/robots.txt")
    assert response.headers["Content-Type"].startswith("text/plain")
    assert "Disallow: /work/" in response.content.decode()


def test_health_says_which_server_answers(visitor: Client, db: None) -> None:
    response = visitor.get("/health")
    answer = response.json()
    assert answer["status"] == "ok"
    assert answer["instance"]
    assert (answer["version"], answer["read_only"]) == (version("ronglian"), False)
    assert response.headers["Cache-Control"] == "no-store"
