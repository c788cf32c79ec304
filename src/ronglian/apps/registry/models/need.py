"""技术需求: what an enterprise wants solved."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.registry.enums import HardConstraint, TransferMode
from ronglian.apps.registry.models.record import (
    TEXT_LIMIT,
    EachOf,
    MeasuredRecord,
    check_money_range,
    list_indexes,
    nothing_confidential,
    once_per_source,
)

NDA_TEXTS = (
    "details",
    "details_en",
    "difficulty",
    "difficulty_en",
    "existing_conditions",
    "existing_conditions_en",
    "metrics_text",
    "metrics_text_en",
)
NDA_NUMBERS = ("budget_low_fen", "budget_high_fen", "minimum_maturity")


class Need(MeasuredRecord):
    """技术需求: with metrics, constraints and budget."""

    details = models.TextField(_("details of the need"), max_length=TEXT_LIMIT, blank=True)
    details_en = models.TextField(_("English details"), max_length=TEXT_LIMIT * 2, blank=True)
    difficulty = models.TextField(_("technical difficulty to be solved"), max_length=TEXT_LIMIT, blank=True)
    difficulty_en = models.TextField(_("English technical difficulty"), max_length=TEXT_LIMIT, blank=True)
    existing_conditions = models.TextField(_("existing conditions"), max_length=TEXT_LIMIT, blank=True)
    existing_conditions_en = models.TextField(
        _("English existing conditions"), max_length=TEXT_LIMIT, blank=True
    )
    modes = models.JSONField(
        _("cooperation modes"), default=list, blank=True, validators=[EachOf(TransferMode)]
    )
    budget_low_fen = models.BigIntegerField(
        _("budget from (fen)"), null=True, blank=True, validators=[MinValueValidator(0)]
    )
    budget_high_fen = models.BigIntegerField(
        _("budget to (fen)"), null=True, blank=True, validators=[MinValueValidator(0)]
    )
    minimum_maturity = models.PositiveSmallIntegerField(
        _("lowest acceptable technology readiness level"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(9)],
    )
    hard = models.JSONField(_("must be met"), default=list, blank=True, validators=[EachOf(HardConstraint)])
    anonymous = models.BooleanField(_("show without the organisation's name"), default=False)

    body_fields = ("summary", "details", "difficulty")
    nda_fields = (*NDA_TEXTS, *NDA_NUMBERS, "hard")

    class Meta(MeasuredRecord.Meta):
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        indexes = tuple(list_indexes())
        constraints = (once_per_source(), nothing_confidential(NDA_TEXTS, NDA_NUMBERS))

    def clean(self) -> None:
        super().clean()
        check_money_range(self.budget_low_fen, self.budget_high_fen, "budget_low_fen")
