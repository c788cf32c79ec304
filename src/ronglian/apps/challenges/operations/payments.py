"""What a winner says of the money: that it has arrived."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.challenges.models import PaymentOrder
from ronglian.apps.challenges.rules import may_confirm_receipt
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation


@operation("paymentorder.confirm", target="payment_order", allowed=may_confirm_receipt)
def confirm_receipt(*, actor: Actor, payment_order: PaymentOrder) -> PaymentOrder:
    """Confirm that the whole amount has arrived."""
    if payment_order.received_at is not None:
        raise RuleViolation(_("The receipt was confirmed already."))
    payment_order.received_at, payment_order.received_by = timezone.now(), actor.label
    payment_order.version += 1
    payment_order.save(force_update=True)
    record_event(actor, "paymentorder.received", payment_order, {"number": payment_order.number})
    return payment_order
