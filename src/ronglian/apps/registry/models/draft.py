"""草稿: what somebody typed and has not sent yet, so that nothing typed is lost."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Person
from ronglian.kernel.models import Record
from ronglian.kernel.sealing import unseal


class Draft(Record):
    """草稿: one for each person and form; `subject` is the public id of the record being edited, empty for a new one."""

    LOGGED = False  # what somebody typed and has not sent; gone with the person

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="drafts")
    form = models.CharField(max_length=40)
    subject = models.CharField(max_length=36, blank=True)
    sealed = models.TextField()

    class Meta:
        verbose_name = _("draft")
        constraints = (models.UniqueConstraint(fields=["person", "form", "subject"], name="draft_once"),)

    @property
    def fields(self) -> dict[str, Any]:
        """What was typed, by field. It is kept sealed: nobody has said yet whether it is confidential."""
        found: dict[str, Any] = unseal(self.sealed)
        return found

    def __str__(self) -> str:
        return f"{self.form} {self.subject or 'new'}"
