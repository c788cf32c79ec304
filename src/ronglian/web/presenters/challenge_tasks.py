"""The task book on the page of a challenge: milestones, where each is, and what can happen next with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from ronglian.apps.challenges.milestones import facts_of_milestone, part_of
from ronglian.apps.challenges.models import Award, Challenge, Milestone, PaymentOrder
from ronglian.apps.challenges.operations.milestones import roles_in_milestone
from ronglian.apps.challenges.queries.milestones import list_milestones
from ronglian.apps.challenges.queries.payments import list_payment_orders
from ronglian.apps.challenges.queries.reviews import standing_awards
from ronglian.engines.process import CLOCK
from ronglian.kernel.actor import Actor
from ronglian.kernel.process.models import RunningProcess
from ronglian.kernel.process.queries import next_steps
from ronglian.web.presenters.cases import money
from ronglian.web.presenters.processes import say
from ronglian.web.work.forms.challenge_tasks import milestone_rows
from ronglian.web.work.forms.challenges import StepForm


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    milestone: Milestone
    amount: str
    state: str
    outcome: str
    steps: list[tuple[str, str, StepForm]]
    is_late: bool


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A payment order; its payee confirms that the money has arrived."""

    order: PaymentOrder
    amount: str
    may_confirm: bool


@dataclass(frozen=True, slots=True)
class PlanForm:
    """The task book of one winner, to be planned."""

    award: Award
    rows: Any


def task_page(actor: Actor, challenge: Challenge, stages: Sequence[str], now: datetime) -> dict[str, Any]:
    """What the page shows of the task book to this reader."""
    if challenge.published_at is None:
        return {}
    found = list_milestones(actor, challenge)
    plans = []
    if "signing" in stages and actor.may_write_for(challenge.issuer_id):
        for award in standing_awards(challenge):
            own = [one for one in found if one.award_id == award.pk]
            plans.append(
                PlanForm(award, milestone_rows(None, f"award-{award.place}", [_initial(one) for one in own]))
            )
    orders = [
        OrderLine(
            one,
            money(one.amount_fen),
            one.received_at is None and actor.may_write_for(one.award.bid.bidder_id),
        )
        for one in (list_payment_orders(actor, challenge) if challenge.list_digest else ())
    ]
    return {"milestones": [_line(actor, one, now) for one in found], "plans": plans, "orders": orders}


def _initial(milestone: Milestone) -> dict[str, Any]:
    return {
        "title": milestone.title,
        "evidence": milestone.evidence,
        "due_at": timezone.localtime(milestone.due_at),
        "amount_fen": milestone.amount_fen or None,
    }


def _line(actor: Actor, milestone: Milestone, now: datetime) -> MilestoneLine:
    process = part_of(milestone)
    if process is None:
        return MilestoneLine(milestone, _amount(milestone), "", "", [], is_late=False)
    definition = process.definition
    state = definition.states[process.states[0]]
    steps = [] if process.is_over else _steps(actor, milestone, process, now)
    is_late = not process.is_over and state.stage == "work" and milestone.due_at < now
    return MilestoneLine(milestone, _amount(milestone), say(state.name), process.outcome, steps, is_late)


def _amount(milestone: Milestone) -> str:
    return money(milestone.amount_fen) if milestone.amount_fen else ""


def _steps(
    actor: Actor, milestone: Milestone, process: RunningProcess, now: datetime
) -> list[tuple[str, str, StepForm]]:
    found = []
    documents = {name: say(document.name) for name, document in process.definition.documents.items()}
    for step in next_steps(process, roles_in_milestone(actor, milestone), facts_of_milestone(milestone), now):
        if step.is_allowed and set(step.transition.roles) != {CLOCK}:
            form = StepForm(
                None, definition=process.definition, documents=documents, transition=step.transition
            )
            form.auto_id = f"m{milestone.number}-{milestone.award_id}-{step.transition.id}-%s"
            found.append((step.transition.id, say(step.transition.name), form))
    return found
