"""The costly part of checking a row: its metrics and its text's fingerprint, on all cores for large files.

The other processes are started afresh (`derive_child`), not forked: this one holds database connections and
perhaps threads; and not by multiprocessing, which runs the caller's main module again.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from ronglian.apps.registry.columns import MODELS
from ronglian.apps.registry.derived import derive
from ronglian.apps.registry.duplicates import bands, comparable, text_digest

LARGE = 3000  # rows; below, starting processes takes longer than they save
MOST_WORKERS = 4
CHILD = "ronglian.apps.registry.imports.derive_child"


@dataclass(frozen=True, slots=True)
class Derived:
    """What is computed from a row's texts alone."""

    digest: str
    bands: Sequence[int]
    metrics: dict[str, Any]


class Deriver:
    """Computes in this process, or in `workers` others."""

    def __init__(self, kind: str, workers: int) -> None:
        self._kind = kind
        self._threads = ThreadPoolExecutor(workers) if workers else None
        self._children: queue.SimpleQueue[subprocess.Popen[str]] = queue.SimpleQueue()
        self._all = [_start_child(kind) for _ in range(workers)]
        for child in self._all:
            self._children.put(child)

    def submit(self, rows: Sequence[Mapping[str, Any]]) -> Future[list[Derived]]:
        """Start on the values of some rows; the answer is in the same order."""
        if self._threads is not None:
            return self._threads.submit(self._ask, rows)
        future: Future[list[Derived]] = Future()
        future.set_result(derive_rows(self._kind, rows))
        return future

    def close(self) -> None:
        for child in self._all:
            child.kill()
        if self._threads is not None:
            self._threads.shutdown(cancel_futures=True)
        for child in self._all:
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    pipe.close()
            child.wait()

    def _ask(self, rows: Sequence[Mapping[str, Any]]) -> list[Derived]:
        child = self._children.get()
        try:
            assert child.stdin is not None
            assert child.stdout is not None
            child.stdin.write(json.dumps([plain_values(values) for values in rows]) + "\n")
            child.stdin.flush()
            answer = child.stdout.readline()
        finally:
            self._children.put(child)
        if not answer:
            raise RuntimeError(f"a process that reads metrics ended with {child.poll()}")
        return [Derived(*found) for found in json.loads(answer)]


@contextmanager
def deriver(kind: str, rows: int | None) -> Iterator[Deriver]:
    """A deriver for a file of about so many rows."""
    cores = min(MOST_WORKERS, len(os.sched_getaffinity(0)))
    is_large = kind != "organisations" and (rows or 0) >= LARGE
    made = Deriver(kind, cores if is_large and cores > 1 else 0)
    try:
        yield made
    finally:
        made.close()


def derive_rows(kind: str, rows: Sequence[Mapping[str, Any]]) -> list[Derived]:
    """For each row's values by attribute."""
    model = MODELS[kind]
    if kind == "organisations":
        return [Derived("", (), {}) for _ in rows]
    texts = [comparable(model, values.get) for values in rows]
    return [
        Derived(text_digest(text), own, derive(model, _texts_of(values)))
        for values, text, own in zip(rows, texts, bands(texts), strict=True)
    ]


def _texts_of(values: Mapping[str, Any]) -> Callable[[str], str]:
    return lambda name: values.get(name, "")


def plain_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON has it: dates as text."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _start_child(kind: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", CHILD, kind]
    return subprocess.Popen(  # noqa: S603 - our own module
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
