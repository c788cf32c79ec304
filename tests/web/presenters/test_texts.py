"""Marked texts stay themselves; excerpts are cut between words."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from ronglian.web.presenters.texts import (
    Said,
    choose,
    excerpt,
    highlight,
    industry,
    mark_piece,
    money_range,
    place,
    show,
)


@given(text=st.text(max_size=200), terms=st.lists(st.text(max_size=8), max_size=5))
def test_marking_changes_no_text_and_lets_no_markup_through(text: str, terms: list[str]) -> None:
    html = highlight(text, terms)
    plain = re.sub(r"</?mark>", "", html)
    assert "<" not in plain
    assert unescape(plain) == text


@given(sentence=st.text(max_size=80), piece=st.text(max_size=10))
def test_marking_a_piece_changes_no_text(sentence: str, piece: str) -> None:
    plain = re.sub(r"</?mark>", "", mark_piece(sentence, piece))
    assert "<" not in plain
    assert unescape(plain) == sentence


@given(text=st.text(max_size=600), terms=st.lists(st.text(min_size=1, max_size=8), max_size=3))
def test_an_excerpt_is_short(text: str, terms: list[str]) -> None:
    for language in ("zh", "en"):
        plain = unescape(re.sub(r"<[^>]+>", "", excerpt(Said(text, language), terms)))
        assert len(plain) <= 222


def test_an_excerpt_shows_the_place_of_the_term() -> None:
    text = "前言" * 80 + "六价铬降到0.1 mg/L"
    assert "<mark>六价铬</mark>" in excerpt(Said(text, "zh"), ["六价铬"])


def test_an_english_excerpt_ends_between_words(english: None) -> None:
    cut = excerpt(Said("chromium reduction " * 30, "en"))
    assert cut.endswith(("chromium…", "reduction…"))


def test_the_other_language_stands_in_and_says_so(english: None) -> None:
    assert choose("铬", "chromium") == Said("chromium", "en")
    assert show(choose("铬", "")) == '<span lang="zh-Hans">铬</span>'


@pytest.mark.parametrize(
    ("low", "high", "chinese", "english"),
    [
        (None, None, "", ""),
        (30_000_000, 60_000_000, "30万元 – 60万元", "CNY 300,000 – CNY 600,000"),
        (30_000_000, 30_000_000, "30万元", "CNY 300,000"),
    ],
)
def test_amounts(low: int | None, high: int | None, chinese: str, english: str) -> None:
    with translation.override("zh-hans"):
        assert money_range(low, high) == chinese
    with translation.override("en"):
        assert money_range(low, high) == english


def test_one_sided_amounts_say_which_side(english: None) -> None:
    assert money_range(None, 30_000_000) == "up to CNY 300,000"
    assert money_range(30_000_000, None) == "from CNY 300,000"


def test_unknown_codes_are_left_out() -> None:
    assert place("990000") == ""
    assert place("") == ""
    assert industry("Z99") == ""
