"""From scores to the four levels that people give (等级校准)."""

from collections.abc import Sequence

import numpy as np

LEVELS = (1, 2, 3, 4)


def learn_thresholds(scores: Sequence[float], levels: Sequence[int]) -> tuple[float, float, float]:
    """Scores from which levels 2, 3 and 4 are predicted, with the least total absolute error on these pairs.

    Isotonic regression under absolute error onto the four levels, solved exactly by dynamic programming over
    the sorted scores. Equal scores stay together. Raises ValueError for no pairs.
    """
    if not scores:
        raise ValueError("thresholds cannot be learned from no pairs")
    values, owners = np.unique(np.array(scores, dtype=np.float64), return_inverse=True)
    errors = np.abs(np.array(levels, dtype=np.float64)[:, None] - np.array(LEVELS))
    costs = np.zeros((len(values), len(LEVELS)))
    np.add.at(costs, owners, errors)
    # before[i, l]: cost of the i lowest scores when all of them get level l
    before = np.vstack([np.zeros(len(LEVELS)), np.cumsum(costs, axis=0)])
    best = before[:, 0]
    cuts = []
    for level in range(1, len(LEVELS)):
        # Start this level at any earlier point: best there, then this level up to here.
        start = best - before[:, level]
        lowest = np.minimum.accumulate(start)
        at = np.where(start == lowest, np.arange(len(start)), 0)
        cuts.append(np.maximum.accumulate(at))
        best = lowest + before[:, level]
    return _thresholds(values, cuts)


def _thresholds(values: np.ndarray, cuts: list[np.ndarray]) -> tuple[float, float, float]:
    end = len(values)
    found = []
    for cut in reversed(cuts):
        end = int(cut[end])
        found.append(_between(values, end))
    return found[2], found[1], found[0]


def _between(values: np.ndarray, place: int) -> float:
    if place == 0:
        return -np.inf
    return np.inf if place == len(values) else float(values[place - 1] + values[place]) / 2.0


def predict_levels(scores: Sequence[float], thresholds: Sequence[float]) -> list[int]:
    """Levels 1..4 of scores."""
    return [1 + sum(score >= threshold for threshold in thresholds) for score in scores]
