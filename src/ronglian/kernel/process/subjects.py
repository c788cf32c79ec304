"""What kinds of records go through processes, and what their apps do when the clock acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ronglian.engines.process import Advanced
from ronglian.engines.process.definition import Value
from ronglian.kernel.actor import Actor
from ronglian.kernel.process.models import RunningProcess

Facts = Mapping[str, Value | None]


def _nothing_fired(_process: RunningProcess, _done: Advanced, _actor: Actor, _now: datetime) -> None:
    """The app has nothing to add."""


def _nothing_reminded(_process: RunningProcess, _timer: str, _now: datetime) -> None:
    """The app reminds nobody."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of record. `facts(subject_id, now)` tells what is known; `fired` and `reminded` run in the clock's transaction."""

    kind: str
    facts: Callable[[UUID, datetime], Facts]
    fired: Callable[[RunningProcess, Advanced, Actor, datetime], None] = _nothing_fired
    reminded: Callable[[RunningProcess, str, datetime], None] = _nothing_reminded


SUBJECTS: dict[str, Subject] = {}


def register_subject(subject: Subject) -> None:
    """Called once by the app, when it is ready."""
    if subject.kind in SUBJECTS:
        raise AssertionError(f"two apps hold the subject {subject.kind}")
    SUBJECTS[subject.kind] = subject


def subject_of(process: RunningProcess) -> Subject:
    """Raises KeyError where no app holds this kind."""
    return SUBJECTS[process.subject_kind]
