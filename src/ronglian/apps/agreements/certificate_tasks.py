"""Asking the e-signature provider, apart from the signing: it may be slow or away. Jobs carry an id and nothing else."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from ronglian.apps.agreements.e_signing import AskedSignature, SigningFailed, signing_provider
from ronglian.apps.agreements.enums import CertificateState, Side
from ronglian.apps.agreements.models import SignatureCertificate
from ronglian.apps.agreements.queries.certificates import may_send_text
from ronglian.kernel.actor import job_actor

logger = logging.getLogger(__name__)
LATE = timedelta(minutes=10)


@task()
def ask_provider(public_id: str) -> int:
    """Ask for one certificate unless it was asked for; answers how many requests the provider took.

    A worker that dies between asking and noting it asks again: the request carries its own id, so it is the same one.
    """
    from ronglian.apps.agreements.operations.certifying import note_sent  # noqa: PLC0415 - the operations enqueue jobs of this file

    certificate = (
        SignatureCertificate.objects.select_related("signature__agreement_version__agreement__client")
        .select_related("signature__agreement_version__agreement__provider")
        .get(public_id=public_id)
    )
    if certificate.state != CertificateState.ASKED:
        return 0
    signature = certificate.signature
    agreement = signature.agreement_version.agreement
    provider = signing_provider()
    if provider is None:
        return 0
    try:
        reference = provider.ask(
            AskedSignature(
                request=certificate.public_id,
                digest=signature.digest,
                signer_uscc=agreement.organisation_of(Side(signature.side)).uscc or "",
                text=signature.agreement_version.text if may_send_text(agreement) else None,
            )
        )
    except SigningFailed as error:
        logger.warning("a certificate was not asked for (%s); it is tried again", error.code)
        return 0
    note_sent(
        actor=job_actor("e-signature provider"),
        agreement=agreement,
        certificate=certificate,
        reference=reference,
    )
    return 1


@task()
def ask_again() -> int:
    """Every hour: the certificates that could not be asked for; answers how many requests the provider took."""
    waiting = SignatureCertificate.objects.filter(
        state=CertificateState.ASKED, created_at__lt=timezone.now() - LATE
    )
    return sum(ask_provider.func(str(public_id)) for public_id in waiting.values_list("public_id", flat=True))
