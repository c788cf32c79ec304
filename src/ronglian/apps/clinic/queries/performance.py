"""Performance of technology managers by outcome, each figure with its denominator (技术经理人绩效).

Counted are the cases opened within the last twelve months and what became of them. The technology manager and who keeps
the register are told everything. Everybody else is told a figure only where FEWEST_ORGANISATIONS organisations stand behind
it: those whose needs are carried, those that asked, or those of the agreements.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import Exists, OuterRef
from django.utils import timezone

from ronglian.apps.clinic.case_enums import CaseStage, IntroductionAnswerKind
from ronglian.apps.clinic.manager_rules import is_oneself, keeps_register
from ronglian.apps.clinic.models import Case, CaseTask, IntroductionAnswer, ServiceRequest, TechnologyManager
from ronglian.apps.clinic.outcomes import paid_by_case
from ronglian.apps.clinic.service_enums import RequestState
from ronglian.apps.matching.queries.quality import FEWEST_ORGANISATIONS, HIDDEN, Share
from ronglian.kernel.actor import Actor

PERIOD = timedelta(days=365)
AGREED = (CaseStage.AGREEMENT, CaseStage.DONE)
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Performance:
    """绩效. Money is in fen, None where it is hidden."""

    manager: TechnologyManager
    introduced: Share
    """Cases with an introduction to which no side objected, of the cases carried."""
    agreed: Share
    """Cases with an agreement that both sides confirmed, of those introduced."""
    small: Share
    """Cases of small and micro firms, of the cases carried."""
    answered: Share
    """Requests for services answered by the day promised, of those answered or overdue."""
    kept: Share
    """Tasks of cases done by their day, of those done or overdue."""
    agreed_fen: int | None
    """Of the contracts that both sides confirmed."""
    paid_fen: int | None
    """Confirmed by both sides as paid under these contracts."""


def performance_of(actor: Actor, manager: TechnologyManager) -> Performance:
    """One technology manager's figures, as far as the actor may know them."""
    return list_performance(actor, [manager])[0]


def list_performance(
    actor: Actor, managers: Sequence[TechnologyManager], now: datetime | None = None
) -> list[Performance]:
    """The figures of several, in the same number of queries."""
    now = now or timezone.now()
    ids, since = [manager.pk for manager in managers], now - PERIOD
    cases = _by_manager(_cases(ids, since), lambda case: case.manager_id)
    requests = _by_manager(_requests(ids, since), lambda one: one.service.manager_id or 0)
    tasks = _by_manager(_tasks(ids, since), lambda one: one.case.manager_id)
    paid = paid_by_case(case.pk for rows in cases.values() for case in rows)
    return [
        _figures(
            manager,
            _Behind(cases[manager.pk], requests[manager.pk], tasks[manager.pk]),
            paid,
            now,
            is_told_all=keeps_register(actor) or is_oneself(actor, manager),
        )
        for manager in managers
    ]


@dataclass(frozen=True, slots=True)
class _Behind:
    """What stands behind one technology manager's figures."""

    cases: list[Case]
    requests: list[ServiceRequest]
    tasks: list[CaseTask]


def _figures(
    manager: TechnologyManager, behind: _Behind, paid: dict[int, int], now: datetime, *, is_told_all: bool
) -> Performance:
    introduced = [case for case in behind.cases if case.introduced_at and not case.was_objected_to]  # type: ignore[attr-defined]  # annotated
    agreed = [case for case in introduced if _is_agreed(case)]
    small = [case for case in behind.cases if case.seeker.is_small]
    answered = [one for one in behind.requests if one.answered_at or one.answer_due < timezone.localdate(now)]
    in_time = [
        one for one in answered if one.answered_at and timezone.localdate(one.answered_at) <= one.answer_due
    ]
    due = [one for one in behind.tasks if one.done_at or one.due_on < timezone.localdate(now)]
    kept = [one for one in due if one.done_at and timezone.localdate(one.done_at) <= one.due_on]

    def told(part: Sequence[object], whole: Sequence[object], organisations: Iterable[int]) -> Share:
        enough = is_told_all or len(set(organisations)) >= FEWEST_ORGANISATIONS
        return Share(len(part), len(whole)) if enough else HIDDEN

    carried_for = [case.seeker_id for case in behind.cases]
    agreed_for = {case.seeker_id for case in agreed}
    tells_money = is_told_all or len(agreed_for) >= FEWEST_ORGANISATIONS
    return Performance(
        manager=manager,
        introduced=told(introduced, behind.cases, carried_for),
        agreed=told(agreed, introduced, (case.seeker_id for case in introduced)),
        small=told(small, behind.cases, carried_for),
        answered=told(in_time, answered, (one.organisation_id for one in answered)),
        kept=told(kept, due, (one.case.seeker_id for one in due)),
        agreed_fen=sum(case.amount_fen or 0 for case in agreed) if tells_money else None,
        paid_fen=sum(paid.get(case.pk, 0) for case in agreed) if tells_money else None,
    )


def _is_agreed(case: Case) -> bool:
    return bool(case.stage in AGREED and case.seeker_confirmed_at and case.partner_confirmed_at)


def _cases(managers: list[int], since: datetime) -> Iterable[Case]:
    objected = IntroductionAnswer.objects.filter(
        introduction__case=OuterRef("pk"), kind=IntroductionAnswerKind.OBJECTED
    )
    rows = Case.objects.filter(manager__in=managers, created_at__gte=since)
    found: Iterable[Case] = rows.select_related("seeker").annotate(was_objected_to=Exists(objected))
    return found


def _requests(managers: list[int], since: datetime) -> Iterable[ServiceRequest]:
    rows = ServiceRequest.objects.filter(service__manager__in=managers, asked_at__gte=since)
    return rows.exclude(state=RequestState.TAKEN_BACK).select_related("service")


def _tasks(managers: list[int], since: datetime) -> Iterable[CaseTask]:
    rows = CaseTask.objects.filter(case__manager__in=managers, case__created_at__gte=since)
    return rows.select_related("case")


def _by_manager(rows: Iterable[Row], manager_of: Callable[[Row], int]) -> defaultdict[int, list[Row]]:
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[manager_of(row)].append(row)
    return found
