"""Quality of matching on judged pairs that nobody in this project wrote.

    python -m benchmarks.matching.quality [--json FILE] [--measured]

With --measured the figures that the site shows are renewed (`make bench` does). Prints one table per data set; exits with 0 and a reason where the data are not there.
"""

import argparse
import json
import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import scipy

from ronglian.engines.matching.dense import DenseVectors
from ronglian.engines.matching.evaluate import (
    Judged,
    Measures,
    Report,
    bootstrap_interval,
    evaluate,
    load_judged,
)
from ronglian.kernel.embedding import VectorCache, make_embedder
from ronglian.kernel.embedding.judged import embed_judged

MEASURED = Path(__file__).resolve().parents[2] / "src" / "ronglian" / "apps" / "matching" / "measured.json"
CACHE = Path(__file__).resolve().parents[2] / "build" / "vectors.sqlite3"
DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
SETS = {
    "needs-results-zh": ("results.jsonl", ("ndcg@10", "spearman", "contest")),
    "needs-results-en": ("results.jsonl.gz", ("mrr", "recall@10", "recall@100")),
}


def machine() -> str:
    """Processor, cores, versions and day of this run."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [
            line.split(":", 1)[1].strip()
            for line in info.read_text().splitlines()
            if line.startswith("model name")
        ]
        model = f"{names[0]} x {len(names)}" if names else model
    versions = f"Python {platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__}"
    return f"{model}; {platform.system()}; {versions}; {datetime.now(UTC):%Y-%m-%d}"


def vectors_of(judged: Judged) -> DenseVectors | None:
    """Vectors of the packaged model where it is installed, kept between runs in build/."""
    embedder = make_embedder("auto", {})
    return None if embedder is None else embed_judged(embedder, judged, VectorCache(CACHE))


def table(report: Report, measures: tuple[str, ...]) -> str:
    """The report as a Markdown table, with the paired difference of each baseline to the engine."""
    lines = ["| ranker | " + " | ".join(measures) + " |", "|---" * (len(measures) + 1) + "|"]
    engine = report.systems[-1]
    for system in report.systems:
        cells = []
        for measure in measures:
            interval = system.intervals[measure]
            text = (
                "-" if interval is None else f"{interval.mean:.3f} [{interval.low:.3f}, {interval.high:.3f}]"
            )
            if system is not engine and interval is not None and measure != "contest":
                text += f" ({difference(engine, system, measure)})"
            cells.append(text)
        lines.append(f"| {system.name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def difference(engine: Measures, other: Measures, measure: str) -> str:
    """How far the other is above or below the engine, over the needs that both measured."""
    ours, theirs = engine.values[measure], other.values[measure]
    change = bootstrap_interval([theirs[need] - ours[need] for need in theirs if need in ours])
    return f"{change.mean:+.3f} [{change.low:+.3f}, {change.high:+.3f}]"


def measured(reports: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What the site shows of these reports: the measures of the tables above, with day, machine and versions."""
    return {
        "measured_on": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": machine(),
        "command": "make bench",
        "sets": [
            {
                "name": name,
                **{key: report[key] for key in ("engine", "parameters", "needs", "results", "pairs")},
                "systems": [
                    {
                        "name": system["name"],
                        "measures": {
                            measure: _rounded(system["measures"][measure]) for measure in SETS[name][1]
                        },
                    }
                    for system in report["systems"]
                ],
            }
            for name, report in reports.items()
        ],
    }


def _rounded(interval: dict[str, float] | None) -> dict[str, float] | None:
    return None if interval is None else {name: round(value, 3) for name, value in interval.items()}


def main() -> int:
    """Run all sets that are there."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path, help="also write the reports to this file")
    parser.add_argument("--measured", action="store_true", help="renew the figures that the site shows")
    arguments = parser.parse_args()
    if not DATA.is_dir():
        print(f"The judged data are not at {DATA}; they are not part of the project.")
        return 0
    print(machine())
    print("95 % bootstrap intervals over needs; in parentheses the paired difference to the engine.")
    reports = {}
    for name, (results, measures) in SETS.items():
        start = time.perf_counter()
        folder = DATA / name
        judged = load_judged(folder / "needs.jsonl", folder / results, folder / "judgements.tsv")
        report = evaluate(judged, by_folds=True, vectors=vectors_of(judged))
        reports[name] = report.to_dict()
        print(f"\n## {name}: {report.needs} needs, {report.results} results, {report.pairs} judged pairs")
        print(table(report, measures))
        print(
            f"{time.perf_counter() - start:.0f} s, engine {report.engine}, parameters {report.parameters}, model {report.model}"
        )
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(reports, indent=2) + "\n", encoding="utf-8")
    if arguments.measured:
        MEASURED.write_text(json.dumps(measured(reports), indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
