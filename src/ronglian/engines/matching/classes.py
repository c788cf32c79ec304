"""Which records state the same: few classes stand for many rows (事实分类).

A factor's share depends on a few stated facts, and these take few values over a million records. So a query scores
each factor once per class, with the functions of factors.py, and a row's score is looked up.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ronglian.engines.matching.facts import Facts

EXPIRY = "expiry"
# The facts on which each factor depends, beside the text; "hard" says whether a need excludes by it.
_FACTS: dict[str, tuple[str, ...]] = {
    "metrics": ("hard", "metrics"),
    "field": ("hard", "technology_field", "industry"),
    "maturity": ("hard", "minimum_maturity", "maturity"),
    "region": ("hard", "region"),
    "budget": ("hard", "budget_high_fen", "budget_low_fen", "price_low_fen", "price_high_fen"),
    "mode": ("hard", "modes"),
    "freshness": ("confirmed_on",),
    EXPIRY: ("expires_on",),
}
FACTORS = tuple(_FACTS)
_FEW = 1 << 22


@dataclass(frozen=True, slots=True)
class Classes:
    """Classes of all factors, numbered through (分类)."""

    rows: NDArray[Any]  # (rows, factors): the class of each row; uint16 or uint32
    edges: NDArray[np.int64]  # (factors + 1,): where each factor's classes begin
    examples: NDArray[np.int64]  # (classes,): a row of each class


def classify(facts: Facts) -> Classes:
    """Classes of these records, which must not be none."""
    found: list[NDArray[np.int64]] = []
    edges, examples = [0], []
    for names in _FACTS.values():
        numbers = np.zeros(1, dtype=np.int64)
        for name in names:
            if name in facts.table:
                fact = facts.table[name]
                codes, count = fact.codes.astype(np.int64), len(fact.values)
                if name == "metrics":
                    codes, count = (np.diff(fact.values.starts) > 0).astype(np.int64)[codes], 2
                numbers = _number(numbers * count + codes)
        first = np.empty(int(numbers.max()) + 1, dtype=np.int64)
        first[numbers[::-1]] = np.arange(len(numbers) - 1, -1, -1)
        found.append(numbers + edges[-1])
        edges.append(edges[-1] + len(first))
        examples.append(first)
    kind = np.uint16 if edges[-1] <= 1 << 16 else np.uint32
    rows = np.stack(found, axis=1).astype(kind)
    return Classes(rows, np.array(edges, dtype=np.int64), np.concatenate(examples))


def _number(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbers without gaps for these values, equal ones for equal values."""
    if int(values.max()) >= _FEW:
        return np.unique(values, return_inverse=True)[1].astype(np.int64)
    present = np.zeros(int(values.max()) + 1, dtype=np.int64)
    present[values] = 1
    return (np.cumsum(present) - 1)[values]
