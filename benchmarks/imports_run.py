"""The measured part of benchmarks/imports.py, in a process of its own so that its memory is its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - Django has to be set up first

from benchmarks.imports import WRITER, peak_megabytes, percentile, print_table  # noqa: E402
from ronglian.apps.accounts.operations.organisations import register_organisation  # noqa: E402
from ronglian.apps.registry.operations import imports as operations  # noqa: E402
from ronglian.kernel.actor import command_actor  # noqa: E402


def cpu_seconds() -> float:
    """Of this process and of the ones it has waited for: those that read metrics."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def main(path: Path) -> None:
    call_command("migrate", verbosity=0, skip_checks=True)
    actor = command_actor("benchmark")
    owner = register_organisation(actor=actor, fields={"name": "Benchmark", "kind": "enterprise"})
    stop = path.parent / "stop"
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(stop)], stdout=subprocess.PIPE, text=True)
    used, times = cpu_seconds(), [time.perf_counter()]
    with path.open("rb") as file:
        batch = operations.stage_import(actor=actor, owner=owner, kind="needs", file=file, filename=path.name)
    times.append(time.perf_counter())
    batch = operations.check_import(actor=actor, batch=batch)
    times.append(time.perf_counter())
    checked_peak = peak_megabytes()
    held: list[float] = []
    execute = operations.execute

    def timed(*args: object) -> None:
        begun = time.perf_counter()
        execute(*args)  # type: ignore[arg-type]  # handed through
        held.append(time.perf_counter() - begun)

    operations.execute = timed  # type: ignore[assignment]  # the same with a clock
    batch = operations.apply_import(actor=actor, batch=batch)
    times.append(time.perf_counter())
    stop.touch()
    used = cpu_seconds() - used
    waits = json.loads(writer.communicate()[0])
    stage, check, apply = (later - earlier for earlier, later in pairwise(times))
    print_table(
        [
            (
                "file",
                f"{path.name}, {path.stat().st_size / 1e6:.1f} MB, {batch.rows_seen} rows, state {batch.state}",
            ),
            ("outcomes", f"{batch.creates} new, {batch.duplicates} alike, {batch.bad_rows} bad"),
            ("store and measure", f"{stage:.1f} s"),
            ("check (dry run)", f"{check:.1f} s"),
            ("take over", f"{apply:.1f} s, of which in the transaction {held[0]:.1f} s"),
            ("together", f"{times[-1] - times[0]:.1f} s; {used:.1f} s of processor time"),
            ("peak memory", f"{checked_peak} MB after the check, {peak_megabytes()} MB at the end"),
            (
                "peak memory of the child",
                f"{peak_megabytes(resource.RUSAGE_CHILDREN)} MB (writer or workbook reader)",
            ),
            (
                "another writer",
                f"{len(waits)} writes, p95 {percentile(waits, 0.95):.2f} s, longest {max(waits):.2f} s",
            ),
        ]
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
