"""Starting, advancing, stopping and resuming processes, inside the operations of the apps."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ronglian.engines.process import (
    CLOCK,
    Advanced,
    Circumstances,
    Reason,
    Refused,
    Situation,
    start_situation,
)
from ronglian.engines.process import advance as advance_situation
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import Conflict, InvalidInput, NotAllowed, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.process.models import KeptDefinition, ProcessOutcome, RunningProcess
from ronglian.kernel.process.rulebook import rulebook
from ronglian.kernel.process.subjects import Facts
from ronglian.kernel.process.timing import keep_timers
from ronglian.kernel.validation import clean_json, clean_text


class StepRefused(RuleViolation):
    """The step is not possible now; `reasons` say why, in both languages."""

    def __init__(self, message: str, reasons: Sequence[Reason]) -> None:
        super().__init__(message)
        self.reasons = tuple(reasons)


class StepNotAllowed(NotAllowed):
    """Somebody else may take this step now; `reasons` say who."""

    def __init__(self, message: str, reasons: Sequence[Reason]) -> None:
        super().__init__(message)
        self.reasons = tuple(reasons)


def start_process(
    *, actor: Actor, definition: str, kind: str, subject_id: UUID, facts: Facts, now: datetime,
    number: int | None = None,
) -> RunningProcess:  # fmt: skip
    """Start the newest version of the definition, or version `number`, for a subject. Raises Conflict where it runs already."""
    kept = keep_definition(actor, definition, number)
    running = RunningProcess.objects.filter(
        kept__definition=definition, subject_kind=kind, subject_id=subject_id, outcome="", parent=None
    )
    if running.exists():
        raise Conflict(_("This process runs already."))
    process = RunningProcess(kept=kept, subject_kind=kind, subject_id=subject_id, started_at=now)
    return _started(actor, process, facts, now)


def start_part(
    *, actor: Actor, parent: RunningProcess, key: str, facts: Facts, now: datetime, subject_id: UUID | None = None,
    kind: str = "",
) -> RunningProcess:  # fmt: skip
    """Start a sub-process of the state with parts in which the parent is. `key` tells it apart from its sisters."""
    parent = locked(parent)
    holding = [state for state in parent.states if parent.definition.states[state].parts]
    if parent.is_over or not holding:
        raise RuleViolation(_("The process is in no state that has parts."))
    process = RunningProcess(
        kept=keep_definition(actor, parent.definition.states[holding[0]].parts, None),
        subject_kind=kind or parent.subject_kind,
        subject_id=subject_id or parent.subject_id,
        started_at=now,
        parent=parent,
        parent_state=holding[0],
        part_key=clean_text(key, one_line=True)[:60],
    )
    if RunningProcess.objects.filter(
        parent=parent, parent_state=holding[0], part_key=process.part_key
    ).exists():
        raise Conflict(_("There is a part with this key already."))
    return _started(actor, process, facts, now)


def advance(
    process: RunningProcess, transition: str, *, actor: Actor, roles: Collection[str], facts: Facts, now: datetime,
    documents: Mapping[str, str] | None = None, note: str = "",
) -> Advanced:  # fmt: skip
    """Take a step, in the caller's transaction; `process` is brought up to date.

    Raises StepNotAllowed when only the role is wrong, StepRefused for every other reason, both with all reasons.
    """
    if CLOCK in roles and not actor.is_system:
        raise AssertionError("only the machine acts as the clock")
    _refresh(process)
    if transition not in process.definition.transitions:
        raise RuleViolation(_("This process has no step “%(step)s”.") % {"step": transition})
    asked = circumstances(process, roles, facts, now, documents or {})
    try:
        done = advance_situation(process.definition, process.situation(), transition, asked)
    except Refused as error:
        raise _refusal(error) from error
    process.take(done.situation)
    if done.outcome is not None:
        process.outcome, process.ended_at = done.outcome, now
    _save(process)
    _call_off_parts(actor, process, done, now)
    keep_timers(process, process.situation(), facts)
    said = {
        "step": transition, "from": list(done.left), "to": list(done.entered),
        "roles": sorted(set(roles) & set(done.transition.roles)),
    }  # fmt: skip
    more = {"documents": clean_json(dict(documents or {})), "note": clean_text(note)}
    record_event(
        actor, "process.advanced", process, {**said, **{key: value for key, value in more.items() if value}}
    )
    return done


def pause(process: RunningProcess, *, actor: Actor, reason: str, facts: Facts, now: datetime) -> None:
    """Stop the clock of the process: nothing becomes due until it runs again. A reason is asked for."""
    _refresh(process)
    if process.is_over or process.is_paused:
        raise RuleViolation(_("The clock of this process does not run."))
    reason = clean_text(reason)
    if not reason:
        raise InvalidInput.of({"reason": [_("Say why the clock is stopped.")]})
    process.pauses = [*process.pauses, {"from": now.isoformat(), "to": None, "reason": reason}]
    _timed(actor, process, facts, "process.paused", {"reason": reason})


def resume(process: RunningProcess, *, actor: Actor, reason: str, facts: Facts, now: datetime) -> None:
    """Let the clock run on. Days on which it stood are not counted."""
    _refresh(process)
    if not process.is_paused:
        raise RuleViolation(_("The clock of this process does not stand."))
    reason = clean_text(reason)
    if not reason:
        raise InvalidInput.of({"reason": [_("Say why the clock runs again.")]})
    process.pauses = [*process.pauses[:-1], {**process.pauses[-1], "to": now.isoformat()}]
    _timed(actor, process, facts, "process.resumed", {"reason": reason})


def retime(process: RunningProcess, *, actor: Actor, reason: str, facts: Facts, now: datetime) -> None:
    """Compute the deadlines anew after a fact with a moment changed, such as the closing of bids."""
    _refresh(process)
    if process.is_over:
        raise RuleViolation(_("The process is over."))
    _timed(actor, process, facts, "process.retimed", {"reason": clean_text(reason), "at": now.isoformat()})


def keep_definition(actor: Actor, name: str, number: int | None) -> KeptDefinition:
    """The kept text of a definition; kept now where it is new."""
    book = rulebook()
    try:
        definition = book.library.find(name, number)
    except KeyError as error:
        raise RuleViolation(_("There is no process “%(name)s”.") % {"name": name}) from error
    text = book.texts[definition.label]
    digest = hashlib.sha256(text.encode()).hexdigest()
    kept, is_new = KeptDefinition.objects.get_or_create(
        digest=digest, defaults={"definition": name, "number": definition.version, "text": text}
    )
    if is_new:
        record_event(actor, "definition.kept", kept)
    return kept


def circumstances(
    process: RunningProcess, roles: Collection[str], facts: Facts, now: datetime, documents: Mapping[str, str] | None
) -> Circumstances:  # fmt: skip
    """Who asks, what is known and when, with the calendar of the process."""
    calendar = rulebook().calendar_of(process.definition)
    return Circumstances.of(roles, facts, now, calendar, documents)


def locked(process: RunningProcess) -> RunningProcess:
    """The row as it is now, locked until the transaction ends."""
    if not connection.in_atomic_block:
        raise AssertionError("a process changes inside an operation's transaction")
    rows = RunningProcess.objects.select_for_update(of=("self",)).select_related("kept")
    found: RunningProcess = rows.get(pk=process.pk)
    return found


def say(reasons: Sequence[Reason]) -> str:
    """All reasons in the reader's language, as one text."""
    language = get_language() or "zh-hans"
    between = " " if language.startswith("en") else ""
    return between.join(reason.words.say(language) for reason in reasons)


