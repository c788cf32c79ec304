"""磋商意见: what the two sides say to each other about a clause, or about the whole, of one version of the terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.agreements.enums import CommentState, Side
from ronglian.apps.agreements.models.agreement import AgreementVersion
from ronglian.kernel.models import Record
from ronglian.kernel.sealed_field import SealedField


class ClauseComment(Record):
    """磋商意见 on a version, kept with it. `clause` is the id of a section of its text; empty where it is about the whole."""

    agreement_version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="comments")
    clause = models.CharField(_("clause"), max_length=40, blank=True)
    side = models.CharField(_("side"), max_length=10, choices=Side)
    text = SealedField(_("comment"), max_length=2000)
    written_by = models.CharField(_("written by"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=CommentState, default=CommentState.OPEN)
    resolved_by = models.CharField(_("settled by"), max_length=200, blank=True)
    resolved_at = models.DateTimeField(_("settled"), null=True, blank=True)

    if TYPE_CHECKING:
        agreement_version_id: int

    class Meta:
        verbose_name = _("comment on a contract")
        verbose_name_plural = _("comments on contracts")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state=CommentState.OPEN, resolved_at=None)
                | ~models.Q(state=CommentState.OPEN)
                & models.Q(resolved_at__isnull=False)
                & ~models.Q(resolved_by=""),
                name="comment_resolved_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.agreement_version_id} {self.clause or '-'} {self.side}"


class CommentReply(Record):
    """意见答复: an answer under a comment, by either side."""

    comment = models.ForeignKey(ClauseComment, on_delete=models.PROTECT, related_name="replies")
    side = models.CharField(_("side"), max_length=10, choices=Side)
    text = SealedField(_("answer"), max_length=2000)
    written_by = models.CharField(_("written by"), max_length=200)

    if TYPE_CHECKING:
        comment_id: int

    class Meta:
        verbose_name = _("answer to a comment")
        verbose_name_plural = _("answers to comments")

    def __str__(self) -> str:
        return f"{self.comment_id} {self.side}"
