"""问答与更正: what issuer and bidders say to each other while bids are sealed; everybody reads the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.challenges.models.challenge import Challenge
from ronglian.apps.challenges.rules import visible_questions_q
from ronglian.kernel.actor import Actor
from ronglian.kernel.models import Record


class QuestionQuerySet(models.QuerySet["Question"]):
    """Queries that respect the policy."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(visible_questions_q(actor))


class Question(Record):
    """向发榜方的提问. `asker` is told to nobody but the asker: who asks is about to bid.

    `shown` is the question as it is published with its answer, for the words of the question can give its asker away.
    """

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="questions")
    asker = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="questions_asked")
    text = models.TextField(_("question"), max_length=2000)
    shown = models.TextField(_("question as published"), max_length=2000, blank=True)
    answer = models.TextField(_("answer"), max_length=3000, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects: ClassVar[models.Manager[Any]] = QuestionQuerySet.as_manager()
    if TYPE_CHECKING:
        challenge_id: int
        asker_id: int

    class Meta:
        verbose_name = _("question to the issuer")
        verbose_name_plural = _("questions to the issuer")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, answer="", shown="")
                | (models.Q(answered_at__isnull=False) & ~models.Q(answer="") & ~models.Q(shown="")),
                name="question_published_with_answer",
            ),
        )

    def __str__(self) -> str:
        return f"{self.challenge_id} {self.public_id}"


class Amendment(Record):
    """更正公告: a change of a published challenge, with its reason; `changes` keeps each field before and after."""

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField(_("number"))
    reason = models.TextField(_("reason"), max_length=2000)
    changes = models.JSONField(_("changes"))
    made_at = models.DateTimeField(_("published"))

    if TYPE_CHECKING:
        challenge_id: int

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        constraints = (
            models.UniqueConstraint(fields=["challenge", "number"], name="amendment_numbered_once"),
        )

    def __str__(self) -> str:
        return f"{self.challenge_id} {self.number}"
