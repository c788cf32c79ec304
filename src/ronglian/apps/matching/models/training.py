"""训练记录: points learned from people's decisions, with the proof they were proposed on."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.matching.enums import TrainingState
from ronglian.kernel.models import Record


class TrainingRun(Record):
    """训练记录: what one run found. Nothing uses its points until an operator activates it."""

    state = models.CharField(_("state"), max_length=10, choices=TrainingState, default=TrainingState.PROPOSED)
    base_version = models.CharField(_("shipped parameters"), max_length=40)
    version_before = models.CharField(_("parameters before"), max_length=40)
    version_after = models.CharField(_("parameters after"), max_length=40)
    points_before = models.JSONField(_("points before"))
    points_after = models.JSONField(_("points after"))
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    data_digest = models.CharField(_("digest of the decisions"), max_length=64)
    counts = models.JSONField(_("decisions used and left out"))
    report = models.JSONField(_("report"))
    proposed_by = models.CharField(_("proposed by"), max_length=200)
    activated_by = models.CharField(_("activated by"), max_length=200, blank=True)
    activated_at = models.DateTimeField(_("activated"), null=True, blank=True)

    class Meta:
        verbose_name = _("training run")
        constraints = (
            models.UniqueConstraint(
                fields=["state"],
                condition=models.Q(state=TrainingState.ACTIVE),
                name="training_one_active",
            ),
        )

    def __str__(self) -> str:
        return f"{self.version_before} → {self.version_after}: {self.state}"
