"""Reading processes. Permission is the subject's: whoever may see it may see where it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from ronglian.engines.process import Step, Timer, due_of, what_next
from ronglian.engines.process.definition import DeadlineUnknown
from ronglian.engines.text.wording import Words
from ronglian.kernel.events import events_about
from ronglian.kernel.models import Event
from ronglian.kernel.process.models import ProcessTimer, RunningProcess, TimerState
from ronglian.kernel.process.rulebook import rulebook
from ronglian.kernel.process.running import circumstances
from ronglian.kernel.process.subjects import Facts


@dataclass(frozen=True, slots=True)
class Deadline:
    """A timer that runs. `due_at` None: the clock stands or the moment is not known; `problem` says what is missing."""

    timer: Timer
    due_at: datetime | None
    problem: Words | None = None


def main_process(kind: str, subject_id: UUID) -> RunningProcess | None:
    """The newest process of a subject that is no part of another; with its definition."""
    rows = RunningProcess.objects.filter(subject_kind=kind, subject_id=subject_id, parent=None)
    found: RunningProcess | None = rows.select_related("kept").order_by("-id").first()
    return found


def next_steps(
    process: RunningProcess, roles: Collection[str], facts: Facts, now: datetime
) -> tuple[Step, ...]:
    """What can happen next, who may, and if not, why not. Documents are taken to be handed in with the step."""
    if process.is_over:
        return ()
    return what_next(process.definition, process.situation(), circumstances(process, roles, facts, now, None))


def stages_of(process: RunningProcess) -> frozenset[str]:
    """What the states in which it is are for: `open`, `sealed`, …; empty when it is over."""
    if process.is_over:
        return frozenset()
    return frozenset(process.definition.states[state].stage for state in process.states)


def deadlines(process: RunningProcess, facts: Facts) -> list[Deadline]:
    """The timers that run, soonest first."""
    definition, situation, found = process.definition, process.situation(), []
    for row in ProcessTimer.objects.filter(process=process, state=TimerState.WAITING):
        timer, problem = definition.timers[row.name], None
        if row.due_at is None:
            try:
                due_of(definition, situation, timer, facts, rulebook().calendar_of(definition))
            except DeadlineUnknown as error:
                problem = error.words
        found.append(Deadline(timer, row.due_at, problem))
    return sorted(found, key=lambda each: (each.due_at is None, each.due_at))


def parts_of(process: RunningProcess) -> Sequence[RunningProcess]:
    """Its sub-processes, oldest first."""
    return list(process.parts.select_related("kept").order_by("id"))


def timeline(process: RunningProcess) -> QuerySet[Event]:
    """What happened to it, oldest first."""
    return events_about(process)
