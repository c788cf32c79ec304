"""From scores to a ranking: totals, severity of reviewers, order, and where reviewers disagree.

Method and worked tables: docs/explanation/algorithms/review.md. Additive model with shrunk reviewers: Henderson, Best linear
unbiased estimation and prediction under a selection model, Biometrics 31 (1975).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Literal

from ronglian.engines.review.exact import solve_exactly

ENGINE_VERSION = "review-1"
HIGHEST = 5
WHOLE = 100
CENTS = 100  # totals are kept in hundredths of a point
SHRINKAGE = 1  # λ: reviewers vary as much as chance does
SPREAD_OF_TOTALS = 30 * CENTS
SPREAD_OF_SCORES = 3
Why = Literal["totals", "criterion"]


@dataclass(frozen=True, slots=True)
class ReviewRules:
    """What was published: weights in whole per cents that add up to 100, and the least adjusted score in hundredths."""

    weights: tuple[int, ...]
    least: int = 0

    def __post_init__(self) -> None:
        if not self.weights or any(weight < 1 for weight in self.weights) or sum(self.weights) != WHOLE:
            raise ValueError("the weights are whole per cents above zero that add up to 100")


@dataclass(frozen=True, slots=True)
class Review:
    """One reviewer's scores of one bid, 0 to 5 for each criterion."""

    bid: str
    reviewer: str
    scores: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A bid in the ranking; scores in hundredths of a point. `place` is None below the least score."""

    bid: str
    place: int | None
    adjusted: int
    mean: int
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """`severity` is what was taken off each reviewer's totals, in hundredths; negative for harsh ones.

    `is_connected` False: some reviewers share no bid with the others, so that their severity is known only among themselves.
    """

    places: tuple[Ranked, ...]
    severity: Mapping[str, int]
    is_connected: bool


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A bid to talk about: totals far apart, or the scores of one criterion; `spread` in hundredths or in scores."""

    bid: str
    why: Why
    spread: int
    criterion: int | None = None


def review_total(rules: ReviewRules, scores: Sequence[int]) -> int:
    """The total of a review in hundredths, 0 to 10,000. Raises ValueError for scores that are none."""
    if len(scores) != len(rules.weights) or any(
        not isinstance(score, int) or not 0 <= score <= HIGHEST for score in scores
    ):
        raise ValueError(f"a review has {len(rules.weights)} whole scores from 0 to {HIGHEST}")
    points = sum(weight * score for weight, score in zip(rules.weights, scores, strict=True))
    return round(Fraction(points * CENTS, HIGHEST))


def rank_bids(rules: ReviewRules, reviews: Sequence[Review], order: Sequence[str]) -> Ranking:
    """Rank the bids of `order` (as they were handed in) by their reviews.

    Raises ValueError for a bid without a review, a review of another bid, or two reviews by one reviewer of one bid.
    """
    if {review.bid for review in reviews} != set(order) or len(set(order)) < len(order):
        raise ValueError("each bid has at least one review, and each review is of one of the bids")
    if len({(review.bid, review.reviewer) for review in reviews}) < len(reviews):
        raise ValueError("a reviewer reviews a bid once")
    totals = {(each.bid, each.reviewer): review_total(rules, each.scores) for each in reviews}
    severity = _severity(totals)
    found = [_scored(rules, bid, reviews, totals, severity) for bid in order]
    heaviest = max(range(len(rules.weights)), key=lambda at: (rules.weights[at], -at))
    sequence = sorted(
        range(len(order)),
        key=lambda at: (-found[at].adjusted, -found[at].mean, -found[at].parts[heaviest], at),
    )
    places = []
    for place, at in enumerate(sequence, 1):
        one = found[at]
        reached = place if one.adjusted >= rules.least else None
        places.append(Ranked(one.bid, reached, one.adjusted, one.mean, one.parts))
    return Ranking(tuple(places), severity, _is_connected(totals))


def disagreements(rules: ReviewRules, reviews: Sequence[Review]) -> list[Disagreement]:
    """Where reviewers of one bid lie apart, in the order of the reviews."""
    found = []
    for bid in dict.fromkeys(review.bid for review in reviews):
        own = [review for review in reviews if review.bid == bid]
        totals = [review_total(rules, review.scores) for review in own]
        if max(totals) - min(totals) >= SPREAD_OF_TOTALS:
            found.append(Disagreement(bid, "totals", max(totals) - min(totals)))
        for at, scores in enumerate(zip(*(review.scores for review in own), strict=True)):
            if max(scores) - min(scores) >= SPREAD_OF_SCORES:
                found.append(Disagreement(bid, "criterion", max(scores) - min(scores), at))
    return found


def _scored(
    rules: ReviewRules,
    bid: str,
    reviews: Sequence[Review],
    totals: Mapping[tuple[str, str], int],
    severity: Mapping[str, int],
) -> Ranked:
    own = [review for review in reviews if review.bid == bid]
    number = len(own)
    adjusted = round(
        Fraction(sum(totals[bid, each.reviewer] - severity[each.reviewer] for each in own), number)
    )
    mean = round(Fraction(sum(totals[bid, each.reviewer] for each in own), number))
    parts = tuple(
        round(Fraction(weight * CENTS * sum(each.scores[at] for each in own), HIGHEST * number))
        for at, weight in enumerate(rules.weights)
    )
    return Ranked(bid, None, adjusted, mean, parts)


def _severity(totals: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """How far each reviewer lies above the others on the same bids, in whole hundredths.

    Least squares with the bids taken out: each total is compared with the mean of its bid; (D + λI − A) r = deviations.
    Both sides are multiplied by what makes them whole, and solved exactly: a half is a half on every machine.
    """
    reviewers = sorted({reviewer for _bid, reviewer in totals})
    place = {reviewer: at for at, reviewer in enumerate(reviewers)}
    of_bid: dict[str, list[str]] = {}
    for bid, reviewer in sorted(totals):
        of_bid.setdefault(bid, []).append(reviewer)
    whole = lcm(*(len(own) for own in of_bid.values()))
    matrix = [
        [SHRINKAGE * whole * (row == column) for column in range(len(reviewers))]
        for row in range(len(reviewers))
    ]
    right = [0] * len(reviewers)
    for bid, own in of_bid.items():
        part = whole // len(own)
        together = sum(totals[bid, each] for each in own)
        for each in own:
            matrix[place[each]][place[each]] += whole
            right[place[each]] += totals[bid, each] * whole - together * part
            for other in own:
                matrix[place[each]][place[other]] -= part
    return dict(zip(reviewers, map(round, solve_exactly(matrix, right)), strict=True))


def _is_connected(totals: Mapping[tuple[str, str], int]) -> bool:
    """Whether every reviewer is linked to every other through bids that both reviewed."""
    of_bid: dict[str, set[str]] = {}
    for bid, reviewer in totals:
        of_bid.setdefault(bid, set()).add(reviewer)
    groups: list[set[str]] = []
    for members in of_bid.values():
        touched = [group for group in groups if group & members]
        groups = [group for group in groups if not group & members] + [members.union(*touched)]
    return len(groups) <= 1
