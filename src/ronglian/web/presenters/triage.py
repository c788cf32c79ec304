"""Triage and authenticity checks in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from ronglian.apps.clinic.enums import Route
from ronglian.apps.clinic.models import Consultation, Triage
from ronglian.apps.clinic.queries.triage import checks_of, latest_triage
from ronglian.apps.clinic.triage_rules import may_check, may_object_to_check, may_object_to_triage, may_triage
from ronglian.apps.clinic.wording import REASONS
from ronglian.apps.registry.enums import State
from ronglian.apps.registry.models import Need
from ronglian.apps.registry.rules import may_see_owner
from ronglian.engines.diagnosis import Reason
from ronglian.engines.diagnosis import Triage as Proposal
from ronglian.kernel.actor import Actor
from ronglian.web.presenters.texts import said, show


@dataclass(frozen=True, slots=True)
class WaitingView:
    """A line of the list that waits for triage."""

    kind: str
    public_id: object
    title: str
    owner: str
    is_small: bool
    days: int
    is_objected: bool


def waiting_view(actor: Actor, subject: Consultation | Need, today: date) -> WaitingView:
    named = isinstance(subject, Consultation) or may_see_owner(actor, subject)
    return WaitingView(
        kind="need" if isinstance(subject, Need) else "consultation",
        public_id=subject.public_id,
        title=show(said(subject, "title")) if isinstance(subject, Need) else str(subject),
        owner=show(said(subject.owner, "name")) if named else "",
        is_small=subject.owner.is_small,
        days=(today - _since(subject.created_at)).days,
        is_objected=bool(getattr(subject, "is_objected", False)),
    )


def _since(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def reason_texts(reasons: list[str]) -> list[str]:
    return [str(REASONS[Reason(reason)]) for reason in reasons]


def proposal_view(proposal: Proposal) -> tuple[str, list[str]]:
    """The proposed way and why."""
    return str(Route(proposal.route.value).label), reason_texts([each.value for each in proposal.reasons])


def sees_triage(actor: Actor, subject: Consultation | Need) -> bool:
    """Those who told the trouble, and the technology managers who may decide."""
    return actor.is_member(subject.owner_id) or bool(may_triage(actor, subject))


def triage_panel(actor: Actor, subject: Consultation | Need) -> dict[str, Any]:
    """What was decided, for those who see it; nothing for others."""
    if not sees_triage(actor, subject):
        return {}
    triage: Triage | None = latest_triage(subject)
    may = bool(may_triage(actor, subject))
    if triage is None and not may:
        return {}
    return {
        "decided": triage,
        "may_object": bool(triage and not triage.is_objected and may_object_to_triage(actor, triage)),
        "may_decide": may,
        "kind": "need" if isinstance(subject, Need) else "consultation",
        "subject_id": subject.public_id,
    }


def checks_panel(actor: Actor, need: Need) -> dict[str, Any]:
    """Each check in words, and who may add to it."""
    checks = checks_of(need) if need.state == State.PUBLISHED or actor.is_member(need.owner_id) else []
    for check in checks:
        check.need = need
    may = bool(may_check(actor, need)) and need.state == State.PUBLISHED
    return {
        "rows": [
            {
                "check": check,
                "may_object": not check.objection and bool(may_object_to_check(actor, check)),
                "may_answer": bool(check.objection) and not check.answer and may,
            }
            for check in checks
        ],
        "may_check": may,
    }
