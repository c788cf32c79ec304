"""What the metric reader answers: a metric, what could not be read, and both together (技术指标)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Comparison(StrEnum):
    """How the value of a metric is meant (比较方式)."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ABOVE = "above"
    BELOW = "below"
    EQUAL = "equal"
    ABOUT = "about"
    BETWEEN = "between"
    INCREASE_BY = "increase_by"
    DECREASE_BY = "decrease_by"


@dataclass(frozen=True, slots=True)
class Metric:
    """One technical metric (技术指标).

    ``low`` and ``high`` are in ``unit``. AT_LEAST and ABOVE fill ``low``; AT_MOST and BELOW fill ``high``;
    EQUAL and ABOUT fill both with the same value; BETWEEN fills both; INCREASE_BY and DECREASE_BY fill ``low``
    with the change, and ``high`` too where a range of change is stated. ``sentence`` is the source sentence
    exactly as it stands there and contains ``verbatim``, the piece that was read.
    """

    name: str
    comparison: Comparison
    low: float | None
    high: float | None
    unit: str
    sentence: str
    name_en: str = ""
    verbatim: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "name": self.name,
            "comparison": self.comparison.value,
            "low": self.low,
            "high": self.high,
            "unit": self.unit,
            "sentence": self.sentence,
            "name_en": self.name_en,
            "verbatim": self.verbatim,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Metric":
        """The metric that :meth:`to_dict` wrote.

        Raises KeyError for a missing part and ValueError for an unknown comparison or a number that is none.
        """
        return cls(
            name=str(values["name"]),
            comparison=Comparison(values["comparison"]),
            low=_number(values["low"]),
            high=_number(values["high"]),
            unit=str(values["unit"]),
            sentence=str(values["sentence"]),
            name_en=str(values.get("name_en", "")),
            verbatim=str(values.get("verbatim", "")),
        )


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


@dataclass(frozen=True, slots=True)
class Unread:
    """Something like a quantity that is not taken as a metric, with the reason as a code (未识别的数值).

    Reasons: ``no_name`` (no noun says what is measured), ``no_unit`` (a bare number without unit or
    comparison), ``unknown_unit``, ``grain_notation`` (100/120粒度), ``ratio_notation`` (35:18:8),
    ``identifier`` (standard, patent, telephone or document number), ``not_technical`` (money of the business,
    staff, years, background statistics), ``baseline`` (the value to be improved upon), ``relative_value`` (a share of something else), ``several_values``
    (values that cannot be shared out among names), ``unclear_power`` (1×1016: the exponent lost its place),
    ``reversed_range`` (a range that runs backwards).
    """

    verbatim: str
    sentence: str
    reason: str


@dataclass(frozen=True, slots=True)
class MetricReading:
    """All that was found in one text, in order of appearance (读取结果)."""

    metrics: tuple[Metric, ...] = ()
    unread: tuple[Unread, ...] = ()
