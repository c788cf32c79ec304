"""Which rows count for the public board: chosen by a keyed hash of the row's key, so that nobody without the key can tell."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ronglian.engines.scoring.metrics import METRICS

FEWEST_ROWS = 10
SHARES = range(1, 100)
"""Per cent of the rows that count for the public board."""


@dataclass(frozen=True, slots=True)
class Split:
    """The answers in two parts that have no row in common."""

    public: Mapping[str, Any]
    hidden: Mapping[str, Any]


def public_count(rows: int, share: int) -> int:
    """How many rows count for the public board: the share, rounded, and at least one row in either part."""
    return min(max((rows * share + 50) // 100, 1), rows - 1)


def split_keys(keys: Iterable[str], secret: bytes, share: int) -> frozenset[str]:
    """The keys of the public part: those whose HMAC-SHA256 under the secret is smallest."""
    ordered = sorted(keys, key=lambda key: hmac.digest(secret, key.encode("utf-8"), hashlib.sha256))
    return frozenset(ordered[: public_count(len(ordered), share)])


def split(answers: Mapping[str, Any], secret: bytes, share: int) -> Split:
    public = split_keys(answers, secret, share)
    return Split(
        {key: truth for key, truth in answers.items() if key in public},
        {key: truth for key, truth in answers.items() if key not in public},
    )


def can_be_split(metric: str, answers: Mapping[str, Any]) -> bool:
    """Whether there is a choice of rows that leaves the metric defined on either part."""
    if METRICS[metric].reads != "binary":
        return True
    ones: int = sum(answers.values())
    return 2 <= ones <= len(answers) - 2


def part_is_scorable(metric: str, part: Mapping[str, Any]) -> bool:
    """Whether the metric is defined on these answers, whatever is handed in: a binary one needs both classes."""
    return METRICS[metric].reads != "binary" or set(part.values()) == {0, 1}
