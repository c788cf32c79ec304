"""Technical metrics in Chinese and English prose (技术指标识别)."""

from ronglian.engines.text.metric_types import Comparison, Metric, MetricReading, Unread

__all__ = ["Comparison", "Metric", "MetricReading", "Unread"]
