"""The match page: reasons that add up, and decisions of either side."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from ronglian.apps.matching.models import Decision
from ronglian.apps.registry.models import Need, Result
from tests.web.public.conftest import Region


def address(region: Region) -> str:
    return f"/needs/{region.need.public_id}/matches/{region.result.public_id}/"


def page(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status
    return response.content.decode()


def points(text: str) -> tuple[list[int], int]:
    """The points of each factor, and the score beside `Together`."""
    body, foot = text.split("<tfoot>")
    parts = [int(number) for number in re.findall(r'<td class="number">(\d+) <span', body)]
    total = re.search(r'<td class="number">(\d+) <span', foot)
    assert total
    return parts, int(total[1])


def test_the_parts_add_up_to_the_score(visitor: Client, region: Region) -> None:
    parts, total = points(page(visitor, address(region)))
    assert len(parts) >= 6
    assert sum(parts) == total
    assert total > 50


def test_metrics_stand_side_by_side_with_their_sentences(reader_zh: Client, region: Region) -> None:
    text = page(reader_zh, address(region))
    assert "六价铬 ≤ 0.1 mg/L" in text
    assert "六价铬 ≤ 0.05 mg/L" in text
    assert "verdict-met" in text
    assert "verdict-not_stated" in text  # the result says nothing about the cost


def test_shared_words_are_marked_on_both_sides(reader_zh: Client, region: Region) -> None:
    text = page(reader_zh, address(region))
    need, result = text.split('<div class="panel">')[1:3]
    for side in (need, result):
        assert re.search(r"<mark>[^<]*六价", side)


def test_what_would_raise_the_score_is_said(visitor: Client, region: Region) -> None:
    assert "Why not higher" in page(visitor, address(region))


def test_what_is_ruled_out_is_listed_only_when_asked_for_and_with_the_reason(
    visitor: Client, region: Region
) -> None:
    Need.objects.filter(pk=region.need.pk).update(hard=["maturity"], minimum_maturity=9)
    listed = f"/needs/{region.need.public_id}/matches/"
    result = f"/results/{region.result.public_id}/"
    assert result not in page(visitor, listed)
    text = page(visitor, f"{listed}?excluded=1")
    assert result in text
    assert "below the level" in text
    assert "Ruled out:" in page(visitor, address(region))


def test_expired_records_say_why_they_have_no_matches(
    visitor: Client, region: Region, yesterday: object
) -> None:
    Result.objects.filter(pk=region.result.pk).update(expires_on=yesterday)
    assert "has expired" in page(visitor, f"/results/{region.result.public_id}/matches/")


def test_visitors_are_told_who_decides(visitor: Client, region: Region) -> None:
    text = page(visitor, address(region))
    assert "Only the organisations of the need and of the result" in text
    assert '<form method="post" class="decision-form">' not in text


@pytest.mark.parametrize("side", ["firm", "university"])
def test_either_side_decides(region: Region, member_of: Callable[..., Client], side: str) -> None:
    client = member_of(getattr(region, side))
    response = client.post(address(region), {"kind": "confirmed", "reason": "fits_partly", "note": "问价格"})
    assert response.status_code == 302
    decision = Decision.objects.get()
    assert decision.organisation == getattr(region, side)
    assert decision.explanation["score"] > 0
    text = page(client, address(region))
    assert "worth a talk" in text
    assert "问价格" in text


def test_one_side_does_not_see_what_the_other_thinks(
    visitor: Client, region: Region, member_of: Callable[..., Client]
) -> None:
    member_of(region.firm).post(
        address(region), {"kind": "declined", "reason": "too_expensive", "note": "太贵"}
    )
    for client in (visitor, member_of(region.university)):
        assert "太贵" not in page(client, address(region))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"kind": "confirmed", "reason": "too_expensive"}, "does not go with"),
        ({"kind": "declined", "reason": "other"}, "Say in a few words"),
        ({"kind": "confirmed"}, "required"),
        ({"kind": "perhaps", "reason": "other"}, "not one of the available choices"),
        ({"kind": "confirmed", "reason": "other", "note": "x" * 2001}, "2000"),
    ],
)
def test_an_incomplete_decision_comes_back_with_the_reason(
    region: Region, member_of: Callable[..., Client], fields: dict[str, str], message: str
) -> None:
    response = member_of(region.firm).post(address(region), fields)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert not Decision.objects.exists()


def test_others_cannot_decide(visitor: Client, region: Region, member_of: Callable[..., Client]) -> None:
    fields = {"kind": "confirmed", "reason": "fits_problem"}
    for client in (visitor, member_of(region.hidden_firm)):
        response = client.post(address(region), fields)
        assert response.status_code == 403
        assert "Only the organisations" in response.content.decode()
    assert not Decision.objects.exists()


def test_the_decision_form_is_protected_against_forgery(
    region: Region, member_of: Callable[..., Client]
) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(address(region), {"kind": "confirmed", "reason": "fits_problem"})
    assert response.status_code == 403
    assert not Decision.objects.exists()
