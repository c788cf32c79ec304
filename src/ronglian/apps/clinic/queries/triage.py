"""What waits for triage, what the engine proposes, what was decided, and how a need was checked."""

from __future__ import annotations

from typing import TypeVar, cast
from uuid import UUID

from django.db.models import Model, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from ronglian.apps.clinic.enums import ConsultationState
from ronglian.apps.clinic.models import AuthenticityCheck, Consultation, Triage
from ronglian.apps.clinic.queries.consultations import list_consultations
from ronglian.apps.clinic.queries.pools import count_alike
from ronglian.apps.clinic.reading import Reading, profile_consultation, read_consultation
from ronglian.apps.matching.profiles import public_need
from ronglian.apps.matching.queries.matches import match_need, match_profile
from ronglian.apps.registry.enums import State
from ronglian.apps.registry.models import Need
from ronglian.apps.registry.queries.records import list_records
from ronglian.engines.diagnosis import (
    NeedSheet,
    Slot,
    TriageFacts,
    propose_route,
    read_sheet,
    score_clarity,
    score_completeness,
)
from ronglian.engines.diagnosis import Triage as Proposal
from ronglian.engines.matching import NeedProfile
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound
from ronglian.kernel.provenance import unexpired

T = TypeVar("T", bound=Model)


def waiting_consultations(actor: Actor) -> QuerySet[Consultation]:
    """Shown to technology managers and not decided, or objected to since; the longest waiting first."""
    decided = Triage.objects.filter(consultation=OuterRef("pk"))
    rows = list_consultations(actor).filter(shown_to_managers=True, state=ConsultationState.OPEN)
    return _undecided(rows, decided).exclude(_own(actor)).order_by("id")


def waiting_needs(actor: Actor) -> QuerySet[Need]:
    """Published needs that nobody has decided on, or whose owner objected since; the longest waiting first."""
    decided = Triage.objects.filter(Q(need=OuterRef("pk")) | Q(consultation__need=OuterRef("pk")))
    rows = list_records(actor, Need).filter(unexpired(timezone.localdate()), state=State.PUBLISHED)
    return _undecided(rows, decided).exclude(_own(actor)).order_by("id")


def latest_triage(subject: Consultation | Need) -> Triage | None:
    """The decision that holds; a need keeps that of its consultation until it gets one of its own."""
    if isinstance(subject, Consultation):
        about = Q(consultation=subject)
    else:
        about = Q(need=subject) | Q(consultation__need=subject)
    rows = Triage.objects.filter(about).select_related("consultation", "need")
    return rows.order_by("-id").first()


def access_triage(actor: Actor, public_id: UUID) -> Triage:
    """A decision about a trouble of one's own organisation. Raises NotFound."""
    rows = Triage.objects.select_related("consultation", "need").filter(
        Q(consultation__owner_id__in=actor.organisation_ids) | Q(need__owner_id__in=actor.organisation_ids)
    )
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def checks_of(need: Need) -> list[AuthenticityCheck]:
    """How a need that the reader may see was checked, the latest first."""
    return list(AuthenticityCheck.objects.filter(need=need).order_by("-checked_on", "-id"))


def access_check(actor: Actor, public_id: UUID) -> AuthenticityCheck:
    """A check of a need that the actor may see. Raises NotFound."""
    visible = list_records(actor, Need).values("pk")
    rows = AuthenticityCheck.objects.select_related("need__owner").filter(need__in=visible)
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def propose_for_consultation(
    consultation: Consultation, reading: Reading, best_match: float | None
) -> Proposal:
    """What the rules propose for a trouble as it was told."""
    facts = TriageFacts(
        text=f"{consultation.title}\n{reading.sheet.text}",
        completeness=reading.completeness.total,
        clarity=reading.clarity.total,
        best_match=best_match,
        has_problem=reading.sheet.tells(Slot.PROBLEM),
        is_small_firm=consultation.owner.is_small,
        alike=_alike(consultation, profile_consultation(consultation, reading)),
    )
    return propose_route(facts)


def read_need(need: Need) -> tuple[NeedSheet, frozenset[Slot]]:
    """The sheet of what a reader may know of a need, and what its fields state beside the text."""
    texts = (
        need.summary,
        *(() if need.is_closed else (need.details, need.difficulty, need.existing_conditions)),
    )
    sheet = read_sheet(need.title, "\n".join(text for text in texts if text))
    fields = {
        Slot.BUDGET: need.budget_high_fen or need.budget_low_fen,
        Slot.TRIED: need.difficulty,
        Slot.CONDITION: need.existing_conditions,
    }
    return sheet, frozenset() if need.is_closed else frozenset(slot for slot, told in fields.items() if told)


def propose_for_need(actor: Actor, need: Need) -> Proposal:
    """What the rules propose for a need as the actor may read it."""
    sheet, stated = read_need(need)
    best = match_need(actor, need, top=1)
    facts = TriageFacts(
        text=f"{sheet.title}\n{sheet.text}",
        completeness=score_completeness(sheet, stated).total,
        clarity=score_clarity(sheet).total,
        best_match=best[0].match.score if best else None,
        has_problem=sheet.tells(Slot.PROBLEM),
        is_small_firm=need.owner.is_small,
        alike=_alike(need, public_need(need)),
    )
    return propose_route(facts)


def propose(actor: Actor, subject: Consultation | Need) -> Proposal:
    """What the rules propose for a trouble or a need, as the actor may read it."""
    if isinstance(subject, Need):
        return propose_for_need(actor, subject)
    reading = read_consultation(subject)
    views = match_profile(actor, profile_consultation(subject, reading), owner_id=subject.owner_id, top=1)
    return propose_for_consultation(subject, reading, views[0].match.score if views else None)


def _alike(subject: Consultation | Need, profile: NeedProfile) -> int:
    """How many other owners say the same; only small firms are put together."""
    return count_alike(profile, subject.owner_id) if subject.owner.is_small else 0


def _undecided(rows: QuerySet[T], decided: QuerySet[Triage]) -> QuerySet[T]:
    """Those without a decision, and those whose latest one was objected to."""
    latest = Subquery(decided.order_by("-id").values("is_objected")[:1])
    undecided = Q(is_objected=None) | Q(is_objected=True)
    return cast("QuerySet[T]", rows.annotate(is_objected=latest).filter(undecided))


def _own(actor: Actor) -> Q:
    return Q(owner_id__in=actor.organisation_ids)
