"""Trying a process out: a script of steps, and durations of many random runs (流程推演).

Random runs draw each waiting time from the triangular distribution of `expects` and each choice by `share`; a timer that counts
from the token's coming gives its period instead. They leave roles, conditions and sub-processes aside. Method and limits:
docs/explanation/algorithms/processes.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from ronglian.engines.process.calendar import Calendar, about_days
from ronglian.engines.process.definition import (
    CLOCK,
    DeadlineUnknown,
    Definition,
    Duration,
    Transition,
    Value,
)
from ronglian.engines.process.net import is_over, taken_by
from ronglian.engines.process.playing import (
    Circumstances,
    Reason,
    Refused,
    Situation,
    advance,
    due_of,
    first_fired,
    outcome_of,
    start_situation,
    timers_of,
)

MOST_STEPS = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a script: at this moment somebody in this role tries this step; `facts` change from here on."""

    at: datetime
    role: str
    step: str
    facts: Mapping[str, Value | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trace:
    """What a line, or the clock before it, did: where the case was afterwards, and why not where it was refused."""

    at: datetime
    role: str
    step: str
    states: tuple[str, ...]
    reasons: tuple[Reason, ...] = ()


def run_script(
    definition: Definition, calendar: Calendar, start: datetime, facts: Mapping[str, Value | None], lines: Sequence[Line]
) -> list[Trace]:  # fmt: skip
    """Play the lines in the order of their moments, and what the clock does between them. Papers are taken as handed in.

    Raises KeyError for a step that there is not.
    """
    known = dict(facts)
    situation = start_situation(definition, start)
    traces: list[Trace] = []
    fired: set[tuple[str, datetime]] = set()
    for line in sorted(lines, key=lambda each: each.at):
        situation = _let_time_pass(definition, calendar, situation, known, line.at, traces, fired)
        known |= line.facts
        try:
            asked = Circumstances.of({line.role}, known, line.at, calendar, _papers(definition))
            situation = advance(definition, situation, line.step, asked).situation
            traces.append(Trace(line.at, line.role, line.step, situation.states))
        except Refused as refused:
            traces.append(Trace(line.at, line.role, line.step, situation.states, refused.reasons))
    return traces


def _papers(definition: Definition) -> dict[str, str]:
    return dict.fromkeys(definition.documents, "simulated")


def _let_time_pass(
    definition: Definition, calendar: Calendar, situation: Situation, facts: Mapping[str, Value | None], until: datetime,
    traces: list[Trace], fired: set[tuple[str, datetime]],
) -> Situation:  # fmt: skip
    """Fire the timers that are due before that moment, soonest first."""
    while outcome_of(definition, situation) is None:
        due = []
        for timer in timers_of(definition, situation.states):
            since = situation.since([timer.state])
            try:
                moment = due_of(definition, situation, timer, facts, calendar)
            except DeadlineUnknown:
                moment = None
            if moment is not None and moment <= until and (timer.id, since) not in fired:
                due.append((moment, timer.id, since))
        if not due:
            break
        moment, name, since = min(due)
        fired.add((name, since))
        asked = Circumstances.of({CLOCK}, facts, moment, calendar, {})
        step = first_fired(definition, situation, definition.timers[name], asked)
        if step is not None:
            situation = advance(definition, situation, step, asked).situation
        traces.append(Trace(moment, CLOCK, step or name, situation.states))
    return situation


@dataclass(frozen=True, slots=True)
class Durations:
    """How long the runs that ended one way took, in days: number of runs, and the days that 10, 50 and 90 % stayed below."""

    runs: int
    p10: float
    p50: float
    p90: float


@dataclass(frozen=True, slots=True)
class Simulated:
    """Durations by the end state that was reached, and the mean days that a run spent in each state."""

    runs: int
    unfinished: int
    by_end: Mapping[str, Durations]
    days_in_state: Mapping[str, float]


def simulate(definition: Definition, runs: int, seed: int) -> Simulated:
    """Play so many random runs. The same seed gives the same numbers."""
    chance = Random(seed)  # noqa: S311 - a simulation, nothing secret
    ends: dict[str, list[float]] = {}
    spent = dict.fromkeys(definition.states, 0.0)
    unfinished = 0
    for _ in range(runs):
        end, days = _one_run(definition, chance, spent)
        if end is None:
            unfinished += 1
        else:
            ends.setdefault(end, []).append(days)
    by_end = {
        state: Durations(len(found), *(_quantile(sorted(found), share) for share in (0.1, 0.5, 0.9)))
        for state in definition.states
        if (found := ends.get(state))
    }
    return Simulated(runs, unfinished, by_end, {name: total / runs for name, total in spent.items() if total})


def _one_run(definition: Definition, chance: Random, spent: dict[str, float]) -> tuple[str | None, float]:
    """Each token chooses its step when it comes; a join waits for the last of its tokens."""
    chosen: dict[str, tuple[Transition, float]] = {}
    came = {definition.start: 0.0}
    now = 0.0
    for _ in range(MOST_STEPS):
        if is_over(definition, came):
            return next(iter(came)), now
        for state in came:
            if state not in chosen and definition.states[state].end is None:
                step = _choose(definition, state, chance)
                chosen[state] = (step, came[state] + _wait(definition, state, step, chance))
        ready = [
            (max(chosen[state][1] for state in taken), step.id, taken)
            for step in {step.id: step for step, _at in chosen.values()}.values()
            if (taken := taken_by(step, came))
            and all(chosen.get(state, (None,))[0] is step for state in taken)
        ]
        if not ready:  # one waits for a join that the others did not choose
            chosen.clear()
            continue
        now, name, taken = min(ready)
        step = definition.transitions[name]
        left = tuple(came) if step.cancels else taken
        for state in left:
            spent[state] += max(0.0, now - came.pop(state))
            chosen.pop(state, None)
        came |= dict.fromkeys(step.targets, now)
    return None, now


def _choose(definition: Definition, state: str, chance: Random) -> Transition:
    steps = definition.from_state(state)
    shares = [step.expects.share for step in steps]
    return chance.choices(steps, shares if any(shares) else None)[0]


def _wait(definition: Definition, state: str, step: Transition, chance: Random) -> float:
    least, likely, most = step.expects.days
    wait = chance.triangular(least, most, likely) if most > least else likely
    for timer in definition.timers.values():
        if (
            timer.state == state
            and step.id in timer.fires
            and timer.after is not None
            and step.roles == (CLOCK,)
        ):
            wait = about_days(_period(definition, timer.after))
    if step.not_before is not None:
        wait = max(wait, about_days(_period(definition, step.not_before)))
    return wait


def _period(definition: Definition, given: Duration | str) -> Duration:
    value = definition.parameters[given].values[-1].value if isinstance(given, str) else given
    assert isinstance(value, Duration)
    return value


def _quantile(found: list[float], share: float) -> float:
    """The value at that share of the sorted values, between two by their distance (type 7 of Hyndman and Fan 1996)."""
    at = share * (len(found) - 1)
    low = int(at)
    high = min(low + 1, len(found) - 1)
    return found[low] + (found[high] - found[low]) * (at - low)
