"""New factor points from what people decided, with proof on decisions held out (从决定中学习).

The model is the score itself: a pair's chance to be confirmed is σ(α + β·z), where z is the share of the points
that the pair reached. Only the points are kept; α and β ≥ 0 merely carry the scale. The points are p·exp(θ),
brought back to a sum of 100, and a ridge on θ holds them to the current ones as strongly as PRIOR_DECISIONS
decisions would. Prose with a worked table: docs/explanation/algorithms/learning.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b, sha256
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from ronglian.engines.matching.measures import Interval, bootstrap_interval, ndcg_at
from ronglian.engines.matching.parameters import FACTORS

FloatArray = NDArray[np.float64]
Verdict = Literal["better", "unclear", "worse"]
Shortage = Literal["decisions", "confirmed", "declined", "needs"]

FEWEST: Mapping[Shortage, int] = {"decisions": 50, "confirmed": 10, "declined": 10, "needs": 10}
FOLDS = 5
PRIOR_DECISIONS = 100.0
# Before the sum is brought back to 100, one run at most doubles or halves the points of a factor.
FARTHEST = float(np.log(2.0))
SCALE_RIDGE = 0.01  # keeps α and β finite where the decisions can be told apart without an error
ROUNDS = 1000
PARTS = 20  # of the rounds, to bound the memory


@dataclass(frozen=True, slots=True, order=True)
class DecidedPair:
    """A pair somebody decided on: shares 0..1 of each factor's points, in the order of FACTORS (已决定的供需对).

    ``asked`` tells which factors counted; ``weight`` is below 1 where several decisions are about one pair.
    """

    need: str
    result: str
    shares: tuple[float, ...]
    asked: tuple[bool, ...]
    confirmed: bool
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """A measure on held-out decisions with the old and with the new points; ``change`` is after minus before (前后对照)."""

    before: float
    after: float
    change: Interval


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a training run found (学习结果).

    ``verdict`` goes by the interval of the change in log-loss: "better" or "worse" where it does not hold zero.
    A measure is None where the decisions do not permit it.
    """

    points: dict[str, float]
    pairs: int
    confirmed: int
    needs: int
    digest: str
    measures: Mapping[str, Comparison | None]
    verdict: Verdict

    def to_dict(self) -> dict[str, Any]:
        """The report as plain values, for JSON."""
        return {
            "verdict": self.verdict,
            "folds": FOLDS,
            "measures": {
                name: None
                if each is None
                else {
                    "before": round(each.before, 4),
                    "after": round(each.after, 4),
                    "change": round(each.change.mean, 4),
                    "low": round(each.change.low, 4),
                    "high": round(each.change.high, 4),
                }
                for name, each in self.measures.items()
            },
        }


class TooLittleToLearn(ValueError):
    """Too few decisions, or all of one kind: ``found`` of ``shortage``, where ``needed`` are the least (决定太少)."""

    def __init__(self, shortage: Shortage, found: int) -> None:
        self.shortage, self.found, self.needed = shortage, found, FEWEST[shortage]
        super().__init__(f"learning takes at least {self.needed} {shortage}, there are {found}")


def learn_points(pairs: Sequence[DecidedPair], points: Mapping[str, float]) -> Lesson:
    """Points learned from all pairs, and what the same learning does for needs it has not seen.

    The order of the pairs does not matter. Raises TooLittleToLearn, and ValueError where a pair has another
    number of factors.
    """
    rows = sorted(pairs)
    _check(rows)
    table = _Table.of(rows)
    current = np.array([points[factor] for factor in FACTORS])
    learned = _fit(table, current, np.ones(len(rows), dtype=bool))
    before, after = _predict(table, current)
    loss = _compare_log_loss(table, before, after)
    return Lesson(
        points=dict(zip(FACTORS, _rounded(current * np.exp(learned[: len(FACTORS)])), strict=True)),
        pairs=len(rows),
        confirmed=sum(row.confirmed for row in rows),
        needs=len(table.names),
        digest=sha256(repr(rows).encode()).hexdigest(),
        measures={
            "auc": _compare_auc(table, before, after),
            "ndcg@10": _compare_ndcg(table, before, after),
            "log_loss": loss,
        },
        verdict="better" if loss.change.high < 0.0 else "worse" if loss.change.low > 0.0 else "unclear",
    )


