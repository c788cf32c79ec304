"""技术合同认定登记 of an agreement: what the form needs beside the contract, and what the registration body decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.agreements.enums import RegistrationState
from ronglian.apps.agreements.models.agreement import Agreement
from ronglian.kernel.models import Record
from ronglian.kernel.sealed_field import SealedField

STANDING = (RegistrationState.PREPARING, RegistrationState.HANDED_IN, RegistrationState.REGISTERED)


class Registration(Record):
    """合同登记: a contract is registered once, by party B; one that was refused or cancelled may be tried anew.

    `particulars` is what party B typed; `counted` what the statistics count, fixed when it is registered: no names.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="registrations")
    state = models.CharField(
        _("state"), max_length=10, choices=RegistrationState, default=RegistrationState.PREPARING
    )
    particulars = SealedField(_("particulars"))
    body = models.CharField(_("registration body"), max_length=200, blank=True)
    handed_in_on = models.DateField(_("handed in on"), null=True, blank=True)
    number = models.CharField(
        _("registration number"),
        max_length=16,
        blank=True,
        validators=[
            RegexValidator(r"^(\d{14}|\d{16})$", _("A registration number has 16 digits, an old one 14."))
        ],
    )
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    turnover_fen = models.BigIntegerField(
        _("turnover"), null=True, blank=True, validators=[MinValueValidator(0)]
    )
    technology_fen = models.BigIntegerField(
        _("technology amount"), null=True, blank=True, validators=[MinValueValidator(0)]
    )
    counted = models.JSONField(default=dict, blank=True)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)

    if TYPE_CHECKING:
        agreement_id: int

    class Meta:
        verbose_name = _("registration of a contract")
        verbose_name_plural = _("registrations of contracts")
        constraints = (
            models.UniqueConstraint(
                fields=["agreement"],
                condition=models.Q(state__in=("preparing", "handed_in", "registered")),
                name="registration_stands_once",
            ),
            models.UniqueConstraint(
                fields=["number"], condition=~models.Q(number=""), name="registration_number_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="registered")
                | ~models.Q(number="")
                & models.Q(
                    decided_on__isnull=False,
                    turnover_fen__isnull=False,
                    technology_fen__lte=models.F("turnover_fen"),
                ),
                name="registration_has_its_certificate",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("refused", "cancelled")) | ~models.Q(reason=""),
                name="registration_ended_with_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.number or self.state}"
