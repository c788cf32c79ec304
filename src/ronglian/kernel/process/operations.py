"""What happens to processes by itself or by hand: timers that fire, and moving to another version."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ronglian.engines.process import CLOCK, Timer, check_map, first_fired
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.permission import ALLOWED, Verdict, refused
from ronglian.kernel.process.models import ProcessTimer, RunningProcess, TimerState
from ronglian.kernel.process.running import advance, circumstances, keep_definition
from ronglian.kernel.process.subjects import Facts, subject_of
from ronglian.kernel.process.timing import due_now, keep_timers
from ronglian.kernel.validation import clean_text


def may_keep_time(actor: Actor, _process: RunningProcess) -> Verdict:
    if actor.is_system:
        return ALLOWED
    return refused(_lazy("Timers are fired by the machine alone."))


def may_migrate(actor: Actor, _process: RunningProcess) -> Verdict:
    if actor.is_system or actor.is_operator:
        return ALLOWED
    return refused(
        _lazy("Only operators of the platform may move a running process to another version of its rules.")
    )


@operation("process.keep_time", target="process", allowed=may_keep_time)
def fire_timer(
    *, actor: Actor, process: RunningProcess, timer: ProcessTimer, now: datetime
) -> RunningProcess:
    """Do what a timer that is due says, once: the row of the timer and the tokens change in one transaction."""
    timer = ProcessTimer.objects.select_for_update().get(pk=timer.pk, process=process)
    subject = subject_of(process)
    facts = subject.facts(process.subject_id, now)
    said = process.definition.timers.get(timer.name)
    if said is None or not is_due(process, timer, said, facts, now):
        raise RuleViolation(_("This timer is not due."))
    timer.state, timer.fired_at = TimerState.FIRED, now
    timer.save(update_fields=["state", "fired_at"])
    asked = circumstances(process, {CLOCK}, facts, now, {})
    step = first_fired(process.definition, process.situation(), said, asked)
    if step is not None:
        done = advance(process, step, actor=actor, roles={CLOCK}, facts=facts, now=now)
        subject.fired(process, done, actor, now)
    elif said.fires:
        raise RuleViolation(_("None of the timer's steps is possible; it is tried again."))
    if said.reminds:
        record_event(actor, "process.reminded", process, {"timer": said.id, "roles": list(said.reminds)})
        subject.reminded(process, said.id, now)
    return process


def is_due(process: RunningProcess, timer: ProcessTimer, said: Timer, facts: Facts, now: datetime) -> bool:
    """Whether it still waits for a token that is where it was, and its moment, computed anew, has come."""
    if process.is_over or process.is_paused or timer.state != TimerState.WAITING:
        return False
    situation = process.situation()
    if said.state not in situation.states or situation.since([said.state]) != timer.since:
        return False
    due = due_now(process, situation, said, facts)
    return due is not None and due <= now


@operation("process.migrate", target="process", allowed=may_migrate)
def migrate_process(
    *, actor: Actor, process: RunningProcess, number: int, reason: str, facts: Facts | None = None, now: datetime
) -> RunningProcess:  # fmt: skip
    """Move a running process to another version of its definition, by that version's own map."""
    old, reason = process.definition, clean_text(reason)
    if not reason:
        raise InvalidInput.of({"reason": [_("Say why the rules change for what is running.")]})
    if process.is_over:
        raise RuleViolation(_("The process is over; it keeps the rules it ended with."))
    kept = keep_definition(actor, old.id, number)
    new = kept.parsed
    if new.migration is None or new.migration.from_version != old.version:
        raise RuleViolation(
            _("Version %(new)d has no map from version %(old)d.") % {"new": new.version, "old": old.version}
        )
    problems = list(check_map(old, new, new.migration.states))
    if problems:
        raise RuleViolation(_("The map of states is faulty: %(why)s") % {"why": str(problems[0][2])})
    if process.parts.filter(outcome="").exclude(
        parent_state__in=[state for state in old.states if old.states[state].parts]
    ):
        raise AssertionError("parts run in a state that has none")
    states = new.migration.states
    before = process.states
    process.kept = kept
    process.tokens = [{**token, "state": states[token["state"]]} for token in process.tokens]
    for part in process.parts.all():
        part.parent_state = states.get(part.parent_state, part.parent_state)
        part.version += 1
        part.save(update_fields=["parent_state", "version", "updated_at"])
        record_event(actor, "process.part_moved", part)
    process.version += 1
    process.save(force_update=True)
    known = facts if facts is not None else subject_of(process).facts(process.subject_id, now)
    keep_timers(process, process.situation(), known)
    said = {
        "from": f"{old.label}",
        "to": f"{new.label}",
        "states": dict(zip(before, process.states, strict=True)),
    }
    record_event(actor, "process.migrated", process, {**said, "reason": reason})
    return process
