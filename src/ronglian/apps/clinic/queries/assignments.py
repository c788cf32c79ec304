"""Needs that wait for a technology manager, and the proposals who is to carry them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from ronglian.apps.accounts.queries.conflicts import list_ties
from ronglian.apps.clinic.assignment_enums import ProposalState
from ronglian.apps.clinic.case_enums import OPEN_STAGES, CaseStage
from ronglian.apps.clinic.manager_enums import ManagerState
from ronglian.apps.clinic.models import AssignmentProposal, AssignmentRun, Case, TechnologyManager
from ronglian.apps.registry.models import Need
from ronglian.engines.matching.manager_fit import CaseToAssign, ManagerToAssign
from ronglian.engines.text.naming import is_chinese
from ronglian.kernel.actor import ANONYMOUS, Actor
from ronglian.kernel.errors import NotFound
from ronglian.kernel.models import Event

# What of a manager's entry the assignment goes by, and what else makes the last one stale.
GOES_BY = frozenset({"capacity", "technology_fields", "regions", "languages", "summary", "summary_en"})
STALE_AFTER = (
    "manager.edited",
    "manager.paused",
    "manager.resumed",
    "manager.confirmed",
    "manager.ended",
    "assignment.declined",
)


def is_stale(run: AssignmentRun) -> bool:
    """Whether managers, their capacities or their answers have changed since the assignment was computed."""
    made = Event.objects.get(subject_id=run.public_id, name="assignment.proposed")
    since = Event.objects.filter(pk__gt=made.pk, name__in=STALE_AFTER).values_list("name", "data")
    return any(name != "manager.edited" or GOES_BY & set(data.get("changed", ())) for name, data in since)


def waiting_needs() -> QuerySet[Need]:
    """Public, current needs that nobody carries or has brought to its end, the longest waiting first."""
    rows: QuerySet[Need] = Need.objects.visible_to(ANONYMOUS).current(timezone.localdate())
    carried = Case.objects.exclude(stage=CaseStage.STOPPED).filter(need__isnull=False).values("need")
    return rows.exclude(pk__in=carried).select_related("owner").order_by("created_at", "id")


def unproposed_needs() -> QuerySet[Need]:
    """Of the waiting needs those for which nobody is proposed."""
    proposed = AssignmentProposal.objects.filter(state=ProposalState.PROPOSED).values("need")
    return waiting_needs().exclude(pk__in=proposed)


def managers_with_load() -> list[TechnologyManager]:
    """The confirmed managers, each with `carrying`: how many cases are theirs now."""
    rows: QuerySet[TechnologyManager] = TechnologyManager.objects.filter(state=ManagerState.CONFIRMED)
    return list(rows.annotate(carrying=Count("cases", filter=Q(cases__stage__in=OPEN_STAGES))).order_by("id"))


def case_to_assign(need: Need) -> CaseToAssign:
    """The need as everybody may read it, as the engine takes it. An unnamed owner lends nothing to it."""
    owner = None if need.anonymous else need.owner
    text = "\n".join((need.title, need.title_en, need.body, *need.keywords))
    return CaseToAssign(
        id=str(need.public_id),
        text=text,
        technology_field=need.technology_field,
        region=need.region or (owner.region if owner else ""),
        languages=frozenset({"zh"} if is_chinese(need.title) else {"en"}),
        is_small=need.owner.is_small,
        days_waiting=(timezone.now() - need.created_at).days,
    )


def manager_to_assign(manager: TechnologyManager) -> ManagerToAssign:
    return ManagerToAssign(
        id=str(manager.public_id),
        text="\n".join((manager.summary, manager.summary_en)),
        technology_fields=frozenset(manager.technology_fields),
        regions=tuple(manager.regions),
        languages=frozenset(manager.languages),
        capacity=manager.capacity,
        open_cases=int(getattr(manager, "carrying", 0)),
        takes_new=manager.takes_new,
    )


def tied_pairs(needs: Sequence[Need], managers: Sequence[TechnologyManager]) -> set[tuple[int, int]]:
    """Pairs of row numbers (need, manager) with a conflict of interest."""
    ties = list_ties(
        {manager.person_id for manager in managers}, {need.owner_id for need in needs}, timezone.localdate()
    )
    return {
        (need.pk, manager.pk)
        for manager in managers
        for need in needs
        if (manager.person_id, need.owner_id) in ties or manager.organisation_id == need.owner_id
    }


def declined_pairs() -> set[tuple[int, int]]:
    """Pairs of row numbers (need, manager) that the manager has declined."""
    rows = AssignmentProposal.objects.filter(state=ProposalState.DECLINED)
    return set(rows.values_list("need_id", "manager_id"))


def list_proposals(actor: Actor) -> QuerySet[AssignmentProposal]:
    """For who keeps the register all of them, for a manager the own ones; open ones first, then the latest."""
    rows: QuerySet[AssignmentProposal] = AssignmentProposal.objects.visible_to(actor)
    return rows.select_related("need__owner", "manager__person", "second", "run").order_by("-state", "-id")


def open_proposals(actor: Actor) -> QuerySet[AssignmentProposal]:
    """Those that wait: for the bureau to confirm, or for the manager to know of."""
    return list_proposals(actor).filter(state=ProposalState.PROPOSED).order_by("id")


def own_open_proposals(actor: Actor) -> QuerySet[AssignmentProposal]:
    """What is proposed to the actor as a technology manager."""
    if actor.person_id is None:
        return AssignmentProposal.objects.none()
    return open_proposals(actor).filter(manager__person__public_id=actor.person_id)


def access_proposal(actor: Actor, public_id: UUID) -> AssignmentProposal:
    found = list_proposals(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def latest_run() -> AssignmentRun | None:
    return AssignmentRun.objects.order_by("-id").first()
