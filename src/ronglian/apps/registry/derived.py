"""What is computed from a record's texts whenever it is written: its structured metrics."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ronglian.apps.registry.models import MeasuredRecord, RegistryRecord, Result
from ronglian.engines.text import Metric, MetricReading, Unread, read_metrics


def fill_derived(record: RegistryRecord) -> None:
    """Read the metrics of a need or a result from its metric lines and its prose.

    A need's prose also tells how things are today; where the need has metric lines, they alone say what is
    wanted.
    """
    if not isinstance(record, MeasuredRecord):
        return
    lines = read_metrics(record.metrics_text)
    prose = read_metrics(record.body)
    english = read_metrics(record.metrics_text_en)
    metrics = _with_english_names(lines.metrics, english)
    if not metrics:
        metrics = list(english.metrics)
    if isinstance(record, Result) or not metrics:
        metrics += _not_said_before(prose.metrics, metrics)
    record.metrics = [metric.to_dict() for metric in metrics]
    record.unread = [_unread_dict(item) for item in (*lines.unread, *prose.unread)]


def record_metrics(record: MeasuredRecord) -> tuple[Metric, ...]:
    """The stored metrics as the engines take them."""
    return tuple(Metric.from_dict(item) for item in record.metrics)


def _with_english_names(metrics: Iterable[Metric], english: MetricReading) -> list[Metric]:
    """Give each Chinese metric the name of its English twin when the two lists run in parallel."""
    chinese = list(metrics)
    if len(chinese) != len(english.metrics):
        return chinese
    return [replace(metric, name_en=twin.name) for metric, twin in zip(chinese, english.metrics, strict=True)]


def _not_said_before(found: Iterable[Metric], known: Iterable[Metric]) -> list[Metric]:
    said = {(metric.low, metric.high, metric.unit) for metric in known}
    return [metric for metric in found if (metric.low, metric.high, metric.unit) not in said]


def _unread_dict(item: Unread) -> dict[str, Any]:
    return {"verbatim": item.verbatim, "sentence": item.sentence, "reason": item.reason}
