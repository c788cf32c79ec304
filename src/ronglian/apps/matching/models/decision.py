"""决定: what people said of a suggestion. Never changed or deleted by the engine."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.matching.enums import DecisionKind, DecisionReason
from ronglian.apps.registry.models import Need, Result
from ronglian.kernel.models import Record


class Decision(Record):
    """决定: for one side of a pair; a later decision of the same side replaces it, the events keep both."""

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="decisions")
    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="decisions")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(_("decision"), max_length=10, choices=DecisionKind)
    reason = models.CharField(_("reason"), max_length=20, choices=DecisionReason)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    decided_by = models.CharField(_("decided by"), max_length=200)
    explanation = models.JSONField(_("explanation at that time"))
    engine_version = models.CharField(_("engine version"), max_length=40)
    parameters_version = models.CharField(_("parameters version"), max_length=40)

    class Meta:
        verbose_name = _("decision")
        constraints = (
            models.UniqueConstraint(fields=["need", "result", "organisation"], name="decision_once_per_side"),
        )

    def __str__(self) -> str:
        return f"{self.kind}: {self.need} – {self.result}"
