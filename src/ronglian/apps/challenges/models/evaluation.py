"""自动评测: result files scored against answers that nobody reads, and the tries of those who answer a challenge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.challenges.enums import ScoreMetric
from ronglian.apps.challenges.models.challenge import Challenge
from ronglian.engines.scoring import METRICS, SHARES, public_count
from ronglian.kernel.models import Record
from ronglian.kernel.sealed_field import SealedField

USUAL_SHARE = 30
USUAL_A_DAY = 3
USUAL_IN_ALL = 30
MOST_TRIES = 500


class Evaluation(Record):
    """自动评测 of one challenge. `answers` is the hidden file as it came, `secret` chooses the public rows and the names of the teams.

    Neither leaves the database but into the engine; pages and programs get what `queries.evaluation` computes.
    """

    challenge = models.OneToOneField(Challenge, on_delete=models.PROTECT, related_name="evaluation")
    metric = models.CharField(_("metric"), max_length=10, choices=ScoreMetric)
    key_column = models.CharField(_("column of the row keys"), max_length=100)
    value_column = models.CharField(_("column of the answers"), max_length=100)
    rows = models.PositiveIntegerField(_("rows"))
    public_share = models.PositiveSmallIntegerField(
        _("per cent of the rows that count for the public board"),
        default=USUAL_SHARE,
        validators=[MinValueValidator(SHARES[0]), MaxValueValidator(SHARES[-1])],
    )
    tries_a_day = models.PositiveSmallIntegerField(
        _("tries of an organisation a day"),
        default=USUAL_A_DAY,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_TRIES)],
    )
    tries_in_all = models.PositiveSmallIntegerField(
        _("tries of an organisation in all"),
        default=USUAL_IN_ALL,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_TRIES)],
    )
    answers = SealedField(_("hidden answers"))
    secret = SealedField(_("secret of the choice of rows"))

    if TYPE_CHECKING:
        challenge_id: int

    class Meta:
        verbose_name = _("automatic evaluation")
        verbose_name_plural = _("automatic evaluations")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(public_share__gte=SHARES[0], public_share__lte=SHARES[-1]),
                name="evaluation_share_within_bounds",
            ),
            models.CheckConstraint(
                condition=models.Q(tries_a_day__gte=1, tries_in_all__gte=models.F("tries_a_day")),
                name="evaluation_tries_within_bounds",
            ),
        )

    def __str__(self) -> str:
        return f"{self.challenge_id} {self.metric}"

    @property
    def higher_is_better(self) -> bool:
        return METRICS[self.metric].higher_is_better

    @property
    def public_rows(self) -> int:
        return public_count(self.rows, self.public_share)


class Try(Record):
    """评测提交: one result file. Scores are millionths; `final` is that of the hidden rows, which nobody is told before bids close.

    The file itself is not kept: `digest` (SHA-256) fixes it, and whoever has it can show that it is this one.
    """

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="tries")
    bidder = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="tries", verbose_name=_("bidder")
    )
    submitted_at = models.DateTimeField(_("handed in"))
    submitted_by = models.CharField(_("handed in by"), max_length=200)
    digest = models.CharField(_("digest"), max_length=64)
    public_score = models.BigIntegerField(_("public score"))
    final_score = SealedField(_("final score"))

    if TYPE_CHECKING:
        evaluation_id: int
        bidder_id: int

    class Meta:
        verbose_name = pgettext_lazy("evaluation", "try")
        verbose_name_plural = pgettext_lazy("evaluation", "tries")
        indexes = (models.Index(fields=["evaluation", "bidder", "submitted_at"], name="try_by_bidder"),)
        constraints = (
            models.UniqueConstraint(fields=["evaluation", "bidder", "digest"], name="try_file_once"),
        )

    def __str__(self) -> str:
        return f"{self.evaluation_id} {self.digest[:12]}"
