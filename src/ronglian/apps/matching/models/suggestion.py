"""推荐: what the engine proposed, with everything needed to explain and repeat it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.matching.enums import SuggestionBasis
from ronglian.apps.registry.models import Need, Result
from ronglian.kernel.models import Record


class Suggestion(Record):
    """推荐: the latest scoring of a pair, with the versions of engine and parameters that made it.

    Where details stand under an agreement, a second scoring with them is kept for those who hold them.
    """

    LOGGED = False  # computed anew at any time

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="suggestions")
    result = models.ForeignKey(Result, on_delete=models.CASCADE, related_name="suggestions")
    basis = models.CharField(
        _("computed from"), max_length=10, choices=SuggestionBasis, default=SuggestionBasis.PUBLIC
    )
    score = models.FloatField(_("score"))
    explanation = models.JSONField(_("explanation"))
    engine_version = models.CharField(_("engine version"), max_length=40)
    parameters_version = models.CharField(_("parameters version"), max_length=40)
    need_version = models.PositiveIntegerField()
    result_version = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("suggestion")
        constraints = (models.UniqueConstraint(fields=["need", "result", "basis"], name="suggestion_once"),)
        indexes = (
            models.Index(fields=["need", "-score"], name="suggestion_by_need"),
            models.Index(fields=["result", "-score"], name="suggestion_by_result"),
        )

    def __str__(self) -> str:
        return f"{self.need} – {self.result}: {self.score:.0f}"
