"""Chinese and English text: normalising, words, terms, quantities, metrics and money (文本引擎)."""

from ronglian.engines.text.metrics import (
    Comparison,
    Metric,
    MetricReading,
    Unread,
    format_metric,
    read_metrics,
)
from ronglian.engines.text.money import MoneyError, MoneyRange, format_money, read_money
from ronglian.engines.text.normalise import detect_language, normalise
from ronglian.engines.text.quantities import canonical_unit, convert
from ronglian.engines.text.segment import MARK, char_ngrams, segment, segment_all, stem
from ronglian.engines.text.terms import content_terms, find_spans, is_content

__all__ = [
    "MARK",
    "Comparison",
    "Metric",
    "MetricReading",
    "MoneyError",
    "MoneyRange",
    "Unread",
    "canonical_unit",
    "char_ngrams",
    "content_terms",
    "convert",
    "detect_language",
    "find_spans",
    "format_metric",
    "format_money",
    "is_content",
    "normalise",
    "read_metrics",
    "read_money",
    "segment",
    "segment_all",
    "stem",
]
