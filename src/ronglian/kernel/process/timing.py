"""Keeping the rows of timers as the tokens, the pauses and the facts have it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from ronglian.engines.process import Situation, Timer, due_of, timers_of
from ronglian.engines.process.definition import DeadlineUnknown
from ronglian.kernel.process.models import ProcessTimer, RunningProcess, TimerState
from ronglian.kernel.process.rulebook import rulebook
from ronglian.kernel.process.subjects import Facts


def keep_timers(process: RunningProcess, situation: Situation, facts: Facts) -> None:
    """Make, move and end the timers of a process, so that they fit where it is now."""
    states = () if process.is_over else situation.states
    wanted = {
        (timer.id, situation.since([timer.state])): timer for timer in timers_of(process.definition, states)
    }
    rows = {(row.name, row.since): row for row in ProcessTimer.objects.filter(process=process)}
    for key, row in rows.items():
        if key not in wanted and row.state == TimerState.WAITING:
            row.state = TimerState.LEFT
            row.save(update_fields=["state"])
    for (name, since), timer in wanted.items():
        due, found = due_now(process, situation, timer, facts), rows.get((name, since))
        if found is None:
            ProcessTimer.objects.create(process=process, name=name, since=since, due_at=due)
        elif found.state != TimerState.FIRED and (found.state, found.due_at) != (TimerState.WAITING, due):
            found.state, found.due_at = TimerState.WAITING, due
            found.save(update_fields=["state", "due_at"])


def due_now(process: RunningProcess, situation: Situation, timer: Timer, facts: Facts) -> datetime | None:
    """When the timer is due; None while the clock stands, the moment is not known, or the calendar lacks a year."""
    definition = process.definition
    try:
        return due_of(definition, situation, timer, facts, rulebook().calendar_of(definition))
    except DeadlineUnknown:
        return None


def waiting_timers() -> Q:
    return Q(state=TimerState.WAITING, process__outcome="")
