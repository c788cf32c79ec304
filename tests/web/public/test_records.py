"""Record pages: what they say, to whom, and what can happen next."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from ronglian.apps.registry.models import Need
from ronglian.kernel.actor import Role
from ronglian.kernel.log.sequencer import keep_log
from tests.factories import make_need, make_result
from tests.web.public.conftest import Region


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def linked_data(text: str) -> dict[str, object]:
    found = re.search(r'<script type="application/ld\+json" nonce="[^"]+">(.*?)</script>', text, re.DOTALL)
    assert found
    described: dict[str, object] = json.loads(found[1])
    return described


def test_a_need_says_all_it_states(reader_zh: Client, region: Region) -> None:
    text = page(reader_zh, f"/needs/{region.need.public_id}/")
    for expected in (
        region.need.title,
        "六价铬 ≤ 0.1 mg/L",
        "30万元",
        "60万元",
        "TRL 6",
        "江苏省苏州市",
        "青屿表面处理有限公司",
    ):
        assert expected in text
    assert "<mark>" in text  # the piece a metric was read from


def test_english_where_it_was_written_and_chinese_where_not(visitor: Client, region: Region) -> None:
    text = page(visitor, f"/needs/{region.need.public_id}/")
    assert "Hexavalent chromium in plating waste water is above the limit" in text
    text = page(visitor, f"/results/{region.other_result.public_id}/")
    assert f'<span lang="zh-Hans">{region.other_result.title}</span>' in text


def test_figures_that_could_not_be_read_are_shown(visitor: Client, region: Region) -> None:
    need = make_need(region.firm, "磨料需求", metrics_text="100/120粒度")
    if not need.unread:
        pytest.fail("the reader was expected to leave a grain size unread")
    assert "could not be read" in page(visitor, f"/needs/{need.public_id}/")


def test_matches_stand_on_the_page(visitor: Client, region: Region) -> None:
    text = page(visitor, f"/needs/{region.need.public_id}/")
    assert f"/needs/{region.need.public_id}/matches/{region.result.public_id}/" in text


@pytest.mark.parametrize(
    "hidden", [{"state": "draft"}, {"state": "withdrawn"}, {"disclosure": "organisation"}]
)
def test_what_is_not_open_is_not_there(
    visitor: Client, region: Region, member_of: Callable[..., Client], hidden: dict[str, str]
) -> None:
    need = make_need(region.firm, "内部需求", **hidden)
    addresses = (
        f"/needs/{need.public_id}/",
        f"/needs/{need.public_id}/matches/",
        f"/needs/{need.public_id}/deadline.ics",
    )
    for address in addresses:
        assert visitor.get(address).status_code == 404
        assert member_of(region.university).get(address).status_code == 404
        assert member_of(region.firm).get(address).status_code == 200
    assert visitor.get(f"/needs/{need.public_id}/matches/{region.result.public_id}/").status_code == 404


def test_buttons_for_those_who_may_and_reasons_for_members_who_may_not(
    visitor: Client, region: Region, member_of: Callable[..., Client]
) -> None:
    address = f"/needs/{region.need.public_id}/"
    edit = f"/work/needs/{region.need.public_id}/edit/"
    assert edit in page(member_of(region.firm), address)
    as_viewer = page(member_of(region.firm, Role.VIEWER), address)
    assert edit not in as_viewer
    assert "Only owners and editors" in as_viewer
    for stranger in (visitor, member_of(region.university)):
        text = page(stranger, address)
        assert edit not in text
        assert "Only owners and editors" not in text


def test_an_expiring_record_can_be_confirmed_and_a_draft_published(
    region: Region, member_of: Callable[..., Client], yesterday: date
) -> None:
    editor = member_of(region.firm)
    Need.objects.filter(pk=region.need.pk).update(expires_on=yesterday)
    text = page(editor, f"/needs/{region.need.public_id}/")
    assert f"/work/needs/{region.need.public_id}/confirm/" in text
    assert "expired on" in text
    draft = make_need(region.firm, "草稿", state="draft")
    assert f"/work/needs/{draft.public_id}/publish/" in page(editor, f"/needs/{draft.public_id}/")


def test_the_timeline_names_people_only_inside(
    visitor: Client, region: Region, member_of: Callable[..., Client]
) -> None:
    address = f"/needs/{region.need.public_id}/"
    assert "registered" in page(visitor, address)
    assert "registered · test" not in page(visitor, address)
    assert "registered · test" in page(member_of(region.firm), address)


def test_a_public_record_describes_itself_to_machines(visitor: Client, region: Region) -> None:
    described = linked_data(page(visitor, f"/needs/{region.need.public_id}/"))
    assert described["@type"] == "Demand"
    assert described["identifier"] == str(region.need.public_id)
    assert described["priceSpecification"] == {
        "@type": "PriceSpecification",
        "priceCurrency": "CNY",
        "minPrice": "300000.00",
        "maxPrice": "600000.00",
    }
    for address, kind in (
        (f"/results/{region.result.public_id}/", "CreativeWork"),
        (f"/experts/{region.expert.public_id}/", "Person"),
        (f"/scenes/{region.scene.public_id}/", "Offer"),
        (f"/organisations/{region.firm.public_id}/", "Organization"),
    ):
        assert linked_data(page(visitor, address))["@type"] == kind


def test_what_is_not_public_is_not_described(region: Region, member_of: Callable[..., Client]) -> None:
    closed = make_need(region.firm, "内部需求", disclosure="organisation")
    assert "ld+json" not in page(member_of(region.firm), f"/needs/{closed.public_id}/")


def test_texts_cannot_break_out_of_the_page(visitor: Client, region: Region) -> None:
    evil = "</script><script>alert(1)</script><!-- {{ 7|add:7 }}"
    result = make_result(region.university, evil, summary=evil, title_en=evil, keywords=[evil[:90]])
    for address in (f"/results/{result.public_id}/", "/results/", "/?q=alert script"):
        text = page(visitor, address)
        assert "<script>alert" not in text
    assert linked_data(page(visitor, f"/results/{result.public_id}/"))["identifier"] == str(result.public_id)


def test_an_organisation_shows_what_it_openly_holds(visitor: Client, region: Region) -> None:
    text = page(visitor, f"/organisations/{region.university.public_id}/")
    assert f"/results/{region.result.public_id}/" in text
    assert f"/experts/{region.expert.public_id}/" in text


def test_the_timeline_offers_receipts_once_they_can_be_had(client: Client, db: None) -> None:
    need = make_need()
    address = f"/needs/{need.public_id}/"
    assert "receipt-" not in client.get(address).content.decode()
    keep_log(timezone.now())
    page = client.get(address).content.decode()
    links = re.findall(r'href="(/api/v1/log/entries/[0-9a-f-]+/receipt)"', page)
    assert len(links) == 2
    assert client.get(links[0]).json()["entry"]["subject"] == f"need/{need.public_id}"


def test_the_page_of_the_log_shows_the_latest_checkpoint(client: Client, db: None) -> None:
    assert client.get("/log/").status_code == 200
    make_need()
    keep_log(timezone.now())
    note = client.get("/api/v1/log/checkpoint").json()["note"]
    assert escape(note.splitlines()[2]) in client.get("/log/").content.decode()
