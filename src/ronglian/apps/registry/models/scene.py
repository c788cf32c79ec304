"""应用场景: a real setting opened for trial or first use."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.registry.models.record import (
    TEXT_LIMIT,
    TechnicalRecord,
    list_indexes,
    nothing_confidential,
    once_per_source,
)

NDA_TEXTS = ("conditions", "conditions_en")


class Scene(TechnicalRecord):
    """应用场景: with opening dates and conditions."""

    opens_on = models.DateField(_("opens"), null=True, blank=True)
    closes_on = models.DateField(_("closes"), null=True, blank=True)
    conditions = models.TextField(_("conditions"), max_length=TEXT_LIMIT, blank=True)
    conditions_en = models.TextField(_("English conditions"), max_length=TEXT_LIMIT, blank=True)

    nda_fields = NDA_TEXTS

    class Meta(TechnicalRecord.Meta):
        verbose_name = _("scene")
        verbose_name_plural = _("scenes")
        indexes = tuple(list_indexes())
        constraints = (once_per_source(), nothing_confidential(NDA_TEXTS))

    def clean(self) -> None:
        super().clean()
        if self.opens_on and self.closes_on and self.closes_on < self.opens_on:
            raise ValidationError({"closes_on": _("A scene cannot close before it opens.")})
