"""Finding cases, and what of each its reader may know."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from ronglian.apps.accounts.queries.actors import digest_of_secret
from ronglian.apps.clinic.case_enums import OPEN_STAGES, HandOverState
from ronglian.apps.clinic.case_rules import view_of
from ronglian.apps.clinic.manager_enums import ManagerState
from ronglian.apps.clinic.models import (
    CalendarFeed,
    Case,
    CaseTask,
    Contact,
    FeeTerms,
    HandOver,
    Introduction,
    StopObjection,
    TechnologyManager,
)
from ronglian.apps.registry.models import Need
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound
from ronglian.kernel.models import Event

M = TypeVar("M", bound=Model)
BESIDE = (
    "need__owner",
    "result__owner",
    "consultation",
    "seeker",
    "partner",
    "manager__person",
    "introducer__person",
    "offered_to__person",
)


def list_cases(actor: Actor) -> QuerySet[Case]:
    """Those the actor sees anything of, the one changed last first."""
    rows: QuerySet[Case] = Case.objects.visible_to(actor).select_related(*BESIDE)
    return rows.order_by("-updated_at", "-id")


def carried_cases(actor: Actor) -> QuerySet[Case]:
    """Those the actor carries."""
    if actor.person_id is None:
        return Case.objects.none()
    return list_cases(actor).filter(manager__person__public_id=actor.person_id)


def access_case(actor: Actor, public_id: UUID) -> Case:
    """The case, if the actor may see anything of it. Raises NotFound."""
    return _found(list_cases(actor).filter(public_id=public_id))


def own_manager(actor: Actor) -> TechnologyManager | None:
    """The actor's own entry in the register, where it is confirmed."""
    if actor.person_id is None:
        return None
    rows = TechnologyManager.objects.filter(person__public_id=actor.person_id, state=ManagerState.CONFIRMED)
    found: TechnologyManager | None = rows.select_related("person").first()
    return found


def colleagues_of(manager: TechnologyManager) -> QuerySet[TechnologyManager]:
    """The registered managers to whom a case of this one may be offered."""
    rows: QuerySet[TechnologyManager] = TechnologyManager.objects.filter(state=ManagerState.CONFIRMED)
    return rows.exclude(pk=manager.pk).order_by("name", "id")


def list_contacts(actor: Actor, case: Case) -> QuerySet[Contact]:
    """The contacts of a case that the actor may read, newest first."""
    rows: QuerySet[Contact] = (
        Contact.objects.visible_to(actor).filter(case=case).select_related("author__person")
    )
    return rows.order_by("-happened_at", "-id")


def list_tasks(actor: Actor, case: Case) -> QuerySet[CaseTask]:
    """The tasks of a case, for who carries it: what is to be done first, by day."""
    if not view_of(actor, case).carries:
        return CaseTask.objects.none()
    return CaseTask.objects.filter(case=case).order_by("done_at", "due_on", "id")


def access_task(actor: Actor, public_id: UUID) -> CaseTask:
    """A task, for who carries its case."""
    rows = CaseTask.objects.select_related("case__manager__person", "case__need", "case__consultation")
    found = _found(rows.filter(public_id=public_id))
    if not view_of(actor, found.case).carries:
        raise NotFound
    return found


def access_introduction(actor: Actor, case: Case) -> Introduction:
    """The introduction of a case that the actor sees."""
    view = view_of(actor, case)
    if not (view.carries or view.introduced or view.sides):
        raise NotFound
    rows = Introduction.objects.select_related(
        "case__manager__person", "manager__person", "seeker", "partner", "need__owner", "result__owner"
    )
    return _found(rows.filter(case=case))


def event_of(introduction: Introduction) -> Event:
    """The event that fixed it."""
    return Event.objects.get(subject_id=introduction.public_id, name="introduction.made")


def list_fee_terms(actor: Actor, case: Case) -> QuerySet[FeeTerms]:
    """All versions, the latest first: for both sides and the manager."""
    view = view_of(actor, case)
    if not (view.carries or view.introduced or view.sides):
        return FeeTerms.objects.none()
    return FeeTerms.objects.filter(case=case).select_related("case").order_by("-number")


def access_fee_terms(actor: Actor, public_id: UUID) -> FeeTerms:
    terms = FeeTerms.objects.select_related("case__manager__person").filter(public_id=public_id).first()
    if terms is None or not list_fee_terms(actor, terms.case).filter(pk=terms.pk).exists():
        raise NotFound
    return terms


def list_objections(actor: Actor, case: Case) -> QuerySet[StopObjection]:
    """Each side's own; who carries the case sees both."""
    view, rows = view_of(actor, case), StopObjection.objects.filter(case=case).order_by("-id")
    return rows if view.carries else rows.filter(side__in=view.sides)


def access_objection(actor: Actor, public_id: UUID) -> StopObjection:
    rows = StopObjection.objects.select_related("case__manager__person").filter(public_id=public_id)
    found = rows.first()
    if found is None or not list_objections(actor, found.case).filter(pk=found.pk).exists():
        raise NotFound
    return found


def offers_to(actor: Actor) -> QuerySet[HandOver]:
    """Cases that colleagues ask the actor to take over."""
    if actor.person_id is None:
        return HandOver.objects.none()
    rows = HandOver.objects.filter(state=HandOverState.OFFERED, taker__person__public_id=actor.person_id)
    return rows.select_related("giver", "taker__person", "case__seeker", "case__need", "case__consultation")


def access_hand_over(actor: Actor, public_id: UUID) -> HandOver:
    """An offer, for the colleague who is asked and the one who asks."""
    rows = HandOver.objects.select_related("giver__person", "taker__person", "case").filter(
        public_id=public_id
    )
    found = _found(rows)
    people = (found.giver.person.public_id, found.taker.person.public_id)
    if not actor.is_system and actor.person_id not in people:
        raise NotFound
    return found


def open_hand_over(case: Case) -> HandOver | None:
    rows = HandOver.objects.filter(case=case, state=HandOverState.OFFERED)
    return rows.select_related("giver__person", "taker__person").first()


def calendar_of(secret: str) -> TechnologyManager:
    """Whose calendar has this secret address. Raises NotFound for one that is unknown or ended."""
    rows = CalendarFeed.objects.filter(digest=digest_of_secret(secret), revoked_at=None)
    found = rows.filter(manager__person__is_active=True).select_related("manager__person").first()
    if found is None:
        raise NotFound
    return found.manager


def due_days(manager: TechnologyManager) -> tuple[QuerySet[Case], QuerySet[CaseTask]]:
    """What the calendar of a manager holds: next steps and tasks of open cases."""
    steps = Case.objects.still_open().filter(manager=manager, next_due__isnull=False)
    tasks = CaseTask.objects.filter(case__in=Case.objects.still_open().filter(manager=manager), done_at=None)
    return steps.order_by("next_due", "id"), tasks.order_by("due_on", "id")


def open_case_of_need(actor: Actor, need: Need) -> Case | None:
    """The actor's own open case about a need that has no partner yet: a match is added to that one."""
    return carried_cases(actor).filter(need=need, result=None, stage="diagnosis").first()


def own_open_case(actor: Actor, need: Need) -> Case | None:
    """The actor's own case about a need that is under way, with a partner or without."""
    return carried_cases(actor).filter(need=need, stage__in=OPEN_STAGES).first()


def _found(rows: QuerySet[M]) -> M:
    row = rows.first()
    if row is None:
        raise NotFound
    return row
