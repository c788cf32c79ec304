"""Reviewers to bids and the ranking: processor seconds, and equality with the optimum of another solver.

    taskset -c 0 python -m benchmarks.reviewing [--bids 500] [--reviewers 100] [--each 3]

Fit, conflicts (one pair in twenty) and scores are invented and seeded.
"""

import argparse
import time

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from benchmarks.matching.scale import print_load, print_machine, say
from ronglian.engines.review import Review, ReviewRules, assign_reviewers, rank_bids
from ronglian.engines.review.assigning import LOAD_COST

SEED = 20261125
SCALE = 10**6
RULES = ReviewRules((40, 30, 30))


def main() -> None:
    """Run and print."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--bids", type=int, default=500)
    options.add_argument("--reviewers", type=int, default=100)
    options.add_argument("--each", type=int, default=3)
    asked = options.parse_args()
    print_machine()
    chance = np.random.default_rng(SEED)
    fit = np.round(chance.random((asked.bids, asked.reviewers)), 3)
    allowed = chance.random(fit.shape) >= 0.05
    limits = np.full(asked.reviewers, asked.bids * asked.each // asked.reviewers + 2)
    started = time.process_time()
    found = assign_reviewers(fit, allowed, limits, np.full(asked.bids, asked.each))
    say("bids, reviewers, each", f"{asked.bids}, {asked.reviewers}, {asked.each}")
    say("assignment, processor seconds", f"{time.process_time() - started:.2f}")
    load = np.bincount([one for row in found.reviewers for one in row], minlength=asked.reviewers)
    worth = found.fit - LOAD_COST * float((load * (load - 1) / 2).sum())
    say("fit, and less what load costs", f"{found.fit:.3f}, {worth:.3f}")
    say("bids of a reviewer, least and most", f"{load.min()}, {load.max()}")
    started = time.process_time()
    say("optimum by OR-tools' cost-scaling flow", f"{exact(fit, allowed, limits, asked.each):.3f}")
    say("its processor seconds", f"{time.process_time() - started:.2f}")
    reviews = [
        Review(f"{bid}", f"{reviewer}", tuple(int(one) for one in chance.integers(0, 6, 3)))
        for bid, row in enumerate(found.reviewers)
        for reviewer in row
    ]
    started = time.process_time()
    rank_bids(RULES, reviews, [f"{bid}" for bid in range(asked.bids)])
    say("ranking in exact numbers, processor seconds", f"{time.process_time() - started:.2f}")
    print_load("at the end")


def exact(
    fit: NDArray[np.float64], allowed: NDArray[np.bool_], limits: NDArray[np.int64], each: int
) -> float:
    """The greatest fit less the cost of load: each bid sends `each` reviews through reviewers' places to the sink."""
    bids, reviewers = fit.shape
    rows, columns = np.nonzero(allowed)
    owner = np.repeat(np.arange(reviewers), limits)
    held = np.concatenate([np.arange(limit) for limit in limits])
    sink = bids + reviewers
    flow = min_cost_flow.SimpleMinCostFlow()
    for tails, heads, costs in (
        (rows, bids + columns, -np.round(fit[rows, columns] * SCALE)),
        (bids + owner, np.full_like(owner, sink), np.round(held * LOAD_COST * SCALE)),
    ):
        flow.add_arcs_with_capacity_and_unit_cost(
            tails, heads, np.ones(len(tails), np.int64), costs.astype(np.int64)
        )
    flow.set_nodes_supplies(
        np.arange(sink + 1), np.append(np.full(bids, each), [0] * reviewers + [-bids * each])
    )
    if flow.solve() != flow.OPTIMAL:
        raise RuntimeError("there is no such assignment")
    return -flow.optimal_cost() / SCALE


if __name__ == "__main__":
    main()
