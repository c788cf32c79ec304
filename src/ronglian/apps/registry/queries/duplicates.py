"""Reading possible duplicates: a pair is shown to those who may see both records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from ronglian.apps.registry.models import RECORD_MODELS, DuplicateCandidate, DuplicateState, RegistryRecord
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound
from ronglian.kernel.events import subject_type

MODEL_OF: dict[str, Any] = {subject_type(model): model for model in RECORD_MODELS}


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """A candidate with its two records."""

    candidate: DuplicateCandidate
    first: RegistryRecord
    second: RegistryRecord


def list_duplicates(actor: Actor, state: str = DuplicateState.OPEN) -> QuerySet[DuplicateCandidate]:
    """Pairs of records the actor may both see and of which they hold at least one; the likest first."""
    seen = Q()
    for kind, model in MODEL_OF.items():
        visible = model.objects.visible_to(actor).values("public_id")
        pair = Q(subject_type=kind, first_id__in=visible, second_id__in=visible)
        if not actor.is_system:
            own = model.objects.filter(owner_id__in=actor.organisation_ids).values("public_id")
            pair &= Q(first_id__in=own) | Q(second_id__in=own)
        seen |= pair
    return DuplicateCandidate.objects.filter(seen, state=state).order_by("-similarity", "-id")


def with_records(actor: Actor, candidates: list[DuplicateCandidate]) -> list[DuplicatePair]:
    """The candidates with their records, in the same order; two queries for each kind of record."""
    wanted: dict[str, set[UUID]] = {}
    for candidate in candidates:
        wanted.setdefault(candidate.subject_type, set()).update((candidate.first_id, candidate.second_id))
    records: dict[UUID, RegistryRecord] = {}
    for kind, ids in wanted.items():
        visible = MODEL_OF[kind].objects.visible_to(actor).select_related("owner").filter(public_id__in=ids)
        records |= {record.public_id: record for record in visible}
    return [
        DuplicatePair(candidate, records[candidate.first_id], records[candidate.second_id])
        for candidate in candidates
        if candidate.first_id in records and candidate.second_id in records
    ]


def access_duplicate(actor: Actor, public_id: UUID) -> DuplicatePair:
    """One open or decided pair. Raises NotFound for one the actor may not know of."""
    for state in DuplicateState.values:
        candidate = list_duplicates(actor, state).filter(public_id=public_id).first()
        if candidate is not None:
            return with_records(actor, [candidate])[0]
    raise NotFound
