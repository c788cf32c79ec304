"""电子签名: what a licensed provider certified of signatures, and whether the text itself may go there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.agreements.enums import CertificateState, Side
from ronglian.apps.agreements.models.agreement import Agreement, Signature
from ronglian.kernel.models import Record


class TextConsent(Record):
    """原文传送同意: whether one side agrees that the provider gets the text beside its digest. It goes only if both do."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="text_consents")
    side = models.CharField(_("side"), max_length=10, choices=Side)
    agrees = models.BooleanField(_("agrees"))
    said_by = models.CharField(_("said by"), max_length=200)

    if TYPE_CHECKING:
        agreement_id: int

    class Meta:
        verbose_name = _("consent to sending the text")
        verbose_name_plural = _("consents to sending the text")
        constraints = (
            models.UniqueConstraint(fields=["agreement", "side"], name="text_consent_once_a_side"),
        )

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.side}"


class SignatureCertificate(Record):
    """电子签名认证: what the provider says of one signature. `provider` is its host, `reference` names its certificate."""

    signature = models.OneToOneField(Signature, on_delete=models.PROTECT, related_name="certificate")
    state = models.CharField(
        _("state"), max_length=10, choices=CertificateState, default=CertificateState.ASKED
    )
    provider = models.CharField(_("provider"), max_length=255)
    request_reference = models.CharField(_("number of the request"), max_length=200, blank=True)
    reference = models.CharField(_("certificate"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    if TYPE_CHECKING:
        signature_id: int

    class Meta:
        verbose_name = _("certificate of a signature")
        verbose_name_plural = _("certificates of signatures")
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state=CertificateState.CERTIFIED)
                | ~models.Q(reference="") & models.Q(decided_at__isnull=False),
                name="signature_certificate_has_a_reference",
            ),
        )

    def __str__(self) -> str:
        return f"{self.signature_id} {self.state}"
