"""Open challenges, their keys, what was bid, and what was asked and amended meanwhile."""

from ronglian.apps.challenges.models.bid import Bid, Opening
from ronglian.apps.challenges.models.challenge import Challenge, HolderKey, Invitation
from ronglian.apps.challenges.models.exchange import Amendment, Question

__all__ = ["Amendment", "Bid", "Challenge", "HolderKey", "Invitation", "Opening", "Question"]
