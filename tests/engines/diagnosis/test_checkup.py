"""Which answers of a check-up point to a trouble: those that the questionnaire says, with its reason, and no others."""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronglian.apps.prospecting.questionnaire import questionnaire_on, questionnaires
from ronglian.engines.diagnosis.checkup import Answer, find_troubles, read_questionnaire

DATA: dict[str, Any] = {
    "version": "1", "valid_from": date(2026, 1, 1), "source": "test",
    "sections": [{"id": "s", "zh": "一", "en": "one", "questions": [
        {"id": "a", "zh": "甲", "en": "a", "title": {"zh": "甲题", "en": "title a"}, "choices": [
            {"id": "no", "zh": "否", "en": "no"},
            {"id": "yes", "zh": "是", "en": "yes", "trouble": 1, "why": {"zh": "因", "en": "why"}}]},
        {"id": "b", "zh": "乙", "en": "b", "title": {"zh": "乙题", "en": "title b"}, "choices": [
            {"id": "no", "zh": "否", "en": "no"},
            {"id": "yes", "zh": "是", "en": "yes", "trouble": 2, "why": {"zh": "因", "en": "why"}}]},
    ]}],
}  # fmt: skip


def test_what_presses_comes_first_and_the_own_words_head_it() -> None:
    asked = read_questionnaire(DATA)
    found = find_troubles(
        asked, {"a": Answer("yes", "冲压模具崩刃\n每周两次"), "b": Answer("yes"), "c": Answer("yes")}
    )
    assert [(each.question.id, each.title("zh")) for each in found] == [("b", "乙题"), ("a", "冲压模具崩刃")]
    assert find_troubles(asked, {"a": Answer("no", "没事"), "b": Answer("maybe")}) == ()
    assert find_troubles(asked, {"a": Answer("yes", "长" * 61)})[0].title("zh") == "甲题"
    assert find_troubles(asked, {"a": Answer("yes")})[0].title("en") == "title a"


@pytest.mark.parametrize(
    ("at", "change"),
    [(1, {"why": None}), (0, {"why": {"zh": "x", "en": "x"}}), (1, {"trouble": 3}), (1, {"id": "no"})],
)
def test_a_questionnaire_that_contradicts_itself_is_refused(at: int, change: dict[str, Any]) -> None:
    data = deepcopy(DATA)
    choice = data["sections"][0]["questions"][0]["choices"][at]
    choice.update(change)
    if change == {"why": None}:
        del choice["why"]
    with pytest.raises(ValueError, match=r"trouble|twice"):
        read_questionnaire(data)
    data = deepcopy(DATA)
    data["sections"][0]["questions"][1]["id"] = "a"
    with pytest.raises(ValueError, match="twice"):
        read_questionnaire(data)


def test_the_shipped_questionnaires_are_whole_in_both_languages() -> None:
    assert questionnaire_on(date(2026, 11, 25)).version == "2026-11"
    assert questionnaire_on(date(2000, 1, 1)) == next(iter(questionnaires().values()))
    for asked in questionnaires().values():
        assert asked.source
        assert len(asked.sections) >= 8
        for section in asked.sections:
            for one in section.questions:
                assert one.title.zh
                assert one.title.en
                assert any(each.trouble for each in one.choices)
                assert any(not each.trouble for each in one.choices)
                texts = [
                    one.text,
                    *(each.text for each in one.choices),
                    *(each.why for each in one.choices if each.why),
                ]
                assert all(
                    each.zh.strip() and each.en.strip() and not re.search("[\u4e00-\u9fff]", each.en)
                    for each in texts
                ), one.id


@given(
    st.dictionaries(
        st.sampled_from(["a", "b", "c"]),
        st.builds(Answer, st.sampled_from(["yes", "no", "x"]), st.text(max_size=80)),
    )
)
def test_every_finding_can_be_read_off_the_questionnaire(answers: dict[str, Answer]) -> None:
    found = find_troubles(read_questionnaire(DATA), answers)
    assert {each.question.id for each in found} == {
        key for key in ("a", "b") if key in answers and answers[key].choice == "yes"
    }
    assert [each.choice.trouble for each in found] == sorted(
        (each.choice.trouble for each in found), reverse=True
    )
    for each in found:
        assert each.choice.why is not None
        assert 0 < len(each.title("zh")) <= 60
