"""Processes of records: started, advanced, stopped and resumed, with events and timers in one transaction."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import translation

from ronglian.kernel.actor import Actor, ActorKind
from ronglian.kernel.errors import Conflict, InvalidInput, RuleViolation
from ronglian.kernel.invariant import all_invariants, check_invariant
from ronglian.kernel.log.coverage import uncovered_rows
from ronglian.kernel.process.models import KeptDefinition, ProcessTimer, RunningProcess, TimerState
from ronglian.kernel.process.queries import deadlines, main_process, next_steps, parts_of, stages_of, timeline
from ronglian.kernel.process.running import (
    StepNotAllowed,
    StepRefused,
    advance,
    pause,
    resume,
    retime,
    start_part,
    start_process,
)
from tests.factories import SYSTEM
from tests.factories.processes import BEGAN, CLOSES, FACTS, KIND, PAPERS, begin, published, step, subject_with

pytestmark = pytest.mark.django_db
PERSON = Actor(kind=ActorKind.PERSON, label="甲", person_id=uuid4())


def broken() -> list[str]:
    """The invariants of processes and the log's coverage that do not hold."""
    found = [
        str(each)
        for one in all_invariants()
        if one.name.startswith("process.")
        for each in check_invariant(one).broken
    ]
    return found + [str(row) for model in (RunningProcess, KeptDefinition) for row in uncovered_rows(model)]


def timers(process: RunningProcess) -> dict[str, tuple[str, datetime | None]]:
    return {row.name: (row.state, row.due_at) for row in process.timers.order_by("id")}


def test_a_process_goes_its_way_and_says_so() -> None:
    process = published()
    assert (process.states, stages_of(process)) == (("bidding",), frozenset({"open"}))
    assert timers(process) == {"bids_close": ("waiting", CLOSES)}
    assert [event.name for event in timeline(process)] == [
        "process.started",
        "process.advanced",
        "process.advanced",
    ]
    last = timeline(process).last()
    assert last is not None
    assert {key: last.data[key] for key in ("step", "from", "to", "roles")} == {
        "step": "publish", "from": ["arguing"], "to": ["bidding"], "roles": ["authority"],
    }  # fmt: skip
    found = main_process(KIND, process.subject_id)
    assert found == process
    assert broken() == []


def test_what_is_not_possible_is_refused_with_all_reasons() -> None:
    process = begin()
    with pytest.raises(StepRefused) as refused, translation.override("en"):
        step(process, "submit", "bidder", is_urgent=False)
    assert [reason.code for reason in refused.value.reasons] == ["role", "guard"]
    assert str(refused.value) == (
        "Only issuer and end user may do this. The task has to be urgent and its end user known."
    )
    with pytest.raises(StepNotAllowed), translation.override("zh-hans"):
        step(process, "submit", "bidder")
    with pytest.raises(RuleViolation):
        step(process, "dance", "issuer")
    assert (process.states, timeline(process).count()) == (("gathering",), 1)


def test_what_must_be_produced_is_asked_for() -> None:
    process = begin()
    with pytest.raises(StepRefused) as refused, transaction.atomic():
        advance(process, "submit", actor=SYSTEM, roles={"issuer"}, facts=FACTS, now=BEGAN)
    assert [reason.about for reason in refused.value.reasons] == ["task_text"]


def test_next_steps_are_those_that_succeed() -> None:
    process = published()
    steps = {each.transition.id: each for each in next_steps(process, {"issuer"}, FACTS, BEGAN)}
    assert set(steps) == {"close", "close_empty", "withdraw"}
    assert [name for name, each in steps.items() if each.is_allowed] == ["withdraw"]
    assert [who.name.en for who in steps["close"].who] == ["the clock"]
    step(process, "withdraw", "issuer")
    assert (process.outcome, process.ended_at, next_steps(process, {"issuer"}, FACTS, BEGAN)) == (
        "cancelled", BEGAN, (),
    )  # fmt: skip
    assert timers(process)["bids_close"][0] == TimerState.LEFT
    assert broken() == []


def test_nobody_but_the_machine_is_the_clock() -> None:
    process = published()
    with pytest.raises(AssertionError), transaction.atomic():
        advance(process, "close", actor=PERSON, roles={"clock"}, facts=FACTS, now=CLOSES)


def test_a_subject_has_one_such_process_at_a_time() -> None:
    process = begin()
    again: dict[str, Any] = {
        "actor": SYSTEM, "definition": "national_challenge", "kind": KIND, "subject_id": process.subject_id,
        "facts": FACTS, "now": BEGAN,
    }  # fmt: skip
    with pytest.raises(Conflict), transaction.atomic():
        start_process(**again)
    step(process, "withdraw", "issuer")
    with transaction.atomic():
        assert start_process(**again) != process


def test_an_unknown_process_is_refused() -> None:
    with pytest.raises(RuleViolation):
        begin("no_such_process")


