"""Which points are in use, what the decisions offer to learn from, and the runs so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from ronglian.apps.matching.enums import NOT_ABOUT_FIT, DecisionKind, TrainingState
from ronglian.apps.matching.models import Decision, TrainingRun
from ronglian.engines.matching import DEFAULT_PARAMETERS, ENGINE_VERSION, FACTORS
from ronglian.engines.matching.learning import DecidedPair
from ronglian.engines.matching.parameters import without_model
from ronglian.kernel.errors import NotFound

# Between the version of the shipped parameters and the digest of what was learned on top of them.
LEARNED = "+"


@dataclass(frozen=True, slots=True)
class PointsInUse:
    """The points that matches are scored with; `run` is None while they are the shipped ones."""

    points: Mapping[str, float]
    version: str
    run: TrainingRun | None


@dataclass(frozen=True, slots=True)
class Lessons:
    """The decisions that can be learned from, how many organisations made them, and why others cannot."""

    pairs: tuple[DecidedPair, ...]
    organisations: int
    left_out: Mapping[str, int]


def points_in_use() -> PointsInUse:
    """A run made on other shipped parameters than these is not used: its points mean something else there."""
    run = TrainingRun.objects.filter(
        state=TrainingState.ACTIVE, base_version=DEFAULT_PARAMETERS.version
    ).first()
    if run is None:
        return PointsInUse(DEFAULT_PARAMETERS.points, DEFAULT_PARAMETERS.version, None)
    return PointsInUse({factor: run.points_after[factor] for factor in FACTORS}, run.version_after, run)


def list_runs() -> QuerySet[TrainingRun]:
    """Every run, newest first. They are public: who is ranked may know by what."""
    return TrainingRun.objects.select_related("replaces").order_by("-id")


def access_run(public_id: UUID) -> TrainingRun:
    """The run with this id; raises NotFound."""
    run = list_runs().filter(public_id=public_id).first()
    if run is None:
        raise NotFound
    return run


def gather_lessons() -> Lessons:
    """Each decision with the factor shares it was made on, taken from the explanation stored with it.

    A decision made under other engine or shipped parameters is left out: its shares were computed otherwise. Two
    sides' decisions about one pair weigh one half each.
    """
    rows = list(
        # What is learned is public: nothing of it comes from details under an agreement.
        Decision.objects.filter(need__under_nda=False, result__under_nda=False)
        .order_by("id")
        .values_list(
            "need__public_id",
            "result__public_id",
            "organisation_id",
            "kind",
            "reason",
            "explanation__parts",
            "engine_version",
            "parameters_version",
        )
    )
    left_out: Counter[str] = Counter()
    usable = []
    for need, result, organisation, kind, reason, parts, engine, parameters in rows:
        if reason in NOT_ABOUT_FIT:
            left_out["not_about_fit"] += 1
        elif (
            engine != ENGINE_VERSION
            or without_model(parameters).split(LEARNED)[0] != DEFAULT_PARAMETERS.version
        ):
            left_out["other_version"] += 1
        else:
            usable.append((str(need), str(result), organisation, kind, parts))
    sides = Counter((need, result) for need, result, *_rest in usable)
    pairs = tuple(
        _decided(need, result, kind, parts, 1.0 / sides[need, result])
        for need, result, _organisation, kind, parts in usable
    )
    return Lessons(pairs, len({row[2] for row in usable}), dict(left_out))


def _decided(need: str, result: str, kind: str, parts: list[dict[str, object]], weight: float) -> DecidedPair:
    by_factor = {part["factor"]: (_number(part["points"]), _number(part["maximum"])) for part in parts}
    own = [by_factor[factor] for factor in FACTORS]
    return DecidedPair(
        need=need,
        result=result,
        shares=tuple(points / maximum if maximum else 0.0 for points, maximum in own),
        asked=tuple(maximum > 0 for _points, maximum in own),
        confirmed=kind == DecisionKind.CONFIRMED,
        weight=weight,
    )


def _number(value: object) -> float:
    assert isinstance(value, int | float)
    return float(value)
