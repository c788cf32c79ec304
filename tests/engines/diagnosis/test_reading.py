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


def test_a_fault_in_the_title_is_told() -> None:
    assert read_sheet("电镀废水六价铬超标", "").tells(Slot.PROBLEM)
    for title in ("防腐蚀涂料", "充电模块隔离问题", "不锈钢抗裂纹焊丝", "较大流速河道治理"):
        assert not read_sheet(title, "").tells(Slot.PROBLEM), title


def test_matters_that_a_title_numbers_are_counted() -> None:
    assert read_sheet("1、红茶加工。2、绿茶保鲜。", "").matters == ("红茶加工", "绿茶保鲜")
    assert read_sheet("1.5 MW风机叶片", "").matters == ()
    assert read_sheet("红茶加工", "").matters == ()


def test_a_title_that_names_nothing_is_helped_by_what_is_announced() -> None:
    sheet = read_sheet("清洁能源应用开发", "对象：锅炉草木灰和炉渣")
    assert {"锅炉", "炉渣"} <= set(sheet.object_words)


def test_a_fault_told_as_background_counts_and_another_part_ends_it() -> None:
    sheet = read_sheet("采面回采", "一、概述\n设备老化陈旧，制约生产。\n二、技术方案与路线\n实现消突目标。")
    assert sheet.tells(Slot.PROBLEM)
    assert sheet.tells(Slot.GOAL)