def _check(rows: Sequence[DecidedPair]) -> None:
    for row in rows:
        if len(row.shares) != len(FACTORS) or len(row.asked) != len(FACTORS) or not any(row.asked):
            raise ValueError(f"{row.need} and {row.result}: expected shares of {FACTORS}, one asked at least")
    confirmed = sum(row.confirmed for row in rows)
    found: dict[Shortage, int] = {
        "decisions": len(rows),
        "confirmed": confirmed,
        "declined": len(rows) - confirmed,
        "needs": len({row.need for row in rows}),
    }
    for shortage, number in found.items():
        if number < FEWEST[shortage]:
            raise TooLittleToLearn(shortage, number)


@dataclass(frozen=True, slots=True)
class _Table:
    """The pairs as arrays; shapes (pairs, factors) and (pairs,)."""

    names: list[str]
    need: NDArray[np.int64]
    fold: NDArray[np.int64]
    shares: FloatArray
    asked: FloatArray
    confirmed: FloatArray
    weight: FloatArray

    @classmethod
    def of(cls, rows: Sequence[DecidedPair]) -> "_Table":
        names = sorted({row.need for row in rows})
        places = {name: place for place, name in enumerate(names)}
        need = np.array([places[row.need] for row in rows], dtype=np.int64)
        return cls(
            names,
            need,
            np.array([_fold_of(name) for name in names], dtype=np.int64)[need],
            np.array([row.shares for row in rows], dtype=np.float64),
            np.array([row.asked for row in rows], dtype=np.float64),
            np.array([row.confirmed for row in rows], dtype=np.float64),
            np.array([row.weight for row in rows], dtype=np.float64),
        )


def _fold_of(need: str) -> int:
    """All decisions about a need are held out together."""
    return int.from_bytes(blake2b(need.encode(), digest_size=8).digest(), "big") % FOLDS


def _fit(table: _Table, points: FloatArray, chosen: NDArray[np.bool_], *, fixed: bool = False) -> FloatArray:
    """θ per factor, then α and β, with the least penalised log-loss; θ stays 0 where ``fixed``."""
    size = len(points)
    shares, asked = table.shares[chosen], table.asked[chosen]
    confirmed, weight = table.confirmed[chosen], table.weight[chosen]
    ridge = np.append(PRIOR_DECISIONS * points / 100.0, [SCALE_RIDGE, SCALE_RIDGE])

    def loss(values: FloatArray) -> tuple[float, FloatArray]:
        maxima = asked * (points * np.exp(values[:size]))
        whole = maxima.sum(axis=1)
        reached = (maxima * shares).sum(axis=1) / whole
        logit = values[size] + values[size + 1] * reached
        error = weight * (1.0 / (1.0 + np.exp(-logit)) - confirmed)
        slope = maxima * (shares - reached[:, None]) / whole[:, None]
        gradient = np.append(values[size + 1] * (error @ slope), [error.sum(), (error * reached).sum()])
        value = (weight * (np.logaddexp(0.0, logit) - confirmed * logit)).sum() + 0.5 * ridge @ values**2
        return float(value), gradient + ridge * values

    edge = 0.0 if fixed else FARTHEST
    bounds = [(-edge, edge)] * size + [(None, None), (0.0, None)]
    start = np.append(np.zeros(size), [0.0, 1.0])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return np.asarray(found.x, dtype=np.float64)


def _logits(table: _Table, points: FloatArray, fitted: FloatArray) -> FloatArray:
    size = len(points)
    maxima = table.asked * (points * np.exp(fitted[:size]))
    reached = (maxima * table.shares).sum(axis=1) / maxima.sum(axis=1)
    return np.asarray(fitted[size] + fitted[size + 1] * reached)


