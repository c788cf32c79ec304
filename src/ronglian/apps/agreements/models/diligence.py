"""尽职免责档案 of a contract: what party B noted at each step that the law names, never changed afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.agreements.enums import DiligenceStep
from ronglian.apps.agreements.models.agreement import Agreement
from ronglian.kernel.models import Record
from ronglian.kernel.sealed_field import SealedField


class DiligenceNote(Record):
    """尽职记录: one step, the day on which it was taken, and what shows it. Sealed; a mistake is put right by a further note."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="diligence_notes")
    step = models.CharField(_("step"), max_length=12, choices=DiligenceStep)
    taken_on = models.DateField(_("taken on"))
    text = SealedField(_("what shows it"), max_length=3000)
    noted_by = models.CharField(_("noted by"), max_length=200)

    if TYPE_CHECKING:
        agreement_id: int

    class Meta:
        verbose_name = _("note of due diligence")
        verbose_name_plural = _("notes of due diligence")

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.step}"
