"""What the engine is told about a need and about a result (需求与成果的画像)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Self

from ronglian.engines.text import Metric

HARD_FACTORS = frozenset({"metrics", "field", "maturity", "region", "budget", "mode"})
TEXT_FIELDS = ("title", "body", "title_en", "body_en", "keywords")

_INDUSTRY = re.compile(r"[A-T](?:\d{2,4})?")
_REGION = re.compile(r"\d{2}(?:\d{2}){0,2}")


@dataclass(frozen=True, slots=True)
class Profile:
    """What needs and results have in common (画像).

    ``industry`` is a code of GB/T 4754 with its section letter ("C", "C26", "C266", "C2661"), ``region`` 2, 4 or
    6 digits of GB/T 2260, ``modes`` are codes of transfer modes. Raises ValueError for codes of another shape.
    """

    id: str
    title: str
    body: str = ""
    title_en: str = ""
    body_en: str = ""
    keywords: tuple[str, ...] = ()
    metrics: tuple[Metric, ...] = ()
    technology_field: str | None = None
    industry: str | None = None
    region: str | None = None
    modes: frozenset[str] = frozenset()
    confirmed_on: date | None = None
    expires_on: date | None = None

    def __post_init__(self) -> None:
        if self.industry is not None and not _INDUSTRY.fullmatch(self.industry):
            raise ValueError(f"industry must be a GB/T 4754 code such as 'C26', got {self.industry!r}")
        if self.region is not None and not _REGION.fullmatch(self.region):
            raise ValueError(f"region must be 2, 4 or 6 digits of GB/T 2260, got {self.region!r}")

    def facts(self) -> dict[str, Any]:
        """All but the text, without the empty values, as JSON can hold it."""
        found: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in TEXT_FIELDS or value is None or value in ((), frozenset(), ""):
                continue
            found[field.name] = to_plain(value)
        return found

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Self:
        """The profile without text that :meth:`facts` wrote; raises KeyError, TypeError or ValueError."""
        values = dict(facts)
        for name in ("confirmed_on", "expires_on"):
            if name in values:
                values[name] = date.fromisoformat(values[name])
        for name in ("modes", "hard"):
            if name in values:
                values[name] = frozenset(values[name])
        if "metrics" in values:
            values["metrics"] = tuple(Metric.from_dict(metric) for metric in values["metrics"])
        return cls(title="", **values)


@dataclass(frozen=True, slots=True)
class NeedProfile(Profile):
    """Technology need (技术需求).

    ``minimum_maturity`` is the lowest acceptable readiness level 1..9. ``hard`` names the factors that exclude
    a result instead of lowering its score.
    """

    budget_low_fen: int | None = None
    budget_high_fen: int | None = None
    minimum_maturity: int | None = None
    hard: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        # Slotted dataclasses are rebuilt by the decorator, which breaks super() without arguments.
        Profile.__post_init__(self)
        _check_maturity(self.minimum_maturity)
        if not self.hard <= HARD_FACTORS:
            unknown = ", ".join(sorted(self.hard - HARD_FACTORS))
            raise ValueError(
                f"hard names unknown factors: {unknown}; known: {', '.join(sorted(HARD_FACTORS))}"
            )


@dataclass(frozen=True, slots=True)
class ResultProfile(Profile):
    """Research result (科技成果). ``maturity`` is its readiness level 1..9, ``owner`` who holds it."""

    price_low_fen: int | None = None
    price_high_fen: int | None = None
    maturity: int | None = None
    owner: str = ""

    def __post_init__(self) -> None:
        Profile.__post_init__(self)
        _check_maturity(self.maturity)


def _check_maturity(level: int | None) -> None:
    if level is not None and not 1 <= level <= 9:
        raise ValueError(f"a readiness level lies between 1 and 9, got {level}")


def to_plain(value: Any) -> Any:
    """A value of a profile as JSON can hold it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [metric.to_dict() for metric in value]
    return value
