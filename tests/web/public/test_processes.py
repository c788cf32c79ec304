"""The public pages of process definitions."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
NAMES = (
    "national_challenge",
    "gansu_challenge",
    "nanchang_challenge",
    "prize_challenge",
    "horse_race",
    "milestone",
)


def page(path: str, language: str = "zh-hans", status: int = 200) -> str:
    response = Client(headers={"accept-language": language}).get(path)
    assert response.status_code == status
    return response.content.decode()


def test_the_list_says_where_and_whether_each_is_in_force() -> None:
    text = page("/processes/")
    assert "国家“揭榜挂帅”榜单" in text
    assert text.count("已失效") == 1
    assert "no longer in force" in page("/processes/", "en")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_a_page_has_picture_steps_and_sources(name: str, language: str) -> None:
    text = page(f"/processes/{name}/", language)
    begin = text.index('<svg xmlns="http://www.w3.org/2000/svg" role="img"')
    picture = text[begin : text.index("</svg>", begin) + 6]
    root = ET.fromstring(picture)  # noqa: S314 - our own page
    assert root.attrib["role"] == "img"
    assert len(root.attrib["aria-labelledby"].split()) == 2
    assert ("依据" if language != "en" else "Sources") in text


def test_numbers_stand_with_their_source() -> None:
    text = page("/processes/nanchang_challenge/", "en")
    for shown in ("200,000,000 yuan", "1,000,000 yuan", "20 %", "under 洪发办〔2021〕11号"):
        assert shown in text


def test_what_there_is_not_is_404() -> None:
    page("/processes/no_such/", status=404)
    page("/processes/prize_challenge/?version=9", status=404)
    assert "悬赏榜" in page("/processes/prize_challenge/?version=1")
    assert "悬赏榜" in page("/processes/prize_challenge/?version=x")
