"""What always holds of suggestions, decisions and training runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ronglian.apps.matching.enums import CONFIRMING, DECLINING, DecisionKind, TrainingState
from ronglian.apps.matching.explanations import whole_explanation
from ronglian.apps.matching.models import Decision, ExposureMeasurement, Suggestion, TrainingRun
from ronglian.engines.matching.fairness import DEFAULT_FAIRNESS
from ronglian.kernel.invariant import invariant, named

READ_AT_ONCE = 1000
ROUNDING = 1e-6


@invariant(
    "matching.decisions_of_a_side", _("Every decision is that of the need's or of the result's organisation.")
)
def _decided_by_others() -> Iterable[object]:
    own = Q(organisation=F("need__owner")) | Q(organisation=F("result__owner"))
    return named(Decision.objects.exclude(own))


@invariant("matching.reasons_fit", _("The reason of every decision goes with what was decided."))
def _wrong_reasons() -> Iterable[object]:
    fit = Q(kind=DecisionKind.CONFIRMED, reason__in=CONFIRMING)
    fit |= Q(kind=DecisionKind.DECLINED, reason__in=DECLINING)
    return named(Decision.objects.exclude(fit))


@invariant("matching.decisions_explained", _("The parts of the score that was decided on add up to it."))
def _unexplained_decisions() -> Iterator[str]:
    rows = Decision.objects.values_list("public_id", "explanation")
    for public_id, explanation in rows.iterator(chunk_size=READ_AT_ONCE):
        if not _adds_up(explanation):
            yield f"decision {public_id}"


@invariant("matching.suggestions_explained", _("The parts of every suggestion add up to its score."))
def _unexplained_suggestions() -> Iterator[str]:
    rows = Suggestion.objects.values_list("public_id", "score", "explanation")
    for public_id, score, explanation in rows.iterator(chunk_size=READ_AT_ONCE):
        if not _adds_up(explanation) or abs(explanation["score"] - score) > ROUNDING:
            yield f"suggestion {public_id}"


@invariant("matching.scores_bounded", _("Every score is between 0 and 100."))
def _out_of_bounds() -> Iterable[object]:
    return named(Suggestion.objects.filter(Q(score__lt=0) | Q(score__gt=100 + ROUNDING)))


@invariant(
    "matching.suggestions_not_ahead", _("No suggestion was computed from a version that is still to come.")
)
def _from_the_future() -> Iterable[object]:
    ahead = Q(need_version__gt=F("need__version")) | Q(result_version__gt=F("result__version"))
    return named(Suggestion.objects.filter(ahead))


@invariant("matching.one_run_in_use", _("At most one training run is in use."))
def _rival_runs() -> Iterator[str]:
    active = TrainingRun.objects.filter(state=TrainingState.ACTIVE)
    if active.count() > 1:
        yield from named(active)


@invariant(
    "matching.runs_activated_by_somebody",
    _("Every run that is or was in use says who put it to use, and when."),
)
def _self_activated() -> Iterable[object]:
    used = TrainingRun.objects.exclude(state=TrainingState.PROPOSED)
    return named(used.filter(Q(activated_by="") | Q(activated_at__isnull=True)))


@invariant("matching.no_worse_run_in_use", _("No run that did worse on held-out decisions is in use."))
def _worse_runs() -> Iterable[object]:
    return named(TrainingRun.objects.filter(state=TrainingState.ACTIVE, report__verdict="worse"))


@invariant(
    "matching.lifts_bounded",
    _("No measurement lifts small organisations by less than nothing or by more than the bound."),
)
def _wild_lifts() -> Iterator[str]:
    for row in ExposureMeasurement.objects.iterator(chunk_size=READ_AT_ONCE):
        if row.parameters_version != DEFAULT_FAIRNESS.version:
            continue
        lifts = row.results["lift"], row.needs["lift"]
        if not all(0.0 <= lift <= DEFAULT_FAIRNESS.most_points for lift in lifts):
            yield f"exposuremeasurement {row.public_id}"


@invariant(
    "matching.cap_not_too_low",
    _("Every cap on popular results leaves them in at least as many lists as the bound says."),
)
def _low_caps() -> Iterator[str]:
    for row in ExposureMeasurement.objects.iterator(chunk_size=READ_AT_ONCE):
        if row.parameters_version != DEFAULT_FAIRNESS.version:
            continue
        if row.cap < DEFAULT_FAIRNESS.cap_floor or not all(
            0.0 <= score <= 100.0 for score in row.least_scores.values()
        ):
            yield f"exposuremeasurement {row.public_id}"


def _adds_up(kept: Any) -> bool:
    try:
        explanation = whole_explanation(kept)
        parts = sum(part["points"] for part in explanation["parts"])
        return bool(abs(parts - explanation["score"]) <= ROUNDING * 100)
    except (KeyError, TypeError):
        return False
