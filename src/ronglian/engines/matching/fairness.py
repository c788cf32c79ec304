"""Who is seen in ranked lists, and a bounded re-ranking where some are seen too little (曝光公平).

The place r of a list draws attention 1 / log2(1 + r) (Järvelin and Kekäläinen 2002). A group's due is its share of the
scores in the pool, its exposure the share of the attention on the places that are seen (Singh and Joachims 2018),
both averaged over all lists, so that what one list cannot give another can (Biega et al. 2018). Where the small ones'
exposure is below their due, they are ordered as if they had some points more, at most ``most_points``; scores never
change. Prose with a worked table: docs/explanation/algorithms/fairness.md.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, fsum, log2
from typing import Literal, NamedTuple

MoveReason = Literal["", "small", "crowded", "others"]


@dataclass(frozen=True)
class FairnessParameters:
    """Bounds of the re-ranking (公平性参数); points are those of the score, 0 to 100."""

    version: str = "2026-1"
    places: int = 10  # of a list that are seen
    pool: int = 20  # the best of a list, that share the attention out
    most_points: float = 2.0  # nobody is moved above a score that is more than this higher
    steps: int = 20  # in which the points are looked for
    # Below so many lists, and owners on either side, nothing is said and nothing is moved.
    fewest_lists: int = 20
    fewest_owners: int = 5
    # A result stands in at most so many lists, or so many times what an even spread would give.
    cap_floor: int = 20
    cap_factor: float = 3.0
    clear_lead: float = 5.0  # points before the second: clearly best, held back from nobody


DEFAULT_FAIRNESS = FairnessParameters()


class Listed(NamedTuple):
    """One line of a ranked list (榜单条目)."""

    id: str
    score: float
    owner: str
    is_small: bool


@dataclass(frozen=True, slots=True)
class Exposure:
    """How much the small ones are seen (小单位曝光).

    ``due`` and ``seen`` are shares 0..1 averaged over the lists; ``seen_lifted`` is with ``lift`` points. Means are
    None where there is nothing to take one of.
    """

    lists: int
    small_owners: int
    other_owners: int
    mean_small: float | None
    mean_others: float | None
    due: float
    seen: float
    seen_lifted: float
    lift: float
    is_enough: bool


@dataclass(frozen=True, slots=True)
class Crowding:
    """The results that stand in more lists than the cap permits (拥挤成果).

    ``least_scores``: below this score the result does not stand in a list, unless it is clearly best there.
    ``held_back``: the (list, result) pairs that this concerns now.
    """

    cap: int
    least_scores: Mapping[str, float]
    held_back: tuple[tuple[str, str], ...]


class Placed(NamedTuple):
    """A line in its place, from 1, with the place by score alone and why the two differ (排位)."""

    id: str
    place: int
    by_score: int
    reason: MoveReason


class Candidate(NamedTuple):
    """A line to be placed; excluded ones keep their places (待排条目)."""

    id: str
    score: float
    is_small: bool = False
    is_excluded: bool = False


def attention(place: int) -> float:
    """What the place, from 1, draws."""
    return 1.0 / log2(1.0 + place)


def measure_exposure(
    lists: Iterable[Sequence[Listed]], parameters: FairnessParameters = DEFAULT_FAIRNESS
) -> Exposure:
    """The small ones' exposure beside their due, and the least lift that makes it up, or the largest permitted.

    Lists may come in any order, and so may their lines. A list whose scores are all 0 has nothing to share out.
    """
    pools = [_pool(each, parameters.pool) for each in lists]
    pools = [pool for pool in pools if fsum(line.score for line in pool) > 0.0]
    small = [line for pool in pools for line in pool if line.is_small]
    others = [line for pool in pools for line in pool if not line.is_small]
    owners = len({line.owner for line in small}), len({line.owner for line in others})
    is_enough = len(pools) >= parameters.fewest_lists and min(owners) >= parameters.fewest_owners
    due = _mean(
        fsum(line.score for line in pool if line.is_small) / fsum(line.score for line in pool)
        for pool in pools
    )

    def seen(step: int) -> float:
        lift = parameters.most_points * step / parameters.steps
        return _mean(_share_seen(pool, lift, parameters.places) for pool in pools)

    step = 0
    if is_enough:  # what is seen never falls with the lift, so the least that is enough is found by halving
        step = min(bisect_left(range(parameters.steps + 1), due - 1e-12, key=seen), parameters.steps)
    return Exposure(
        lists=len(pools),
        small_owners=owners[0],
        other_owners=owners[1],
        mean_small=_mean(line.score for line in small) if small else None,
        mean_others=_mean(line.score for line in others) if others else None,
        due=due,
        seen=seen(0),
        seen_lifted=seen(step),
        lift=parameters.most_points * step / parameters.steps,
        is_enough=is_enough,
    )


def find_crowded(
    lists: Mapping[str, Sequence[Listed]],
    results: int,
    parameters: FairnessParameters = DEFAULT_FAIRNESS,
) -> Crowding:
    """Each result stands where it scores best, in at most ``cap`` lists, and wherever it is clearly best.

    ``results`` is how many there are to choose from: an even spread gives each places · lists / results.
    """
    even = parameters.places * len(lists) / max(results, 1)
    cap = max(parameters.cap_floor, ceil(parameters.cap_factor * even))
    standing: dict[str, list[tuple[float, str, bool]]] = {}
    for name, lines in lists.items():
        shown = _pool(lines, parameters.places)
        is_clear = _is_clear([line.score for line in _pool(lines, 2)], parameters.clear_lead)
        for at, line in enumerate(shown):
            standing.setdefault(line.id, []).append((-line.score, name, is_clear and at == 0))
    full = {result: sorted(own) for result, own in standing.items() if len(own) >= cap}
    return Crowding(
        cap,
        {result: -own[cap - 1][0] for result, own in sorted(full.items())},
        tuple(
            (name, result)
            for result, own in sorted(full.items())
            for score, name, is_clear in own[cap:]
            if score > own[cap - 1][0] and not is_clear
        ),
    )


def reorder(
    candidates: Sequence[Candidate],
    *,
    lift: float,
    least_scores: Mapping[str, float],
    parameters: FairnessParameters = DEFAULT_FAIRNESS,
) -> list[Placed]:
    """The list in its fair order.

    A small one passes another only if that one's score is less than ``lift`` higher. What is held back stands behind
    the first ``places``. Ties go by id. Raises ValueError for a lift above ``most_points``.
    """
    if not 0.0 <= lift <= parameters.most_points:
        raise ValueError(f"expected a lift of 0 to {parameters.most_points} points, got {lift}")
    by_score = sorted(candidates, key=lambda each: (-each.score, each.id))
    movable = [each for each in by_score if not each.is_excluded]
    is_clear = _is_clear([each.score for each in movable], parameters.clear_lead)
    held = {
        each.id
        for at, each in enumerate(movable[: parameters.places])
        if each.score < least_scores.get(each.id, each.score) and not (is_clear and at == 0)
    }

    def fair(each: Candidate) -> tuple[float, float, str]:
        return -(each.score + lift * each.is_small), -each.score, each.id

    free = sorted((each for each in movable if each.id not in held), key=fair)
    rest = free[parameters.places :] + [each for each in movable if each.id in held]
    ordered = iter(free[: parameters.places] + sorted(rest, key=fair))
    final = [each if each.is_excluded else next(ordered) for each in by_score]
    places = {each.id: place for place, each in enumerate(by_score, start=1)}
    return [
        Placed(each.id, place, places[each.id], _reason(each, place, final[place:], places, held))
        for place, each in enumerate(final, start=1)
    ]


def _reason(
    each: Candidate, place: int, behind: Sequence[Candidate], places: Mapping[str, int], held: set[str]
) -> MoveReason:
    before = places[each.id]
    if place == before:
        return ""
    if each.id in held:
        return "crowded"
    passed = (one for one in behind if places[one.id] < before and one.id not in held)
    return "small" if each.is_small and place < before and any(passed) else "others"


def _pool(lines: Sequence[Listed], size: int) -> list[Listed]:
    return sorted(lines, key=lambda line: (-line.score, line.id))[:size]


def _share_seen(pool: Sequence[Listed], lift: float, places: int) -> float:
    ordered = sorted(pool, key=lambda line: (-(line.score + lift * line.is_small), -line.score, line.id))
    seen = [(attention(place), line.is_small) for place, line in enumerate(ordered[:places], start=1)]
    return fsum(each for each, is_small in seen if is_small) / fsum(each for each, _ in seen)


def _is_clear(scores: Sequence[float], lead: float) -> bool:
    """Whether the first of these falling scores is clearly best."""
    return len(scores) == 1 or (len(scores) > 1 and scores[0] - scores[1] >= lead)


def _mean(values: Iterable[float]) -> float:
    every = list(values)
    return fsum(every) / len(every) if every else 0.0
