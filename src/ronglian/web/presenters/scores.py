"""A score as bars and whole points that add up to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

from ronglian.apps.matching.wording import describe_part, factor_name, verdict_label, verdict_sign
from ronglian.engines.matching import Match

GAP = 0.4


@dataclass(frozen=True, slots=True)
class Bar:
    """One factor's share. `start`, `width` and `full` are per cent of the whole bar, as SVG takes them."""

    factor: str
    name: str
    points: int
    maximum: int
    start: str
    width: str
    full: str
    verdict: str
    sign: str
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class ScoreView:
    """A score with its bars; the whole points of the bars add up to the whole score."""

    total: int
    bars: list[Bar]


def whole_points(values: Sequence[float]) -> list[int]:
    """Whole numbers that add up to the rounded sum: the largest remainders are rounded up."""
    wholes = [floor(value) for value in values]
    missing = round(sum(values)) - sum(wholes)
    by_remainder = sorted(range(len(values)), key=lambda at: (wholes[at] - values[at], at))
    for at in by_remainder[:missing]:
        wholes[at] += 1
    return wholes


def score_view(match: Match) -> ScoreView:
    """The score of a match."""
    points = whole_points([part.points for part in match.parts])
    maxima = whole_points([part.maximum for part in match.parts])
    bars, start = [], 0.0
    for part, whole, maximum in zip(match.parts, points, maxima, strict=True):
        bars.append(
            Bar(
                factor=part.factor,
                name=factor_name(part.factor),
                points=whole,
                maximum=maximum,
                start=f"{start:.2f}",
                width=f"{max(part.points - GAP, 0):.2f}",
                full=f"{100 * part.points / part.maximum if part.maximum else 0:.1f}",
                verdict=part.verdict,
                sign=verdict_sign(part.verdict),
                label=verdict_label(part.verdict),
                words=describe_part(part),
            )
        )
        start += part.points
    return ScoreView(sum(points), bars)
