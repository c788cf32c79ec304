"""What is computed from a record's texts whenever it is written: its structured metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from ronglian.apps.registry.models import MeasuredRecord, RegistryRecord, Result
from ronglian.engines.text import Metric, MetricReading, Unread, read_metrics


def fill_derived(record: RegistryRecord) -> None:
    """Read the metrics of a need or a result from its metric lines and its prose."""
    for name, value in derive(type(record), record.__getattribute__).items():
        setattr(record, name, value)


def derive(model: type[Any], get: Callable[[str], str]) -> dict[str, Any]:
    """The derived values of a record of this kind by attribute; `get` answers its texts. Other kinds have none.

    A need's prose also tells how things are today; where the need has metric lines, they alone say what is
    wanted.
    """
    if not issubclass(model, MeasuredRecord):
        return {}
    lines = read_metrics(get("metrics_text"))
    prose = read_metrics(model.join_body(get))
    english = read_metrics(get("metrics_text_en"))
    metrics = _with_english_names(lines.metrics, english)
    if not metrics:
        metrics = list(english.metrics)
    if issubclass(model, Result) or not metrics:
        metrics += _not_said_before(prose.metrics, metrics)
    return {
        "metrics": [metric.to_dict() for metric in metrics],
        "unread": [_unread_dict(item) for item in (*lines.unread, *prose.unread)],
    }


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
