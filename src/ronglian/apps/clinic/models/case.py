"""个案: one need carried towards one agreement by one technology manager."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.clinic.case_enums import OPEN_STAGES, CaseOrigin, CaseSide, CaseStage, StopReason
from ronglian.apps.clinic.case_rules import overdue_since, visible_cases_q
from ronglian.apps.clinic.models.consultation import Consultation
from ronglian.apps.clinic.models.technology_manager import TechnologyManager
from ronglian.apps.registry.models import Need, Result
from ronglian.kernel.actor import Actor
from ronglian.kernel.models import Record

IS_OPEN = models.Q(stage__in=OPEN_STAGES)


class CaseQuerySet(models.QuerySet["Case"]):
    """Queries that respect the policy."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(visible_cases_q(actor))

    def still_open(self) -> Self:
        return self.filter(IS_OPEN)


class Case(Record):
    """个案. `seeker` is the organisation of the need, `partner` that of the result; it is known when it is found.

    `introducer` is the manager who introduced the two, and stays so when a colleague takes the case over.
    `offered_to` is the colleague who is asked to. `owner_named` says whether the manager and the other side may know
    whose the need is. `touched_on` is the day on which somebody last did something; the log of contacts says what.
    """

    UNLOGGED_FIELDS = frozenset({"touched_on"})

    manager = models.ForeignKey(
        TechnologyManager,
        on_delete=models.PROTECT,
        related_name="cases",
        verbose_name=_("technology manager"),
    )
    introducer = models.ForeignKey(
        TechnologyManager, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    offered_to = models.ForeignKey(
        TechnologyManager, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    need = models.ForeignKey(
        Need, on_delete=models.PROTECT, related_name="cases", null=True, blank=True, verbose_name=_("need")
    )
    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="cases", null=True, blank=True
    )
    result = models.ForeignKey(
        Result,
        on_delete=models.PROTECT,
        related_name="cases",
        null=True,
        blank=True,
        verbose_name=_("result"),
    )
    seeker = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("side of the need")
    )
    partner = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("side of the result"),
    )
    origin = models.CharField(_("opened from"), max_length=12, choices=CaseOrigin)
    stage = models.CharField(_("stage"), max_length=11, choices=CaseStage, default=CaseStage.DIAGNOSIS)
    stage_since = models.DateTimeField(_("in this stage since"), default=timezone.now)
    touched_on = models.DateField(default=timezone.localdate)
    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    next_due = models.DateField(pgettext_lazy("date", "due"), null=True, blank=True)
    owner_named = models.BooleanField(default=True)
    introduced_at = models.DateTimeField(_("introduced"), null=True, blank=True)
    stop_reason = models.CharField(_("why it stopped"), max_length=20, choices=StopReason, blank=True)
    stop_note = models.TextField(_("what happened"), max_length=2000, blank=True)
    contract_number = models.CharField(_("number of the contract"), max_length=100, blank=True)
    amount_fen = models.BigIntegerField(
        _("amount of the contract"), null=True, blank=True, validators=[MinValueValidator(0)]
    )
    seeker_confirmed_at = models.DateTimeField(null=True, blank=True)
    partner_confirmed_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.CharField(_("opened by"), max_length=200, blank=True)

    objects: ClassVar[models.Manager[Any]] = CaseQuerySet.as_manager()
    if TYPE_CHECKING:
        seeker_id: int
        partner_id: int | None
        manager_id: int
        offered_to_id: int | None

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        indexes = (
            models.Index(fields=["manager", "stage"], name="case_by_manager"),
            models.Index(fields=["seeker"], name="case_by_seeker"),
            models.Index(fields=["partner"], name="case_by_partner"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(need__isnull=False) | models.Q(consultation__isnull=False),
                name="case_about_a_need",
            ),
            models.CheckConstraint(
                condition=~models.Q(stage=CaseStage.STOPPED)
                | (~models.Q(stop_reason="") & ~models.Q(stop_note="")),
                name="case_stopped_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(stage__in=(CaseStage.DIAGNOSIS, CaseStage.STOPPED))
                | models.Q(introduced_at__isnull=False, introducer__isnull=False, partner__isnull=False),
                name="case_beyond_diagnosis_introduced",
            ),
            models.UniqueConstraint(
                fields=["need", "result"],
                condition=IS_OPEN & models.Q(result__isnull=False),
                name="case_open_once_per_pair",
            ),
            models.UniqueConstraint(
                fields=["need"],
                condition=IS_OPEN & models.Q(result__isnull=True),
                name="case_open_once_per_need",
            ),
            models.UniqueConstraint(
                fields=["consultation"],
                condition=IS_OPEN & models.Q(need__isnull=True),
                name="case_open_once_per_consultation",
            ),
        )

    def __str__(self) -> str:
        return f"{self.about} ({self.stage})"

    @property
    def about(self) -> str:
        """What it is about, in one line."""
        return str(self.need or self.consultation)

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN_STAGES

    def overdue_since(self, today: date) -> date | None:
        return overdue_since(self.stage, self.next_due, self.touched_on, today)

    def confirmed_at(self, side: str) -> object:
        return self.seeker_confirmed_at if side == CaseSide.SEEKER else self.partner_confirmed_at
