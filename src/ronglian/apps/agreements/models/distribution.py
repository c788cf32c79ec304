"""收益分配: how what a transfer or licence brought is shared, by the law of the place and day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.agreements.enums import DistributionState, ShareObjectionState
from ronglian.apps.agreements.models.agreement import Agreement
from ronglian.kernel.models import Record
from ronglian.kernel.sealed_field import SealedField


class Distribution(Record):
    """收益分配方案 of party B. `shares` (name, role, weight, fen) and what the law said are sealed: they name people and money.

    `law` keeps the answer of the rule as it was given: inputs, versions of law and engine, and its lines in both languages.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="distributions")
    number = models.PositiveSmallIntegerField(_("number"))
    state = models.CharField(
        _("state"), max_length=10, choices=DistributionState, default=DistributionState.PROPOSED
    )
    place = models.CharField(_("place"), max_length=20)
    as_of = models.DateField(_("by the law of"))
    income_fen = models.BigIntegerField(_("income"), validators=[MinValueValidator(1)])
    net_fen = models.BigIntegerField(_("net income"), validators=[MinValueValidator(0)])
    floor_fen = models.BigIntegerField(_("least reward"), validators=[MinValueValidator(0)])
    reward_fen = models.BigIntegerField(_("reward"), validators=[MinValueValidator(0)])
    shares = SealedField(_("shares"))
    law = SealedField(_("what the law says"))
    notice_from = models.DateField(_("public notice from"), null=True, blank=True)
    notice_until = models.DateField(_("public notice until"), null=True, blank=True)
    paid_on = models.DateField(_("paid out on"), null=True, blank=True)
    withdrawn_because = models.TextField(_("why it was withdrawn"), max_length=1000, blank=True)
    proposed_by = models.CharField(_("proposed by"), max_length=200)

    if TYPE_CHECKING:
        agreement_id: int

    class Meta:
        verbose_name = _("distribution of income")
        verbose_name_plural = _("distributions of income")
        constraints = (
            models.UniqueConstraint(fields=["agreement", "number"], name="distribution_numbered"),
            models.CheckConstraint(
                condition=models.Q(
                    reward_fen__gte=models.F("floor_fen"), reward_fen__lte=models.F("net_fen")
                ),
                name="distribution_lawful",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("noticed", "effective", "paid"))
                | models.Q(notice_from__isnull=False, notice_until__isnull=False),
                name="distribution_noticed",
            ),
            models.CheckConstraint(
                condition=models.Q(state="paid", paid_on__isnull=False)
                | ~models.Q(state="paid") & models.Q(paid_on=None),
                name="distribution_paid_on_a_day",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="withdrawn") | ~models.Q(withdrawn_because=""),
                name="distribution_withdrawn_with_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.agreement_id}/{self.number}"


class ShareObjection(Record):
    """分配异议: somebody of the unit objects to a plan while it is on public notice; the plan waits for the answer."""

    distribution = models.ForeignKey(Distribution, on_delete=models.PROTECT, related_name="objections")
    text = SealedField(_("objection"), max_length=2000)
    objected_by = models.CharField(_("objected by"), max_length=200)
    state = models.CharField(
        _("state"), max_length=10, choices=ShareObjectionState, default=ShareObjectionState.OPEN
    )
    answer = SealedField(_("answer"), max_length=2000, default="", blank=True)
    answered_by = models.CharField(_("answered by"), max_length=200, blank=True)

    if TYPE_CHECKING:
        distribution_id: int

    class Meta:
        verbose_name = _("objection to a distribution")
        verbose_name_plural = _("objections to distributions")

    def __str__(self) -> str:
        return f"{self.distribution_id} {self.objected_by}"
