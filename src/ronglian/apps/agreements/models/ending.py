"""How an agreement goes wrong, recovers, and ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.agreements.enums import DemandState, EndKind, EndProposalState, Side
from ronglian.apps.agreements.models.agreement import Agreement
from ronglian.kernel.models import Record


class Demand(Record):
    """催告: party B demands what is overdue and sets a day. Paid by then, or later while it is open, the default is cured.

    `overdue_fen` is what was overdue when it was demanded; what is overdue now is computed from the book.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="demands")
    overdue_fen = models.BigIntegerField(_("overdue when demanded"), validators=[MinValueValidator(1)])
    reason = models.TextField(_("what is demanded"), max_length=2000)
    demanded_on = models.DateField(_("demanded on"))
    cure_by = models.DateField(_("to be paid by"))
    state = models.CharField(_("state"), max_length=10, choices=DemandState, default=DemandState.OPEN)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    demanded_by = models.CharField(_("demanded by"), max_length=200)

    if TYPE_CHECKING:
        agreement_id: int

    class Meta:
        verbose_name = _("demand")
        verbose_name_plural = _("demands")
        constraints = (
            models.UniqueConstraint(
                fields=["agreement"], condition=models.Q(state=DemandState.OPEN), name="demand_open_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state=DemandState.OPEN, closed_on=None)
                | ~models.Q(state=DemandState.OPEN) & models.Q(closed_on__isnull=False),
                name="demand_closed_on_a_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.demanded_on}"


class EndProposal(Record):
    """终止提议: one side proposes that the agreement is fulfilled, or is ended early; the other side agrees or declines."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="end_proposals")
    kind = models.CharField(_("kind"), max_length=12, choices=EndKind)
    proposed_by = models.CharField(_("proposed by"), max_length=10, choices=Side)
    proposed_by_label = models.CharField(max_length=200)
    reason = models.TextField(_("reason"), max_length=2000)
    waived_fen = models.BigIntegerField(
        _("waived of what is due"), default=0, validators=[MinValueValidator(0)]
    )
    state = models.CharField(
        _("state"), max_length=10, choices=EndProposalState, default=EndProposalState.PROPOSED
    )
    answered_by = models.CharField(_("answered by"), max_length=200, blank=True)
    declined_because = models.TextField(_("why it was declined"), max_length=2000, blank=True)

    if TYPE_CHECKING:
        agreement_id: int

    class Meta:
        verbose_name = _("proposal to end an agreement")
        verbose_name_plural = _("proposals to end agreements")
        constraints = (
            models.UniqueConstraint(
                fields=["agreement"],
                condition=models.Q(state=EndProposalState.PROPOSED),
                name="end_proposed_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=EndProposalState.DECLINED) | ~models.Q(declined_because=""),
                name="end_declined_with_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.kind}"
