"""A dispute about a signed agreement: its log, who mediates, and what both sides settle on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.agreements.dispute_enums import (
    OPEN_DISPUTES,
    DisputeRole,
    DisputeState,
    DisputeStep,
    DisputeSubject,
    MediatorState,
    SettlementState,
)
from ronglian.apps.agreements.dispute_rules import visible_disputes_q
from ronglian.apps.agreements.enums import Side
from ronglian.apps.agreements.models.agreement import Agreement
from ronglian.apps.agreements.models.money import AgreedPayment
from ronglian.apps.clinic.models import TechnologyManager
from ronglian.kernel.actor import Actor
from ronglian.kernel.models import Record
from ronglian.kernel.sealed_field import SealedField


class DisputeQuerySet(models.QuerySet["Dispute"]):
    """Queries that respect the policy."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(visible_disputes_q(actor))


class Dispute(Record):
    """合同争议: one side claims something under a signed agreement. What is said about it stands in its log.

    `clause` is a section of the signed text. `held_fen` is what both sides keep from being demanded while the dispute is open.
    `mediator` is the proposal that both accepted, and `settlement` the one on which both agreed.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="disputes")
    number = models.PositiveSmallIntegerField(_("number"))
    raised_by = models.CharField(_("raised by"), max_length=10, choices=Side)
    raised_by_label = models.CharField(max_length=200)
    subject = models.CharField(_("subject of the dispute"), max_length=15, choices=DisputeSubject)
    claim = SealedField(_("what is claimed"), max_length=3000)
    amount_fen = models.BigIntegerField(
        _("amount in dispute"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    asks_hold = models.BooleanField(_("asks to hold the amount"), default=False)
    held_fen = models.BigIntegerField(_("held"), default=0, validators=[MinValueValidator(0)])
    clause = models.CharField(pgettext_lazy("of a contract", "clause"), max_length=30, blank=True)
    payment = models.ForeignKey(
        AgreedPayment, on_delete=models.PROTECT, related_name="disputes", null=True, blank=True
    )
    answer_by = models.DateField(_("to be answered by"))
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=DisputeState, default=DisputeState.RAISED)
    mediator = models.OneToOneField(
        "MediatorProposal",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("mediator"),
    )
    settlement = models.OneToOneField(
        "Settlement", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects: ClassVar[models.Manager[Any]] = DisputeQuerySet.as_manager()
    if TYPE_CHECKING:
        agreement_id: int
        mediator_id: int | None
        settlement_id: int | None

    class Meta:
        verbose_name = _("dispute about an agreement")
        verbose_name_plural = _("disputes about agreements")
        constraints = (
            models.UniqueConstraint(fields=["agreement", "number"], name="dispute_numbered"),
            models.CheckConstraint(
                condition=models.Q(held_fen=0)
                | models.Q(held_fen__lte=models.F("amount_fen"), asks_hold=True),
                name="dispute_holds_what_is_claimed",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in OPEN_DISPUTES], closed_on=None)
                | ~models.Q(state__in=[state.value for state in OPEN_DISPUTES])
                & models.Q(closed_on__isnull=False),
                name="dispute_closed_on_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(state="settled", settlement__isnull=False)
                | ~models.Q(state="settled") & models.Q(settlement=None),
                name="dispute_settled_by_a_settlement",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="mediation") | models.Q(mediator__isnull=False),
                name="dispute_mediated_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.agreement_id}/{self.number}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_DISPUTES


class MediatorProposal(Record):
    """调解人提名: one side proposes a technology manager or an organisation; appointed once the other side accepts."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="mediators")
    manager = models.ForeignKey(
        TechnologyManager, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    proposed_by = models.CharField(_("proposed by"), max_length=10, choices=Side)
    proposed_by_label = models.CharField(max_length=200)
    state = models.CharField(_("state"), max_length=12, choices=MediatorState, default=MediatorState.PROPOSED)

    if TYPE_CHECKING:
        dispute_id: int
        manager_id: int | None
        organisation_id: int | None

    class Meta:
        verbose_name = _("proposal of a mediator")
        verbose_name_plural = _("proposals of mediators")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(manager=None) ^ models.Q(organisation=None), name="mediator_is_one"
            ),
            models.UniqueConstraint(
                fields=["dispute"],
                condition=models.Q(state__in=("proposed", "appointed")),
                name="mediator_one_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return str(self.manager or self.organisation)


class Settlement(Record):
    """和解方案 of a mediator. Text and amounts are sealed and never change; `digest` covers them and is what is accepted.

    `amounts` lists who pays (a side), how much in fen, for what, and until when.
    """

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="settlements")
    number = models.PositiveSmallIntegerField(_("number"))
    text = SealedField(_("text of the settlement"), max_length=8000)
    amounts = SealedField(_("amounts of the settlement"), default=list, blank=True)
    digest = models.CharField(_("digest"), max_length=64)
    state = models.CharField(
        _("state"), max_length=10, choices=SettlementState, default=SettlementState.PROPOSED
    )
    proposed_by_label = models.CharField(_("proposed by"), max_length=200)

    if TYPE_CHECKING:
        dispute_id: int

    class Meta:
        verbose_name = _("proposal of a settlement")
        verbose_name_plural = _("proposals of settlements")
        constraints = (
            models.UniqueConstraint(fields=["dispute", "number"], name="settlement_numbered"),
            models.UniqueConstraint(
                fields=["dispute"],
                condition=models.Q(state=SettlementState.PROPOSED),
                name="settlement_open_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.dispute_id}/{self.number}"


class SettlementConsent(Record):
    """和解确认: that a person accepted a settlement for one side; the event's receipt proves when."""

    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="consents")
    side = models.CharField(_("side"), max_length=10, choices=Side)
    person = models.UUIDField()
    person_label = models.CharField(_("accepted by"), max_length=200)
    digest = models.CharField(_("digest"), max_length=64)

    if TYPE_CHECKING:
        settlement_id: int

    class Meta:
        verbose_name = _("acceptance of a settlement")
        verbose_name_plural = _("acceptances of settlements")
        constraints = (
            models.UniqueConstraint(fields=["settlement", "side"], name="settlement_accepted_once_a_side"),
        )

    def __str__(self) -> str:
        return f"{self.side}: {self.person_label}"


class DisputeEntry(Record):
    """争议记录: one step in a dispute, with what was said. Entries are added and never changed."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="entries")
    step = models.CharField(_("step"), max_length=20, choices=DisputeStep)
    role = models.CharField(_("said by"), max_length=10, choices=DisputeRole)
    text = SealedField(_("what was said"), max_length=3000, blank=True, default="")
    said_by = models.CharField(max_length=200)

    if TYPE_CHECKING:
        dispute_id: int

    class Meta:
        verbose_name = _("entry in the log of a dispute")
        verbose_name_plural = _("entries in the log of a dispute")

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.step}"
