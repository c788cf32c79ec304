"""The task book: planned before it is signed, handed in, judged and paid milestone by milestone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.challenges.enums import AwardState, Phase
from ronglian.apps.challenges.milestones import after_part, facts_of_milestone, part_of
from ronglian.apps.challenges.models import Award, Challenge, Milestone
from ronglian.apps.challenges.paying import PAPER, is_paying, order_milestone
from ronglian.apps.challenges.rules import may_change, may_take_steps_of
from ronglian.apps.challenges.standing import process_of
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.process.running import advance
from ronglian.kernel.validation import clean_record

MOST_MILESTONES = 30


@dataclass(frozen=True, slots=True)
class Planned:
    """One milestone as it is planned."""

    title: str
    evidence: str
    due_at: datetime
    amount_fen: int = 0


@operation("challenge.plan_milestones", target="challenge", allowed=may_change)
def plan_milestones(
    *, actor: Actor, challenge: Challenge, award: Award, rows: Sequence[Planned]
) -> Challenge:
    """Plan the task book of one winner, in place of what was planned before; it is fixed once it is signed."""
    process = process_of(challenge)
    stages = {process.definition.states[state].stage for state in process.states}
    if challenge.phase != Phase.TASK or "signing" not in stages:
        raise RuleViolation(_("A task book is planned after the public notice and before it is signed."))
    if award.challenge_id != challenge.pk or award.state != AwardState.STANDING:
        raise InvalidInput.of({"award": [_("This is no award of this challenge that stands.")]})
    if not 1 <= len(rows) <= MOST_MILESTONES:
        raise InvalidInput.of({"rows": [_("A task book has 1 to 30 milestones.")]})
    if any(row.due_at <= timezone.now() for row in rows):
        raise InvalidInput.of({"rows": [_("Milestones are due in time to come.")]})
    others = Milestone.objects.filter(award__challenge=challenge, award__state=AwardState.STANDING)
    planned = others.exclude(award=award).aggregate(total=Sum("amount_fen"))["total"] or 0
    if challenge.reward_fen and planned + sum(row.amount_fen for row in rows) > challenge.reward_fen:
        raise InvalidInput.of(
            {"rows": [_("The milestones together are paid no more than the challenge promises.")]}
        )
    for old in award.milestones.all():
        record_event(actor, "milestone.dropped", old)
        old.delete()
    for number, row in enumerate(rows, 1):
        milestone = Milestone(
            award=award,
            number=number,
            title=row.title,
            evidence=row.evidence,
            due_at=row.due_at,
            amount_fen=row.amount_fen,
        )
        clean_record(milestone)
        milestone.save(force_insert=True)
        record_event(actor, "milestone.planned", milestone, {"challenge": str(challenge.public_id)})
    return challenge


@operation("milestone.advance", target="milestone", allowed=may_take_steps_of)
def advance_milestone(
    *,
    actor: Actor,
    milestone: Milestone,
    step: str,
    documents: Mapping[str, str] | None = None,
    note: str = "",
) -> Milestone:
    """Take a step of one milestone: hand in evidence, judge it, pay it. Raises what the process answers."""
    process, now = part_of(milestone), timezone.now()
    if process is None:
        raise RuleViolation(_("The work on this milestone has not begun."))
    done = advance(
        process,
        step,
        actor=actor,
        roles=roles_in_milestone(actor, milestone),
        facts=facts_of_milestone(milestone),
        now=now,
        documents=documents,
        note=note,
    )
    record_event(actor, "milestone.advanced", milestone, {"step": step})
    if is_paying(process.definition.transitions[step]):
        order_milestone(actor, milestone, (documents or {}).get(PAPER, ""))
    after_part(process, done, actor, now)
    return milestone


def roles_in_milestone(actor: Actor, milestone: Milestone) -> set[str]:
    """The issuer's people judge and pay, the winner's hand in."""
    bid = milestone.award.bid
    roles = {"issuer"} if actor.may_write_for(milestone.award.challenge.issuer_id) else set()
    return roles | ({"bidder"} if actor.may_write_for(bid.bidder_id) else set())
