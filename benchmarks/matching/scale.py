"""Speed and size of the matching engine beside bm25s (numba) and tantivy: same run, same tokens, same queries.

    python -m benchmarks.matching.scale --size 10k|100k|1m [--queries 100] [--without-peers] [--keep FOLDER]

Collections come from the seeded recipe in corpus.py: a tenth as many needs as results. The peers are given our token
numbers and rank by BM25 alone; ours is given texts, ranks by all factors, and is exact. What the comparison of the
first stage leaves out on both sides: reading the need. Pin the run to one core (``taskset -c 1``) and look at the
load that is printed. With --keep the index stays in a folder, and a later run with it measures without building.
"""

import argparse
import os
import platform
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.matching.corpus import SEED, TODAY, make_needs, make_results, real_needs
from ronglian.engines.matching import MatchIndex, NeedProfile
from ronglian.engines.matching.answers import find_nearest
from ronglian.engines.matching.packing import unpack
from ronglian.engines.matching.similarity import similarities, weigh
from ronglian.engines.matching.tokens import read_features

SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000, "1m": 1_000_000}
NEEDS_SHARE = 10
TOP = 20
AT_ONCE = 10_000  # records handed to a peer


def main() -> None:
    """Run and print."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--size", choices=SIZES, default="10k")
    options.add_argument("--queries", type=int, default=100)
    options.add_argument("--without-peers", action="store_true")
    options.add_argument("--keep", type=Path)
    given = options.parse_args()
    print_machine()
    folder = given.keep or Path(tempfile.mkdtemp(prefix="ronglian-scale-"))
    try:
        path = folder / f"{given.size}.index"
        if not path.exists():
            build(SIZES[given.size], path)
        index = measure_ours(path, given.queries)
        if not given.without_peers:
            queries = query_sets(given.queries)
            asked = {name: [known_tokens(index, need) for need in needs] for name, needs in queries.items()}
            for measure in (measure_tantivy, measure_bm25s):
                measure(index, asked, folder)
    finally:
        if given.keep is None:
            shutil.rmtree(folder)
    print_load("at the end")


def say(what: str, value: object) -> None:
    """One line of the table."""
    print(f"{what:<52} {value}", flush=True)


def print_load(when: str) -> None:
    """Load of the machine and memory of this process."""
    say(f"load {when}", " ".join(f"{each:.1f}" for each in os.getloadavg()))
    say("memory at most so far", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def print_machine() -> None:
    """Machine, versions and load."""
    with Path("/proc/cpuinfo").open(encoding="utf-8") as file:
        model = next(
            (line.split(":")[1].strip() for line in file if line.startswith("model name")), "unknown"
        )
    say("machine", f"{model}, {os.cpu_count()} cores, this run on {sorted(os.sched_getaffinity(0))}")
    for name in ("numpy", "numba", "bm25s", "tantivy"):
        try:
            say(name, version(name))
        except PackageNotFoundError:
            say(name, "not installed")
    say("python", platform.python_version())
    print_load("at the start")


@contextmanager
def timed(what: str, each: int = 1) -> Iterator[None]:
    """Print the wall and processor seconds of the block, and milliseconds of each of several."""
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    say(
        what,
        f"wall {wall:.3f} s, cpu {cpu:.3f} s" + (f", {1000 * cpu / each:.3f} ms each" if each > 1 else ""),
    )


def build(size: int, path: Path) -> None:
    """Build our index and save it."""
    with timed("recipe"):
        results, needs = list(make_results(size)), list(make_needs(size // NEEDS_SHARE))
    say("characters per record", f"{np.mean([len(each.title) + len(each.body) for each in results]):.0f}")
    with timed("ours: read and index", len(results) + len(needs)):
        index = MatchIndex.build(needs, results)
    with timed("ours: save"):
        index.save(path)
    print_load("after building")


def measure_ours(path: Path, queries: int) -> MatchIndex:
    """Open, ask and change; answers the index as it was opened."""
    with timed("ours: open"):
        index = MatchIndex.load(path)
    describe(index, path)
    sets = query_sets(queries)
    with timed("ours: first answers (loads or compiles the kernel)"):
        index.match_need(sets["real needs"][0], today=TODAY)
        index.search("锂电池", "results")
    for name, asked in sets.items():
        run_queries(
            f"ours: {name}, explained top {TOP}", asked, lambda need: index.match_need(need, today=TODAY)
        )
        run_queries(
            f"ours: {name}, ranked top 10", asked, lambda need: index.rank_need(need, today=TODAY, top=10)
        )
        vectors = [vector_of(index, need) for need in asked]
        run_queries(
            f"ours: {name}, wording alone top 10, from tokens",
            vectors,
            lambda vector: find_nearest(index.state, vector, "results", 10),
        )
        say(f"ours: {name}, precision@10 against float64", f"{precision(index, vectors[:25]):.4f}")
    run_queries(
        "ours: stored needs, ranked top 100",
        index.ids("needs")[:queries],
        lambda need: index.rank_need(need, today=TODAY, top=100),
    )
    run_queries(
        "ours: results to needs, explained",
        index.ids("results")[:queries],
        lambda each: index.match_result(each, today=TODAY),
    )
    run_queries(
        "ours: plain search",
        sets["titles of real needs"],
        lambda need: index.search(need.title, "results"),
    )
    measure_changes(path)
    print_load("after ours")
    return index


def measure_changes(path: Path) -> None:
    """Change one, a hundred and ten thousand records of an opened index."""
    index = MatchIndex.load(path)
    changes = [replace(each, title=each.title + "改") for each in make_results(10_000)]
    for count in (1, 1, 1, 100, min(10_000, len(index.ids("results")) // 2)):
        with timed(f"ours: change {count} records"):
            index.update(results=changes[:count])


def describe(index: MatchIndex, path: Path) -> None:
    """How large the collection is, and what the file spends its bytes on."""
    state = index.state
    records = len(state.needs) + len(state.results)
    say("records", f"{len(state.needs)} needs, {len(state.results)} results")
    say("tokens, words", f"{len(state.weighting.vocabulary)}, {len(state.words.names)}")
    entries = int(state.weighting.vocabulary.find(state.weighting.vocabulary.keys).shape[0])
    counts = state.results.frequencies(entries)
    say("tokens per result", f"{counts.sum() / len(state.results):.1f}")
    say("ours: bytes per record in the file, all", f"{path.stat().st_size / records:.0f}")
    for name, size in parts_of(index).items():
        say(f"ours: bytes per record, {name}", f"{size / records:.1f}")


def parts_of(index: MatchIndex) -> dict[str, int]:
    """Bytes of the large parts in memory, which are those of the file."""
    sizes = {"tokens by record": 0, "postings": 0, "norms and classes": 0, "words": 0, "ids": 0, "facts": 0}
    for role in ("needs", "results"):
        for segment in index.state.side(role).segments:
            contents = segment.contents
            sizes["tokens by record"] += contents.tokens.items.nbytes
            sizes["words"] += contents.words.items.nbytes
            sizes["ids"] += contents.ids.items.nbytes + segment.order.nbytes + segment.sorted_keys.nbytes
            for fact in contents.facts.table.values():
                sizes["facts"] += fact.codes.nbytes + fact.values.items.nbytes
            if segment.postings is not None:
                sizes["postings"] += segment.postings.entries.nbytes
                sizes["norms and classes"] += 12 * len(segment) + segment.classes.rows.nbytes
    return sizes


def query_sets(count: int) -> dict[str, list[NeedProfile]]:
    """Needs of real enterprises, needs of the recipe with facts, and titles."""
    real = real_needs()[:count]
    return {
        "real needs": real,
        "recipe needs with facts": list(make_needs(count, seed=SEED + 2)),
        "titles of real needs": [NeedProfile(each.id, each.title) for each in real],
    }


def vector_of(index: MatchIndex, need: NeedProfile) -> dict[str, float]:
    """The weighted tokens of a need."""
    return index.state.weighting.vector(read_features(need, index.parameters), "needs")


def precision(index: MatchIndex, vectors: list[dict[str, float]]) -> float:
    """Share of the ten best by wording that are as good as the tenth of all rows, each row summed in float64."""
    shares = []
    for vector in vectors:
        every = similarities(
            weigh(vector, index.state.weighting), index.state.results, "results", index.state.weighting
        )
        tenth = np.partition(every, len(every) - 10)[len(every) - 10]
        found = find_nearest(index.state, vector, "results", 10)
        shares.append(sum(hit.score >= tenth for hit in found) / 10)
    return float(np.mean(shares))


def run_queries(what: str, asked: Sequence[Any], answer: Callable[[Any], object]) -> None:
    """Median and 95th percentile of wall and of processor time; the first answers warm up."""
    for each in asked[:3]:
        answer(each)
    walls, cpus = [], []
    for each in asked:
        wall, cpu = time.perf_counter(), time.process_time()
        answer(each)
        walls.append(1000 * (time.perf_counter() - wall))
        cpus.append(1000 * (time.process_time() - cpu))
    p50, p95 = np.percentile(walls, [50, 95])
    cpu50, cpu95 = np.percentile(cpus, [50, 95])
    rate = 1000 * len(cpus) / sum(cpus)
    say(
        what,
        f"wall p50 {p50:.2f} p95 {p95:.2f} ms; cpu p50 {cpu50:.2f} p95 {cpu95:.2f} ms; {rate:.0f} per cpu second",
    )


def token_rows(index: MatchIndex) -> Iterator[list[np.ndarray[Any, Any]]]:
    """Token numbers of the results, some thousand results at a time."""
    for segment in index.state.results.segments:
        for begin in range(0, len(segment), AT_ONCE):
            rows = np.arange(begin, min(begin + AT_ONCE, len(segment)))
            tokens, _ = unpack(segment.contents.tokens.take(rows))
            yield np.split(tokens.items.astype(np.int32), tokens.starts[1:-1])


def known_tokens(index: MatchIndex, need: NeedProfile) -> list[int]:
    """Token numbers of a need that the collection knows."""
    numbers = index.state.weighting.vocabulary.find_tokens(
        list(read_features(need, index.parameters).weights)
    )
    known: list[int] = numbers[numbers >= 0].tolist()
    return known


def measure_bm25s(index: MatchIndex, asked: dict[str, list[list[int]]], folder: Path) -> None:
    """bm25s with its numba backend, given token numbers."""
    import bm25s  # noqa: PLC0415 - only where peers are measured
    from bm25s.tokenization import Tokenized  # noqa: PLC0415

    rows = [row for chunk in token_rows(index) for row in chunk]
    names = {str(number): number for number in range(len(index.state.weighting.vocabulary))}
    retriever = bm25s.BM25(backend="numba", k1=1.2, b=0.75)
    with timed("bm25s: index token numbers", len(rows)):
        retriever.index(Tokenized(rows, names), show_progress=False)
    retriever.save(folder / "bm25s")
    size = sum(each.stat().st_size for each in (folder / "bm25s").iterdir())
    say("bm25s: bytes per record in files", f"{size / len(rows):.0f}")
    shutil.rmtree(folder / "bm25s")
    retriever.activate_numba_scorer()
    for name, queries in asked.items():

        def answer(query: list[int]) -> object:
            # Words, not Tokenized: that would look through the whole vocabulary for each query.
            return retriever.retrieve([list(map(str, query))], k=10, show_progress=False, n_threads=1)

        run_queries(f"bm25s: {name}, top 10", queries, answer)
    print_load("after bm25s")


def measure_tantivy(index: MatchIndex, asked: dict[str, list[list[int]]], folder: Path) -> None:
    """tantivy through tantivy-py, given token numbers as words, one indexing thread."""
    import tantivy  # noqa: PLC0415 - only where peers are measured

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("body", stored=False, tokenizer_name="whitespace", index_option="freq")
    (folder / "tantivy").mkdir()
    schema = builder.build()
    found = tantivy.Index(schema, path=str(folder / "tantivy"))
    writer = found.writer(500_000_000, 1)
    cpu, records = 0.0, 0
    for chunk in token_rows(index):
        texts = [" ".join(map(str, each.tolist())) for each in chunk]
        begun = time.process_time()
        for text in texts:
            writer.add_document(tantivy.Document(body=text))
        # The indexing thread works on behind; what is not done by now counts at the commit.
        cpu += time.process_time() - begun
        records += len(texts)
    begun = time.process_time()
    writer.commit()
    writer.wait_merging_threads()
    cpu += time.process_time() - begun
    say("tantivy: index, at least (threads overlap)", f"cpu {cpu:.1f} s, {1000 * cpu / records:.3f} ms each")
    found.reload()
    size = sum(each.stat().st_size for each in (folder / "tantivy").iterdir())
    say("tantivy: bytes per record in files", f"{size / records:.0f}")
    searcher = found.searcher()
    for name, queries in asked.items():

        def answer(query: list[int]) -> object:
            terms = [
                (tantivy.Occur.Should, tantivy.Query.term_query(schema, "body", str(each))) for each in query
            ]
            return searcher.search(tantivy.Query.boolean_query(terms), 10)

        run_queries(f"tantivy: {name}, top 10", queries, answer)
    shutil.rmtree(folder / "tantivy")
    print_load("after tantivy")


if __name__ == "__main__":
    main()
