"""曝光核算: who is seen in the suggestions, as it was measured, and what follows for the order of lists."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.kernel.models import Record


class ExposureMeasurement(Record):
    """曝光核算: of suggestions between public, current records. Lists follow the latest one."""

    parameters_version = models.CharField(_("parameters version"), max_length=40)
    results = models.JSONField(_("exposure of small suppliers"))
    needs = models.JSONField(_("exposure of small firms"))
    cap = models.PositiveIntegerField(_("most lists of a result"))
    least_scores = models.JSONField(_("least scores of popular results"))
    held_back = models.PositiveIntegerField(_("suggestions held back"))

    class Meta:
        verbose_name = _("exposure measurement")

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}"
