"""Where the money of cases is known: agreements stand above the clinic and tell it here, so that figures need no second entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

# From ids of cases to the fen confirmed as paid under their agreements; cases without an agreement are left out.
PaidSource = Callable[[Iterable[int]], Mapping[int, int]]
_SOURCES: list[PaidSource] = []


def add_paid_source(source: PaidSource) -> None:
    """Called by an app's `ready`."""
    if source not in _SOURCES:
        _SOURCES.append(source)


def paid_by_case(cases: Iterable[int]) -> dict[int, int]:
    """Fen confirmed by both sides as paid, by case."""
    ids, found = list(cases), dict[int, int]()
    for source in _SOURCES:
        for case, fen in source(ids).items():
            found[case] = found.get(case, 0) + fen
    return found
