"""导入: a file that was sent, and its rows as they were read, before anything of them becomes a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.kernel.models import Record
from ronglian.kernel.provenance import SourceKind
from ronglian.kernel.sealed_field import SealedField


class ImportState(models.TextChoices):
    """导入状态."""

    STAGED = "staged", _("uploaded")
    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("checked")
    APPLYING = "applying", _("being taken over")
    APPLIED = "applied", _("taken over")
    FAILED = "failed", _("not readable")
    CANCELLED = "cancelled", _("cancelled")


class ImportKind(models.TextChoices):
    """导入对象."""

    ORGANISATIONS = "organisations", _("organisations")
    RESULTS = "results", _("results")
    NEEDS = "needs", _("needs")
    EXPERTS = "experts", _("experts")
    SCENES = "scenes", _("scenes")


class RowOutcome(models.TextChoices):
    """行结果: what taking a row over would do."""

    CREATE = "create", _("new")
    UPDATE = "update", _("changed")
    UNCHANGED = "unchanged", _("unchanged")
    DUPLICATE = "duplicate", _("new, but like another record")
    ERROR = "error", _("to be corrected")


class ImportBatch(Record):
    """导入批次: one file on its way. `owner` is empty where every row names its own organisation."""

    # The progress of a run is written many times between two events.
    UNLOGGED_FIELDS = frozenset(
        {
            "rows_seen",
            "rows_applied",
            "creates",
            "updates",
            "unchanged",
            "duplicates",
            "bad_rows",
            "bad_cells",
            "updated_at",
        }
    )

    kind = models.CharField(_("kind"), max_length=15, choices=ImportKind)
    owner = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="imports",
        verbose_name=_("organisation"),
    )
    state = models.CharField(_("state"), max_length=10, choices=ImportState, default=ImportState.STAGED)
    file_name = models.CharField(_("file"), max_length=200)
    file_digest = models.CharField(max_length=64)
    file_size = models.BigIntegerField()
    file_format = models.CharField(max_length=10)
    source_kind = models.CharField(max_length=10, choices=SourceKind, default=SourceKind.IMPORTED)
    source_name = models.CharField(_("source"), max_length=200)
    publish = models.BooleanField(_("publish at once"), default=True)
    headers = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    rows_seen = models.PositiveIntegerField(_("rows read"), default=0)
    rows_applied = models.PositiveIntegerField(_("rows taken over"), default=0)
    rows_total = models.PositiveIntegerField(_("rows in the file"), null=True)
    creates = models.PositiveIntegerField(_("new"), default=0)
    updates = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    duplicates = models.PositiveIntegerField(_("new, but like another record"), default=0)
    bad_rows = models.PositiveIntegerField(_("rows to be corrected"), default=0)
    bad_cells = models.PositiveIntegerField(_("cells to be corrected"), default=0)
    failure = models.JSONField(default=dict)
    started_by = models.UUIDField(null=True)
    started_by_label = models.CharField(max_length=200)
    checked_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)

    if TYPE_CHECKING:
        owner_id: int | None

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = (models.Index(fields=["owner", "-id"], name="import_owner"),)

    def __str__(self) -> str:
        return f"{self.file_name} ({self.kind})"

    @property
    def is_running(self) -> bool:
        return self.state in (ImportState.CHECKING, ImportState.APPLYING)

    @property
    def is_finished(self) -> bool:
        return self.state in (ImportState.APPLIED, ImportState.FAILED, ImportState.CANCELLED)

    @property
    def changes(self) -> int:
        """How many records taking the file over would make or change."""
        return self.creates + self.updates + self.duplicates


class ImportRow(models.Model):
    """暂存行: one row as read. `record_public_id` names the record it is, or the one it will become.

    `values` maps attributes to plain values; for an update only those that change. `errors` holds what
    `describe_cell_error` puts in words, None where nothing is to be said; `note` says what the row is like, for a
    duplicate. A file may hold what stands under an agreement, so values and errors are sealed until they are taken over.
    """

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    sheet = models.CharField(max_length=100, blank=True)
    row = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=RowOutcome)
    title = models.CharField(max_length=300, blank=True)
    source_id = models.CharField(max_length=120, blank=True)
    digest = models.CharField(max_length=32, blank=True)
    record_public_id = models.UUIDField(null=True)
    record_version = models.PositiveIntegerField(null=True)
    values = SealedField(default=dict)
    errors = SealedField(null=True)
    note = models.JSONField(default=dict)
    bands = models.JSONField(default=list)

    objects: ClassVar[models.Manager[ImportRow]] = models.Manager()
    if TYPE_CHECKING:
        batch_id: int

    class Meta:
        verbose_name = _("row of an import")
        constraints = (models.UniqueConstraint(fields=["batch", "number"], name="import_row_once"),)
        indexes = (models.Index(fields=["batch", "outcome", "number"], name="import_row_outcome"),)

    def __str__(self) -> str:
        return f"{self.sheet} {self.row}: {self.outcome}"
