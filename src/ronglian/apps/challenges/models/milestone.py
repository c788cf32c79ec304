"""任务书里程碑: what a winner hands in by when, and what is paid for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.challenges.models.review import Award
from ronglian.kernel.models import Record


class Milestone(Record):
    """里程碑 of a task book (任务书), or a stage of a race. Where it is, is the part's process to say; this is what was agreed."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="milestones")
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)
    evidence = models.TextField(_("what is handed in"), max_length=2000)
    due_at = models.DateTimeField(_("due"))
    amount_fen = models.BigIntegerField(_("amount"), default=0, validators=[MinValueValidator(0)])

    if TYPE_CHECKING:
        award_id: int

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        constraints = (models.UniqueConstraint(fields=["award", "number"], name="milestone_numbered"),)

    def __str__(self) -> str:
        return f"{self.award_id}/{self.number} {self.title}"
