"""保密详情: the fields of a record that stand under an agreement, kept apart from the row that everybody reads."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ConfidentialDetails(models.Model):
    """保密详情: the values by field, sealed with a key outside the database (`kernel.sealing`)."""

    subject_type = models.CharField(max_length=40)
    subject_id = models.UUIDField(unique=True)
    sealed = models.TextField()

    class Meta:
        verbose_name = _("confidential details")
        verbose_name_plural = _("confidential details")

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}"
