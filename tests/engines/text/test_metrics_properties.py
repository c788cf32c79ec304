"""What must hold for every text, and the round trip from a metric to prose and back."""

import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ronglian.engines.text import Comparison, Metric, canonical_unit, convert, format_metric, read_metrics

NAMES = ("抗拉强度", "硫含量", "处理能力", "热导率", "重复定位精度", "出水浊度")
UNITS = (
    "%",
    "MPa",
    "mg/L",
    "℃",
    "g/cm³",
    "m³/h",
    "t/year",
    "W/(m·K)",
    "kWh/t",
    "μm",
    "dB(A)",
    "r/min",
    "ppm",
)
PIECES = st.sampled_from(
    [
        "≥",
        "≤",
        ">",
        "<",
        "±",
        "～",
        "~",
        "-",
        "—",
        "至",
        "到",
        "以上",
        "以下",
        "以内",
        "左右",
        "不低于",
        "不超过",
        "提高",
        "降低",
        "达到",
        "由",
        "从",
        "约",
        "倍",
        "成",
        "万",
        "亿",
        "千",
        "%",
        "‰",
        "℃",
        "mg/L",
        "元",
        "个月",
        "年",
        "月",
        "日",
        "目",
        "粒度",
        "/",
        ":",
        "：",
        ",",
        "，",
        "。",
        "；",
        ";",
        "(",
        ")",
        "（",
        "）",
        "1",
        "2.5",
        "10",
        "100",
        "2018",
        "3,000",
        "３",
        "×10^6",
        "10⁻³",
        "效率",
        "成本",
        "公司",
        "我国",
        "HRC",
        "φ",
        "pH",
        "Ra",
        "CBN-",
        "GB/T",
        "from",
        "to",
        "at",
        "least",
        "than",
        "\n",
        "\x00",
        "�",
        "é",
        "İ",
        "😀",
    ]
)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=200),
        st.lists(PIECES, max_size=40).map("".join),
        st.lists(PIECES, max_size=40).map(" ".join),
    )
)
@example("1" * 400 + "×10^99999%")
@example("效率≥" + "9" * 400 + "%")
def test_never_raises_and_keeps_the_source(text: str) -> None:
    reading = read_metrics(text)

    assert reading == read_metrics(text)
    for piece in (*reading.metrics, *reading.unread):
        assert piece.sentence in text
        assert piece.verbatim in piece.sentence
        assert piece.verbatim
    for metric in reading.metrics:
        assert metric.name
        assert metric.low is not None or metric.high is not None
        assert all(math.isfinite(bound) for bound in (metric.low, metric.high) if bound is not None)
        assert metric.low is None or metric.high is None or metric.low <= metric.high
        assert Metric.from_dict(metric.to_dict()) == metric


@st.composite
def metrics(draw: st.DrawFn) -> Metric:
    value = draw(st.decimals(min_value="0.001", max_value="99999", places=3).map(float).filter(bool))
    comparison = draw(st.sampled_from(list(Comparison)))
    unit = draw(st.sampled_from(UNITS))
    low: float | None = value
    high: float | None = value
    if comparison in {Comparison.AT_LEAST, Comparison.ABOVE}:
        high = None
    elif comparison in {Comparison.AT_MOST, Comparison.BELOW}:
        low = None
    elif comparison is Comparison.BETWEEN:
        high = float(f"{value + draw(st.integers(1, 500)):.12g}")
    elif comparison in {Comparison.INCREASE_BY, Comparison.DECREASE_BY}:
        high, unit = None, "%"
    return Metric(draw(st.sampled_from(NAMES)), comparison, low, high, unit, "")


