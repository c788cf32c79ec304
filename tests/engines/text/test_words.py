"""Normalising, segmenting, stems, content terms and highlighting."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronglian.engines.text import (
    char_ngrams,
    content_terms,
    detect_language,
    find_spans,
    normalise,
    segment,
    stem,
)

MARKUP = st.sampled_from(
    [
        "&lt;",
        "&amp;",
        "&nbsp;",
        "<b>",
        "</p>",
        "<br/>",
        "<",
        ">",
        "&",
        "lt;",
        "b>",
        "#60;",
        "&#",
        "＜",
        "＆",
        "ｂ＞",
        "\u200b",
        "\r",
        "\n",
        " ",
        "ﬁ",
        "㎡",
        "x",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(MARKUP, max_size=12).map("".join)))
def test_normalise_is_idempotent(text: str) -> None:
    once = normalise(text)

    assert normalise(once) == once


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ＣＢＮ单晶　１００％", "CBN单晶 100%"),
        ("<p>浓度&le;5&nbsp;mg/L</p>", "浓度≤5 mg/L"),
        ("面积㎡ μm µm m³ ℃ ①", "面积m² μm μm m³ ℃ ①"),
        ("浓度<b且温度>c", "浓度<b且温度>c"),
        ("a\r\n\r\n  b\u200b", "a\nb"),
        ("一，二；三：四！", "一，二；三：四！"),
    ],
)
def test_normalise(text: str, expected: str) -> None:
    assert normalise(text) == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("高韧性立方氮化硼CBN单晶的研制", "zh"),
        ("Removal of chromium", "en"),
        ("基于 deep learning model 的检测", "mixed"),
        ("12.5 %", "none"),
        ("", "none"),
    ],
)
def test_detect_language(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_segment_mixes_both_languages() -> None:
    assert segment("CBN单晶的Deep Learning检测，3D打印") == [
        "cbn",
        "单晶",
        "的",
        "deep",
        "learning",
        "检测",
        "3d",
        "打印",
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("filters filtering filtered", "filter"),
        ("coating coated coats", "coat"),
        ("batteries battery", "batteri"),
        ("processes processed", "process"),
        ("oxides oxide", "oxid"),
        ("氮化硼", "氮化硼"),
    ],
)
def test_inflections_share_a_stem(words: str, expected: str) -> None:
    assert {stem(word) for word in words.split()} == {expected}


def test_char_ngrams() -> None:
    assert char_ngrams("氮化硼CBN") == ["氮", "化", "硼", "cbn", "氮化", "化硼", "硼cbn"]
    with pytest.raises(ValueError, match="n-gram range"):
        char_ngrams("x", 2, 1)


def test_content_terms_leave_out_boilerplate() -> None:
    assert content_terms("我公司需要解决的技术难题：喷涂废水的处理 100") == ["喷涂", "废水", "处理"]
    assert content_terms("The project requires removal of chromium") == ["removal", "chromium"]


def test_find_spans_in_the_original_text() -> None:
    text = "ＣＢＮ单晶与Filtering membranes"

    assert [text[start:end] for start, end in find_spans(text, ["cbn", "单晶", "filters", "mem"])] == [
        "ＣＢＮ单晶",
        "Filtering",
    ]


@settings(deadline=None)
@given(st.text(max_size=60), st.lists(st.text(max_size=6), max_size=5))
def test_spans_are_valid_sorted_and_apart(text: str, terms: list[str]) -> None:
    spans = find_spans(text, terms)

    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(first[1] < second[0] for first, second in pairwise(spans))


@settings(deadline=None)
@given(st.text(max_size=60))
def test_segment_is_deterministic_and_lower_case(text: str) -> None:
    words = segment(text)

    assert words == segment(text)
    assert all(word and not word.isspace() for word in words)
