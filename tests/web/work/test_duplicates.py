"""Possible duplicates, side by side, and what people decide over them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ronglian.apps.accounts.models import Organisation, Person
from ronglian.apps.registry.enums import State
from ronglian.apps.registry.models import Result
from tests.factories import make_person, make_result
from tests.web.work.conftest import at_screen
from tests.web.work.test_imports import Committing, at, checked


@pytest.fixture
def pair_page(
    client: Client, organisation: Organisation, django_capture_on_commit_callbacks: Committing
) -> Any:
    text = "本成果用于电镀废水中六价铬的深度去除，采用螯合树脂吸附与再生，出水稳定达标，运行费用低。"
    text += "树脂经二十次再生后吸附容量保持在九成以上，已在三家电镀园区连续运行一年，占地小，不产生含铬污泥。"
    make_result(organisation, "螯合树脂除铬技术", summary=text)
    rows = [["螯合树脂除铬技术（新版）", text, 7, "面议", "", ""]]
    batch = checked(client, organisation, rows, django_capture_on_commit_callbacks)
    assert batch.duplicates == 1
    with django_capture_on_commit_callbacks(execute=True):
        client.post(at("import-apply", batch))
    return client.get("/work/duplicates/")


def test_a_pair_stands_side_by_side_and_one_is_kept(client: Client, pair_page: Any) -> None:
    (pair,) = pair_page.context["pairs"]
    kept, lost = pair.sides
    answer = client.post(
        reverse("work:merge", args=[pair.candidate.public_id]), {"keep": str(kept.record.public_id)}
    )
    assert answer.status_code == 302
    assert Result.objects.get(pk=lost.record.pk).state == State.WITHDRAWN
    assert Result.objects.get(pk=kept.record.pk).state == State.PUBLISHED
    assert client.get("/work/duplicates/").context["pairs"] == []


def test_both_stay(client: Client, pair_page: Any) -> None:
    (pair,) = pair_page.context["pairs"]
    client.post(reverse("work:keep-apart", args=[pair.candidate.public_id]))
    assert Result.objects.filter(state=State.PUBLISHED).count() == 2
    assert "No possible duplicates" in client.get("/work/duplicates/").text


def test_nothing_chosen(client: Client, pair_page: Any) -> None:
    (pair,) = pair_page.context["pairs"]
    answer = client.post(reverse("work:merge", args=[pair.candidate.public_id]), {"keep": "x"})
    assert answer.status_code == 422


def test_a_viewer_sees_why_not(viewer: Person, pair_page: Any) -> None:
    (pair,) = pair_page.context["pairs"]
    browser = at_screen(viewer)
    assert browser.get("/work/duplicates/").status_code == 200
    answer = browser.post(reverse("work:keep-apart", args=[pair.candidate.public_id]))
    assert answer.status_code == 403


def test_strangers_see_none(pair_page: Any) -> None:
    (pair,) = pair_page.context["pairs"]
    stranger = at_screen(make_person())
    assert stranger.get("/work/duplicates/").context["pairs"] == []
    assert stranger.post(reverse("work:keep-apart", args=[pair.candidate.public_id])).status_code == 404
