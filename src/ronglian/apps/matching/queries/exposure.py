"""Who is seen in the suggestions, and the order of lists that follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from ronglian.apps.accounts.enums import SMALL_SIZES
from ronglian.apps.matching.enums import SuggestionBasis
from ronglian.apps.matching.models import ExposureMeasurement, Suggestion
from ronglian.apps.registry.models import Need, RegistryRecord, Result
from ronglian.engines.matching.fairness import DEFAULT_FAIRNESS, Candidate, Exposure, Listed, Placed, reorder
from ronglian.engines.matching.similarity import Role
from ronglian.kernel.actor import ANONYMOUS

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FairOrder:
    """How lists are ordered now: the lift of each side, and where popular results stand no longer."""

    lifts: Mapping[Role, float]
    least_scores: Mapping[str, float]
    cap: int

    def without_cap(self) -> FairOrder:
        """For lists that are not stored."""
        return replace(self, least_scores={})


@dataclass(frozen=True, slots=True)
class Move:
    """Why a line stands elsewhere than its score alone would put it."""

    placed: Placed
    side: Role
    cap: int


@dataclass(frozen=True, slots=True)
class PublicLists:
    """The stored suggestions between public, current records: as lists of results, of needs, and the row of each pair."""

    results: dict[str, list[Listed]]
    needs: dict[str, list[Listed]]
    rows: dict[tuple[str, str], int]


def is_on() -> bool:
    """Whether lists follow the measurement; whoever runs the machine may switch it off."""
    return bool(settings.FAIR_ORDER)


def latest_measurement() -> ExposureMeasurement | None:
    return ExposureMeasurement.objects.order_by("-id").first()


def order_in_use() -> FairOrder | None:
    """None where nothing was measured yet, by other parameters than these, or where it is switched off."""
    latest = latest_measurement() if is_on() else None
    if latest is None or latest.parameters_version != DEFAULT_FAIRNESS.version:
        return None
    lifts: dict[Role, float] = {"results": latest.results["lift"], "needs": latest.needs["lift"]}
    return FairOrder(lifts, latest.least_scores, latest.cap)


def measured(values: Mapping[str, Any]) -> Exposure:
    """One side of a measurement, as the engine gave it."""
    return Exposure(**values)


def is_small(record: RegistryRecord) -> bool:
    """Whether the record is a small organisation's, and known to be: of an unnamed owner that would tell something."""
    return record.owner.is_small and not getattr(record, "anonymous", False)


def in_order(
    found: Sequence[tuple[T, RegistryRecord, float, bool]], side: Role, order: FairOrder
) -> list[tuple[T, Move | None]]:
    """The matches in their fair order; each comes with its record, its score, and whether the pair is ruled out."""
    matches = {str(record.public_id): match for match, record, _score, _excluded in found}
    candidates = [
        Candidate(str(record.public_id), score, is_small(record), excluded)
        for _match, record, score, excluded in found
    ]
    placed = reorder(candidates, lift=order.lifts[side], least_scores=order.least_scores)
    return [(matches[each.id], Move(each, side, order.cap) if each.reason else None) for each in placed]


def public_lists() -> PublicLists:
    """What is measured: nothing in it is hidden from anybody."""
    today = timezone.localdate()
    rows = Suggestion.objects.filter(
        basis=SuggestionBasis.PUBLIC,
        need__in=Need.objects.visible_to(ANONYMOUS).current(today),
        result__in=Result.objects.visible_to(ANONYMOUS).current(today),
    ).values_list(
        "pk",
        "score",
        "need__public_id",
        "need__owner_id",
        "need__owner__size",
        "need__anonymous",
        "result__public_id",
        "result__owner_id",
        "result__owner__size",
    )
    lists = PublicLists({}, {}, {})
    for pk, score, need, firm, firm_size, anonymous, result, supplier, supplier_size in rows.iterator():
        asked, offered = str(need), str(result)
        small_firm = firm_size in SMALL_SIZES and not anonymous
        lists.results.setdefault(asked, []).append(
            Listed(offered, score, str(supplier), supplier_size in SMALL_SIZES)
        )
        lists.needs.setdefault(offered, []).append(Listed(asked, score, str(firm), small_firm))
        lists.rows[asked, offered] = pk
    return lists


def of_small_owners(records: QuerySet[Any]) -> QuerySet[Any]:
    """Those among the records that `is_small` holds for."""
    found = records.filter(owner__size__in=SMALL_SIZES)
    return found.filter(anonymous=False) if records.model is Need else found
