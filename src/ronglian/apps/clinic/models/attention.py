"""关照记录: what somebody did about a need that lay without an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.clinic.enums import AttentionKind
from ronglian.apps.registry.models import Need
from ronglian.kernel.models import Record

NOTE_LIMIT = 500


class Attention(Record):
    """关照记录: what was done, why, by whom and when. Never changed; a later one stands beside it."""

    need = models.ForeignKey(
        Need, on_delete=models.PROTECT, related_name="attentions", verbose_name=_("need")
    )
    kind = models.CharField(_("what was done"), max_length=12, choices=AttentionKind)
    note = models.TextField(_("reason and outcome"), max_length=NOTE_LIMIT)
    noted_by = models.CharField(_("noted by"), max_length=200)

    if TYPE_CHECKING:
        need_id: int

    class Meta:
        verbose_name = _("note of attention")
        verbose_name_plural = _("notes of attention")
        indexes = (models.Index(fields=["need", "-created_at"], name="attention_of_need"),)

    def __str__(self) -> str:
        return f"{self.need_id} {self.kind}"
