"""Agreeing on the fee in writing: one version at a time, in force when both sides have accepted its digest."""

from __future__ import annotations

from datetime import date

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.clinic.case_enums import CaseSide, FeeBase, FeePayer, FeeTermsState
from ronglian.apps.clinic.case_mails import CaseNews, tell_of_case
from ronglian.apps.clinic.case_rules import may_answer, may_work, side_spoken_for
from ronglian.apps.clinic.fee_text import CURRENT, fee_digest
from ronglian.apps.clinic.models import Case, FeeTerms
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record


@operation("fee.propose", target="case", allowed=may_work)
def propose_fee(
    *,
    actor: Actor,
    case: Case,
    base: FeeBase,
    rate: int,
    payer: FeePayer,
    cap_fen: int | None = None,
    protected_until: date | None = None,
) -> FeeTerms:
    """Put terms before both sides. `rate` is in hundredths of a per cent. A version still waiting is replaced."""
    if not case.is_open or case.introduced_at is None:
        raise RuleViolation(_("Terms are proposed once both sides are introduced, while the case is open."))
    until = protected_until or case.introduction.protected_until
    if until < timezone.localdate():
        raise InvalidInput.of({"protected_until": [_("This day is over.")]})
    for waiting in FeeTerms.objects.filter(case=case, state=FeeTermsState.PROPOSED):
        _save(actor, waiting, FeeTermsState.REPLACED, "replaced")
    last = FeeTerms.objects.filter(case=case).aggregate(last=Max("number"))["last"] or 0
    terms = FeeTerms(
        case=case,
        number=last + 1,
        base=base,
        rate=rate,
        cap_fen=cap_fen,
        payer=payer,
        protected_until=until,
        text_version=CURRENT,
        proposed_by=actor.label,
    )
    terms.digest = digest_of(terms)
    clean_record(terms)
    terms.save(force_insert=True)
    record_event(
        actor,
        "fee.proposed",
        terms,
        {"case": str(case.public_id), "number": terms.number, "digest": terms.digest},
    )
    tell_of_case.enqueue(str(case.public_id), CaseNews.FEE_PROPOSED.value)
    return terms


@operation("fee.accept", target="terms", allowed=may_answer)
def accept_fee(*, actor: Actor, terms: FeeTerms, digest: str, side: str = "") -> FeeTerms:
    """Accept for one's side the version whose digest was shown. It holds when both have; an older one ends then."""
    _insist_on_waiting(terms)
    if digest != terms.digest:
        raise RuleViolation(
            _("These are not the terms that were shown to you. Read them again and accept those.")
        )
    side = _side(actor, terms, side)
    if getattr(terms, f"{side}_accepted_at"):
        raise RuleViolation(_("Your side has accepted these terms already."))
    setattr(terms, f"{side}_accepted_at", timezone.now())
    setattr(terms, f"{side}_accepted_by", actor.label)
    state = FeeTermsState.PROPOSED
    if terms.seeker_accepted_at and terms.partner_accepted_at:
        for older in FeeTerms.objects.filter(case=terms.case, state=FeeTermsState.AGREED):
            _save(actor, older, FeeTermsState.REPLACED, "replaced")
        state = FeeTermsState.AGREED
    _save(actor, terms, state, "accepted", {"side": side, "digest": digest})
    tell_of_case.enqueue(str(terms.case.public_id), CaseNews.FEE_DECIDED.value)
    return terms


@operation("fee.decline", target="terms", allowed=may_answer)
def decline_fee(*, actor: Actor, terms: FeeTerms, reason: str) -> FeeTerms:
    """Refuse the terms for one's side, and say why; the manager may propose others."""
    _insist_on_waiting(terms)
    if not reason.strip():
        raise InvalidInput.of({"reason": [_("Say what would have to be different.")]})
    terms.declined_because = reason
    _save(actor, terms, FeeTermsState.DECLINED, "declined", {"side": _side(actor, terms, "")})
    tell_of_case.enqueue(str(terms.case.public_id), CaseNews.FEE_DECIDED.value)
    return terms


def digest_of(terms: FeeTerms) -> str:
    """What both sides accept: every term beside both texts."""
    return fee_digest(
        terms.text_version,
        {
            "case": str(terms.case.public_id),
            "number": terms.number,
            "base": str(terms.base),
            "rate": terms.rate,
            "cap_fen": terms.cap_fen,
            "payer": str(terms.payer),
            "protected_until": terms.protected_until.isoformat(),
        },
    )


def _side(actor: Actor, terms: FeeTerms, side: str) -> str:
    side = CaseSide(side or side_spoken_for(actor, terms.case)).value
    if not actor.may_write_for(getattr(terms.case, f"{side}_id")):
        raise InvalidInput.of({"side": [_("You do not speak for this side.")]})
    return side


def _insist_on_waiting(terms: FeeTerms) -> None:
    if terms.state != FeeTermsState.PROPOSED:
        raise RuleViolation(
            _("These terms do not wait for you: %(state)s.") % {"state": terms.get_state_display()}
        )


def _save(
    actor: Actor, terms: FeeTerms, state: FeeTermsState, past: str, data: dict[str, str] | None = None
) -> None:
    terms.state = state
    terms.version += 1
    clean_record(terms)
    terms.save(force_update=True)
    record_event(actor, f"fee.{past}", terms, data)
