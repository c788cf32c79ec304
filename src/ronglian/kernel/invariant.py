"""What always holds of a live database (不变量). `ronglian check` asks each one, and so does the worker every night.

An app declares its own in `invariants.py`. An invariant has a name, a sentence, and a query that finds what breaks it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from django.db import connection, models
from django.utils.module_loading import autodiscover_modules
from django_tasks import task

from ronglian.kernel.errors import Text

logger = logging.getLogger(__name__)
SHOWN = 20
Query = Callable[[], Iterable[object]]


@dataclass(frozen=True, slots=True)
class Invariant:
    """A sentence that is true, and the query that finds what makes it false."""

    name: str
    sentence: Text
    find_broken: Query


@dataclass(frozen=True, slots=True)
class Outcome:
    """What asking one invariant gave: the first few things that break it, none where it holds."""

    invariant: Invariant
    broken: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.broken


INVARIANTS: dict[str, Invariant] = {}


def invariant(name: str, sentence: Text) -> Callable[[Query], Query]:
    """Declare that `sentence` always holds; the function below yields what breaks it."""

    def declare(query: Query) -> Query:
        if name in INVARIANTS:
            raise AssertionError(f"two invariants are called {name}")
        INVARIANTS[name] = Invariant(name, sentence, query)
        return query

    return declare


def all_invariants() -> list[Invariant]:
    """Those of the kernel and of every app, by name."""
    autodiscover_modules("invariants")
    return sorted(INVARIANTS.values(), key=lambda each: each.name)


def check_invariant(one: Invariant) -> Outcome:
    """Ask it. A query that fails breaks its invariant, too: what cannot be asked is not known to hold."""
    try:
        return Outcome(one, tuple(str(each) for each in islice(one.find_broken(), SHOWN)))
    except Exception as error:
        logger.exception("the invariant %s could not be asked", one.name)
        return Outcome(one, (f"{type(error).__name__}: {error}",))


@task()
def check_all() -> int:
    """Every night: ask all and log those that do not hold; answers how many."""
    outcomes = [check_invariant(each) for each in all_invariants()]
    broken = [outcome for outcome in outcomes if not outcome.holds]
    for outcome in broken:
        logger.error("invariant %s does not hold: %s", outcome.invariant.name, ", ".join(outcome.broken))
    return len(broken)


def named(rows: models.QuerySet[models.Model]) -> Iterable[str]:
    """Rows as findings: kind and public id, or row number."""
    for row in rows.iterator(chunk_size=500):
        yield f"{row._meta.model_name} {getattr(row, 'public_id', row.pk)}"


def setting_of(name: str) -> str:
    """What the database says of one of its own settings."""
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}" if connection.vendor == "sqlite" else f"SHOW {name}")
        row = cursor.fetchone()
    return str(row[0]) if row else ""
