"""Chinese and English text: normalising, segmenting, terms, quantities with units, metrics and money (文本引擎)."""

from ronglian.engines.text.metrics import Comparison, Metric, MetricReading, Unread
from ronglian.engines.text.normalise import detect_language, normalise
from ronglian.engines.text.segment import char_ngrams, segment, stem
from ronglian.engines.text.terms import content_terms, find_spans

__all__ = [
    "Comparison",
    "Metric",
    "MetricReading",
    "Unread",
    "char_ngrams",
    "content_terms",
    "detect_language",
    "find_spans",
    "normalise",
    "segment",
    "stem",
]
