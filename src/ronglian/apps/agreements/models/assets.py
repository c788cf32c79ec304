"""职务科技成果资产单列管理: the ledger of an institution's service results, apart from its other assets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.agreements.rights_enums import AssetStage, GrantedRight
from ronglian.apps.registry.models import Result
from ronglian.kernel.models import Record

LARGEST_FEN = 10**15


class AssetEntry(Record):
    """职务科技成果资产台账: a result of the institution. Whether it was granted, licensed or transferred follows from grants and contracts."""

    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="asset_entries", verbose_name=_("institution")
    )
    result = models.ForeignKey(
        Result, on_delete=models.PROTECT, related_name="asset_entries", verbose_name=_("result")
    )
    number = models.PositiveIntegerField(_("number in the ledger"))
    right = models.CharField(_("kind of right"), max_length=20, choices=GrantedRight)
    stage = models.CharField(_("stage"), max_length=12, choices=AssetStage)
    value_fen = models.BigIntegerField(
        _("value"), null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(LARGEST_FEN)]
    )
    value_basis = models.CharField(_("basis of the value"), max_length=500, blank=True)
    entered_on = models.DateField(_("entered on"))
    recorded_by = models.CharField(_("entered by"), max_length=200)
    written_off_on = models.DateField(_("written off on"), null=True, blank=True)
    written_off_because = models.TextField(_("why it was written off"), max_length=1_000, blank=True)

    if TYPE_CHECKING:
        owner_id: int
        result_id: int

    class Meta:
        verbose_name = _("entry in the ledger of results")
        verbose_name_plural = _("entries in the ledger of results")
        constraints = (
            models.UniqueConstraint(fields=["owner", "result"], name="asset_entry_once_a_result"),
            models.UniqueConstraint(fields=["owner", "number"], name="asset_entry_numbered"),
            models.CheckConstraint(
                condition=models.Q(value_fen=None) | ~models.Q(value_basis=""),
                name="asset_entry_value_with_basis",
            ),
            models.CheckConstraint(
                condition=models.Q(written_off_on=None, written_off_because="")
                | models.Q(written_off_on__isnull=False) & ~models.Q(written_off_because=""),
                name="asset_entry_written_off_with_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.owner_id}/{self.number}"
