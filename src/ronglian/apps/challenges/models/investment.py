"""赛投联动: which bid is shown to which investor under what agreement, who read it, and what became of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.challenges.models.bid import Bid
from ronglian.apps.challenges.showing_enums import (
    OPEN_SHOWINGS,
    OutcomeAnswer,
    OutcomeKind,
    PassReason,
    ShowingState,
)
from ronglian.apps.challenges.showing_rules import visible_showings_q
from ronglian.kernel.actor import Actor
from ronglian.kernel.models import Record


class ShowingQuerySet(models.QuerySet["Showing"]):
    """Queries that respect the policy."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(visible_showings_q(actor))


class Showing(Record):
    """赛投推介: an opened bid, offered by its team to one investor.

    `parts`, `purpose` and `ends_on` are what the team has consented to; they never change. `text_digest` is over the
    agreement and these terms, and is what a person of the investor signs.
    """

    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="showings")
    team = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="showings_given", verbose_name=_("team")
    )
    investor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="showings_received", verbose_name=_("investor")
    )
    parts = models.JSONField(_("what is shown"))
    purpose = models.TextField(_("what it is shown for"), max_length=1000)
    ends_on = models.DateField(_("last day"))
    state = models.CharField(_("state"), max_length=10, choices=ShowingState, default=ShowingState.ASKED)
    text_version = models.CharField(_("version of the text"), max_length=20)
    text_digest = models.CharField(_("digest of text and terms"), max_length=64)
    consented_by = models.UUIDField()
    consented_by_label = models.CharField(_("consented by"), max_length=200)
    signed_by = models.UUIDField(null=True, blank=True)
    signed_by_label = models.CharField(_("signed by"), max_length=200, blank=True)
    signed_at = models.DateTimeField(_("signed"), null=True, blank=True)
    ended_at = models.DateTimeField(_("declined or withdrawn"), null=True, blank=True)
    reason = models.TextField(_("reason"), max_length=500, blank=True)

    objects: ClassVar[models.Manager[Any]] = ShowingQuerySet.as_manager()
    if TYPE_CHECKING:
        bid_id: int
        team_id: int
        investor_id: int

    class Meta:
        verbose_name = _("showing of a bid to an investor")
        verbose_name_plural = _("showings of bids to investors")
        constraints = (
            models.UniqueConstraint(
                fields=["bid", "investor"],
                condition=Q(state__in=OPEN_SHOWINGS),
                name="showing_open_once",
            ),
            models.CheckConstraint(condition=~Q(team=F("investor")), name="showing_to_another"),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_by__isnull=True, signed_by_label="")
                | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="showing_signed_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state=ShowingState.ACCEPTED) | Q(signed_at__isnull=False),
                name="showing_accepted_by_signature",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_SHOWINGS) ^ Q(ended_at__isnull=False), name="showing_ended_when"
            ),
        )
        indexes = (
            models.Index(fields=["team", "-id"], name="showing_by_team"),
            models.Index(fields=["investor", "-id"], name="showing_by_investor"),
        )

    def __str__(self) -> str:
        return f"{self.bid_id} → {self.investor_id}: {self.state}"

    def is_in_force(self, today: date) -> bool:
        """Whether a person of the investor has signed, the team has not withdrawn, and the last day has not gone by."""
        return self.state == ShowingState.ACCEPTED and self.signed_at is not None and today <= self.ends_on


class ShowingReading(models.Model):
    """推介查阅记录: that a person of the investor was shown the parts, or a file (by number), once a day each."""

    showing = models.ForeignKey(Showing, on_delete=models.PROTECT, related_name="readings")
    person_id = models.UUIDField()
    person_label = models.CharField(max_length=200)
    file = models.PositiveSmallIntegerField(_("file"), default=0)
    read_on = models.DateField()
    first_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reading of a shown bid")
        verbose_name_plural = _("readings of shown bids")
        constraints = (
            models.UniqueConstraint(
                fields=["showing", "person_id", "file", "read_on"], name="showing_reading_once_a_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.showing_id} {self.person_label} {self.read_on}"


class ShowingOutcome(Record):
    """赛投进展: what became of a showing, told by the investor and answered by the team. Never changed: what was wrong is told anew."""

    showing = models.ForeignKey(Showing, on_delete=models.PROTECT, related_name="outcomes")
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("what became of it"), max_length=15, choices=OutcomeKind)
    happened_on = models.DateField(pgettext_lazy("outcome", "day"))
    amount_fen = models.BigIntegerField(
        _("amount invested"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    reason = models.CharField(_("reason to pass"), max_length=10, choices=PassReason, blank=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    told_by_label = models.CharField(_("told by"), max_length=200)
    answer = models.CharField(_("answer of the team"), max_length=12, choices=OutcomeAnswer, blank=True)
    answer_note = models.TextField(_("note of the team"), max_length=1000, blank=True)
    answered_by_label = models.CharField(_("answered by"), max_length=200, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    if TYPE_CHECKING:
        showing_id: int

    class Meta:
        verbose_name = _("outcome of a showing")
        verbose_name_plural = _("outcomes of showings")
        constraints = (
            models.UniqueConstraint(fields=["showing", "number"], name="showing_outcome_numbered"),
            models.CheckConstraint(
                condition=Q(kind=OutcomeKind.INVESTED) ^ Q(amount_fen__isnull=True),
                name="showing_outcome_amount_when_invested",
            ),
            models.CheckConstraint(
                condition=Q(kind=OutcomeKind.PASSED) ^ Q(reason=""), name="showing_outcome_passed_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(answer="") ^ Q(answered_at__isnull=False), name="showing_outcome_answered_when"
            ),
        )

    def __str__(self) -> str:
        return f"{self.showing_id}/{self.number} {self.kind}"