@settings(max_examples=300, deadline=None)
@given(metrics())
def test_formatted_chinese_reads_back(metric: Metric) -> None:
    text = format_metric(metric, "zh")

    (back,) = read_metrics(text).metrics

    assert (back.name, back.comparison, back.low, back.high, back.unit) == (
        metric.name, metric.comparison, metric.low, metric.high, metric.unit,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("metric", "chinese", "english"),
    [
        (
            Metric("六价铬", Comparison.AT_MOST, None, 0.1, "mg/L", ""),
            "六价铬 ≤ 0.1 mg/L",
            "六价铬 ≤ 0.1 mg/L",
        ),
        (
            Metric("成本", Comparison.DECREASE_BY, 30, None, "%", "", "cost"),
            "成本降低 30%",
            "cost: 30% lower",
        ),
        (Metric("周期", Comparison.EQUAL, 3, 3, "month", "", "cycle"), "周期 = 3 个月", "cycle = 3 months"),
        (
            Metric("温度", Comparison.BETWEEN, -40, 85, "℃", "", "temperature"),
            "温度 -40～85 ℃",
            "temperature: -40 to 85 ℃",
        ),
        (
            Metric("发酵水平", Comparison.AT_LEAST, 1e10, None, "CFU/mL", ""),
            "发酵水平 ≥ 10000000000 CFU/mL",
            "发酵水平 ≥ 10000000000 CFU/mL",
        ),
    ],
)
def test_format(metric: Metric, chinese: str, english: str) -> None:
    assert format_metric(metric, "zh") == chinese
    assert format_metric(metric, "en") == english


def test_a_sentence_is_highlightable_in_the_source() -> None:
    text = "一、指标要求：\n1、抗拉强度 ≥ ６００ＭＰａ；2、密度≤2.7g/cm3。\n二、其他"

    first, second = read_metrics(text).metrics

    assert first.sentence == "1、抗拉强度 ≥ ６００ＭＰａ；"
    assert first.verbatim == "≥ ６００ＭＰａ"
    assert (first.low, first.unit) == (600, "MPa")
    assert second.verbatim == "≤2.7g/cm3"


def test_growth_by_a_multiple_is_not_growth_to_it() -> None:
    (by,) = read_metrics("效率提高2倍").metrics
    (to,) = read_metrics("效率提高到2倍").metrics

    assert (by.low, to.low) == (200, 100)


@pytest.mark.parametrize(
    ("value", "unit_from", "unit_to", "expected"),
    [
        (1.8, "g/cm3", "kg/m³", 1800), (1, "万吨/年", "t/year", 10_000), (25, "℃", "K", 298.15), (212, "℉", "℃", 100),
        (1, "℃/min", "K/min", 1), (50, "%", "", 0.5), (1, "ppm", "%", 0.0001), (2, "兆帕", "bar", 20), (1, "Nm3/h", "m3/d", 24),
        (3, "元/千克", "元/吨", 3000), (1, "亩", "m²", 666.666666667), (60, "r/min", "转/秒", 1), (1000, "次", "cycles", 1000),
        (1, "kWh", "MJ", 3.6), (1, "mm", "kg", None), (1, "mesh", "mm", None), (1, "HRC", "HB", None), (1, "no such", "mm", None),
    ],
)  # fmt: skip
def test_convert(value: float, unit_from: str, unit_to: str, expected: float | None) -> None:
    assert convert(value, unit_from, unit_to) == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("克/立方厘米", "g/cm³"), ("g/cm3", "g/cm³"), ("g·cm-3", "g/cm³"), ("w/m.k", "W/(m·K)"), ("W/(m·K)", "W/(m·K)"), ("mpa", "MPa"),
        ("KN", "kN"), ("mPa·s", "mPa·s"), ("万吨/年", "10⁴ t/year"), ("10⁴ t/year", "10⁴ t/year"), ("元／吨", "CNY/t"), ("个月", "month"),
        ("rpm", "r/min"), ("㎡", "m²"), ("dBA", "dB(A)"), ("％", "%"), ("", ""), ("furlong", None), ("mg/L/", "mg/L"), ("产品", None),
    ],
)  # fmt: skip
def test_canonical_unit(written: str, canonical: str | None) -> None:
    assert canonical_unit(written) == canonical
    if canonical:
        assert canonical_unit(canonical) == canonical


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=20))
def test_canonical_unit_is_a_fixed_point(text: str) -> None:
    unit = canonical_unit(text)

    assert unit is None or canonical_unit(unit) == unit
