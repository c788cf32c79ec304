"""Technical metrics in Chinese and English prose (技术指标识别).

The method is our own and rule-based; it is told, with a worked table, in docs/explanation/algorithms/metrics.md.
"""

import re
from collections.abc import Iterator
from typing import Literal

from ronglian.engines.text.metric_types import Comparison, Metric, MetricReading, Unread
from ronglian.engines.text.reading import read_sentence

__all__ = ["Comparison", "Metric", "MetricReading", "Unread", "format_metric", "read_metrics"]

_NUMBER_LIKE = re.compile(r"[0-9０-９]|百分之|[一二两三四五六七八九十半](?:倍|成|个月|小时|分钟)")
# A full stop ends an English sentence only before a blank: 0.1 mg/L and D.C. do not end one.
_SENTENCE_END = re.compile(
    r"[。！？!?；;\n\r]+|(?<=[^\s.])\.(?=\s+[A-Z\u4e00-\u9fff]|\s*$)|(?<=[A-Za-z]{3})\.(?=\s)"
)
_LONGEST_SENTENCE = 1200

_SIGN = {
    Comparison.AT_LEAST: "≥", Comparison.AT_MOST: "≤", Comparison.ABOVE: ">", Comparison.BELOW: "<",
    Comparison.EQUAL: "=", Comparison.ABOUT: "≈",
}  # fmt: skip
_UNIT_ZH = {
    "month": "个月", "year": "年", "week": "周", "d": "天", "h": "小时", "min": "分钟", "s": "秒", "CNY": "元", "times": "次",
    "cycles": "次循环", "pcs": "个", "person": "人", "pp": "个百分点", "mesh": "目", "mu": "亩", "jin": "斤",
}  # fmt: skip
# Within a compound, symbols of the SI stay: 500 m³/d, but 20 元/t and 3 t/年.
_PART_ZH = {
    "CNY": "元",
    "year": "年",
    "month": "月",
    "week": "周",
    "pcs": "个",
    "person": "人",
    "mu": "亩",
    "times": "次",
}
_UNIT_EN = {
    "month": "months",
    "year": "years",
    "week": "weeks",
    "d": "days",
    "pp": "percentage points",
    "pcs": "pieces",
}


def read_metrics(text: str) -> MetricReading:
    """Metrics and number-like pieces that are none, in order of appearance; never raises on any text.

    Sentences and verbatim pieces are exact slices of ``text``. Linear in the length of the text; a text without
    numbers costs one search.
    """
    if not _NUMBER_LIKE.search(text):
        return MetricReading()
    metrics: list[Metric] = []
    unread: list[Unread] = []
    for sentence in _sentences(text):
        if _NUMBER_LIKE.search(sentence):
            found, rest = read_sentence(sentence)
            metrics.extend(metric for _, metric in sorted(found, key=lambda pair: pair[0]))
            unread.extend(piece for _, piece in sorted(rest, key=lambda pair: pair[0]))
    return MetricReading(tuple(metrics), tuple(unread))


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for end in [*(mark.end() for mark in _SENTENCE_END.finditer(text)), len(text)]:
        for begin in range(start, end, _LONGEST_SENTENCE):
            sentence = text[begin : min(begin + _LONGEST_SENTENCE, end)].strip()
            if sentence:
                yield sentence
        start = end


def format_metric(metric: Metric, language: Literal["zh", "en"]) -> str:
    """One line for readers: "六价铬 ≤ 0.1 mg/L", "成本降低 30%", "cost: 30% lower"."""
    name = metric.name_en if language == "en" and metric.name_en else metric.name
    value = _value_text(metric, language)
    if metric.comparison is Comparison.INCREASE_BY:
        return f"{name}提高 {value}" if language == "zh" else f"{name}: {value} higher"
    if metric.comparison is Comparison.DECREASE_BY:
        return f"{name}降低 {value}" if language == "zh" else f"{name}: {value} lower"
    if metric.comparison is Comparison.BETWEEN:
        return f"{name} {value}" if language == "zh" else f"{name}: {value}"
    return f"{name} {_SIGN[metric.comparison]} {value}"


def _value_text(metric: Metric, language: Literal["zh", "en"]) -> str:
    numbers = [_number_text(number) for number in (metric.low, metric.high) if number is not None]
    if len(numbers) == 2 and numbers[0] == numbers[1]:
        numbers.pop()
    unit = _unit_text(metric.unit, language)
    joined = ("～" if language == "zh" else " to ").join(numbers)
    return f"{joined}{unit}" if unit in {"", "%", "‰"} else f"{joined} {unit}"


def _number_text(value: float) -> str:
    """The shortest text that reads back as the same number, without an exponent where people would write none."""
    text = f"{value:.12g}"
    if "e" not in text:
        return text
    return (
        f"{value:f}"
        if value == int(value) and abs(value) < 1e15
        else text.replace("e+", "×10^").replace("e", "×10^")
    )


def _unit_text(unit: str, language: Literal["zh", "en"]) -> str:
    if language == "en":
        return _UNIT_EN.get(unit, unit)
    if "/" not in unit:
        return _UNIT_ZH.get(unit, unit)
    return "/".join(_PART_ZH.get(part, part) for part in unit.split("/"))
