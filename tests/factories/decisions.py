"""Decisions enough to learn from."""

from __future__ import annotations

from random import Random

from ronglian.apps.matching.models import Decision
from ronglian.engines.matching import DEFAULT_PARAMETERS, ENGINE_VERSION, FACTORS
from tests.factories import make_need, make_organisation, make_result


def make_decisions() -> list[Decision]:
    """Six firms with two needs each decide on six results: they confirm what is near, whatever else it is."""
    chance = Random(1)
    results = [make_result() for _ in range(6)]
    rows = []
    for _firm in range(6):
        owner = make_organisation()
        for need in (make_need(owner), make_need(owner)):
            for at, result in enumerate(results):
                near = at % 2 == 0
                shares = {factor: chance.random() for factor in FACTORS} | {"region": 0.9 if near else 0.1}
                parts = [
                    {"factor": factor, "maximum": points, "points": points * shares[factor]}
                    for factor, points in DEFAULT_PARAMETERS.points.items()
                ]
                rows.append(
                    Decision(
                        need=need,
                        result=result,
                        organisation=owner,
                        decided_by="试",
                        kind="confirmed" if near else "declined",
                        reason="fits_problem" if near else "too_far",
                        explanation={"score": sum(float(part["points"]) for part in parts), "parts": parts},
                        engine_version=ENGINE_VERSION,
                        parameters_version=DEFAULT_PARAMETERS.version,
                    )
                )
    return Decision.objects.bulk_create(rows)
