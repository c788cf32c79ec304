"""技术合同: an agreement, its versions and signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.agreements.enums import AgreementKind, AgreementState, Side
from ronglian.apps.agreements.rules import visible_agreements_q
from ronglian.apps.challenges.models import Award
from ronglian.apps.clinic.models import Case
from ronglian.apps.registry.models import Need, Result
from ronglian.kernel.actor import Actor
from ronglian.kernel.models import Record
from ronglian.kernel.sealed_field import SealedField


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Queries that respect the policy."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(visible_agreements_q(actor))


class Agreement(Record):
    """技术合同. Party A (`client`) pays, party B (`provider`) provides the technology; what they agree on is in the versions.

    `signed` is the version that both signed. `place` is where party B sits (GB/T 2260): the law of what it shares goes by it.
    """

    kind = models.CharField(_("kind"), max_length=30, choices=AgreementKind)
    title = models.CharField(_("name of the project"), max_length=200)
    state = models.CharField(_("state"), max_length=12, choices=AgreementState, default=AgreementState.DRAFT)
    drafted_by = models.CharField(_("drafted by"), max_length=10, choices=Side)
    client = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="agreements_as_client", verbose_name=_("party A")
    )
    provider = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="agreements_as_provider",
        verbose_name=_("party B"),
    )
    need = models.ForeignKey(
        Need,
        on_delete=models.PROTECT,
        related_name="agreements",
        null=True,
        blank=True,
        verbose_name=_("need"),
    )
    result = models.ForeignKey(
        Result,
        on_delete=models.PROTECT,
        related_name="agreements",
        null=True,
        blank=True,
        verbose_name=_("result"),
    )
    case = models.ForeignKey(
        Case,
        on_delete=models.PROTECT,
        related_name="agreements",
        null=True,
        blank=True,
        verbose_name=_("case"),
    )
    award = models.ForeignKey(
        Award,
        on_delete=models.PROTECT,
        related_name="agreements",
        null=True,
        blank=True,
        verbose_name=_("award"),
    )
    price_finding = models.ForeignKey(
        "PriceFinding",
        on_delete=models.PROTECT,
        related_name="agreements",
        null=True,
        blank=True,
        verbose_name=_("price finding"),
    )
    place = models.CharField(_("place of party B"), max_length=6, blank=True)
    signed = models.OneToOneField(
        "AgreementVersion", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    bought_out_on = models.DateField(_("bought out on"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    ended_because = models.TextField(_("why it ended"), max_length=2000, blank=True)

    objects: ClassVar[models.Manager[Any]] = AgreementQuerySet.as_manager()
    if TYPE_CHECKING:
        client_id: int
        provider_id: int
        price_finding_id: int | None
        result_id: int | None
        signed_id: int | None

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        indexes = (
            models.Index(fields=["client", "state"], name="agreement_by_client"),
            models.Index(fields=["provider", "state"], name="agreement_by_provider"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["award"],
                condition=~models.Q(state=AgreementState.ABANDONED),
                name="agreement_of_an_award_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(client=models.F("provider")), name="agreement_two_parties"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("in_force", "completed"))
                | models.Q(signed__isnull=False, signed_on__isnull=False),
                name="agreement_in_force_signed",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("terminated", "abandoned")) | ~models.Q(ended_because=""),
                name="agreement_ended_with_reason",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def organisation_of(self, side: Side) -> Organisation:
        return self.client if side == Side.CLIENT else self.provider


class AgreementVersion(Record):
    """合同文本版本. Terms and text are sealed and never change; `digest` covers them and the parties, and is what is signed."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    terms = SealedField(_("terms"))
    text = SealedField(_("text of the contract"))
    note = SealedField(_("note to the other side"), max_length=2000, blank=True, default="")
    clauses_version = models.CharField(_("version of the clauses"), max_length=20)
    digest = models.CharField(_("digest"), max_length=64)
    proposed_by = models.CharField(_("proposed by"), max_length=10, choices=Side)
    proposed_by_label = models.CharField(max_length=200)

    if TYPE_CHECKING:
        agreement_id: int

    class Meta:
        verbose_name = _("version of an agreement")
        verbose_name_plural = _("versions of an agreement")
        constraints = (
            models.UniqueConstraint(fields=["agreement", "number"], name="agreement_version_numbered"),
        )

    def __str__(self) -> str:
        return f"{self.agreement_id}/{self.number}"


class Signature(Record):
    """合同签署: that a person signed a version for one side; the event's receipt proves when."""

    agreement_version = models.ForeignKey(
        AgreementVersion, on_delete=models.PROTECT, related_name="signatures"
    )
    side = models.CharField(_("side"), max_length=10, choices=Side)
    person = models.UUIDField()
    person_label = models.CharField(_("signed by"), max_length=200)
    digest = models.CharField(_("digest"), max_length=64)
    signed_at = models.DateTimeField(_("signed"), auto_now_add=True)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = (
            models.UniqueConstraint(fields=["agreement_version", "side"], name="signature_once_a_side"),
        )

    def __str__(self) -> str:
        return f"{self.side}: {self.person_label}"
