"""A definition as a table of steps: who, conditions, papers, deadlines, sources (流程表)."""

from __future__ import annotations

from dataclasses import dataclass

from ronglian.engines.process.definition import (
    CLOCK,
    Definition,
    Duration,
    Guard,
    Named,
    Source,
    Timer,
    Transition,
)
from ronglian.engines.process.playing import THE_CLOCK
from ronglian.engines.text.wording import Words


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step as people read it."""

    transition: Transition
    sources: tuple[Words, ...]
    targets: tuple[Words, ...]
    who: tuple[Named, ...]
    guards: tuple[Guard, ...]
    documents: tuple[Named, ...]
    waits: Words | None
    timers: tuple[Timer, ...]
    source: Source | None


def step_rows(definition: Definition) -> list[StepRow]:
    """The steps in the order in which they are written."""
    return [
        StepRow(
            transition=each,
            sources=tuple(definition.states[state].name for state in each.sources),
            targets=tuple(definition.states[state].name for state in each.targets),
            who=who_may(definition, each),
            guards=tuple(definition.guards[guard] for guard in each.guards),
            documents=tuple(definition.documents[document] for document in each.produces),
            waits=period_words(definition, each.not_before) if each.not_before else None,
            timers=tuple(timer for timer in definition.timers.values() if each.id in timer.fires),
            source=definition.sources.get(each.source),
        )
        for each in definition.transitions.values()
    ]


def who_may(definition: Definition, transition: Transition) -> tuple[Named, ...]:
    return tuple(
        Named(CLOCK, THE_CLOCK) if role == CLOCK else definition.roles[role] for role in transition.roles
    )


def period_words(definition: Definition, period: Duration | str) -> Words:
    """The period in words; a parameter's newest value with its name."""
    if isinstance(period, Duration):
        return period.words
    parameter = definition.parameters[period]
    value = parameter.values[-1].value
    said = value.words if isinstance(value, Duration) else Words(str(value), str(value))
    return Words(f"{parameter.name.zh}{said.zh}", f"{parameter.name.en}, {said.en}")


def timer_words(definition: Definition, timer: Timer) -> Words:
    """When a timer is due."""
    if timer.at:
        name = definition.facts[timer.at].name
        return Words(f"到“{name.zh}”", f"at “{name.en}”")
    assert timer.after is not None
    said = period_words(definition, timer.after)
    return Words(f"{said.zh}期满", f"after {said.en}")
