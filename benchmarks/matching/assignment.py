"""Who gets whom, at once: value, gap to the optimum and processor seconds on neighbours of real texts.

    python -m benchmarks.matching.assignment [--size 1k|10k|100k] [--candidates 50] [--without-ortools]

Needs and results come from the seeded recipe in corpus.py. Each need's candidates are its nearest results by cosine
of 128 latent dimensions of character pairs (random costs would be easy: they lack results that everybody wants);
a score is 100 times the cosine.
"""

import argparse
import os
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow
from scipy.sparse import csr_matrix, diags
from scipy.sparse.linalg import svds

from benchmarks.matching.corpus import SEED, make_needs, make_results
from benchmarks.matching.scale import SIZES, print_machine, say
from ronglian.engines.matching.assign import Assignment, Candidates, assign, stable_assignment

T = TypeVar("T")
DIMENSIONS, BUCKETS, SAMPLE, BLOCK = 128, 1 << 18, 20_000, 1_000


def main() -> None:
    """Run and print."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--size", choices=SIZES, default="10k")
    options.add_argument("--candidates", type=int, default=50)
    options.add_argument("--without-ortools", action="store_true")
    given = options.parse_args()
    print_machine()
    graph = neighbours(SIZES[given.size], given.candidates)
    degrees = np.bincount(graph.columns, minlength=graph.results)
    say("pairs", len(graph.scores))
    say("results in most lists: in how many", np.sort(degrees)[:-6:-1].tolist())
    assign(Candidates.of(1, 1, [0], [0], [1.0]), seats=1, capacity=1)  # compiles
    for seats, capacity in ((1, 1), (3, 4), (3, 2)):
        print(f"\n{seats} seats a need, capacity {capacity} a result")
        measure(graph, seats, capacity, with_exact=not given.without_ortools)
    say("load at the end", " ".join(f"{each:.1f}" for each in os.getloadavg()))


def measure(graph: Candidates, seats: int, capacity: int, *, with_exact: bool) -> None:
    """One way to share; every way to compute it."""
    optimum = timed("exact, OR-tools", lambda: exact(graph, seats, capacity)) if with_exact else None
    for gap in (0.01, 0.001, 0.0001):
        found = timed(
            f"auction, gap {gap:.2%}", partial(assign, graph, seats=seats, capacity=capacity, gap=gap)
        )
        tell(found, optimum)
    tell(timed("stable", lambda: stable_assignment(graph, seats=seats, capacity=capacity)), optimum)


def tell(found: Assignment, optimum: float | None) -> None:
    """Value, gap and stability."""
    words = [f"value {found.value:.0f}", f"proved {1 - found.proven_gap:.3%}"]
    if optimum is not None:
        words.append(f"{found.value / optimum:.4%} of the optimum")
    say("", ", ".join([*words, f"{len(found.pairs)} pairs, {found.blocking} would rather have each other"]))


def neighbours(size: int, candidates: int) -> Candidates:
    """Each need with its nearest results."""
    needs = count_pairs(f"{each.title} {each.body}" for each in make_needs(size))
    results = count_pairs(f"{each.title} {each.body}" for each in make_results(size))
    rarity = np.log((size + 1) / (np.asarray((results > 0).sum(axis=0)).ravel() + 1))
    needs, results = needs @ diags(rarity), results @ diags(rarity)
    _, _, axes = svds(results[:SAMPLE], k=min(DIMENSIONS, size // 2), random_state=SEED)
    left, right = (unit(matrix @ axes.T) for matrix in (needs, results))
    columns = np.empty((size, candidates), np.int64)
    scores = np.empty((size, candidates), np.float64)
    for begin in range(0, size, BLOCK):
        block = left[begin : begin + BLOCK] @ right.T
        best = np.argpartition(block, -candidates, axis=1)[:, -candidates:]
        columns[begin : begin + BLOCK] = best
        scores[begin : begin + BLOCK] = 100.0 * np.take_along_axis(block, best, axis=1)
    rows = np.repeat(np.arange(size), candidates)
    return Candidates.of(size, size, rows, columns.ravel(), scores.ravel())


def count_pairs(texts: Iterable[str]) -> csr_matrix:
    """Damped counts of neighbouring characters, hashed; shape (texts, BUCKETS)."""
    columns, counts, starts = [], [], [0]
    for text in texts:
        codes = np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.int64)
        found, times = np.unique((codes[:-1] * 1_000_003 + codes[1:]) % BUCKETS, return_counts=True)
        columns.append(found)
        counts.append(1.0 + np.log(times))
        starts.append(starts[-1] + len(found))
    shape = (len(starts) - 1, BUCKETS)
    return csr_matrix((np.concatenate(counts), np.concatenate(columns), starts), shape=shape)


def unit(vectors: NDArray[Any]) -> NDArray[Any]:
    """Rows of length 1, in single precision."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)


def exact(graph: Candidates, seats: int, capacity: int) -> float:
    """The optimum by OR-tools' minimum-cost flow, on scores rounded to 1/10,000."""
    source, sink = graph.needs + graph.results, graph.needs + graph.results + 1
    needs, results = np.arange(graph.needs), np.arange(graph.results)
    solver = min_cost_flow.SimpleMinCostFlow()
    for tails, heads, room, costs in (
        (np.full(graph.needs, source), needs, seats, 0),
        (graph.needs + results, np.full(graph.results, sink), capacity, 0),
        (graph.rows, graph.needs + graph.columns, 1, -np.round(graph.scores * 10_000).astype(np.int64)),
        (np.array([source]), np.array([sink]), graph.needs * seats, 0),  # for seats that stay empty
    ):
        size = len(tails)
        solver.add_arcs_with_capacity_and_unit_cost(
            tails, heads, np.broadcast_to(room, size), np.broadcast_to(costs, size)
        )
    solver.set_node_supply(source, graph.needs * seats)
    solver.set_node_supply(sink, -graph.needs * seats)
    if solver.solve() != solver.OPTIMAL:
        raise RuntimeError("OR-tools found no optimum")
    return float(-solver.optimal_cost()) / 10_000


def timed(what: str, call: Callable[[], T]) -> T:
    """Say how many processor seconds it took."""
    begin = time.process_time()
    answer = call()
    say(what, f"{time.process_time() - begin:.2f} s CPU")
    return answer


if __name__ == "__main__":
    main()
