"""Which records state the same: few classes stand for many rows (事实分类).

A factor's share depends on a few stated facts, and these take few values over a million records. So a query scores
each factor once per class, with the functions of factors.py, and a row's score is looked up.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ronglian.engines.matching.columns import HARD_BITS, Columns

# The columns on which each factor depends, beside the text; "hard" says whether a need excludes by it.
FACTS: dict[str, tuple[str, ...]] = {
    "metrics": ("metrics",),
    "field": ("hard", "field", "section", "division", "group", "trade"),
    "maturity": ("hard", "maturity"),
    "region": ("hard", "province", "city", "region_set"),
    "budget": ("hard", "money"),
    "mode": ("hard", "modes"),
    "freshness": ("confirmed",),
}


@dataclass(frozen=True, slots=True)
class Classes:
    """Classes of all factors, numbered through (分类)."""

    rows: NDArray[np.int32]  # (rows, factors): the class of each row
    edges: NDArray[np.int64]  # (factors + 1,): where each factor's classes begin
    examples: NDArray[np.int64]  # (classes,): a row of each class


def classify(columns: Columns) -> Classes:
    """Classes of the rows of these columns."""
    size = len(columns.field)
    found = np.empty((size, len(FACTS)), dtype=np.int32)
    edges, examples = [0], []
    for place, (factor, names) in enumerate(FACTS.items()):
        numbers = np.zeros(size, dtype=np.int64)
        first = np.zeros(min(size, 1), dtype=np.int64)
        for name in names:
            values = getattr(columns, name)
            if name == "metrics":
                values = values > 0
            elif name == "hard":
                values = values & HARD_BITS[factor]
            inverse = np.unique(values, return_inverse=True)[1].astype(np.int64)
            pairs = numbers * (int(inverse.max(initial=0)) + 1) + inverse
            _, first, numbers = np.unique(pairs, return_index=True, return_inverse=True)
        found[:, place] = numbers + edges[-1]
        edges.append(edges[-1] + len(first))
        examples.append(first)
    return Classes(found, np.array(edges, dtype=np.int64), np.concatenate(examples).astype(np.int64))
