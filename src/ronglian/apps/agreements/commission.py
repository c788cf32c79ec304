"""佣金: what a technology manager is owed for a contract, by the terms of the fee that both sides accepted in the case.

Worked table (rate 3 %, at most 20,000 yuan, paid half each):

    base                       base amount     3 %        at most     need's side   result's side
    total of the contract      1,000,000.01    30,000.00  20,000.00   10,000.00     10,000.00
    money actually paid          400,000.03    12,000.00  12,000.00    6,000.00      6,000.00
    technology amount          not registered  not determined

A share of a fen goes to whole fen half up; of an odd fen the side of the need bears the one more (民法典 966, 963; who
introduced whom, and until when that counts, is the case's introduction).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ronglian.apps.agreements.models import Agreement
from ronglian.apps.agreements.paid import paid_of_agreement
from ronglian.apps.agreements.queries.money import signed_terms
from ronglian.apps.agreements.queries.registrations import registered_of
from ronglian.apps.clinic.case_enums import FeeBase, FeePayer, FeeTermsState
from ronglian.apps.clinic.models import Case, FeeTerms
from ronglian.engines.money import allocate

RATE_UNIT = 10_000  # rates are kept in hundredths of a per cent


class Standing(StrEnum):
    """Whether a fee follows from the contract."""

    DUE = "due"
    NOT_REGISTERED = "not_registered"  # the technology amount is not certified yet
    AFTER_PROTECTION = "after_protection"  # signed when the introduction counted no more


@dataclass(frozen=True, slots=True)
class Commission:
    """The fee of one contract, in fen; without amounts where it is not determined."""

    agreement: Agreement
    terms: FeeTerms
    standing: Standing
    base_fen: int = 0
    fee_fen: int = 0
    seeker_fen: int = 0
    partner_fen: int = 0


def commission_of(agreement: Agreement) -> Commission | None:
    """What is owed for a signed contract; None where it came from no case, or no terms were agreed there."""
    if agreement.case_id is None or agreement.signed_id is None:
        return None
    terms = FeeTerms.objects.filter(case=agreement.case_id, state=FeeTermsState.AGREED).first()
    if terms is None:
        return None
    assert agreement.signed_on is not None
    if agreement.signed_on > terms.protected_until:
        return Commission(agreement, terms, Standing.AFTER_PROTECTION)
    base = _base(agreement, FeeBase(terms.base))
    if base is None:
        return Commission(agreement, terms, Standing.NOT_REGISTERED)
    fee = fee_of(base, terms.rate, terms.cap_fen)
    seeker, partner = divided(fee, FeePayer(terms.payer))
    return Commission(agreement, terms, Standing.DUE, base, fee, seeker, partner)


def commissions_of(case: Case) -> list[Commission]:
    """Those of all contracts of a case, the first signed first."""
    signed = Agreement.objects.filter(case=case, signed__isnull=False).select_related("signed")
    return [found for one in signed.order_by("signed_on", "id") if (found := commission_of(one)) is not None]


def fee_of(base_fen: int, rate: int, cap_fen: int | None) -> int:
    """The rate (hundredths of a per cent) of the base, to the fen half up, at most the cap."""
    fee = (2 * base_fen * rate + RATE_UNIT) // (2 * RATE_UNIT)
    return fee if cap_fen is None else min(fee, cap_fen)


def divided(fee_fen: int, payer: FeePayer) -> tuple[int, int]:
    """What the side of the need and the side of the result pay of it; they add up to the fee."""
    match payer:
        case FeePayer.SEEKER:
            return fee_fen, 0
        case FeePayer.PARTNER:
            return 0, fee_fen
        case FeePayer.HALF_EACH:
            seeker, partner = allocate(fee_fen, [1, 1])
            return seeker, partner


def _base(agreement: Agreement, base: FeeBase) -> int | None:
    """The amount the fee is computed from; the certificate's where there is one. None where it is not known yet."""
    certificate = registered_of(agreement)
    match base:
        case FeeBase.MONEY_PAID:
            return paid_of_agreement(agreement)
        case FeeBase.CONTRACT_TOTAL:
            return certificate.turnover_fen if certificate else signed_terms(agreement).price_fen
        case FeeBase.TECHNOLOGY_AMOUNT:
            return certificate.technology_fen if certificate else None
