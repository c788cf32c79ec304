"""付款单: what is to be paid to a winner, for a milestone or at the end, and that it has arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.challenges.models.challenge import Challenge
from ronglian.apps.challenges.models.milestone import Milestone
from ronglian.apps.challenges.models.review import Award
from ronglian.kernel.models import Record


class PaymentOrder(Record):
    """付款单, issued by the step of the scheme that pays. The platform holds no money: the issuer pays by its bank, the payee confirms."""

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="payment_orders")
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="payment_orders")
    milestone = models.OneToOneField(
        Milestone, on_delete=models.PROTECT, related_name="payment_order", null=True, blank=True
    )
    number = models.PositiveSmallIntegerField(_("number"))
    amount_fen = models.BigIntegerField(_("amount"), validators=[MinValueValidator(1)])
    basis = models.TextField(_("basis"), max_length=3000)
    issued_at = models.DateTimeField(_("issued"))
    issued_by = models.CharField(_("issued by"), max_length=200)
    received_at = models.DateTimeField(_("receipt confirmed"), null=True, blank=True)
    received_by = models.CharField(_("confirmed by"), max_length=200, blank=True)

    if TYPE_CHECKING:
        challenge_id: int
        award_id: int
        milestone_id: int | None

    class Meta:
        verbose_name = _("payment order")
        verbose_name_plural = _("payment orders")
        constraints = (
            models.UniqueConstraint(fields=["challenge", "number"], name="payment_order_numbered"),
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="payment_order_of_something"),
        )

    def __str__(self) -> str:
        return f"{self.challenge_id}/{self.number}"
