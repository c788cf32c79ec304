"""What was paid under the agreements of cases, for the figures of technology managers."""

from __future__ import annotations

from collections.abc import Iterable

from ronglian.apps.agreements.enums import MovementKind, MovementState
from ronglian.apps.agreements.models import MoneyMovement

# What reaches party B: paid directly, out of escrow, or out of what was retained.
RECEIVED = (MovementKind.PAY, MovementKind.RELEASE, MovementKind.RELEASE_RETAINED)


def paid_of_cases(cases: Iterable[int]) -> dict[int, int]:
    """Fen that party B received and kept, by case, as far as both sides confirmed it."""
    found: dict[int, int] = {}
    rows = MoneyMovement.objects.filter(
        agreement__case__in=list(cases),
        state=MovementState.CONFIRMED,
        kind__in=(*RECEIVED, MovementKind.PAY_BACK),
    )
    for case, kind, fen in rows.values_list("agreement__case", "kind", "amount_fen"):
        found[case] = found.get(case, 0) + (-fen if kind == MovementKind.PAY_BACK else fen)
    return found
