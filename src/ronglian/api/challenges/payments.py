"""Payment orders of challenges, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Router
from pydantic import BaseModel

from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import repeatable
from ronglian.apps.challenges.models import PaymentOrder
from ronglian.apps.challenges.operations.payments import confirm_receipt
from ronglian.apps.challenges.queries.challenges import access_challenge
from ronglian.apps.challenges.queries.payments import access_payment_order, list_payment_orders

of_challenge = Router(tags=["challenges"], auth=signed_in)
router = Router(tags=["challenges"], auth=signed_in)


class PaymentOrderShown(BaseModel):
    """付款单. The platform holds no money: the issuer pays by its bank, the payee confirms."""

    id: UUID
    number: int
    payee: UUID
    milestone: UUID | None
    amount_fen: int
    basis: str
    issued_at: datetime
    received_at: datetime | None


@of_challenge.get(
    "/{uuid:public_id}/payment-orders",
    response=list[PaymentOrderShown],
    operation_id="list_payment_orders",
    summary="The payment orders of a challenge",
)
def list_all(request: ApiRequest, public_id: UUID) -> Any:
    """Those that your organisations pay or are paid by."""
    challenge = access_challenge(request.auth, public_id)
    return [show_order(one) for one in list_payment_orders(request.auth, challenge)]


@router.post(
    "/{uuid:public_id}/received",
    response=PaymentOrderShown,
    operation_id="confirm_payment_receipt",
    summary="Confirm that the money has arrived",
)
@repeatable
def received(request: ApiRequest, public_id: UUID) -> Any:
    """By the payee; 409 where it was confirmed already."""
    order = access_payment_order(request.auth, public_id)
    return show_order(confirm_receipt(actor=request.auth, payment_order=order))


def show_order(order: PaymentOrder) -> PaymentOrderShown:
    return PaymentOrderShown(
        id=order.public_id,
        number=order.number,
        payee=order.award.bid.bidder.public_id,
        milestone=order.milestone.public_id if order.milestone else None,
        amount_fen=order.amount_fen,
        basis=order.basis,
        issued_at=order.issued_at,
        received_at=order.received_at,
    )
