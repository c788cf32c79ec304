"""The costly part of checking a row: its metrics and its text's fingerprint, on all cores for large files."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from typing import Any

LARGE = 3000  # rows; below, starting processes takes longer than they save
MOST_WORKERS = 4


@dataclass(frozen=True, slots=True)
class Derived:
    """What is computed from a row's texts alone."""

    digest: str
    bands: tuple[int, ...]
    metrics: dict[str, Any]


class Deriver:
    """Computes in this process, or in others when it has a pool."""

    def __init__(self, kind: str, pool: ProcessPoolExecutor | None) -> None:
        self._kind = kind
        self._pool = pool

    def submit(self, rows: Sequence[Mapping[str, Any]]) -> Future[list[Derived]]:
        """Start on the values of some rows; the answer is in the same order."""
        if self._pool is not None:
            return self._pool.submit(derive_rows, self._kind, rows)
        future: Future[list[Derived]] = Future()
        future.set_result(derive_rows(self._kind, rows))
        return future


@contextmanager
def deriver(kind: str, rows: int | None) -> Iterator[Deriver]:
    """A deriver for a file of about so many rows."""
    workers = min(MOST_WORKERS, len(os.sched_getaffinity(0)))
    if kind == "organisations" or workers < 2 or (rows or 0) < LARGE:
        yield Deriver(kind, None)
        return
    # Started afresh, not forked: this process holds database connections and perhaps threads.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_set_up) as pool:
        try:
            yield Deriver(kind, pool)
        finally:
            pool.shutdown(cancel_futures=True)


def _set_up() -> None:
    import django  # noqa: PLC0415 - in a fresh process Django is not set up yet

    django.setup()


def derive_rows(kind: str, rows: Sequence[Mapping[str, Any]]) -> list[Derived]:
    """For each row's values by attribute."""
    # Django models can be imported only once Django is set up, which a new process does after importing this module.
    from ronglian.apps.registry.columns import MODELS  # noqa: PLC0415 - as said above
    from ronglian.apps.registry.duplicates import bands, comparable, shingles, text_digest  # noqa: PLC0415 - as above

    model = MODELS[kind]
    found = []
    for values in rows:
        text = comparable(model, values.get)
        found.append(Derived(text_digest(text), bands(shingles(text)), derived_metrics(model(**values))))
    return found


def derived_metrics(record: Any) -> dict[str, Any]:
    """The metrics read out of the texts; nothing for records that have none."""
    from ronglian.apps.registry.derived import fill_derived  # noqa: PLC0415 - as in derive_rows

    if not hasattr(record, "metrics"):
        return {}
    fill_derived(record)
    return {"metrics": record.metrics, "unread": record.unread}


def plain_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON has it: dates as text."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
