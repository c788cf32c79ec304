"""Reviewing bids (评审): who reviews which, what scores are worth, and a ranking that anybody can compute again.

How it works, with worked tables: docs/explanation/algorithms/review.md.
"""

from ronglian.engines.review.assigning import Assigned, Shortage, assign_reviewers
from ronglian.engines.review.ranking import (
    ENGINE_VERSION,
    Disagreement,
    Ranked,
    Ranking,
    Review,
    ReviewRules,
    disagreements,
    rank_bids,
    review_total,
)
from ronglian.engines.review.record import RECORD_FORMAT, Difference, RecordError, verify_record, write_record

__all__ = [
    "ENGINE_VERSION",
    "RECORD_FORMAT",
    "Assigned",
    "Difference",
    "Disagreement",
    "Ranked",
    "Ranking",
    "RecordError",
    "Review",
    "ReviewRules",
    "Shortage",
    "assign_reviewers",
    "disagreements",
    "rank_bids",
    "review_total",
    "verify_record",
    "write_record",
]
