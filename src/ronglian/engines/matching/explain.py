"""The answer of the engine with its reasons: codes and values, never prose (匹配结果与依据)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ronglian.engines.text import Metric

Verdict = Literal["met", "partly", "not_met", "not_stated", "neutral"]
MetricVerdict = Literal["met", "not_met", "not_stated"]


@dataclass(frozen=True, slots=True)
class Part:
    """One factor's share of the score (得分项).

    ``neutral`` means that the need does not state the factor: maximum and points are 0 and the other maxima are
    scaled up. ``not_stated`` means that the need states it and the result does not.
    """

    factor: str
    points: float
    maximum: float
    verdict: Verdict
    detail: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "factor": self.factor,
            "points": self.points,
            "maximum": self.maximum,
            "verdict": self.verdict,
            "detail": dict(self.detail),
        }


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One metric of the need beside the claim of the result (指标逐项比对).

    ``ratio`` is how near the claim comes: 1 and more meets it; None where no ratio can be formed.
    """

    need: Metric
    claim: Metric | None
    verdict: MetricVerdict
    ratio: float | None

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "need": self.need.to_dict(),
            "claim": None if self.claim is None else self.claim.to_dict(),
            "verdict": self.verdict,
            "ratio": self.ratio,
        }


@dataclass(frozen=True, slots=True)
class MatchedTerm:
    """A word of both texts and the text points that it brings (匹配词)."""

    term: str
    weight: float


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Why a pair may not be suggested (排除原因)."""

    factor: str
    reason: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Improvement:
    """What would raise the match, and by how many points at most (改进建议).

    ``code`` is "state" (the result is silent here) or "improve" (it states something that does not fit fully).
    """

    factor: str
    code: Literal["state", "improve"]
    points: float


@dataclass(frozen=True, slots=True)
class Match:
    """A need and a result with score 0..100 and all reasons (匹配)."""

    need_id: str
    result_id: str
    score: float
    parts: tuple[Part, ...]
    metric_rows: tuple[MetricRow, ...] = ()
    terms: tuple[MatchedTerm, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    improvements: tuple[Improvement, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "need_id": self.need_id,
            "result_id": self.result_id,
            "score": self.score,
            "parts": [part.to_dict() for part in self.parts],
            "metric_rows": [row.to_dict() for row in self.metric_rows],
            "terms": [{"term": term.term, "weight": term.weight} for term in self.terms],
            "exclusions": [
                {"factor": each.factor, "reason": each.reason, "detail": dict(each.detail)}
                for each in self.exclusions
            ],
            "improvements": [
                {"factor": each.factor, "code": each.code, "points": each.points}
                for each in self.improvements
            ],
        }


@dataclass(frozen=True, slots=True)
class Hit:
    """A record found by plain search or as near-duplicate; ``score`` 0..1 (检索结果)."""

    id: str
    score: float
