"""Speed and size of the matching engine beside bm25s (numba) and tantivy: same run, same tokens, same queries.

    python -m benchmarks.matching.scale --size 10k|100k|1m [--without-peers] [--queries 100]

Collections come from the seeded recipe in corpus.py. For 1m, 20,000 records are read and a million token rows are
mixed from pairs of them (half of the tokens of each): reading a million texts would measure reading only, whose
cost per record is printed anyway. The peers rank by words alone; ours ranks by all factors, exactly. Pin the run to
one core (``taskset -c 1``) and look at the load that is printed.
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
from ronglian.engines.matching.answers import State
from ronglian.engines.matching.segments import Contents, Rows, make_bytes, make_segment
from ronglian.engines.matching.side import Side, hash_id
from ronglian.engines.matching.similarity import learn_weighting
from ronglian.engines.matching.tokens import read_features

SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000, "1m": 1_000_000}
READ = 20_000
NEEDS_SHARE = 10
TOP = 20


def main() -> None:
    """Run and print."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--size", choices=SIZES, default="10k")
    options.add_argument("--queries", type=int, default=100)
    options.add_argument("--without-peers", action="store_true")
    given = options.parse_args()
    print_machine()
    folder = Path(tempfile.mkdtemp(prefix="ronglian-scale-"))
    try:
        index = measure_ours(SIZES[given.size], given.queries, folder)
        if not given.without_peers:
            queries = {name: needs[: given.queries] for name, needs in query_sets(given.queries).items()}
            tokens = token_rows(index)
            asked = {name: [known_tokens(index, need) for need in needs] for name, needs in queries.items()}
            for measure in (measure_bm25s, measure_tantivy):
                measure(tokens, len(index._state.weighting.vocabulary), asked, folder)
    finally:
        shutil.rmtree(folder)
    say("load at the end", " ".join(f"{each:.1f}" for each in os.getloadavg()))


def say(what: str, value: object) -> None:
    """One line of the table."""
    print(f"{what:<48} {value}", flush=True)


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
    say("load at the start", " ".join(f"{each:.1f}" for each in os.getloadavg()))


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


