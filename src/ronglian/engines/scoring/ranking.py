"""From tries to places: which try of a team counts, and who stands where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class TeamTry:
    """One try. `order` is larger for a later one; `public` and `final` are scores in millionths, final None while it is hidden."""

    team: Any
    order: Any
    public: int
    final: int | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A team with its try that counts. Equal scores share a place; `tries` is how many the team made."""

    place: int
    counting: TeamTry
    tries: int


def counting_tries(tries: Sequence[TeamTry], *, higher_is_better: bool) -> dict[Any, TeamTry]:
    """Of each team the try with the best public score, of equal ones the earliest.

    It follows from what everybody sees, so that many tries are no lots in the draw of the hidden rows.
    """
    found: dict[Any, TeamTry] = {}
    for each in sorted(tries, key=lambda one: one.order):
        best = found.get(each.team)
        if best is None or _gain(each.public, higher_is_better) > _gain(best.public, higher_is_better):
            found[each.team] = each
    return found


def rank_teams(tries: Sequence[TeamTry], *, higher_is_better: bool, by_final: bool) -> list[Placed]:
    """The teams in order, by the public score of what counts, or by its final one. Of equal scores the earlier stands first."""
    counting = counting_tries(tries, higher_is_better=higher_is_better)
    made: dict[Any, int] = {}
    for each in tries:
        made[each.team] = made.get(each.team, 0) + 1

    def score(one: TeamTry) -> int:
        value = one.final if by_final else one.public
        if value is None:
            raise ValueError("a final ranking needs the final score of each try that counts")
        return _gain(value, higher_is_better)

    ordered = sorted(counting.values(), key=lambda one: (-score(one), one.order))
    places: list[Placed] = []
    for at, one in enumerate(ordered, 1):
        is_shared = bool(places) and score(places[-1].counting) == score(one)
        places.append(Placed(places[-1].place if is_shared else at, one, made[one.team]))
    return places


def _gain(score: int, higher_is_better: bool) -> int:
    return score if higher_is_better else -score
