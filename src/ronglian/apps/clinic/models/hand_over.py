"""移交: a case offered to a colleague; and the calendar of a manager, readable by whoever has its address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.clinic.case_enums import HandOverState
from ronglian.apps.clinic.models.case import Case
from ronglian.apps.clinic.models.technology_manager import TechnologyManager
from ronglian.kernel.models import Record


class HandOver(Record):
    """个案移交: the case goes over when the colleague accepts. `passes_notes` takes one's private notes along."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="hand_overs")
    giver = models.ForeignKey(TechnologyManager, on_delete=models.PROTECT, related_name="+")
    taker = models.ForeignKey(TechnologyManager, on_delete=models.PROTECT, related_name="hand_overs_offered")
    state = models.CharField(_("state"), max_length=10, choices=HandOverState, default=HandOverState.OFFERED)
    reason = models.TextField(_("why, and what comes next"), max_length=1000)
    passes_notes = models.BooleanField(_("pass my private notes on"), default=False)
    answer = models.TextField(_("answer"), max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    if TYPE_CHECKING:
        case_id: int
        taker_id: int

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        constraints = (
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(state=HandOverState.OFFERED),
                name="hand_over_one_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id}: {self.giver} → {self.taker}"


class CalendarFeed(Record):
    """日历订阅: the due days of a manager's cases under an address that only its holder knows; revocable."""

    manager = models.ForeignKey(TechnologyManager, on_delete=models.PROTECT, related_name="calendar_feeds")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        constraints = (
            models.UniqueConstraint(
                fields=["manager"], condition=models.Q(revoked_at__isnull=True), name="calendar_feed_one"
            ),
        )

    def __str__(self) -> str:
        return f"{self.manager}"
