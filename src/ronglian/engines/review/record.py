"""The record of a review as a file, and checking it with nothing but that file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ronglian.engines.review.ranking import ENGINE_VERSION, Ranking, Review, ReviewRules, rank_bids

RECORD_FORMAT = "ronglian-review-1"


class RecordError(ValueError):
    """The file is no record of a review; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The first thing in which the record and the computation differ: where, what stands there, what was computed."""

    where: str
    stands: Any
    computed: Any


def write_record(
    rules: ReviewRules,
    criteria: Sequence[str],
    reviews: Sequence[Review],
    order: Sequence[str],
    ranking: Ranking,
) -> dict[str, Any]:
    """The record as plain JSON. Reviewers stand in it as they are named in `reviews`: by number where they are not told."""
    return {
        "format": RECORD_FORMAT,
        "engine": ENGINE_VERSION,
        "rules": {"criteria": list(criteria), "weights": list(rules.weights), "least": rules.least},
        "order": list(order),
        "reviews": [
            {"bid": each.bid, "reviewer": each.reviewer, "scores": list(each.scores)} for each in reviews
        ],
        "ranking": ranking_json(ranking),
    }


def ranking_json(ranking: Ranking) -> dict[str, Any]:
    return {
        "places": [
            {
                "bid": one.bid,
                "place": one.place,
                "adjusted": one.adjusted,
                "mean": one.mean,
                "parts": list(one.parts),
            }
            for one in ranking.places
        ],
        "severity": dict(sorted(ranking.severity.items())),
        "is_connected": ranking.is_connected,
    }


def verify_record(record: Mapping[str, Any]) -> Difference | None:
    """Compute the ranking again from rules and reviews; None where it is the one that stands there.

    A record made by another version of the method differs at `engine`. Raises RecordError where the file is no such record.
    """
    if record.get("format") != RECORD_FORMAT:
        raise RecordError(f"this is no {RECORD_FORMAT}")
    if record.get("engine") != ENGINE_VERSION:
        return Difference("engine", record.get("engine"), ENGINE_VERSION)
    try:
        rules = ReviewRules(tuple(record["rules"]["weights"]), record["rules"]["least"])
        reviews = [Review(each["bid"], each["reviewer"], tuple(each["scores"])) for each in record["reviews"]]
        computed = ranking_json(rank_bids(rules, reviews, record["order"]))
        stands = record["ranking"]
    except (KeyError, TypeError, ValueError) as error:
        raise RecordError(f"this is no whole record: {error}") from error
    return _first_difference(stands, computed, "ranking")


def _first_difference(stands: Any, computed: Any, where: str) -> Difference | None:
    if isinstance(stands, Mapping) and isinstance(computed, Mapping) and stands.keys() == computed.keys():
        parts = [(f"{where}.{key}", stands[key], computed[key]) for key in computed]
    elif isinstance(stands, list) and isinstance(computed, list) and len(stands) == len(computed):
        parts = [
            (f"{where}[{at}]", one, other)
            for at, (one, other) in enumerate(zip(stands, computed, strict=True))
        ]
    else:
        return None if stands == computed else Difference(where, stands, computed)
    for path, one, other in parts:
        found = _first_difference(one, other, path)
        if found is not None:
            return found
    return None
