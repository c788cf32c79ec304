"""What leads to a person is found; figures, units and grades of steel are not taken for it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronglian.engines.text.contacts import MARK, find_contacts, without_contacts

PRIVATE = [
    "zhang.san@example.com",
    "tech（at）example.com".replace("（", "(").replace("）", ")"),
    "13912345678",
    "139 1234 5678",
    "0512-66881234",
    "+86 512 6688 1234",
    "400-820-8820",
    "https://example.com/a?b=c",
    "www.example.com",
    "example.com.cn",
    "32050119800101123X",
    "91320500MA1ABCDE0X".replace("I", "1"),
    "微信：yunlan_88",
    "QQ 12345678",
    "联系人：云某某",
    "张经理",
    "李总工",
    "Dr. Emma Weiss",
    "电话：66881234",
]
TECHNICAL = [
    "六价铬≤0.1 mg/L，处理量500 m³/d",
    "镀层厚度 12.5 μm，返工率8%，3 个月内",
    "40Cr13 不锈钢，GB/T 1220-2007，HRC 52-55",
    "成本低于 20 元/吨，预算 30-50万元",
    "2026-11-25 起每天 3 班，产能 120000 件/年",
    "转速 15000 r/min，电压 380 V，功率 7.5 kW",
    "高温高压下密封件老化，方案尚不明确",
]


@pytest.mark.parametrize("private", PRIVATE)
def test_what_leads_to_a_person_is_blotted_out(private: str) -> None:
    text, count = without_contacts(f"返工率8%，请找 {private} ，谢谢")
    assert private not in text
    assert MARK in text
    assert count >= 1
    assert "返工率8%" in text


@pytest.mark.parametrize("technical", TECHNICAL)
def test_technical_words_stay(technical: str) -> None:
    assert without_contacts(technical) == (technical, 0)


def test_known_names_go_whatever_their_case() -> None:
    text, count = without_contacts("YUNLAN Plating 的云岚说", ["Yunlan Plating", "云岚", "x"])
    assert (text, count) == (f"{MARK} 的{MARK}说", 2)


@given(st.text(max_size=300), st.lists(st.text(max_size=12), max_size=4))
def test_spans_are_in_order_and_apart_and_no_known_name_is_left(text: str, names: list[str]) -> None:
    spans = find_contacts(text, names)
    assert all(start < end for start, end in spans)
    assert all(first[1] < second[0] for first, second in pairwise(spans))
    pieces = without_contacts(text, names)[0].split(MARK)
    for name in names:
        if len(name.strip()) >= 2 and MARK not in text:
            assert not [piece for piece in pieces if name.strip() in piece]
