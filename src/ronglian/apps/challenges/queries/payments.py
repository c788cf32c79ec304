"""Reading payment orders: the issuer's and the payee's own."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from ronglian.apps.challenges.models import Challenge, PaymentOrder
from ronglian.apps.challenges.rules import visible_payment_orders_q
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound


def list_payment_orders(actor: Actor, challenge: Challenge) -> QuerySet[PaymentOrder]:
    """The payment orders of a challenge that the actor may see, by number."""
    rows = PaymentOrder.objects.filter(visible_payment_orders_q(actor), challenge=challenge)
    rows = rows.select_related("challenge__issuer", "award__bid__bidder", "milestone")
    return rows.defer("award__bid__envelope", "award__bid__content").order_by("number")


def access_payment_order(actor: Actor, public_id: UUID) -> PaymentOrder:
    """One payment order; raises NotFound for one the actor may not know of."""
    rows = PaymentOrder.objects.filter(visible_payment_orders_q(actor), public_id=public_id)
    rows = rows.select_related("challenge__issuer", "award__bid__bidder", "milestone")
    found = rows.defer("award__bid__envelope", "award__bid__content").first()
    if found is None:
        raise NotFound
    return found
