"""Open challenges, their keys, and what was bid."""

from ronglian.apps.challenges.models.bid import Bid, Opening
from ronglian.apps.challenges.models.challenge import Challenge, HolderKey, Invitation

__all__ = ["Bid", "Challenge", "HolderKey", "Invitation", "Opening"]
