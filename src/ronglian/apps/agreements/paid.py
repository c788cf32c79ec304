"""What was paid under the agreements of cases, for the figures of technology managers."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from ronglian.apps.agreements.enums import MovementKind, MovementState
from ronglian.apps.agreements.models import Agreement, MoneyMovement

# What reaches party B: paid directly, out of escrow, or out of what was retained.
RECEIVED = (MovementKind.PAY, MovementKind.RELEASE, MovementKind.RELEASE_RETAINED)


def paid_of_cases(cases: Iterable[int]) -> dict[int, int]:
    """Fen that party B received and kept, by case, as far as both sides confirmed it."""
    found: dict[int, int] = {}
    rows = _counted().filter(agreement__case__in=list(cases))
    for case, kind, fen in rows.values_list("agreement__case", "kind", "amount_fen"):
        found[case] = found.get(case, 0) + _signed(kind, fen)
    return found


def paid_of_agreement(agreement: Agreement) -> int:
    """The same of one contract."""
    rows = _counted().filter(agreement=agreement)
    return sum(_signed(kind, fen) for kind, fen in rows.values_list("kind", "amount_fen"))


def paid_of_agreements(agreements: Iterable[int]) -> dict[int, int]:
    """The same of many contracts, by their row; of a contract that brought nothing there is no entry."""
    found: dict[int, int] = {}
    rows = _counted().filter(agreement__in=list(agreements))
    for agreement, kind, fen in rows.values_list("agreement", "kind", "amount_fen"):
        found[agreement] = found.get(agreement, 0) + _signed(kind, fen)
    return found


def _counted() -> QuerySet[MoneyMovement]:
    return MoneyMovement.objects.filter(
        state=MovementState.CONFIRMED, kind__in=(*RECEIVED, MovementKind.PAY_BACK)
    )


def _signed(kind: str, fen: int) -> int:
    return -fen if kind == MovementKind.PAY_BACK else fen
