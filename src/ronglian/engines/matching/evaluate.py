"""How good a ranking is against judgements: pure functions (匹配质量评测).

Judgements are levels: 1 unrelated, 2 weakly, 3 fairly, 4 strongly related (or 1 alone where only the right
answers are known). Missing judgements are not counted as irrelevant unless a function says so.
"""

import gzip
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ronglian.engines.matching.records import NeedProfile, ResultProfile

FloatArray = NDArray[np.float64]


class JudgedFileError(ValueError):
    """A file of needs, results or judgements is not what it should be; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Needs, results and levels per need and result (评测数据)."""

    needs: tuple[NeedProfile, ...]
    results: tuple[ResultProfile, ...]
    levels: Mapping[str, Mapping[str, int]]


def load_judged(needs: Path, results: Path, judgements: Path) -> Judged:
    """Read needs and results (JSON lines, .gz too) and judgements (tab-separated, with a header line).

    A result without title is given its ``title_tokens`` joined by blanks. Raises OSError and JudgedFileError.
    """
    need_rows = [
        NeedProfile(str(row["id"]), row.get("title") or "", body=row.get("content") or "")
        for row in _json_lines(needs)
    ]
    result_rows = [
        ResultProfile(
            str(row["id"]),
            row.get("title") or " ".join(row.get("title_tokens") or ()),
            body=row.get("content") or "",
        )
        for row in _json_lines(results)
    ]
    known = {need.id for need in need_rows}, {result.id for result in result_rows}
    return Judged(tuple(need_rows), tuple(result_rows), load_levels(judgements, *known))


def load_levels(path: Path, needs: Iterable[str], results: Iterable[str]) -> dict[str, dict[str, int]]:
    """Levels per need and result; raises JudgedFileError for a bad line or an id that is not among the records."""
    known_needs, known_results = set(needs), set(results)
    levels: dict[str, dict[str, int]] = {}
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            cells = line.rstrip("\r\n").split("\t")
            if number == 1 or cells == [""]:
                continue
            if len(cells) != 3 or not cells[2].isdecimal():
                raise JudgedFileError(f"{path}:{number}: expected need, result and level separated by tabs")
            need, result, level = cells
            if need not in known_needs or result not in known_results:
                missing = need if need not in known_needs else result
                raise JudgedFileError(f"{path}:{number}: {missing!r} is not among the records")
            levels.setdefault(need, {})[result] = int(level)
    return levels


def _json_lines(path: Path) -> list[dict[str, Any]]:
    content = path.read_bytes()
    if content.startswith(b"\x1f\x8b"):
        content = gzip.decompress(content)
    rows = []
    for number, line in enumerate(content.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise JudgedFileError(f"{path}:{number}: not JSON ({error})") from error
        if not isinstance(row, dict) or "id" not in row:
            raise JudgedFileError(f"{path}:{number}: expected an object with an id")
        rows.append(row)
    return rows


def ndcg_at(levels: Sequence[int], scores: Sequence[float], depth: int = 10) -> float | None:
    """Normalised discounted cumulative gain with gain 2^(level-1) - 1; None where nothing is relevant.

    ``levels`` and ``scores`` belong to the judged results of one need. Ties share their places: each gets the
    mean gain of its tie, so that the order of the input does not matter.
    """
    gains = 2.0 ** (np.array(levels, dtype=np.float64) - 1.0) - 1.0
    size = min(depth, len(gains))
    discounts = 1.0 / np.log2(np.arange(2, len(gains) + 2))
    discounts[size:] = 0.0
    best = float(np.sort(gains)[::-1] @ discounts)
    if best <= 0.0:
        return None
    return float(_mean_over_ties(gains, scores) @ discounts) / best


def _mean_over_ties(gains: FloatArray, scores: Sequence[float]) -> FloatArray:
    values = np.array(scores, dtype=np.float64)
    order = np.argsort(-values, kind="stable")
    _, tie = np.unique(-values[order], return_inverse=True)
    sums = np.bincount(tie, weights=gains[order])
    return np.asarray((sums / np.bincount(tie))[tie])


def spearman(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Rank correlation with mean ranks for ties; None where one side is constant."""
    ranks = [_mean_ranks(np.array(values, dtype=np.float64)) for values in (first, second)]
    if any(np.ptp(rank) == 0 for rank in ranks):
        return None
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def _mean_ranks(values: FloatArray) -> FloatArray:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray((ends - (counts - 1) / 2.0)[inverse])


def reciprocal_rank(ranking: Sequence[str], right: Iterable[str]) -> float:
    """1 / place of the first right answer in the ranking, 0 where none is in it."""
    wanted = set(right)
    return next((1.0 / place for place, record in enumerate(ranking, start=1) if record in wanted), 0.0)


def mrr(rankings: Mapping[str, Sequence[str]], right: Mapping[str, Iterable[str]]) -> float:
    """Mean reciprocal rank over the needs of ``right``."""
    return math.fsum(
        reciprocal_rank(rankings.get(need, ()), answers) for need, answers in right.items()
    ) / len(right)


def recall_at(ranking: Sequence[str], right: Iterable[str], depth: int) -> float:
    """Share of the right answers among the first ``depth``."""
    wanted = set(right)
    return len(wanted & set(ranking[:depth])) / len(wanted)


def contest_metric(levels: Sequence[int], predictions: Sequence[float]) -> float:
    """1 / (1 + mean absolute error) of predicted levels."""
    errors = np.abs(np.array(levels, dtype=np.float64) - np.array(predictions, dtype=np.float64))
    return 1.0 / (1.0 + float(errors.mean()))


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with the ends of its bootstrap interval (均值与置信区间)."""

    mean: float
    low: float
    high: float


def bootstrap_interval(
    values: Sequence[float],
    *,
    seed: int = 0,
    rounds: int = 2000,
    level: float = 0.95,
    statistic: Callable[[FloatArray], FloatArray] | None = None,
) -> Interval:
    """Percentile interval of the mean over needs, drawn with replacement; for a pair of systems pass differences.

    ``statistic`` turns means (rounds,) into what is reported, such as MAE → 1/(1+MAE). Raises ValueError for
    no values.
    """
    if not values:
        raise ValueError("an interval needs at least one value")
    data = np.array(values, dtype=np.float64)
    picks = np.random.default_rng(seed).integers(0, len(data), size=(rounds, len(data)))
    change = statistic or (lambda means: means)
    means = change(data[picks].mean(axis=1))
    low, high = np.quantile(means, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return Interval(float(change(np.array([data.mean()]))[0]), float(low), float(high))
