"""Models of matching."""

from ronglian.apps.matching.models.decision import Decision
from ronglian.apps.matching.models.suggestion import Suggestion

__all__ = ["Decision", "Suggestion"]
