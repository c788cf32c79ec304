"""From rows to the review engine and back: fit of reviewers, the published rules, and how far the review is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils import timezone

from ronglian.apps.accounts.queries.conflicts import list_ties
from ronglian.apps.challenges.enums import AwardState, BidState, ReviewState
from ronglian.apps.challenges.models import (
    Award,
    Bid,
    BidFeedback,
    Challenge,
    ChallengeObjection,
    Review,
    Reviewer,
)
from ronglian.apps.challenges.teams import sides_of
from ronglian.engines import review as engine
from ronglian.engines.proof import canonical_json
from ronglian.engines.text import content_terms

STRANGER_FIT = 0.08  # of a reviewer whose words are not in the bid, or who stated none
SHOWN_TERMS = 8


@dataclass(frozen=True, slots=True)
class Fits:
    """Fit, and which words of a reviewer stand in a bid; conflicts by bid and reviewer."""

    fit: Any
    allowed: Any
    shared: Mapping[tuple[int, int], list[str]]


def bids_under_review(challenge: Challenge) -> list[Bid]:
    """The opened bids in the order in which they were handed in."""
    rows = Bid.objects.filter(challenge=challenge, state=BidState.OPENED).defer("envelope")
    return list(rows.order_by("received_at", "pk"))


def fits_of(bids: Sequence[Bid], reviewers: Sequence[Reviewer]) -> Fits:
    """How much of a reviewer's own words the proposal holds; nobody reviews a bid behind which they are tied to anybody."""
    said = {reviewer.pk: set(content_terms(reviewer.expertise)) for reviewer in reviewers}
    sides = sides_of(bids)
    concerned = sorted(frozenset().union(*sides.values()))
    ties = list_ties([reviewer.person_id for reviewer in reviewers], concerned, timezone.localdate())
    fit = np.full((len(bids), len(reviewers)), STRANGER_FIT)
    allowed = np.ones((len(bids), len(reviewers)), bool)
    shared: dict[tuple[int, int], list[str]] = {}
    for row, bid in enumerate(bids):
        words = set(content_terms(str(_content(bid)["proposal"])))
        for column, reviewer in enumerate(reviewers):
            common = sorted(said[reviewer.pk] & words)
            shared[row, column] = common[:SHOWN_TERMS]
            if said[reviewer.pk]:
                fit[row, column] = max(STRANGER_FIT, len(common) / len(said[reviewer.pk]))
            allowed[row, column] = not any((reviewer.person_id, side) in ties for side in sides[bid.pk])
    return Fits(fit, allowed, shared)


def rules_of(challenge: Challenge) -> engine.ReviewRules:
    return engine.ReviewRules(tuple(row["weight"] for row in challenge.rubric))


def submitted(challenge: Challenge) -> list[engine.Review]:
    """The reviews handed in, as the engine reads them: bids by digest, reviewers by number."""
    rows = Review.objects.filter(
        bid__challenge=challenge, bid__state=BidState.OPENED, state=ReviewState.SUBMITTED
    ).select_related("bid", "reviewer")
    return [
        engine.Review(row.bid.digest, str(row.reviewer.number), tuple(row.scores))
        for row in rows.defer("bid__envelope", "bid__content").order_by(
            "bid__received_at", "reviewer__number"
        )
    ]


def computed_record(challenge: Challenge) -> dict[str, Any]:
    """The record as it follows from rules and reviews. Raises ValueError where a bid has no review."""
    rules, reviews = rules_of(challenge), submitted(challenge)
    order = [bid.digest for bid in bids_under_review(challenge)]
    ranking = engine.rank_bids(rules, reviews, order)
    criteria = [row["title"] for row in challenge.rubric]
    return engine.write_record(rules, criteria, reviews, order, ranking)


def digest_of_record(record: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical_json(record)).hexdigest()


def reviews_missing(challenge: Challenge) -> int:
    """Reviews assigned and not handed in, and bids that nobody reviews."""
    rows = Review.objects.filter(bid__challenge=challenge, bid__state=BidState.OPENED)
    waiting = rows.filter(state=ReviewState.ASSIGNED).count()
    reviewed = rows.exclude(state=ReviewState.RECUSED).values("bid").distinct().count()
    return waiting + Bid.objects.filter(challenge=challenge, state=BidState.OPENED).count() - reviewed


def conflicts_open(challenge: Challenge) -> int:
    """Reviews by people who are tied today to the bidder or its consortium: declared after they were assigned."""
    rows = Review.objects.filter(bid__challenge=challenge).exclude(state=ReviewState.RECUSED)
    pairs = list(rows.values_list("reviewer__person_id", "bid_id"))
    sides = sides_of(bids_under_review(challenge))
    concerned = sorted(frozenset().union(*sides.values()))
    ties = list_ties([person for person, _bid in pairs], concerned, timezone.localdate())
    return sum(any((person, side) in ties for side in sides[bid]) for person, bid in pairs)


def losers(challenge: Challenge) -> list[Bid]:
    """The opened bids without an award that stands."""
    winners = Award.objects.filter(challenge=challenge, state=AwardState.STANDING).values("bid")
    rows = Bid.objects.filter(challenge=challenge, state=BidState.OPENED).exclude(pk__in=winners)
    return list(rows.select_related("bidder", "feedback").defer("envelope").order_by("received_at", "pk"))


def losers_without_feedback(challenge: Challenge) -> int:
    told = set(BidFeedback.objects.filter(bid__challenge=challenge).values_list("bid_id", flat=True))
    return sum(bid.pk not in told for bid in losers(challenge))


def open_objections(challenge: Challenge, kind: str) -> int:
    return ChallengeObjection.objects.filter(challenge=challenge, kind=kind, is_upheld=None).count()


def _content(bid: Bid) -> Mapping[str, Any]:
    assert isinstance(bid.content, dict)
    return bid.content
