"""Open challenges, their keys, what was bid, asked and amended meanwhile, who bids together, and how it was judged."""

from ronglian.apps.challenges.models.bid import Bid, Opening
from ronglian.apps.challenges.models.challenge import Challenge, HolderKey, Invitation
from ronglian.apps.challenges.models.evaluation import Evaluation, Try
from ronglian.apps.challenges.models.exchange import Amendment, Question
from ronglian.apps.challenges.models.following import Following
from ronglian.apps.challenges.models.investment import Showing, ShowingOutcome, ShowingReading
from ronglian.apps.challenges.models.milestone import Milestone
from ronglian.apps.challenges.models.payment import PaymentOrder
from ronglian.apps.challenges.models.reading import BidReading
from ronglian.apps.challenges.models.review import (
    Award,
    BidFeedback,
    ChallengeObjection,
    Review,
    Reviewer,
    ReviewRecord,
)
from ronglian.apps.challenges.models.team import Team, TeamMember

__all__ = [
    "Amendment",
    "Award",
    "Bid",
    "BidFeedback",
    "BidReading",
    "Challenge",
    "ChallengeObjection",
    "Evaluation",
    "Following",
    "HolderKey",
    "Invitation",
    "Milestone",
    "Opening",
    "PaymentOrder",
    "Question",
    "Review",
    "ReviewRecord",
    "Reviewer",
    "Showing",
    "ShowingOutcome",
    "ShowingReading",
    "Team",
    "TeamMember",
    "Try",
]
