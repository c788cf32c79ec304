"""Who is seen, for the quality report: the latest measurement beside the share of the records. The same for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ronglian.apps.matching.queries.exposure import is_on, latest_measurement, measured, of_small_owners
from ronglian.apps.matching.queries.quality import Share, current_needs, current_results
from ronglian.engines.matching.fairness import Exposure
from ronglian.engines.matching.similarity import Role
from ronglian.kernel.actor import ANONYMOUS


@dataclass(frozen=True, slots=True)
class SideSeen:
    """One kind of lists. `exposure` is None where nothing was measured, or too few stand behind it to be told."""

    side: Role
    records: Share
    exposure: Exposure | None


@dataclass(frozen=True, slots=True)
class SeenReport:
    """曝光公平: of public, current records only. `measured_at` is None before the first measurement."""

    sides: tuple[SideSeen, ...]
    measured_at: datetime | None
    cap: int | None
    crowded: int
    held_back: int
    is_on: bool


def read_seen() -> SeenReport:
    latest = latest_measurement()
    results, needs = current_results(ANONYMOUS), current_needs(ANONYMOUS)
    shares: dict[Role, Share] = {
        "results": Share(of_small_owners(results).count(), results.count()),
        "needs": Share(of_small_owners(needs).count(), needs.count()),
    }
    found: dict[Role, Exposure] = {}
    if latest is not None:
        found = {"results": measured(latest.results), "needs": measured(latest.needs)}
    return SeenReport(
        sides=tuple(
            SideSeen(side, share, found[side] if side in found and found[side].is_enough else None)
            for side, share in shares.items()
        ),
        measured_at=latest.created_at if latest else None,
        cap=latest.cap if latest else None,
        crowded=len(latest.least_scores) if latest else 0,
        held_back=latest.held_back if latest else 0,
        is_on=is_on(),
    )