def test_the_clock_stands_and_runs_again_with_a_reason() -> None:
    process = published()
    facts = {**FACTS, "objections_open": 0}
    for name, role in (("close", "clock"), ("open_bids", "issuer"), ("propose", "authority")):
        step(process, name, role)
    before = timers(process)["publicity_over"][1]
    assert before == datetime(2026, 3, 9, 16, tzinfo=UTC)
    with pytest.raises(InvalidInput), transaction.atomic():
        pause(process, actor=SYSTEM, reason=" ", facts=facts, now=BEGAN)
    with transaction.atomic():
        pause(process, actor=SYSTEM, reason="系统维护", facts=facts, now=BEGAN + timedelta(days=1))
    assert timers(process)["publicity_over"][1] is None
    assert broken() == []
    with pytest.raises(RuleViolation), transaction.atomic():
        pause(process, actor=SYSTEM, reason="再停", facts=facts, now=BEGAN + timedelta(days=1))
    with transaction.atomic():
        resume(process, actor=SYSTEM, reason="恢复", facts=facts, now=BEGAN + timedelta(days=2))
    # 3 and 4 March are not counted: 5, 6, 9, 10 and 11 are.
    assert timers(process)["publicity_over"][1] == datetime(2026, 3, 11, 16, tzinfo=UTC)
    assert [event.name for event in timeline(process)][-2:] == ["process.paused", "process.resumed"]
    assert broken() == []


def test_a_moment_that_moves_moves_the_timer() -> None:
    process = published()
    later = CLOSES + timedelta(days=7)
    with transaction.atomic():
        retime(process, actor=SYSTEM, reason="更正公告", facts={**FACTS, "bids_close_at": later}, now=BEGAN)
    assert timers(process)["bids_close"] == ("waiting", later)
    assert broken() == []


def test_a_year_that_the_calendar_lacks_leaves_the_deadline_open_and_says_so() -> None:
    late = datetime(2026, 12, 29, 2, tzinfo=UTC)
    process = published()
    for name, role in (("close", "clock"), ("open_bids", "issuer"), ("propose", "authority")):
        step(process, name, role, late)
    assert timers(process)["publicity_over"] == ("waiting", None)
    shown = next(each for each in deadlines(process, FACTS) if each.timer.id == "publicity_over")
    assert shown.problem is not None
    assert "2027" in shown.problem.zh
    assert [text for text in broken() if "publicity_over" in text]


def test_parts_hold_the_whole_and_end_with_it() -> None:
    process = published()
    for name, role in (("close", "clock"), ("open_bids", "issuer"), ("propose", "authority"), ("confirm", "clock"),
                       ("sign", "issuer")):  # fmt: skip
        step(process, name, role)
    with transaction.atomic():
        first = start_part(actor=SYSTEM, parent=process, key="1", facts=FACTS, now=BEGAN)
        start_part(actor=SYSTEM, parent=process, key="2", facts=FACTS, now=BEGAN)
    with pytest.raises(Conflict), transaction.atomic():
        start_part(actor=SYSTEM, parent=process, key="2", facts=FACTS, now=BEGAN)
    with pytest.raises(StepRefused) as refused:
        step(process, "finish", "issuer")
    assert [reason.code for reason in refused.value.reasons] == ["parts", "guard"]
    with transaction.atomic():
        advance(first, "give_up", actor=SYSTEM, roles={"bidder"}, facts={}, now=BEGAN)
    step(process, "stop", "authority")
    assert [(part.part_key, part.outcome) for part in parts_of(process)] == [
        ("1", "failure"),
        ("2", "cancelled"),
    ]
    assert broken() == []


def test_a_process_outside_a_transaction_is_refused(transactional_db: None) -> None:
    process = begin()
    with pytest.raises(AssertionError):
        advance(process, "submit", actor=SYSTEM, roles={"issuer"}, facts=FACTS, now=BEGAN, documents=PAPERS)


def test_a_timer_that_was_tampered_with_is_found() -> None:
    process = published()
    ProcessTimer.objects.filter(process=process).delete()
    assert [text for text in broken() if str(process.public_id) in text]
    RunningProcess.objects.filter(pk=process.pk).update(
        tokens=[{"state": "done", "since": BEGAN.isoformat()}]
    )
    assert len(broken()) > 1


def test_subjects_are_known_by_kind() -> None:
    with subject_with(FACTS):
        process = begin()
        assert process.subject_kind == KIND


def test_who_holds_an_old_object_does_not_take_the_step_a_second_time() -> None:
    process = begin()
    stale = RunningProcess.objects.get(pk=process.pk)
    step(process, "submit", "issuer")
    with pytest.raises(StepRefused):
        step(stale, "submit", "issuer")
    assert stale.states == process.states == ("arguing",)


def test_parts_of_an_earlier_stay_no_longer_count() -> None:
    race = begin("horse_race")
    RunningProcess.objects.filter(pk=race.pk).update(tokens=[{"state": "racing", "since": BEGAN.isoformat()}])
    with transaction.atomic():
        first = start_part(actor=SYSTEM, parent=race, key="1-甲", facts={}, now=BEGAN)
        advance(first, "leave", actor=SYSTEM, roles={"bidder"}, facts={}, now=BEGAN)
    race.refresh_from_db()
    assert [part.outcome for part in race.situation().parts] == ["failure"]
    race.tokens = [{"state": "racing", "since": (BEGAN + timedelta(days=90)).isoformat()}]
    assert race.situation().parts == ()
