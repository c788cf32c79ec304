"""电子签名认证: asking the provider for a certificate of each signature, and keeping what it answers."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.agreements.certificate_tasks import ask_provider
from ronglian.apps.agreements.e_signing import signing_provider
from ronglian.apps.agreements.enums import OPEN_TO_TERMS, CertificateState
from ronglian.apps.agreements.models import Agreement, Signature, SignatureCertificate, TextConsent
from ronglian.apps.agreements.operations.drafting import own_side
from ronglian.apps.agreements.rules import may_keep_certificates, may_sign
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import Conflict, InvalidInput, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record

DECIDED = (CertificateState.CERTIFIED, CertificateState.REFUSED)


@operation("agreement.consent_to_text", target="agreement", allowed=may_sign)
def consent_to_text(*, actor: Actor, agreement: Agreement, agrees: bool, side: str = "") -> TextConsent:
    """Say for one's side whether the provider may get the text beside its digest. Until both have signed it can be changed."""
    if agreement.state not in OPEN_TO_TERMS:
        raise RuleViolation(_("What the provider gets is settled before both have signed."))
    speaks_for = own_side(actor, agreement, side)
    consent = TextConsent.objects.filter(agreement=agreement, side=speaks_for).first()
    if consent is None:
        consent = TextConsent(agreement=agreement, side=speaks_for)
    else:
        consent.version += 1
    consent.agrees, consent.said_by = agrees, actor.label
    clean_record(consent)
    consent.save()
    said = {"agreement": str(agreement.public_id), "side": speaks_for.value, "agrees": agrees}
    record_event(actor, "textconsent.said", consent, said)
    return consent


def ask_for_certificate(actor: Actor, signature: Signature) -> None:
    """Where a provider is set up: have it certify a signature, in the transaction in which that was given."""
    provider = signing_provider()
    if provider is None:
        return
    certificate = SignatureCertificate(signature=signature, provider=provider.host)
    clean_record(certificate)
    certificate.save(force_insert=True)
    record_event(actor, "signaturecertificate.asked", certificate, {"signature": str(signature.public_id)})
    ask_provider.enqueue(str(certificate.public_id))


@operation("certificate.note_sent", target="agreement", allowed=may_keep_certificates)
def note_sent(
    *, actor: Actor, agreement: Agreement, certificate: SignatureCertificate, reference: str
) -> SignatureCertificate:
    """The provider has taken the request. Its answer may have been faster."""
    certificate.refresh_from_db()
    certificate.request_reference = reference
    if certificate.state == CertificateState.ASKED:
        certificate.state = CertificateState.SENT
    return _save(actor, agreement, certificate, "sent")


@operation("certificate.receive", target="agreement", allowed=may_keep_certificates)
def receive_certificate(
    *,
    actor: Actor,
    agreement: Agreement,
    certificate: SignatureCertificate,
    digest: str,
    reference: str = "",
    reason: str = "",
) -> SignatureCertificate:
    """Keep what the provider answered: the reference of its certificate, or the reason why it gives none.

    The same answer again changes nothing; another one is refused. An answer about another digest certifies another text.
    """
    certificate.refresh_from_db()
    if digest != certificate.signature.digest:
        raise InvalidInput.of({"digest": [_("This is not the digest that was signed.")]})
    if bool(reference) == bool(reason):
        raise InvalidInput.of({"certificate": [_("Either a certificate or a reason is needed.")]})
    if certificate.state in DECIDED:
        if (certificate.reference, certificate.reason) != (reference, reason):
            raise Conflict(_("The provider has answered this request in another way already."))
        record_event(actor, "signaturecertificate.told_again", certificate)
        return certificate
    certificate.state = CertificateState.CERTIFIED if reference else CertificateState.REFUSED
    certificate.reference, certificate.reason = reference, reason
    certificate.decided_at = timezone.now()
    return _save(actor, agreement, certificate, "certified" if reference else "refused")


def _save(
    actor: Actor, agreement: Agreement, certificate: SignatureCertificate, past: str
) -> SignatureCertificate:
    certificate.version += 1
    clean_record(certificate)
    certificate.save(force_update=True)
    said = {"agreement": str(agreement.public_id), "reference": certificate.reference}
    record_event(actor, f"signaturecertificate.{past}", certificate, said)
    return certificate