def _refresh(process: RunningProcess) -> None:
    """Bring the caller's object up to date under the lock."""
    fresh = locked(process)
    for field in RunningProcess._meta.concrete_fields:
        setattr(process, field.attname, getattr(fresh, field.attname))
    process.kept = fresh.kept


def _refusal(error: Refused) -> RuleViolation | NotAllowed:
    message = say(error.reasons)
    if all(reason.code == "role" for reason in error.reasons):
        return StepNotAllowed(message, error.reasons)
    return StepRefused(message, error.reasons)


def _started(actor: Actor, process: RunningProcess, facts: Facts, now: datetime) -> RunningProcess:
    situation = start_situation(process.definition, now)
    process.take(situation)
    process.save(force_insert=True)
    keep_timers(process, situation, facts)
    said = {"process": str(process.kept), "subject": f"{process.subject_kind}/{process.subject_id}"}
    record_event(actor, "process.started", process, said)
    return process


def _timed(actor: Actor, process: RunningProcess, facts: Facts, event: str, said: Mapping[str, Any]) -> None:
    _save(process)
    keep_timers(process, process.situation(), facts)
    record_event(actor, event, process, said)


def _call_off_parts(actor: Actor, process: RunningProcess, done: Advanced, now: datetime) -> None:
    """A step that cancels ends the parts that still run in what it left."""
    if not done.transition.cancels:
        return
    for part in RunningProcess.objects.filter(parent=process, outcome="").select_related("kept"):
        part.outcome, part.ended_at = ProcessOutcome.CANCELLED, now
        _save(part)
        keep_timers(part, Situation(()), {})
        record_event(actor, "process.called_off", part, {"by": done.transition.id})
        _call_off_parts(actor, part, done, now)


def _save(process: RunningProcess) -> None:
    process.version += 1
    process.save(force_update=True)
