"""The lists behind the figures of the quality report, as far as the reader may see them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import FloatField, Q, QuerySet
from django.db.models.functions import Cast

from ronglian.apps.matching.models import Decision
from ronglian.apps.matching.queries.decisions import visible_decisions
from ronglian.apps.matching.queries.exposure import of_small_owners
from ronglian.apps.matching.queries.quality import (
    BAND_WIDTH,
    BANDS,
    covered_needs,
    current_needs,
    current_results,
    published_needs,
    sees_all_decisions,
    suggested_results,
)
from ronglian.apps.registry.models import Need, Result
from ronglian.kernel.actor import ANONYMOUS, Actor
from ronglian.kernel.errors import NotFound

RECORD_LISTS = (
    "covered-needs",
    "uncovered-needs",
    "suggested-results",
    "unsuggested-results",
    "unanswered-needs",
    "answered-needs",
    "small-results",
    "other-results",
    "small-needs",
    "other-needs",
)


def list_quality_records(actor: Actor, name: str, *, size: str | None = None) -> QuerySet[Any]:
    """Needs or results, newest first. Whether a need was answered is told to its own organisation and operators.

    `size` keeps the needs, answered or not, of firms of that size.
    """
    match name:
        case "covered-needs":
            return covered_needs(actor).select_related("owner").order_by("-id")
        case "uncovered-needs":
            rest = current_needs(actor).exclude(pk__in=covered_needs(actor).values("pk"))
            return rest.select_related("owner").order_by("-id")
        case "suggested-results":
            return suggested_results(actor).select_related("owner").order_by("-id")
        case "unsuggested-results":
            others = current_results(actor).exclude(pk__in=suggested_results(actor).values("pk"))
            return others.select_related("owner").order_by("-id")
        case "unanswered-needs" | "answered-needs":
            own = Q() if sees_all_decisions(actor) else Q(owner_id__in=actor.organisation_ids)
            answered = published_needs(actor).filter(own, answered_at__isnull=name == "unanswered-needs")
            if size is not None:
                answered = answered.filter(owner__size=size)
            return answered.select_related("owner").order_by("-id")
        case "small-results" | "small-needs" | "other-results" | "other-needs":
            records: QuerySet[Any] = (
                current_results(ANONYMOUS) if "results" in name else current_needs(ANONYMOUS)
            )
            small = of_small_owners(records)
            rows = small if name.startswith("small") else records.exclude(pk__in=small.values("pk"))
            return rows.select_related("owner").order_by("-id")
        case _:
            raise NotFound


def list_quality_decisions(
    actor: Actor, *, band: int | None = None, month: str = "", kind: str = ""
) -> QuerySet[Decision]:
    """The decisions of a score band, a month or a kind that the reader may see, newest first."""
    rows = visible_decisions(actor).select_related("need", "result").order_by("-id")
    if band is not None:
        rows = rows.annotate(shown_score=Cast("explanation__score", FloatField())).filter(
            shown_score__gte=band
        )
        if band != BANDS[-1]:
            rows = rows.filter(shown_score__lt=band + BAND_WIDTH)
    if kind:
        rows = rows.filter(kind=kind)
    if month:
        rows = rows.filter(created_at__year=int(month[:4]), created_at__month=int(month[5:]))
    return rows


def seen_pairs(actor: Actor, decisions: Iterable[Decision]) -> set[int]:
    """The decisions both of whose records the reader may still see; of the others no more than the decision is told."""
    rows = list(decisions)
    needs = Need.objects.visible_to(actor).filter(pk__in=[row.need_id for row in rows])
    results = Result.objects.visible_to(actor).filter(pk__in=[row.result_id for row in rows])
    seen_needs, seen_results = (set(found.values_list("pk", flat=True)) for found in (needs, results))
    return {row.pk for row in rows if row.need_id in seen_needs and row.result_id in seen_results}
