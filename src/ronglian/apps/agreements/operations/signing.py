"""Signing by the digest of what was shown; when both have, the agreement is in force and its payments stand."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.agreements.contract_text import digest_of
from ronglian.apps.agreements.enums import AgreementState, DueOn, Side
from ronglian.apps.agreements.models import (
    AgreedPayment,
    Agreement,
    AgreementVersion,
    PriceFinding,
    Signature,
)
from ronglian.apps.agreements.operations.certifying import ask_for_certificate
from ronglian.apps.agreements.operations.drafting import own_side, save_agreement
from ronglian.apps.agreements.operations.money import claim_payment
from ronglian.apps.agreements.pricing import price_remarks
from ronglian.apps.agreements.queries.agreements import latest_version, signatures_of
from ronglian.apps.agreements.queries.money import after_use_terms
from ronglian.apps.agreements.rules import may_sign
from ronglian.apps.agreements.tasks import AgreementNews
from ronglian.apps.agreements.terms import read_terms
from ronglian.engines.contracts import Kind, Terms, Weight, check_terms
from ronglian.engines.money import TermsError
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record


@operation("agreement.sign", target="agreement", allowed=may_sign)
def sign_agreement(*, actor: Actor, agreement: Agreement, digest: str, side: str = "") -> Agreement:
    """Sign for one's side the version whose digest was shown: only the latest, and only one that can be performed."""
    if agreement.state != AgreementState.NEGOTIATING:
        raise RuleViolation(_("An agreement is signed once it was sent and while it is negotiated."))
    version = latest_version(agreement)
    if digest != version.digest or digest_of(version) != version.digest:
        raise RuleViolation(
            _("This is not the text that was shown to you. Read the latest version and sign that.")
        )
    terms = read_terms(version.terms)
    _insist_on_nothing_in_the_way(agreement, terms)
    _insist_on_lawful_price(agreement, terms)
    speaks_for = own_side(actor, agreement, side)
    signed = signatures_of(version)
    if speaks_for in signed:
        raise RuleViolation(_("Your side has signed this version already."))
    signature = Signature(
        agreement_version=version,
        side=speaks_for,
        person=actor.person,
        person_label=actor.label,
        digest=version.digest,
    )
    clean_record(signature)
    signature.save(force_insert=True)
    data = {
        "agreement": str(agreement.public_id),
        "number": version.number,
        "side": speaks_for.value,
        "digest": digest,
    }
    record_event(actor, "signature.given", signature, data)
    ask_for_certificate(actor, signature)
    if set(signed) | {speaks_for} != set(Side.values):
        return save_agreement(actor, agreement, "signed_by_one", AgreementNews.SIGNED_BY_ONE, data)
    return _put_in_force(actor, agreement, version, terms)


def _insist_on_nothing_in_the_way(agreement: Agreement, terms: Terms) -> None:
    blocking = [
        finding for finding in check_terms(Kind(agreement.kind), terms) if finding.weight is Weight.BLOCKS
    ]
    if blocking:
        raise RuleViolation(
            _(
                "Something stands in the way of signing: see the review of this version. Points to settle: %(count)d."
            )
            % {"count": len(blocking)}
        )
    try:
        after_use_terms(terms, timezone.localdate())
    except TermsError as error:
        raise RuleViolation(_("The terms of payment after use contradict each other.")) from error


def _insist_on_lawful_price(agreement: Agreement, terms: Terms) -> None:
    """The price that the contract names, locked: it is not withdrawn while the contract is signed on it."""
    if agreement.price_finding_id is not None:
        agreement.price_finding = PriceFinding.objects.select_for_update().get(pk=agreement.price_finding_id)
    for remark in price_remarks(agreement, terms, timezone.localdate()):
        if remark.weight is Weight.BLOCKS:
            raise RuleViolation(f"{remark.text} ({remark.article})")


def _put_in_force(actor: Actor, agreement: Agreement, version: AgreementVersion, terms: Terms) -> Agreement:
    agreement.state = AgreementState.IN_FORCE
    agreement.signed, agreement.signed_on = version, timezone.localdate()
    save_agreement(
        actor, agreement, "signed", AgreementNews.SIGNED, {"number": version.number, "digest": version.digest}
    )
    for number, agreed in enumerate(terms.payments, 1):
        payment = AgreedPayment(
            agreement=agreement,
            number=number,
            title=agreed.title,
            amount_fen=agreed.amount_fen,
            retained_fen=agreed.retained_fen,
            due=agreed.due.value,
            day=agreed.day,
        )
        clean_record(payment)
        payment.save(force_insert=True)
        record_event(actor, "agreedpayment.fixed", payment, {"agreement": str(agreement.public_id)})
        if payment.due == DueOn.SIGNING:
            claim_payment(actor, payment)
    return agreement
