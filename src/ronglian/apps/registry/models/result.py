"""科技成果: what research offers."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.registry.enums import IpKind, OutputForm, Stage, TechnicalLevel, TransferMode
from ronglian.apps.registry.models.record import (
    TEXT_LIMIT,
    EachOf,
    MeasuredRecord,
    check_money_range,
    list_indexes,
    nothing_confidential,
    once_per_source,
)

NDA_TEXTS = ("details", "details_en", "metrics_text", "metrics_text_en")
NDA_NUMBERS = ("price_low_fen", "price_high_fen")


class Result(MeasuredRecord):
    """科技成果: with maturity, rights and transfer modes."""

    details = models.TextField(_("technical details"), max_length=TEXT_LIMIT, blank=True)
    details_en = models.TextField(_("English technical details"), max_length=TEXT_LIMIT * 2, blank=True)
    completed_by = models.CharField(_("completed by"), max_length=300, blank=True)
    output_form = models.CharField(_("form of the result"), max_length=20, choices=OutputForm, blank=True)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, blank=True)
    maturity = models.PositiveSmallIntegerField(
        _("technology readiness level"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(9)],
    )
    technical_level = models.CharField(
        _("technical level"), max_length=25, choices=TechnicalLevel, blank=True
    )
    ip = models.JSONField(_("intellectual property"), default=list, blank=True, validators=[EachOf(IpKind)])
    ip_numbers = models.CharField(_("patent or registration numbers"), max_length=1000, blank=True)
    transfer_modes = models.JSONField(
        _("transfer modes"), default=list, blank=True, validators=[EachOf(TransferMode)]
    )
    price_low_fen = models.BigIntegerField(
        _("price from (fen)"), null=True, blank=True, validators=[MinValueValidator(0)]
    )
    price_high_fen = models.BigIntegerField(
        _("price to (fen)"), null=True, blank=True, validators=[MinValueValidator(0)]
    )

    body_fields = ("summary", "details")
    nda_fields = (*NDA_TEXTS, *NDA_NUMBERS)

    class Meta(MeasuredRecord.Meta):
        verbose_name = _("result")
        verbose_name_plural = _("results")
        indexes = tuple(list_indexes())
        constraints = (once_per_source(), nothing_confidential(NDA_TEXTS, NDA_NUMBERS))

    def clean(self) -> None:
        super().clean()
        check_money_range(self.price_low_fen, self.price_high_fen, "price_low_fen")
