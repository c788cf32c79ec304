"""When a need counts as neglected: the one place of the numbers, by the day from which they hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class NeglectParameters:
    """Days, and how much heavier a small firm's waiting weighs in the worklist."""

    since: date
    unanswered_days: int
    """Published so long without a decision of either side."""
    silent_days: int
    """So long since somebody last did something about it."""
    small_weight: float
    """A small firm's day of waiting counts so many days."""
    window_days: int
    """Attention is counted over so many days."""


# Newest last. A change is a new entry, so that what was shown before can still be computed.
HISTORY = (
    NeglectParameters(
        since=date(2026, 11, 1), unanswered_days=30, silent_days=14, small_weight=1.5, window_days=90
    ),
)


def parameters_on(day: date) -> NeglectParameters:
    """Those that hold on the day; before the first, the first."""
    valid = [each for each in HISTORY if each.since <= day]
    return valid[-1] if valid else HISTORY[0]


def urgency(days_waiting: int, is_small: bool, parameters: NeglectParameters) -> float:
    """What the worklist is ordered by."""
    return days_waiting * (parameters.small_weight if is_small else 1.0)
