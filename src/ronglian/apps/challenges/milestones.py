"""Milestones as parts of a challenge's process: which begin when, what is known of them, and what follows when one ends."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from ronglian.apps.challenges.enums import AwardState
from ronglian.apps.challenges.models import Award, Challenge, Milestone
from ronglian.apps.challenges.tasks import tell_of_deadline
from ronglian.engines.process import Advanced
from ronglian.kernel.actor import Actor
from ronglian.kernel.events import record_event
from ronglian.kernel.process.models import ProcessOutcome, RunningProcess
from ronglian.kernel.process.running import start_part
from ronglian.kernel.process.subjects import Facts

KIND = "milestone"
RACE = "race_stage"


def part_of(milestone: Milestone) -> RunningProcess | None:
    """The process of a milestone; None before the work has begun."""
    found: RunningProcess | None = (
        RunningProcess.objects.filter(subject_kind=KIND, subject_id=milestone.public_id)
        .select_related("kept", "parent")
        .first()
    )
    return found


def planned(challenge: Challenge) -> int:
    """Milestones of the awards that stand; 0 as long as one of them has none."""
    awards = Award.objects.filter(challenge=challenge, state=AwardState.STANDING)
    if any(not award.milestones.exists() for award in awards):
        return 0
    return Milestone.objects.filter(award__in=awards).count()


def stages_left(challenge: Challenge) -> int:
    """Stages that the teams still in a race have before them: the most that any of them has not begun."""
    awards = Award.objects.filter(challenge=challenge, state=AwardState.STANDING)
    begun = RunningProcess.objects.filter(subject_kind=KIND).values("subject_id")
    waiting = Milestone.objects.filter(award__in=awards).exclude(public_id__in=begun)
    return max(waiting.values("award").annotate(left=Count("pk")).values_list("left", flat=True), default=0)


def begin_parts(actor: Actor, challenge: Challenge, process: RunningProcess, now: datetime) -> None:
    """Start what runs side by side in a state with parts: all milestones of a task book, or the next stage of every team."""
    holding = [state for state in process.states if process.definition.states[state].parts]
    if not holding or process.situation().parts:
        return  # nothing runs in parts here, or it was begun when this state was entered
    is_race = process.definition.states[holding[0]].parts == RACE
    for award in Award.objects.filter(challenge=challenge, state=AwardState.STANDING).order_by("place"):
        waiting = [one for one in award.milestones.order_by("number") if part_of(one) is None]
        for milestone in waiting[:1] if is_race else waiting:
            start_part(
                actor=actor,
                parent=process,
                key=f"{award.place}-{milestone.number}",
                facts=facts_of_milestone(milestone),
                now=now,
                subject_id=milestone.public_id,
                kind=KIND,
            )


def facts_of_milestone(milestone: Milestone) -> Facts:
    return {"due_at": milestone.due_at}


def facts_by_id(subject_id: UUID, _now: datetime) -> Facts:
    return facts_of_milestone(Milestone.objects.get(public_id=subject_id))


def reminded(process: RunningProcess, timer: str, _now: datetime) -> None:
    """A deadline of one milestone has come: its winner or the issuer is told."""
    award = (
        Milestone.objects.select_related("award__challenge", "award__bid__bidder")
        .get(public_id=process.subject_id)
        .award
    )
    said = process.definition.timers[timer]
    told = (str(award.challenge.public_id), list(said.reminds), said.name.zh, said.name.en)
    bidder = str(award.bid.bidder.public_id)
    transaction.on_commit(lambda: tell_of_deadline.enqueue(*told, bidder))


def after_part(process: RunningProcess, _done: Advanced, actor: Actor, _now: datetime) -> None:
    """A team that is out of a race has no award any more."""
    if process.outcome != ProcessOutcome.FAILURE or process.definition.id != RACE:
        return
    award = Milestone.objects.select_related("award").get(public_id=process.subject_id).award
    award.state = AwardState.REVOKED
    award.version += 1
    award.save(update_fields=["state", "version", "updated_at"])
    record_event(actor, "award.revoked", award, {"place": award.place, "because": "eliminated"})
