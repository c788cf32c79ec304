"""Texts that no database chokes on, and errors that name the field."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.registry.models import Need
from ronglian.kernel.errors import InvalidInput, StaleVersion
from ronglian.kernel.validation import clean_json, clean_record, clean_text
from tests.factories import make_organisation

ANY_TEXT = st.text(st.characters(min_codepoint=0, max_codepoint=0x10FFFF))  # with NUL and lone surrogates


@given(ANY_TEXT)
def test_cleaned_text_can_be_stored_everywhere(text: str) -> None:
    cleaned = clean_text(text)
    cleaned.encode("utf-8")
    assert "\x00" not in cleaned
    assert all(c in "\n\t" or unicodedata.category(c) != "Cc" for c in cleaned)


@given(ANY_TEXT, st.booleans())
def test_cleaning_twice_changes_nothing(text: str, one_line: bool) -> None:
    cleaned = clean_text(text, one_line=one_line)
    assert clean_text(cleaned, one_line=one_line) == cleaned


@given(st.text(st.characters(categories=("L", "N", "P", "S"))))
def test_visible_characters_stay(text: str) -> None:
    assert clean_text(text) == text


def test_a_title_of_invisible_characters_is_empty() -> None:
    assert clean_text("\u200b\ufeff\u2060\u202e") == ""


def test_line_ends_are_unified_and_one_line_is_one_line() -> None:
    assert clean_text(" 一\r\n二\r三\n四\t五 ") == "一\n二\n三\n四\t五"
    assert clean_text(" 一\r\n二\t三 ", one_line=True) == "一 二 三"


def test_json_is_cleaned_all_the_way_down() -> None:
    assert clean_json({"a\x00": ["\x00一", {"b": "\ud800二"}], "n": 3}) == {"a": ["一", {"b": "二"}], "n": 3}


@pytest.mark.django_db
class TestRecords:
    def test_each_wrong_field_is_named(self) -> None:
        wrong = Organisation(name="", kind="castle", region="99", uscc="123")
        with pytest.raises(InvalidInput) as caught:
            clean_record(wrong)
        assert set(caught.value.fields) == {"name", "kind", "region", "uscc"}

    def test_a_long_text_is_refused_at_every_door(self) -> None:
        need = Need(owner=make_organisation(), title="题", details="长" * 20_001)
        with pytest.raises(InvalidInput) as caught:
            clean_record(need)
        (message,) = caught.value.fields["details"]
        assert "20001" in str(message)
        assert "20000" in str(message)

    def test_texts_of_one_line_lose_their_line_breaks(self) -> None:
        organisation = Organisation(name="上\n下", kind="enterprise", summary="上\r\n下")
        clean_record(organisation)
        assert (organisation.name, organisation.summary) == ("上 下", "上\n下")


def test_errors_carry_their_status_and_a_stale_version_says_what_to_do(english: None) -> None:
    assert (InvalidInput.status, StaleVersion.status) == (422, 412)
    assert "Reload" in str(StaleVersion())
