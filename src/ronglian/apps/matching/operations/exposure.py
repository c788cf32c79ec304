"""Measuring who is seen; the order of lists follows the latest measurement."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

from django.utils import timezone

from ronglian.apps.matching.models import ExposureMeasurement, Suggestion
from ronglian.apps.matching.queries.exposure import is_on, public_lists
from ronglian.apps.matching.rules import may_train
from ronglian.apps.registry.models import Result
from ronglian.engines.matching.fairness import DEFAULT_FAIRNESS, find_crowded, measure_exposure
from ronglian.kernel.actor import ANONYMOUS, Actor
from ronglian.kernel.events import record_event, record_events
from ronglian.kernel.operation import operation

AT_ONCE = 500
KEPT = timedelta(days=90)


@operation("exposure.measure", allowed=may_train)
def measure_suggestions(*, actor: Actor) -> ExposureMeasurement:
    """Measure exposure in the stored suggestions, and drop those that the cap on popular results holds back.

    Measurements older than 90 days go.
    """
    lists = public_lists()
    offered = Result.objects.visible_to(ANONYMOUS).current(timezone.localdate()).count()
    crowding = find_crowded(lists.results, offered)
    if is_on():
        for part in _parts([lists.rows[pair] for pair in crowding.held_back]):
            Suggestion.objects.filter(pk__in=part).delete()
    results, needs = (measure_exposure(each.values()) for each in (lists.results, lists.needs))
    measurement = ExposureMeasurement(
        parameters_version=DEFAULT_FAIRNESS.version,
        results=asdict(results),
        needs=asdict(needs),
        cap=crowding.cap,
        least_scores=dict(crowding.least_scores),
        held_back=len(crowding.held_back),
    )
    measurement.save(force_insert=True)
    data = {"results_lift": results.lift, "needs_lift": needs.lift, "held_back": measurement.held_back}
    record_event(actor, "exposure.measured", measurement, data)
    _forget_old(actor)
    return measurement


def _forget_old(actor: Actor) -> None:
    """Nothing reads what was measured long ago; the events of it stay."""
    rows = ExposureMeasurement.objects.filter(created_at__lt=timezone.now() - KEPT)
    old = list(rows.order_by("id")[:AT_ONCE])
    ExposureMeasurement.objects.filter(pk__in=[row.pk for row in old]).delete()
    record_events(actor, "exposure.forgotten", old)


def _parts(keys: list[int]) -> list[list[int]]:
    return [keys[at : at + AT_ONCE] for at in range(0, len(keys), AT_ONCE)]
