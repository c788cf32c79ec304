"""Running processes for tests: the national challenge, with facts that a test can change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from ronglian.engines.process import Advanced
from ronglian.kernel.actor import Actor
from ronglian.kernel.models import WorkerBeat
from ronglian.kernel.process.models import RunningProcess
from ronglian.kernel.process.rulebook import Rulebook, read_rulebook
from ronglian.kernel.process.running import advance, start_process
from ronglian.kernel.process.subjects import SUBJECTS, Subject
from tests.engines.process.samples import BODY, HEAD
from tests.factories import SYSTEM

KIND = "sample"
BEGAN = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
CLOSES = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
FACTS: dict[str, Any] = {
    "is_urgent": True, "end_user_known": True, "issuer_bids": False, "money_secured": True, "bids_close_at": CLOSES,
    "bids_count": 3, "reviews_missing": 0, "conflicts_open": 0, "objections_open": 0, "milestones_planned": 2,
    "compensation_settled": True,
}  # fmt: skip
PAPERS = dict.fromkeys(("task_text", "argument_record", "opening_record", "review_record", "objection_answer", "task_book", "pledge", "acceptance_report", "withdrawal_reason", "stop_record", "diligence_record"), "seen")  # fmt: skip


@contextmanager
def subject_with(facts: dict[str, Any], **handlers: Any) -> Iterator[None]:
    """A kind of record whose facts are these."""

    def known(_subject: UUID, _now: datetime) -> dict[str, Any]:
        return facts

    SUBJECTS[KIND] = Subject(KIND, facts=known, **handlers)
    try:
        yield
    finally:
        del SUBJECTS[KIND]


def begin(
    definition: str = "national_challenge",
    actor: Actor = SYSTEM,
    now: datetime = BEGAN,
    number: int | None = None,
) -> RunningProcess:
    with transaction.atomic():
        return start_process(
            actor=actor,
            definition=definition,
            kind=KIND,
            subject_id=uuid4(),
            facts=FACTS,
            now=now,
            number=number,
        )


def step(process: RunningProcess, name: str, role: str, now: datetime = BEGAN, **facts: Any) -> Advanced:
    with transaction.atomic():
        return advance(
            process, name, actor=SYSTEM, roles={role}, facts={**FACTS, **facts}, now=now, documents=PAPERS
        )


def published() -> RunningProcess:
    """Open for bids until CLOSES."""
    process = begin()
    step(process, "submit", "issuer")
    step(process, "publish", "authority")
    return process


# What breaks each invariant of processes (tests/reliability/test_invariants.py).
BREAKS: dict[str, Callable[[], object]] = {
    "process.where_it_can_be": lambda: RunningProcess.objects.filter(pk=published().pk).update(
        tokens=[
            {"state": "bidding", "since": BEGAN.isoformat()},
            {"state": "sealed", "since": BEGAN.isoformat()},
        ]
    ),
    "process.timers_fit": lambda: published().timers.all().delete(),
    "process.nothing_runs_after_the_end": lambda: RunningProcess.objects.filter(pk=published().pk).update(
        outcome="success", ended_at=BEGAN
    ),
    "process.clock_is_kept": lambda: (
        published(),
        WorkerBeat.objects.create(worker_id="w", beat_at=timezone.now()),
    ),
    "process.calendar_reaches": lambda: in_public_notice().timers.update(due_at=None),
}


def in_public_notice() -> RunningProcess:
    process = published()
    for name, role in (("close", "clock"), ("open_bids", "issuer"), ("propose", "authority")):
        step(process, name, role)
    return process


def two_versions(folder: Path) -> Rulebook:
    """A rulebook with a definition in two versions; the second has a map from the first, whose state a it calls z."""
    first = HEAD + BODY
    second = first.replace("version: 1", "version: 2").replace(
        "start: a", "migrates: {from_version: 1, states: {a: z, b: b, c: c}}\nstart: z"
    )
    second = (
        second.replace("  a: {zh: 甲", "  z: {zh: 甲")
        .replace("from: a,", "from: z,")
        .replace("[a, b, c]", "[z, b, c]")
        .replace("in: a,", "in: z,")
    )
    for name, text in (("one", first), ("two", second)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return read_rulebook(folder)
