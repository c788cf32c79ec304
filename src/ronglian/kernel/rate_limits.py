"""How often somebody may ask, counted in the database over all processes, in a window that moves.

Reading is what most requests do, and a count is a write. So each process lets the first two in a second pass on its
own count; from the third on it writes what it has seen and asks what all have seen. With W processes, at most
2·(W - 1) more than the limit pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

from django.db import transaction

from ronglian.kernel.models import RateCount
from ronglian.kernel.sealing import personal_digest

UNCOUNTED = 2
MOST_KEPT = 10_000


@dataclass(slots=True)
class _Local:
    """What this process saw in one second, and how much of it is not written yet."""

    second: int
    seen: int = 0
    unwritten: int = 0


_seen: dict[str, _Local] = {}
_lock = Lock()


def may_ask(scope: str, who: str, now: float, per_second: int) -> bool:
    """Count one question of `who`; whether it is within the limit. `now` is in seconds."""
    key = personal_digest(f"{scope}\n{who}")
    second = int(now)
    with _lock:
        if len(_seen) > MOST_KEPT:
            _seen.clear()
        local = _seen.get(key)
        if local is None or local.second != second:
            local = _seen[key] = _Local(second)
        local.seen += 1
        local.unwritten += 1
        if local.seen <= UNCOUNTED:
            return True
        added, local.unwritten = local.unwritten, 0
    return _written(key, second, now - second, added) <= per_second


def _written(key: str, second: int, passed: float, added: int) -> float:
    """Add to the count of all processes; answers how many of the last second there are, this one included."""
    with transaction.atomic():
        row, _created = RateCount.objects.select_for_update().get_or_create(
            key=key, defaults={"second": second, "count": 0, "before": 0}
        )
        if row.second != second:
            row.before = row.count if row.second == second - 1 else 0
            row.second, row.count = second, 0
        row.count += added
        row.save(update_fields=["second", "count", "before"])
    return row.count + row.before * (1 - passed)


def forget_counts(now: float) -> None:
    """Once a day: drop what says nothing any more."""
    RateCount.objects.filter(second__lt=int(now) - 60).delete()