def _predict(table: _Table, points: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Logits of each fold by what was learned on the others, with the old points and with the new."""
    before, after = np.zeros(len(table.need)), np.zeros(len(table.need))
    for fold in np.unique(table.fold):
        held_out = table.fold == fold
        for logits, fixed in ((before, True), (after, False)):
            fitted = _fit(table, points, ~held_out, fixed=fixed)
            logits[held_out] = _logits(table, points, fitted)[held_out]
    return before, after


def _compare_log_loss(table: _Table, before: FloatArray, after: FloatArray) -> Comparison:
    shares = np.bincount(table.need, weights=table.weight)

    def by_need(logits: FloatArray) -> FloatArray:
        losses = table.weight * (np.logaddexp(0.0, logits) - table.confirmed * logits)
        return np.asarray(np.bincount(table.need, weights=losses) / shares)

    old, new = by_need(before), by_need(after)
    change = bootstrap_interval((new - old).tolist(), weights=shares.tolist(), rounds=ROUNDS)
    return Comparison(float(np.average(old, weights=shares)), float(np.average(new, weights=shares)), change)


def _compare_ndcg(table: _Table, before: FloatArray, after: FloatArray) -> Comparison | None:
    """Over the needs with decisions of both kinds; None where there is none."""
    values = []
    for need in range(len(table.names)):
        own = table.need == need
        kinds = [2 if confirmed else 1 for confirmed in table.confirmed[own]]
        if len(set(kinds)) == 2:
            values.append([ndcg_at(kinds, logits[own].tolist()) or 0.0 for logits in (before, after)])
    if not values:
        return None
    old, new = np.array(values).T
    return Comparison(
        float(old.mean()), float(new.mean()), bootstrap_interval((new - old).tolist(), rounds=ROUNDS)
    )


def _compare_auc(table: _Table, before: FloatArray, after: FloatArray) -> Comparison | None:
    """Chance that a confirmed pair stands above a declined one of the same fold, drawn anew over needs."""
    size = len(table.names)
    once = np.ones((1, size))
    pairs = float(_pairs_won(table, before, once)[1][0])
    if not pairs:
        return None
    old, new = (float(_pairs_won(table, logits, once)[0][0]) / pairs for logits in (before, after))
    draws = np.random.default_rng(0).multinomial(size, np.full(size, 1.0 / size), size=ROUNDS).astype(float)
    gains: list[float] = []
    for part in np.array_split(draws, PARTS):
        (won_before, total), (won_after, _total) = (_pairs_won(table, each, part) for each in (before, after))
        some = total > 0.0
        gains += ((won_after - won_before)[some] / total[some]).tolist()
    low, high = np.quantile(gains, (0.025, 0.975))
    return Comparison(old, new, Interval(new - old, float(low), float(high)))


def _pairs_won(table: _Table, logits: FloatArray, counts: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Weight of the pairs in the right order (ties half) and of all, for draws of shape (rounds, needs)."""
    won, total = np.zeros(len(counts)), np.zeros(len(counts))
    for fold in np.unique(table.fold):
        rows = np.flatnonzero(table.fold == fold)
        rows = rows[np.argsort(logits[rows], kind="stable")]
        starts = np.flatnonzero(np.append(True, np.diff(logits[rows]) != 0.0))
        weights = counts[:, table.need[rows]] * table.weight[rows]
        confirmed = np.add.reduceat(weights * table.confirmed[rows], starts, axis=1)
        declined = np.add.reduceat(weights * (1.0 - table.confirmed[rows]), starts, axis=1)
        won += (confirmed * (np.cumsum(declined, axis=1) - declined / 2.0)).sum(axis=1)
        total += confirmed.sum(axis=1) * declined.sum(axis=1)
    return won, total


def _rounded(points: FloatArray) -> list[float]:
    """Hundredths of a point that sum to 100, the largest remainders rounded up."""
    exact = points / points.sum() * 10_000.0
    whole = np.floor(exact)
    first = np.argsort(-(exact - whole), kind="stable")[: round(10_000.0 - whole.sum())]
    whole[first] += 1.0
    return [float(value) / 100.0 for value in whole]
