"""Timers fire once: when they are due, in the transaction of what they do, also after a crash."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from ronglian.kernel.actor import Actor, ActorKind, job_actor
from ronglian.kernel.errors import NotAllowed, RuleViolation
from ronglian.kernel.process.models import ProcessTimer, RunningProcess, TimerState
from ronglian.kernel.process.operations import fire_timer
from ronglian.kernel.process.queries import timeline
from ronglian.kernel.process.running import pause, resume
from ronglian.kernel.process.tasks import fire_due, is_anything_due, set_open_timers
from tests.factories import SYSTEM
from tests.factories.processes import BEGAN, CLOSES, FACTS, begin, published, step, subject_with

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
CLOCK = job_actor("process clock")


def fired(process: RunningProcess) -> int:
    return sum(event.data.get("step") in ("close", "close_empty") for event in timeline(process))


def test_a_timer_fires_when_it_is_due_and_once() -> None:
    process = published()
    with subject_with(FACTS):
        assert not is_anything_due(CLOSES - SECOND)
        assert (fire_due(CLOSES - SECOND), fired(process)) == (0, 0)
        assert is_anything_due(CLOSES)
        assert (fire_due(CLOSES), fire_due(CLOSES), fire_due(CLOSES + SECOND)) == (1, 0, 0)
    process.refresh_from_db()
    timer = process.timers.get()
    assert (process.states, fired(process)) == (("sealed",), 1)
    assert (timer.state, timer.fired_at) == (TimerState.FIRED, CLOSES)
    assert timeline(process).last().actor_kind == ActorKind.JOB  # type: ignore[union-attr]  # there are events


def test_the_first_step_whose_conditions_hold_is_taken() -> None:
    process = published()
    with subject_with({**FACTS, "bids_count": 0}):
        fire_due(CLOSES)
    process.refresh_from_db()
    assert (process.states, process.outcome) == (("no_award",), "failure")


def test_a_stale_timer_does_not_fire_a_second_time() -> None:
    """What a second worker holds that read the row before the first one fired."""
    process = published()
    stale = process.timers.get()
    with subject_with(FACTS):
        fire_due(CLOSES)
        with pytest.raises(RuleViolation):
            fire_timer(actor=CLOCK, process=process, timer=stale, now=CLOSES)
    assert fired(process) == 1


def test_a_timer_of_a_state_that_was_left_does_not_fire() -> None:
    process = published()
    stale = process.timers.get()
    step(process, "withdraw", "issuer")
    with subject_with(FACTS):
        assert fire_due(CLOSES) == 0
        with pytest.raises(RuleViolation):
            fire_timer(actor=CLOCK, process=process, timer=stale, now=CLOSES)


def test_a_deadline_that_moved_is_not_due_even_if_the_row_says_so() -> None:
    process = published()
    with subject_with({**FACTS, "bids_close_at": CLOSES + timedelta(days=1)}):
        assert fire_due(CLOSES) == 0
    assert fired(process) == 0


def test_nothing_fires_while_the_clock_stands() -> None:
    process = published()
    with subject_with(FACTS):
        with transaction.atomic():
            pause(process, actor=SYSTEM, reason="系统维护", facts=FACTS, now=BEGAN)
        assert fire_due(CLOSES) == 0
        with transaction.atomic():
            resume(process, actor=SYSTEM, reason="恢复", facts=FACTS, now=CLOSES + SECOND)
        assert fire_due(CLOSES + SECOND) == 1


def test_what_the_app_raises_undoes_the_firing_and_holds_up_no_other() -> None:
    bad, good = published(), published()

    def handler(process: RunningProcess, *_more: Any) -> None:
        if process.pk == bad.pk:
            raise ValueError("the app failed")

    with subject_with(FACTS, fired=handler):
        assert fire_due(CLOSES) == 1
    assert (fired(bad), fired(good)) == (0, 1)
    assert bad.timers.get().state == TimerState.WAITING
    with subject_with(FACTS):
        assert fire_due(CLOSES) == 1
    assert fired(bad) == 1


def test_reminders_change_nothing_but_are_said_once() -> None:
    process, told = published(), []
    for name, role in (
        ("close", "clock"),
        ("open_bids", "issuer"),
        ("propose", "authority"),
        ("hear", "authority"),
    ):
        step(process, name, role)
    due = process.timers.get(name="objection_due").due_at
    with subject_with(FACTS, reminded=lambda _process, timer, _now: told.append(timer)):
        assert (fire_due(due), fire_due(due)) == (1, 0)
    process.refresh_from_db()
    assert (process.states, told) == (("objecting",), ["objection_due"])
    assert timeline(process).last().name == "process.reminded"  # type: ignore[union-attr]  # there are events


def test_only_the_machine_fires_timers() -> None:
    process = published()
    somebody = Actor(kind=ActorKind.PERSON, label="甲", is_operator=True)
    with subject_with(FACTS), pytest.raises(NotAllowed):
        fire_timer(actor=somebody, process=process, timer=process.timers.get(), now=CLOSES)


def test_the_database_refuses_a_second_row_for_the_same_deadline() -> None:
    timer = published().timers.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        ProcessTimer.objects.create(process=timer.process, name=timer.name, since=timer.since)


def test_a_deadline_without_a_moment_gets_one_when_it_is_known() -> None:
    process = begin()
    step(process, "submit", "issuer")
    step(process, "publish", "authority")
    ProcessTimer.objects.filter(process=process).update(due_at=None)
    with subject_with(FACTS):
        assert set_open_timers.func() == 1
    assert process.timers.get().due_at == CLOSES
