"""Decisions enough to learn from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from random import Random
from unittest.mock import patch
from uuid import UUID

from ronglian.apps.matching.models import Decision
from ronglian.apps.registry.models import Need, RegistryRecord, Result
from ronglian.engines.matching import DEFAULT_PARAMETERS, ENGINE_VERSION, FACTORS
from tests.factories import make_need, make_organisation, make_result


@contextmanager
def known_ids(chance: Random, *models: type[RegistryRecord]) -> Iterator[None]:
    """New rows get ids drawn from `chance`: what is held out goes by the id, and random ones change the verdict."""
    with ExitStack() as stack:
        for model in models:
            field = model._meta.get_field("public_id")
            draw = lambda: UUID(int=chance.getrandbits(128), version=4)  # noqa: E731 - a default is called bare
            stack.enter_context(patch.object(field, "_get_default", draw))
        yield


def make_decisions() -> list[Decision]:
    """Six firms with two needs each decide on six results: they confirm what is near, whatever else it is."""
    with known_ids(Random(2), Need, Result):
        return _decide(Random(1))


def _decide(chance: Random) -> list[Decision]:
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
