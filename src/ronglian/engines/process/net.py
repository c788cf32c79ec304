"""The net behind a definition: which sets of states can hold tokens, and from which an end is reached.

A 1-safe Petri net with reset arcs, explored by breadth-first search; roles, conditions and time are left aside.
T. Murata, Petri nets: properties, analysis and applications, Proc. IEEE 77(4), 1989.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from ronglian.engines.process.definition import Definition, Transition

MOST_MARKINGS = 20_000
Marking = frozenset[str]


class TooLarge(ValueError):
    """More markings than anybody could check."""


@dataclass(frozen=True, slots=True)
class Collision:
    """A firing that would put a second token into a state."""

    transition: str
    state: str


@dataclass(slots=True)
class Net:
    """All reachable markings with the firings between them."""

    firings: dict[Marking, list[tuple[str, Marking]]] = field(default_factory=dict)
    collisions: list[Collision] = field(default_factory=list)

    @property
    def markings(self) -> Iterable[Marking]:
        return self.firings.keys()


def taken_by(transition: Transition, marking: Iterable[str]) -> tuple[str, ...] | None:
    """The states whose tokens the transition takes; None where it is not enabled."""
    held = set(marking)
    if transition.is_any:
        first = next((source for source in transition.sources if source in held), None)
        return None if first is None else (first,)
    return transition.sources if held.issuperset(transition.sources) else None


def fire(transition: Transition, marking: Marking) -> Marking | None:
    """The marking afterwards; None where the transition is not enabled."""
    taken = taken_by(transition, marking)
    if taken is None:
        return None
    kept = frozenset() if transition.cancels else marking - set(taken)
    return kept | set(transition.targets)


def explore(definition: Definition) -> Net:
    """Everything that can be reached from the start. Raises TooLarge."""
    net = Net()
    waiting = deque([frozenset({definition.start})])
    while waiting:
        marking = waiting.popleft()
        if marking in net.firings:
            continue
        if len(net.firings) >= MOST_MARKINGS:
            raise TooLarge(f"more than {MOST_MARKINGS} markings")
        net.firings[marking] = following = []
        for transition in definition.transitions.values():
            after = fire(transition, marking)
            if after is None:
                continue
            taken = taken_by(transition, marking) or ()
            kept = frozenset() if transition.cancels else marking - set(taken)
            net.collisions += [
                Collision(transition.id, state) for state in transition.targets if state in kept
            ]
            following.append((transition.id, after))
            waiting.append(after)
    return net


def can_end(definition: Definition, net: Net) -> set[Marking]:
    """The markings from which the process can come to an end."""
    before: dict[Marking, list[Marking]] = {marking: [] for marking in net.firings}
    for marking, following in net.firings.items():
        for _transition, after in following:
            before[after].append(marking)
    found = {marking for marking in net.firings if is_over(definition, marking)}
    waiting = list(found)
    while waiting:
        for earlier in before[waiting.pop()]:
            if earlier not in found:
                found.add(earlier)
                waiting.append(earlier)
    return found


def is_over(definition: Definition, marking: Iterable[str]) -> bool:
    return all(definition.states[state].end is not None for state in marking)


def shortest_way_out(definition: Definition, marking: Marking) -> list[str]:
    """The fewest transitions that lead from here to an end; empty where it is over or none does."""
    seen = {marking}
    waiting: deque[tuple[Marking, list[str]]] = deque([(marking, [])])
    while waiting:
        here, way = waiting.popleft()
        if is_over(definition, here):
            return way
        for transition in definition.transitions.values():
            after = fire(transition, here)
            if after is not None and after not in seen:
                seen.add(after)
                waiting.append((after, [*way, transition.id]))
    return []
