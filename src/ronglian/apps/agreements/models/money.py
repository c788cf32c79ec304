"""What has to be paid under an agreement, what was, and what royalties rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ronglian.apps.agreements.enums import DueOn, MovementKind, MovementState, PaymentState, Side
from ronglian.apps.agreements.models.agreement import Agreement
from ronglian.kernel.models import Record


class AgreedPayment(Record):
    """约定付款: one payment of a signed agreement. It becomes due by what was agreed, and then is claimed."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="payments")
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("for"), max_length=200)
    amount_fen = models.BigIntegerField(_("amount"), validators=[MinValueValidator(1)])
    retained_fen = models.BigIntegerField(_("retained"), default=0, validators=[MinValueValidator(0)])
    due = models.CharField(_("becomes due"), max_length=14, choices=DueOn)
    day = models.DateField(_("day"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=PaymentState, default=PaymentState.WAITING)
    evidence = models.TextField(_("evidence"), max_length=2000, blank=True)
    refused_because = models.TextField(_("why it was not accepted"), max_length=2000, blank=True)
    decided_by = models.CharField(_("decided by"), max_length=200, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    if TYPE_CHECKING:
        agreement_id: int

    class Meta:
        verbose_name = _("agreed payment")
        verbose_name_plural = _("agreed payments")
        constraints = (
            models.UniqueConstraint(fields=["agreement", "number"], name="agreed_payment_numbered"),
            models.CheckConstraint(
                condition=models.Q(retained_fen__gte=0, retained_fen__lte=models.F("amount_fen")),
                name="agreed_payment_retains_a_part",
            ),
        )

    def __str__(self) -> str:
        return f"{self.agreement_id}/{self.number} {self.title}"


class MoneyMovement(Record):
    """款项变动: something claimed, or money that the bank or a party moved. Only what is confirmed counts in the book.

    What one side tells the other confirms, or disputes with a reason. `key` makes it happen once.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="movements")
    key = models.CharField(max_length=120)
    kind = models.CharField(_("kind"), max_length=16, choices=MovementKind)
    amount_fen = models.BigIntegerField(_("amount"), validators=[MinValueValidator(1)])
    day = models.DateField(pgettext_lazy("of a payment", "day"))
    reference = models.CharField(_("bank reference"), max_length=120, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=MovementState, default=MovementState.TOLD)
    told_by = models.CharField(_("told by"), max_length=10, choices=Side, blank=True)
    told_by_label = models.CharField(max_length=200)
    confirmed_by = models.CharField(_("confirmed by"), max_length=200, blank=True)
    place_in_book = models.PositiveIntegerField(null=True, blank=True)
    disputed_because = models.TextField(_("why it is disputed"), max_length=1000, blank=True)

    if TYPE_CHECKING:
        agreement_id: int

    class Meta:
        verbose_name = _("movement of money")
        verbose_name_plural = _("movements of money")
        constraints = (
            models.UniqueConstraint(fields=["agreement", "key"], name="movement_key_once"),
            models.UniqueConstraint(fields=["agreement", "place_in_book"], name="movement_place_once"),
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="movement_above_zero"),
            models.CheckConstraint(
                condition=models.Q(place_in_book__isnull=True) ^ models.Q(state=MovementState.CONFIRMED),
                name="movement_in_book_when_confirmed",
            ),
        )

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.kind} {self.amount_fen}"


class RoyaltyReport(Record):
    """提成报告: what party A reports of one period; the royalty follows from it."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="royalty_reports")
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("until"))
    base_fen = models.BigIntegerField(_("base of the royalty"), validators=[MinValueValidator(0)])
    reported_on = models.DateField(_("reported on"))
    note = models.TextField(_("note"), max_length=1000, blank=True)
    reported_by = models.CharField(_("reported by"), max_length=200)

    if TYPE_CHECKING:
        agreement_id: int

    class Meta:
        verbose_name = _("royalty report")
        verbose_name_plural = _("royalty reports")
        constraints = (
            models.UniqueConstraint(fields=["agreement", "last_day"], name="royalty_report_once_a_period"),
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="royalty_report_has_days"
            ),
        )

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.first_day}–{self.last_day}"


class UseFact(Record):
    """使用情况: that income came first, or an agreed output was reached; it may start payment after use."""

    agreement = models.OneToOneField(Agreement, on_delete=models.PROTECT, related_name="use_fact")
    happened_on = models.DateField(_("happened on"))
    evidence = models.TextField(_("evidence"), max_length=2000)
    told_by = models.CharField(_("told by"), max_length=10, choices=Side)
    told_by_label = models.CharField(max_length=200)

    if TYPE_CHECKING:
        agreement_id: int

    class Meta:
        verbose_name = _("fact of use")
        verbose_name_plural = _("facts of use")

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.happened_on}"
