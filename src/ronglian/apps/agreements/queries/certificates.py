"""What a provider certifies of the signatures of an agreement, and what it may get."""

from __future__ import annotations

from uuid import UUID

from ronglian.apps.agreements.enums import Side
from ronglian.apps.agreements.models import Agreement, SignatureCertificate, TextConsent
from ronglian.kernel.errors import NotFound


def consents_of(agreement: Agreement) -> dict[str, bool]:
    """What each side said about sending the text; a side that said nothing is missing."""
    return dict(TextConsent.objects.filter(agreement=agreement).values_list("side", "agrees"))


def may_send_text(agreement: Agreement) -> bool:
    """Only where both sides agreed."""
    return consents_of(agreement) == dict.fromkeys(Side.values, True)


def certificates_of(agreement: Agreement) -> dict[int, SignatureCertificate]:
    """By the row of the signature."""
    rows = SignatureCertificate.objects.filter(signature__agreement_version__agreement=agreement)
    return {row.signature_id: row for row in rows}


def find_request(request: UUID) -> SignatureCertificate:
    """The certificate that a provider answers about; raises NotFound. Who answers was checked by its signature."""
    found = (
        SignatureCertificate.objects.select_related("signature__agreement_version__agreement")
        .filter(public_id=request)
        .first()
    )
    if found is None:
        raise NotFound
    return found
