"""Reading a need sheet: nothing is lost, and what is told is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronglian.engines.diagnosis import Slot, read_sheet
from tests.engines.diagnosis.samples import (
    ENGLISH,
    ENGLISH_TITLE,
    PLATING,
    PLATING_TITLE,
    SHEET,
    SHEET_TITLE,
    VAGUE,
    VAGUE_TITLE,
)

TELLING = st.text(
    st.sampled_from("我厂希望目前0123456789.~% mg/L以下。；！\n预算万元个月内验收①（）：、abc .;")
    | st.characters(),
    max_size=300,
)


@given(st.text(max_size=40), TELLING)
def test_every_character_typed_is_kept(title: str, text: str) -> None:
    sheet = read_sheet(title, text)
    assert "".join(passage.text for passage in sheet.passages) == text
    assert all(text[each.start : each.end] == each.text for each in sheet.passages)


@given(st.text(max_size=40), TELLING)
def test_the_same_words_give_the_same_sheet(title: str, text: str) -> None:
    assert read_sheet(title, text) == read_sheet(title, text)


def test_a_trouble_in_chinese() -> None:
    sheet = read_sheet(PLATING_TITLE, PLATING)
    assert sheet.object_words == ("镀铬", "漂洗", "超标")
    assert [(each.name, each.low, each.high) for each in sheet.now] == [("出水六价铬浓度", 0.15, 0.3)]
    assert [(each.name, each.high) for each in sheet.wanted] == [("六价铬", 0.1), ("处理成本", 20.0)]
    assert sheet.budget is not None
    assert (sheet.budget.low_fen, sheet.budget.high_fen) == (80_000_000, 120_000_000)
    assert sheet.deadline == "6个月内完成"
    for slot in set(Slot) - {Slot.COOPERATION, Slot.BACKGROUND, Slot.CONDITION}:
        assert sheet.tells(slot), slot


def test_a_value_of_today_without_a_name_counts_all_the_same() -> None:
    sheet = read_sheet("", "经常在0.15~0.3 mg/L之间徘徊。")
    assert sheet.tells(Slot.BASELINE)
    assert not sheet.now


def test_a_trouble_in_english() -> None:
    sheet = read_sheet(ENGLISH_TITLE, ENGLISH)
    assert [(each.low, each.unit) for each in sheet.now] == [(0.2, "mg/L")]
    assert [each.high for each in sheet.wanted] == [0.1]
    assert sheet.budget is not None
    assert (sheet.budget.low_fen, sheet.budget.high_fen) == (80_000_000, 120_000_000)
    assert "six months" in sheet.deadline
    for slot in (Slot.TRIED, Slot.PROBLEM, Slot.CONSTRAINT, Slot.ACCEPTANCE):
        assert sheet.tells(slot), slot


def test_headings_of_a_sheet_say_what_follows() -> None:
    sheet = read_sheet(SHEET_TITLE, SHEET)
    assert "①形成一种有效的提取方法" in sheet.said(Slot.GOAL)
    assert any("10800" in said for said in sheet.said(Slot.CONDITION))
    assert sheet.wanted == ()  # the firm's acres are no goal


def test_what_a_ton_costs_is_no_budget() -> None:
    assert read_sheet("", "吨水费用升到27元，希望控制在20元以内。").budget is None


@pytest.mark.parametrize("text", ["研发经费投入500万元", "项目预算：300-500万元", "愿意出资50万元"])
def test_ways_to_name_a_budget(text: str) -> None:
    budget = read_sheet("", text).budget
    assert budget is not None
    assert budget.high_fen is not None


def test_a_vague_text_names_nothing() -> None:
    sheet = read_sheet(VAGUE_TITLE, VAGUE)
    assert not sheet.wanted
    assert not sheet.tells(Slot.PROBLEM)
    assert not sheet.tells(Slot.ACCEPTANCE)
