"""Reconciliation (对账): which lines of a bank statement confirm what the other sides told us that they paid or were paid.

Prose: docs/explanation/algorithms/money.md, “What the bank says”. Nothing is confirmed here: a person reads what was found
and confirms each movement by the operation that everybody uses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.agreements.enums import MovementKind, MovementState, Side
from ronglian.apps.agreements.models import Agreement, MoneyMovement
from ronglian.apps.agreements.paid import RECEIVED
from ronglian.engines.money import Finding, Instruction, StatementLine, reconcile
from ronglian.kernel.actor import Actor

DAYS = 5
# What comes back to party A; what reaches party B is RECEIVED, and the rest moves within escrow.
TO_CLIENT = (MovementKind.PAY_BACK, MovementKind.REFUND, MovementKind.REFUND_RETAINED)


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A line of the statement with the movement it was found for, if any."""

    line: StatementLine
    finding: Finding
    movement: MoneyMovement | None


def waiting_movements(actor: Actor, organisation: Organisation) -> list[MoneyMovement]:
    """What the other sides told and the organisation has not answered yet, of the contracts the actor may see."""
    mine = Agreement.objects.visible_to(actor)
    rows = MoneyMovement.objects.filter(agreement__in=mine, state=MovementState.TOLD)
    told_to_us = rows.filter(agreement__client=organisation, told_by=Side.PROVIDER) | rows.filter(
        agreement__provider=organisation, told_by=Side.CLIENT
    )
    return list(told_to_us.select_related("agreement__client", "agreement__provider").order_by("id"))


def reconciled(
    actor: Actor, organisation: Organisation, lines: Sequence[StatementLine]
) -> tuple[Reconciled, ...]:
    """One finding for each line of the organisation's statement, in its order."""
    movements = {str(row.public_id): row for row in waiting_movements(actor, organisation)}
    by_reference = {row.reference or key: key for key, row in movements.items()}
    instructions = [
        Instruction(reference, _signed(movements[key], organisation), movements[key].day)
        for reference, key in by_reference.items()
    ]
    return tuple(
        Reconciled(match.line, match.finding, movements.get(by_reference.get(match.reference, "")))
        for match in reconcile(instructions, lines, days=DAYS)
    )


def _signed(row: MoneyMovement, organisation: Organisation) -> int:
    """Positive where the money comes to the organisation."""
    provides = row.agreement.provider_id == organisation.pk
    comes = row.kind in (RECEIVED if provides else TO_CLIENT)
    return row.amount_fen if comes else -row.amount_fen
