"""What became of suggestions: shares with their uncertainty, and how long people wait (结果统计)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from ronglian.engines.matching.measures import Interval

Z95 = 1.959964  # the normal quantile of a 95 % interval


@dataclass(frozen=True, slots=True)
class Wait:
    """How long something waited, in days; not ``answered`` means that it still waits, or went without (等待时间)."""

    days: float
    answered: bool


def wilson_interval(successes: int, trials: int) -> Interval:
    """A share with Wilson's 95 % interval; raises ValueError for no trials or more successes than trials.

    Wilson (1927), Probable inference, the law of succession, and statistical inference.
    """
    if trials < 1 or not 0 <= successes <= trials:
        raise ValueError(f"expected 0 to {trials} successes in at least one trial, got {successes}")
    share, spread = successes / trials, Z95 * Z95 / trials
    centre = (share + spread / 2.0) / (1.0 + spread)
    half = Z95 * math.sqrt(share * (1.0 - share) / trials + spread / (4.0 * trials)) / (1.0 + spread)
    # Rounding must not push the ends past the share itself at 0 and 1.
    return Interval(share, max(0.0, min(centre - half, share)), min(1.0, max(centre + half, share)))


def waiting_quantile(waits: Sequence[Wait], quantile: float) -> float | None:
    """Days within which this share has an answer, those still waiting counted for as long as they have waited.

    Kaplan and Meier (1958); None where fewer than that share can be said to have had one.
    """
    still, waiting = 1.0, len(waits)
    for day, same in groupby(sorted(waits, key=_days), key=_days):
        answers = [wait.answered for wait in same]
        if any(answers):
            still *= 1.0 - sum(answers) / waiting
            if 1.0 - still >= quantile - 1e-12:
                return day
        waiting -= len(answers)
    return None


def _days(wait: Wait) -> float:
    return wait.days
