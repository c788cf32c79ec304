"""居间归属: who introduced whom and when, what both sides said to it, and the fee they agreed on."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.clinic.case_enums import (
    CaseSide,
    FeeBase,
    FeePayer,
    FeeTermsState,
    IntroductionAnswerKind,
    ObjectionReason,
)
from ronglian.apps.clinic.models.case import Case
from ronglian.apps.clinic.models.technology_manager import TechnologyManager
from ronglian.apps.registry.models import Need, Result
from ronglian.kernel.models import Record

LARGEST_RATE = 3_000  # thirty per cent, in hundredths of a per cent


class Introduction(Record):
    """引荐记录. Never changed: its event stands in the log, and the receipt of that event is the proof.

    Until `protected_until` an agreement of the two sides counts as brought about by it (民法典 965). `answer_by` is
    until when a side may object.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="introduction")
    manager = models.ForeignKey(TechnologyManager, on_delete=models.PROTECT, related_name="introductions")
    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    seeker = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    introduced_at = models.DateTimeField(_("introduced"))
    answer_by = models.DateTimeField(_("object until"))
    protected_until = models.DateField(_("protected until"))
    words = models.TextField(_("what both sides were told"), max_length=2000)

    class Meta:
        verbose_name = _("introduction")
        verbose_name_plural = _("introductions")
        constraints = (
            models.UniqueConstraint(
                fields=["need", "result"],
                condition=models.Q(need__isnull=False, result__isnull=False),
                name="introduction_once_per_pair",
            ),
        )

    def __str__(self) -> str:
        return f"{self.seeker} – {self.partner}"

    def may_still_object(self, now: datetime) -> bool:
        return now <= self.answer_by

    def protects(self, today: date) -> bool:
        return today <= self.protected_until


class IntroductionAnswer(Record):
    """引荐答复: one side acknowledges the introduction, or objects with a reason."""

    introduction = models.ForeignKey(Introduction, on_delete=models.PROTECT, related_name="answers")
    side = models.CharField(_("side"), max_length=10, choices=CaseSide)
    kind = models.CharField(_("answer"), max_length=12, choices=IntroductionAnswerKind)
    reason = models.CharField(_("reason"), max_length=20, choices=ObjectionReason, blank=True)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    answered_by = models.CharField(_("answered by"), max_length=200)

    class Meta:
        verbose_name = _("answer to an introduction")
        verbose_name_plural = _("answers to introductions")
        constraints = (
            models.UniqueConstraint(
                fields=["introduction", "side"], name="introduction_answered_once_a_side"
            ),
            models.CheckConstraint(
                condition=models.Q(kind=IntroductionAnswerKind.ACKNOWLEDGED, reason="")
                | (models.Q(kind=IntroductionAnswerKind.OBJECTED) & ~models.Q(reason="")),
                name="introduction_objection_has_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.side}: {self.kind}"


class FeeTerms(Record):
    """服务费约定: one version of what both sides agree to pay; the fee itself is computed from the contract later.

    `rate` is in hundredths of a per cent. `digest` covers every term and both texts; a side accepts a digest.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="fee_terms")
    number = models.PositiveSmallIntegerField(_("version"))
    base = models.CharField(_("computed from"), max_length=20, choices=FeeBase)
    rate = models.PositiveIntegerField(
        _("rate"), validators=[MinValueValidator(1), MaxValueValidator(LARGEST_RATE)]
    )
    cap_fen = models.BigIntegerField(_("at most"), null=True, blank=True, validators=[MinValueValidator(1)])
    payer = models.CharField(_("paid by"), max_length=10, choices=FeePayer)
    protected_until = models.DateField(_("protected until"))
    text_version = models.CharField(max_length=20)
    digest = models.CharField(_("digest"), max_length=64)
    state = models.CharField(_("state"), max_length=10, choices=FeeTermsState, default=FeeTermsState.PROPOSED)
    proposed_by = models.CharField(_("proposed by"), max_length=200)
    declined_because = models.TextField(_("reason"), max_length=500, blank=True)
    seeker_accepted_at = models.DateTimeField(null=True, blank=True)
    seeker_accepted_by = models.CharField(max_length=200, blank=True)
    partner_accepted_at = models.DateTimeField(null=True, blank=True)
    partner_accepted_by = models.CharField(max_length=200, blank=True)

    if TYPE_CHECKING:
        case_id: int

    class Meta:
        verbose_name = _("agreement on the fee")
        verbose_name_plural = _("agreements on the fee")
        constraints = (
            models.UniqueConstraint(fields=["case", "number"], name="fee_terms_numbered"),
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(state=FeeTermsState.PROPOSED),
                name="fee_terms_one_proposed",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(state=FeeTermsState.AGREED), name="fee_terms_one_agreed"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=FeeTermsState.AGREED)
                | models.Q(seeker_accepted_at__isnull=False, partner_accepted_at__isnull=False),
                name="fee_terms_agreed_by_both",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id}/{self.number}"


class StopObjection(Record):
    """终止异议: a side says that the case should not have been stopped. It is answered, never dropped."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="stop_objections")
    side = models.CharField(_("side"), max_length=10, choices=CaseSide)
    note = models.TextField(_("why"), max_length=2000)
    raised_by = models.CharField(_("raised by"), max_length=200)
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_by = models.CharField(_("answered by"), max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("objection to a stop")
        verbose_name_plural = _("objections to stops")
        constraints = (
            models.UniqueConstraint(
                fields=["case", "side"],
                condition=models.Q(answered_at__isnull=True),
                name="stop_objection_one_open_a_side",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.side}"
