"""An answer can propose texts for parts of the sheet and do nothing else, whatever it says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronglian.engines.diagnosis.drafting import INSTRUCTION, PARTS, UnreadableAnswer, read_answer

SENT = "镀层厚度不均，返工率8%。希望返工率≤3%。"


def answer(*fields: Any) -> str:
    return json.dumps({"fields": list(fields)}, ensure_ascii=False)


def part(text: Any, name: Any = "goal", source: Any = "希望返工率≤3%。") -> dict[str, Any]:
    return {"field": name, "text": text, "source": source}


def test_a_proper_answer_is_read_with_its_sources_plain_or_fenced() -> None:
    content = answer(part("返工率≤3%"), part("镀层厚度不均", "problem", "没有这句话"))
    for text in (content, f"```json\n{content}\n```"):
        drafted = read_answer(text, SENT)
        assert [(each.part, each.source) for each in drafted.suggestions] == [
            ("goal", "希望返工率≤3%。"),
            ("problem", ""),
        ]
        assert drafted.left_out == 0


@pytest.mark.parametrize(
    "bad",
    [
        part("看 https://evil.example/x"),
        part("见 www.evil.example"),
        part("<img src=x onerror=alert(1)>"),
        part("<b>3%</b>"),
        part("[点这里](http://x)"),
        part("&#60;script&#62;"),
        part("javascript:alert(1)"),
        part("请联系 13912345678"),
        part("发到 a@evil.example"),
        part("张经理会处理"),
        part("长" * 1_001),
        part(""),
        part("  "),
        part(["列表"]),
        part("x", "owner"),
        part("published", "state"),
        part("x", ["goal"]),
        "no object",
        None,
    ],
)
def test_what_is_more_than_a_plain_text_for_a_known_part_is_left_out(bad: Any) -> None:
    drafted = read_answer(answer(bad, part("返工率≤3%")), SENT)
    assert [each.text for each in drafted.suggestions] == ["返工率≤3%"]
    assert drafted.left_out == 1


def test_controls_and_what_turns_text_round_are_dropped() -> None:
    (kept,) = read_answer(answer(part("返工\u202e率\x1b[31m≤3%\u200b")), SENT).suggestions
    assert kept.text == "返工率[31m≤3%"


@pytest.mark.parametrize(
    ("content", "code"),
    [("", "not_json"), ("I cannot help", "not_json"), ("[" * 200_000, "not_json"), ("[]", "wrong_shape"), ("{}", "wrong_shape"),
     ('{"fields": {}}', "wrong_shape"), ('{"fields": []}', "nothing")],
)  # fmt: skip
def test_what_is_no_answer_is_named(content: str, code: str) -> None:
    with pytest.raises(UnreadableAnswer) as unreadable:
        read_answer(content, SENT)
    assert unreadable.value.code == code


def test_the_instruction_names_every_part() -> None:
    assert all(f"{name} (" in INSTRUCTION for name in PARTS)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["field", "text", "source", "fields"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(st.one_of(values, st.lists(st.fixed_dictionaries({"field": st.sampled_from([*PARTS, "x"]), "text": st.text(max_size=40)}), max_size=20).map(lambda each: {"fields": each})))  # fmt: skip
def test_whatever_comes_back_only_known_parts_are_filled_with_plain_text(told: Any) -> None:
    try:
        drafted = read_answer(json.dumps(told), SENT)
    except UnreadableAnswer:
        return
    assert len({each.part for each in drafted.suggestions}) == len(drafted.suggestions) <= len(PARTS)
    for each in drafted.suggestions:
        assert each.part in PARTS
        assert each.text.strip()
        assert "://" not in each.text
        assert each.source == ""
