"""Completeness and clarity add up, say why, and rise with what is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronglian.engines.diagnosis import Slot, read_sheet, score_clarity, score_completeness
from ronglian.engines.diagnosis.scores import CLARITY_POINTS, COMPLETENESS_POINTS
from tests.engines.diagnosis.samples import ENGLISH, ENGLISH_TITLE, PLATING, PLATING_TITLE, VAGUE, VAGUE_TITLE


def test_the_maxima_are_a_hundred() -> None:
    assert sum(COMPLETENESS_POINTS.values()) == 100
    assert sum(CLARITY_POINTS.values()) == 100


@given(st.text(max_size=60), st.text(max_size=300))
def test_parts_add_up_within_their_bounds(title: str, text: str) -> None:
    sheet = read_sheet(title, text)
    for score in (score_completeness(sheet), score_clarity(sheet)):
        assert score.total == pytest.approx(sum(part.points for part in score.parts))
        assert all(0.0 <= part.points <= part.maximum for part in score.parts)


def test_the_worked_table() -> None:
    """The table of docs/explanation/algorithms/diagnosis.md."""
    told = read_sheet(PLATING_TITLE, PLATING)
    vague = read_sheet(VAGUE_TITLE, VAGUE)
    assert score_completeness(told).total == pytest.approx(94.0)
    assert score_completeness(vague).total == pytest.approx(7.2)
    assert score_clarity(told).total == pytest.approx(20.0 + 25.0 + 20.0 + 15.0 + 10.0)
    assert score_clarity(vague).total == pytest.approx(10.0)


def test_a_translated_need_is_as_complete() -> None:
    chinese = score_completeness(read_sheet(PLATING_TITLE, PLATING))
    english = score_completeness(read_sheet(ENGLISH_TITLE, ENGLISH))
    assert english.total == pytest.approx(chinese.total)


def test_fields_beside_the_text_count() -> None:
    sheet = read_sheet(VAGUE_TITLE, VAGUE)
    before = score_completeness(sheet)
    after = score_completeness(sheet, frozenset({Slot.BUDGET, Slot.GOAL}))
    assert after.total - before.total == pytest.approx(
        COMPLETENESS_POINTS[Slot.BUDGET] + COMPLETENESS_POINTS[Slot.GOAL] * 0.6
    )


def test_telling_more_never_makes_a_need_less_complete() -> None:
    base = score_completeness(read_sheet(VAGUE_TITLE, VAGUE)).total
    for more in ("预算50万元。", "目前用药剂沉淀，经常超标。", "由第三方检测合格后验收。", "6个月内完成。"):
        now = score_completeness(read_sheet(VAGUE_TITLE, VAGUE + more)).total
        assert now > base
        base_text = VAGUE + more
        assert score_completeness(read_sheet(VAGUE_TITLE, base_text + more)).total >= now


def test_parts_show_what_they_rest_on() -> None:
    parts = {part.name: part for part in score_completeness(read_sheet(PLATING_TITLE, PLATING)).parts}
    assert parts["budget"].evidence == ("预算80万到120万元",)
    assert any("第三方检测" in said for said in parts["acceptance"].evidence)
    clear = {part.name: part for part in score_clarity(read_sheet(VAGUE_TITLE, VAGUE)).parts}
    assert "智能化" in clear["plain"].evidence
