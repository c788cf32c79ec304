"""The acceptance test that the enterprise sets as examiner: drafted from its goals, checked for gaps (验收标准)."""

from dataclasses import dataclass, fields

from ronglian.engines.diagnosis.sheet import NeedSheet
from ronglian.engines.text import Metric


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of an acceptance test (验收指标): what is measured, what must come out, how, by whom, shown by what."""

    quantity: str
    threshold: str
    method: str = ""
    measured_by: str = ""
    evidence: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the parts that nobody has written yet; an acceptance test has none."""
        return tuple(field.name for field in fields(self) if not getattr(self, field.name).strip())


def draft_criteria(sheet: NeedSheet) -> tuple[Criterion, ...]:
    """A line for each wanted value, with the words of the enterprise as threshold; the rest is for it to write."""
    return tuple(Criterion(metric.name, _threshold(metric)) for metric in sheet.wanted)


def _threshold(metric: Metric) -> str:
    """The value as it was written, without the name in front of it."""
    said = metric.verbatim.strip()
    return said.removeprefix(metric.name).strip(" :：为是") or said


def is_complete(criteria: tuple[Criterion, ...]) -> bool:
    """Whether there is a test at all and every line of it is whole."""
    return bool(criteria) and not any(criterion.missing for criterion in criteria)
