"""起草助手: what was sent to a drafting assistant, and its suggestions, which people take or leave one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.clinic.drafting_enums import DraftingState, SuggestionState
from ronglian.apps.clinic.enums import Topic
from ronglian.apps.clinic.models.consultation import ANSWER_LIMIT, Consultation
from ronglian.kernel.models import Record
from ronglian.kernel.sealed_field import SealedField

SENT_LIMIT = 8_000


class DraftingRun(Record):
    """起草请求: one question to the assistant. `sent` is every word that left the house, `sent_digest` what the log says of it."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="drafting_runs")
    state = models.CharField(_("state"), max_length=10, choices=DraftingState, default=DraftingState.ASKED)
    sent = SealedField(_("what was sent"), max_length=SENT_LIMIT)
    sent_digest = models.CharField(_("digest of what was sent"), max_length=64, editable=False)
    model = models.CharField(_("model"), max_length=200)
    host = models.CharField(_("service"), max_length=255)
    failure = models.CharField(max_length=20, blank=True)
    left_out = models.PositiveSmallIntegerField(_("left out"), default=0)
    asked_by = models.CharField(_("asked by"), max_length=200)

    if TYPE_CHECKING:
        consultation_id: int

    class Meta:
        verbose_name = _("question to the drafting assistant")
        verbose_name_plural = _("questions to the drafting assistant")
        constraints = (
            models.UniqueConstraint(
                fields=["consultation"],
                condition=models.Q(state=DraftingState.ASKED),
                name="drafting_asked_once",
            ),
        )

    def __str__(self) -> str:
        return f"#{self.public_id.hex[:8]}"


class DraftSuggestion(Record):
    """起草建议: a text for one part of the sheet, marked as what it is until a person takes, changes or leaves it."""

    run = models.ForeignKey(DraftingRun, on_delete=models.PROTECT, related_name="suggestions")
    topic = models.CharField(_("part of the sheet"), max_length=20, choices=Topic)
    text = SealedField(_("suggested text"), max_length=ANSWER_LIMIT)
    source = SealedField(_("sentence it rests on"), max_length=ANSWER_LIMIT, blank=True, default="")
    state = models.CharField(
        _("state"), max_length=10, choices=SuggestionState, default=SuggestionState.PROPOSED
    )
    decided_by = models.CharField(_("decided by"), max_length=200, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    if TYPE_CHECKING:
        run_id: int

    class Meta:
        verbose_name = _("suggestion of the drafting assistant")
        verbose_name_plural = _("suggestions of the drafting assistant")
        constraints = (models.UniqueConstraint(fields=["run", "topic"], name="draft_suggestion_once"),)

    def __str__(self) -> str:
        return f"#{self.public_id.hex[:8]}"