def measure_ours(size: int, queries: int, folder: Path) -> MatchIndex:
    """Index, ask, change, save and open; answers the index."""
    read = size if size <= SIZES["100k"] else READ
    results, needs = list(make_results(read)), list(make_needs(max(read // NEEDS_SHARE, 100)))
    say("characters per record", f"{np.mean([len(each.title) + len(each.body) for each in results]):.0f}")
    with timed("ours: read and index", len(results) + len(needs)):
        index = MatchIndex.build(needs, results)
    if size > read:
        with timed("ours: index mixed rows, without reading", size):
            index = enlarge(index, size)
    describe(index)
    for name, asked in query_sets(queries).items():
        run_queries(
            f"ours: {name}, explained top {TOP}", asked, lambda need: index.match_need(need, today=TODAY)
        )
        run_queries(
            f"ours: {name}, ranked top 10", asked, lambda need: index.rank_need(need, today=TODAY, top=10)
        )
    run_queries(
        "ours: results to needs, explained",
        results[:queries],
        lambda each: index.match_result(each, today=TODAY),
    )
    run_queries("ours: plain search", needs[:20], lambda each: index.search(each.title, "results"))
    path = folder / "ours.index"
    with timed("ours: save"):
        index.save(path)
    records = len(index.ids("needs")) + len(index.ids("results"))
    say("ours: bytes per record in the file", f"{path.stat().st_size / records:.0f}")
    with timed("ours: open"):
        opened = MatchIndex.load(path)
    with timed("ours: first answer after opening"):
        opened.match_need(needs[0], today=TODAY)
    changes = [replace(each, title=each.title + "改") for each in results[: min(10_000, read // 2)]]
    for count in (1, 1, 100, len(changes)):
        with timed(f"ours: change {count} records"):
            opened.update(results=changes[:count])
    say("memory at most so far", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return index


def describe(index: MatchIndex) -> None:
    """How large the collection is."""
    state = index._state
    side = state.results
    say("records", f"{len(state.needs)} needs, {len(side)} results")
    say("tokens, words", f"{len(state.weighting.vocabulary)}, {len(state.words.words)}")
    entries = sum(len(segment.postings) for segment in side.segments)
    words = sum(len(segment.contents.words.items) for segment in side.segments)
    say("tokens per result, words per result", f"{entries / len(side):.0f}, {words / len(side):.0f}")


def query_sets(count: int) -> dict[str, list[NeedProfile]]:
    """Needs of real enterprises, needs of the recipe with facts, and titles."""
    real = real_needs()[:count]
    return {
        "real needs": real,
        "recipe needs with facts": list(make_needs(count, seed=SEED + 2)),
        "titles of real needs": [NeedProfile(each.id, each.title) for each in real],
    }


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


def enlarge(index: MatchIndex, size: int) -> MatchIndex:
    """An index of ``size`` results mixed from pairs of the results there are; the needs stay."""
    state = index._state
    source = state.results.segments[0].contents
    chance = np.random.default_rng(SEED)
    contents = mix(source, size, chance)
    segment = make_segment(contents)
    vocabulary = state.weighting.vocabulary
    counts = segment.frequencies(np.arange(size), len(vocabulary))
    results = Side(state.results.kind, (segment,), np.ones(size, dtype=bool), counts)
    weighting = learn_weighting(state.needs, results, vocabulary, state.parameters)
    return MatchIndex(State(state.needs, results, state.words, state.modes, weighting))


def mix(source: Contents, size: int, chance: np.random.Generator) -> Contents:
    """Rows with about half of the tokens of one row and half of those of another; words and facts of the first."""
    kept, parts, sizes = chance.integers(0, len(source.keys), (2, size)), [], [np.zeros(1, dtype=np.int64)]
    for begin in range(0, size, 50_000):
        halves = []
        rows = np.arange(min(50_000, size - begin))
        for place in range(2):
            chosen = kept[place, begin : begin + len(rows)]
            places = source.tokens.places(chosen)
            owners = np.repeat(rows, np.diff(source.tokens.starts)[chosen])
            coin = chance.random(len(places)) < 0.5
            halves.append((owners[coin], source.tokens.items[places[coin]], source.codes[places[coin]]))
        owners, items, codes = (np.concatenate(each) for each in zip(*halves, strict=True))
        _, first = np.unique(owners * (1 << 32) + items, return_index=True)
        parts.append((items[first], codes[first]))
        sizes.append(np.bincount(owners[first], minlength=len(rows)))
    ids = [f"m{number:07d}" for number in range(size)]
    items, codes = (np.concatenate(each) for each in zip(*parts, strict=True))
    return Contents(
        Rows(np.cumsum(np.concatenate(sizes)), items),
        codes,
        source.levels,
        source.words.take(kept[0]),
        source.columns.take(kept[0]),
        source.facts.take(kept[0]),
        make_bytes([each.encode() for each in ids]),
        np.array([hash_id(each) for each in ids], dtype=np.uint64),
    )


def token_rows(index: MatchIndex) -> list[np.ndarray[Any, Any]]:
    """Token numbers of every result."""
    contents = [segment.contents.tokens for segment in index._state.results.segments]
    return [rows.row(at) for rows in contents for at in range(len(rows))]


def known_tokens(index: MatchIndex, need: NeedProfile) -> list[int]:
    """Token numbers of a need that the collection knows."""
    numbers = index._state.weighting.vocabulary.numbers
    return [numbers[each] for each in read_features(need, index.parameters).weights if each in numbers]


def measure_bm25s(
    rows: list[np.ndarray[Any, Any]], tokens: int, asked: dict[str, list[list[int]]], folder: Path
) -> None:
    """bm25s with its numba backend, given token numbers."""
    import bm25s  # noqa: PLC0415 - only where peers are measured
    from bm25s.tokenization import Tokenized  # noqa: PLC0415

    retriever = bm25s.BM25(backend="numba", k1=1.2, b=0.75)
    names = {str(number): number for number in range(tokens)}
    with timed("bm25s: index token numbers", len(rows)):
        retriever.index(Tokenized([each.tolist() for each in rows], names), show_progress=False)
    retriever.save(folder / "bm25s")
    size = sum(each.stat().st_size for each in (folder / "bm25s").iterdir())
    say("bm25s: bytes per record in files", f"{size / len(rows):.0f}")
    retriever.activate_numba_scorer()
    for name, queries in asked.items():

        def answer(query: list[int]) -> object:
            # Words, not Tokenized: that would look through the whole vocabulary for each query.
            return retriever.retrieve([list(map(str, query))], k=10, show_progress=False, n_threads=1)

        run_queries(f"bm25s: {name}, top 10", queries, answer)


def measure_tantivy(
    rows: list[np.ndarray[Any, Any]], tokens: int, asked: dict[str, list[list[int]]], folder: Path
) -> None:
    """tantivy through tantivy-py, given token numbers as words, one indexing thread."""
    import tantivy  # noqa: PLC0415 - only where peers are measured

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("body", stored=False, tokenizer_name="whitespace", index_option="freq")
    (folder / "tantivy").mkdir()
    schema = builder.build()
    found = tantivy.Index(schema, path=str(folder / "tantivy"))
    with timed("tantivy: join token numbers to text", len(rows)):
        texts = [" ".join(map(str, each.tolist())) for each in rows]
    with timed("tantivy: index", len(rows)):
        writer = found.writer(500_000_000, 1)
        for text in texts:
            writer.add_document(tantivy.Document(body=text))
        writer.commit()
        writer.wait_merging_threads()
    found.reload()
    size = sum(each.stat().st_size for each in (folder / "tantivy").iterdir())
    say("tantivy: bytes per record in files", f"{size / len(rows):.0f}")
    searcher = found.searcher()
    for name, queries in asked.items():

        def answer(query: list[int]) -> object:
            terms = [
                (tantivy.Occur.Should, tantivy.Query.term_query(schema, "body", str(each))) for each in query
            ]
            return searcher.search(tantivy.Query.boolean_query(terms), 10)

        run_queries(f"tantivy: {name}, top 10", queries, answer)


if __name__ == "__main__":
    main()
