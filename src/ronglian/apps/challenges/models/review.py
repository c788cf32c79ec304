"""评审、定榜与异议: who reviews which bid and how, the ranking with its record, the award, and what is said against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation, Person
from ronglian.apps.challenges.enums import AwardState, ObjectionKind, ReviewState
from ronglian.apps.challenges.models.bid import Bid
from ronglian.apps.challenges.models.challenge import Challenge
from ronglian.kernel.models import Record
from ronglian.kernel.sealed_field import SealedField

USUAL_LIMIT = 10


class Reviewer(Record):
    """评审专家 of one challenge. `number` stands in the published record instead of the name."""

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="reviewers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reviewing")
    number = models.PositiveSmallIntegerField(_("number"))
    expertise = models.TextField(_("expertise"), max_length=1000, blank=True)
    limit = models.PositiveSmallIntegerField(
        _("bids at most"), default=USUAL_LIMIT, validators=[MinValueValidator(1), MaxValueValidator(500)]
    )

    if TYPE_CHECKING:
        challenge_id: int
        person_id: int

    class Meta:
        verbose_name = _("reviewer")
        verbose_name_plural = _("reviewers")
        constraints = (
            models.UniqueConstraint(fields=["challenge", "person"], name="reviewer_once"),
            models.UniqueConstraint(fields=["challenge", "number"], name="reviewer_numbered"),
        )

    def __str__(self) -> str:
        return f"{self.challenge_id}/{self.number}"


class Review(Record):
    """评审意见 of one reviewer on one bid. `scores` are whole numbers 0 to 5, one a criterion of the published rules.

    `why` says why this reviewer was assigned; `revisions` keeps what was handed in before a change, with its reason.
    """

    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="reviews")
    state = models.CharField(_("state"), max_length=10, choices=ReviewState, default=ReviewState.ASSIGNED)
    why = models.JSONField(default=dict, blank=True)
    scores = models.JSONField(_("scores"), default=list, blank=True)
    comments = SealedField(_("comments"), default=list, blank=True)
    recused_because = models.TextField(_("why the reviewer stood aside"), max_length=1000, blank=True)
    revisions = models.JSONField(default=list, blank=True)
    submitted_at = models.DateTimeField(_("handed in"), null=True, blank=True)

    if TYPE_CHECKING:
        bid_id: int
        reviewer_id: int

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = (
            models.UniqueConstraint(fields=["bid", "reviewer"], name="review_once"),
            models.CheckConstraint(
                condition=models.Q(state=ReviewState.SUBMITTED) ^ models.Q(submitted_at__isnull=True),
                name="review_submitted_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ReviewState.RECUSED) | ~models.Q(recused_because=""),
                name="review_recused_with_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.bid_id} {self.reviewer_id}"


class ReviewRecord(Record):
    """评审记录: rules, scores and ranking as one file, which anybody can compute again. A later one replaces it."""

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="review_records")
    number = models.PositiveSmallIntegerField(_("number"))
    record = models.JSONField(_("record"))
    digest = models.CharField(_("digest"), max_length=64)

    if TYPE_CHECKING:
        challenge_id: int

    class Meta:
        verbose_name = _("record of a review")
        verbose_name_plural = _("records of reviews")
        constraints = (
            models.UniqueConstraint(fields=["challenge", "number"], name="review_record_numbered"),
        )

    def __str__(self) -> str:
        return f"{self.challenge_id}/{self.number}"


class Award(Record):
    """定榜: a bid that wins a place. `reason` is public; it is asked for where the ranking has another bid there."""

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="awards")
    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="awards")
    place = models.PositiveSmallIntegerField(_("place"))
    state = models.CharField(_("state"), max_length=10, choices=AwardState, default=AwardState.STANDING)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    decided_by = models.CharField(_("decided by"), max_length=200)

    if TYPE_CHECKING:
        challenge_id: int
        bid_id: int

    class Meta:
        verbose_name = _("award")
        verbose_name_plural = _("awards")
        constraints = (
            models.UniqueConstraint(
                fields=["challenge", "place"], condition=models.Q(state="standing"), name="award_place_once"
            ),
            models.UniqueConstraint(
                fields=["challenge", "bid"], condition=models.Q(state="standing"), name="award_bid_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.challenge_id}/{self.place}"


class ChallengeObjection(Record):
    """榜单异议: said against a proposed award, during the public notice or as an appeal, and how it was answered."""

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="objections")
    kind = models.CharField(_("kind"), max_length=10, choices=ObjectionKind)
    by = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="challenge_objections",
        verbose_name=_("raised by"),
    )
    text = models.TextField(_("objection"), max_length=3000)
    answer = models.TextField(_("answer"), max_length=3000, blank=True)
    is_upheld = models.BooleanField(_("upheld"), null=True, blank=True)
    answered_by = models.CharField(_("answered by"), max_length=200, blank=True)

    if TYPE_CHECKING:
        challenge_id: int
        by_id: int

    class Meta:
        verbose_name = _("objection to an award")
        verbose_name_plural = _("objections to awards")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(is_upheld__isnull=True, answer="")
                | (models.Q(is_upheld__isnull=False) & ~models.Q(answer="")),
                name="challenge_objection_answered_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.challenge_id} {self.kind}"


class BidFeedback(Record):
    """落选反馈: what a bidder who did not win is told, sealed: it speaks of the bid."""

    bid = models.OneToOneField(Bid, on_delete=models.PROTECT, related_name="feedback")
    text = SealedField(_("feedback"))
    given_by = models.CharField(_("given by"), max_length=200)

    if TYPE_CHECKING:
        bid_id: int

    class Meta:
        verbose_name = _("feedback to a bidder")
        verbose_name_plural = _("feedback to bidders")

    def __str__(self) -> str:
        return f"{self.bid_id}"
