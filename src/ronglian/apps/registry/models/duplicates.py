"""疑似重复: pairs of records that may be one, and the fingerprints by which they are found."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.kernel.models import Record


class DuplicateReason(models.TextChoices):
    """疑似理由."""

    IDENTIFIER = "identifier", _("same identifier")
    SAME_TEXT = "same_text", _("same text")
    NEAR_TEXT = "near_text", _("nearly the same text")


class DuplicateState(models.TextChoices):
    """处理状态."""

    OPEN = "open", _("to be decided")
    MERGED = "merged", _("merged")
    KEPT_APART = "kept_apart", _("two different records")


class DuplicateCandidate(Record):
    """疑似重复: a pair, the smaller public id first. `kept_id` is the record that stayed, once merged."""

    subject_type = models.CharField(max_length=40)
    first_id = models.UUIDField()
    second_id = models.UUIDField()
    reason = models.CharField(_("reason"), max_length=10, choices=DuplicateReason)
    similarity = models.FloatField(_("similarity"))
    detail = models.CharField(_("what is the same"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=DuplicateState, default=DuplicateState.OPEN)
    kept_id = models.UUIDField(null=True)
    decided_by = models.CharField(_("decided by"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        constraints = (
            models.UniqueConstraint(fields=["first_id", "second_id"], name="duplicate_pair_once"),
            models.CheckConstraint(
                condition=models.Q(first_id__lt=models.F("second_id")), name="duplicate_pair_ordered"
            ),
        )
        indexes = (
            models.Index(fields=["state", "subject_type", "-id"], name="duplicate_list"),
            models.Index(fields=["second_id"], name="duplicate_second"),
        )

    def __str__(self) -> str:
        return f"{self.first_id} – {self.second_id}: {self.reason}"


class Fingerprint(models.Model):
    """文本指纹: bands of a MinHash over the record's text; equal in one band means worth comparing."""

    subject_type = models.CharField(max_length=40)
    subject_id = models.UUIDField(unique=True)
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=32, db_index=True)
    band_1 = models.BigIntegerField(db_index=True)
    band_2 = models.BigIntegerField(db_index=True)
    band_3 = models.BigIntegerField(db_index=True)
    band_4 = models.BigIntegerField(db_index=True)
    band_5 = models.BigIntegerField(db_index=True)

    BANDS: ClassVar[tuple[str, ...]] = ("band_1", "band_2", "band_3", "band_4", "band_5")

    class Meta:
        verbose_name = _("fingerprint")
        constraints = (
            models.UniqueConstraint(fields=["subject_type", "subject_id"], name="fingerprint_once"),
        )

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}"


class RecordIdentifier(models.Model):
    """标识: a patent or ORCID number a record carries, in one written form."""

    subject_type = models.CharField(max_length=40)
    subject_id = models.UUIDField(db_index=True)
    scheme = models.CharField(max_length=10)
    value = models.CharField(max_length=60)

    class Meta:
        verbose_name = _("identifier")
        indexes = (models.Index(fields=["scheme", "value"], name="record_identifier_value"),)

    def __str__(self) -> str:
        return f"{self.scheme} {self.value}"
