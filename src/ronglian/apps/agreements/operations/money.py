"""What becomes due and what is paid: acceptance, movements told and confirmed, use and royalties.

The platform moves no money. A movement counts when the other side has confirmed it; what breaks a law of the book
(docs/explanation/algorithms/money.md) is refused whoever confirms it.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.agreements.enums import (
    AgreementState,
    DemandState,
    DueOn,
    MovementKind,
    MovementState,
    PaymentState,
    Side,
)
from ronglian.apps.agreements.models import AgreedPayment, Agreement, MoneyMovement, RoyaltyReport, UseFact
from ronglian.apps.agreements.operations.drafting import own_side, save_agreement
from ronglian.apps.agreements.queries.money import (
    as_movement,
    book_of,
    open_demand,
    overdue_of,
    signed_terms,
    standing_of,
)
from ronglian.apps.agreements.rules import may_accept, may_act
from ronglian.apps.agreements.tasks import AgreementNews, tell_of_agreement
from ronglian.engines.money import BookError, Refusal
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import Conflict, InvalidInput, NotAllowed, RuleViolation, Text
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record

TOLD_KINDS = frozenset(MovementKind) - {MovementKind.CLAIM, MovementKind.WAIVE}
REFUSALS: dict[Refusal, Text] = {
    Refusal.PRICE: _("Claims would pass the price of the contract."),
    Refusal.HELD: _("There is not so much in escrow."),
    Refusal.RETAINED: _("There is not so much retained."),
    Refusal.PAYEE: _("Party B has not received so much."),
    Refusal.DUE: _("There is not so much due."),
    Refusal.SETTLED: _("There is not so much paid."),
    Refusal.AMOUNT: _("An amount is a whole number of fen above zero."),
    Refusal.KEY: _("The same movement was told with another content."),
}


@operation("agreement.accept_work", target="agreement", allowed=may_accept)
def accept_work(*, actor: Actor, agreement: Agreement, payment: AgreedPayment, evidence: str) -> Agreement:
    """Party A decides that what a payment is for was delivered as agreed; the payment becomes due."""
    insist_on_force(agreement)
    _insist_on_acceptance(payment)
    payment.evidence, payment.refused_because = evidence, ""
    claim_payment(actor, payment)
    return save_agreement(
        actor, agreement, "work_accepted", AgreementNews.ACCEPTED, {"payment": payment.number}
    )


@operation("agreement.refuse_work", target="agreement", allowed=may_accept)
def refuse_work(*, actor: Actor, agreement: Agreement, payment: AgreedPayment, reason: str) -> Agreement:
    """Party A decides that it was not, and says what is missing; party B may deliver again."""
    insist_on_force(agreement)
    _insist_on_acceptance(payment)
    if not reason.strip():
        raise InvalidInput.of({"reason": [_("Say what is missing, by the standard that was agreed.")]})
    payment.state, payment.refused_because = PaymentState.REFUSED, reason
    _save_payment(actor, payment, "refused")
    return save_agreement(
        actor, agreement, "work_refused", AgreementNews.ACCEPTED, {"payment": payment.number}
    )


@operation("agreement.tell_movement", target="agreement", allowed=may_act)
def tell_movement(
    *,
    actor: Actor,
    agreement: Agreement,
    kind: MovementKind,
    amount_fen: int,
    day: date,
    reference: str = "",
    key: str = "",
    side: str = "",
) -> MoneyMovement:
    """Say that money was moved; the other side confirms it. The same key again answers the same movement."""
    _insist_on_payable(agreement)
    if kind not in TOLD_KINDS:
        raise InvalidInput.of({"kind": [_("Claims follow from what was agreed; nobody tells them.")]})
    key = key or f"{kind}:{reference or day.isoformat()}:{amount_fen}"
    row = MoneyMovement(
        agreement=agreement,
        key=key,
        kind=kind,
        amount_fen=amount_fen,
        day=day,
        reference=reference,
        told_by=own_side(actor, agreement, side),
        told_by_label=actor.label,
    )
    known = MoneyMovement.objects.filter(agreement=agreement, key=key).first()
    if known is not None:
        if as_movement(known) != as_movement(row):
            raise Conflict(REFUSALS[Refusal.KEY])
        record_event(actor, "moneymovement.told_again", known)
        return known
    _check_against_book(agreement, row)
    clean_record(row)
    row.save(force_insert=True)
    record_event(actor, "moneymovement.told", row, _told(row))
    tell_of_agreement.enqueue(str(agreement.public_id), AgreementNews.MONEY.value)
    return row


@operation("agreement.confirm_movement", target="agreement", allowed=may_act)
def confirm_movement(*, actor: Actor, agreement: Agreement, movement: MoneyMovement) -> MoneyMovement:
    """The side that did not tell it confirms that the money moved; from here on it counts."""
    _insist_on_answer(actor, agreement, movement)
    _check_against_book(agreement, movement)
    movement.confirmed_by = actor.label
    _enter(movement)
    record_event(actor, "moneymovement.confirmed", movement, _told(movement))
    _close_what_is_cured(actor, agreement)
    tell_of_agreement.enqueue(str(agreement.public_id), AgreementNews.MONEY.value)
    return movement


@operation("agreement.dispute_movement", target="agreement", allowed=may_act)
def dispute_movement(
    *, actor: Actor, agreement: Agreement, movement: MoneyMovement, reason: str
) -> MoneyMovement:
    """The side that did not tell it says that it did not happen so."""
    _insist_on_answer(actor, agreement, movement)
    if not reason.strip():
        raise InvalidInput.of({"reason": [_("Say what is not right about it.")]})
    movement.state, movement.disputed_because = MovementState.DISPUTED, reason
    movement.version += 1
    clean_record(movement)
    movement.save(force_update=True)
    record_event(actor, "moneymovement.disputed", movement, _told(movement))
    tell_of_agreement.enqueue(str(agreement.public_id), AgreementNews.MONEY.value)
    return movement


@operation("agreement.tell_use", target="agreement", allowed=may_act)
def tell_use(
    *, actor: Actor, agreement: Agreement, happened_on: date, evidence: str, side: str = ""
) -> UseFact:
    """Say that the first income came, or the agreed output was reached: what starts payment after use."""
    insist_on_force(agreement)
    if signed_terms(agreement).after_use is None:
        raise RuleViolation(_("Payment after use was not agreed."))
    if happened_on > timezone.localdate():
        raise InvalidInput.of({"happened_on": [_("This day has not come yet.")]})
    if UseFact.objects.filter(agreement=agreement).exists():
        raise RuleViolation(_("It is on record already."))
    fact = UseFact(
        agreement=agreement,
        happened_on=happened_on,
        evidence=evidence,
        told_by=own_side(actor, agreement, side),
        told_by_label=actor.label,
    )
    clean_record(fact)
    fact.save(force_insert=True)
    record_event(actor, "usefact.told", fact, {"agreement": str(agreement.public_id)})
    claim_what_is_due(actor, agreement, timezone.localdate())
    return fact


@operation("agreement.report_royalty", target="agreement", allowed=may_accept)
def report_royalty(
    *, actor: Actor, agreement: Agreement, first_day: date, last_day: date, base_fen: int, note: str = ""
) -> RoyaltyReport:
    """Party A reports the base of one period; the royalty becomes due as agreed."""
    insist_on_force(agreement)
    if signed_terms(agreement).royalty is None:
        raise RuleViolation(_("A royalty was not agreed."))
    today = timezone.localdate()
    if not first_day <= last_day <= today:
        raise InvalidInput.of(
            {"last_day": [_("A period ends after it begins, and is over when it is reported.")]}
        )
    overlapping = RoyaltyReport.objects.filter(
        agreement=agreement, first_day__lte=last_day, last_day__gte=first_day
    )
    if overlapping.exists():
        raise InvalidInput.of({"first_day": [_("Days of this period were reported already.")]})
    report = RoyaltyReport(
        agreement=agreement,
        first_day=first_day,
        last_day=last_day,
        base_fen=base_fen,
        reported_on=today,
        note=note,
        reported_by=actor.label,
    )
    clean_record(report)
    report.save(force_insert=True)
    record_event(actor, "royaltyreport.handed_in", report, {"agreement": str(agreement.public_id)})
    claim_what_is_due(actor, agreement, today)
    tell_of_agreement.enqueue(str(agreement.public_id), AgreementNews.REPORTED.value)
    return report


@operation("agreement.claim_due", target="agreement", allowed=may_act)
def claim_due(*, actor: Actor, agreement: Agreement, today: date) -> Agreement:
    """Claim what has become due by its day; the job of each night calls this."""
    claimed = claim_what_is_due(actor, agreement, today)
    return save_agreement(actor, agreement, "due_claimed", None, {"claims": claimed})


def claim_what_is_due(actor: Actor, agreement: Agreement, today: date) -> int:
    """Claim each payment whose day has come, and what payment after use has brought; answers how many were new."""
    claimed = 0
    for payment in AgreedPayment.objects.filter(agreement=agreement, state=PaymentState.WAITING).order_by(
        "number"
    ):
        if payment.due == DueOn.DAY and payment.day is not None and payment.day <= today:
            claim_payment(actor, payment)
            claimed += 1
    standing = standing_of(agreement, today)
    for due in standing.dues if standing else ():
        key = f"{due.basis}:{due.number}"
        if due.day <= today and due.amount and not _is_known(agreement, key):
            claim(actor, agreement, due.amount, key, due.day)
            claimed += 1
    return claimed


def claim_payment(actor: Actor, payment: AgreedPayment) -> None:
    """The payment is due from here on; for the operations that find it so."""
    payment.state = PaymentState.DUE
    _save_payment(actor, payment, "became_due")
    claim(actor, payment.agreement, payment.amount_fen, f"payment:{payment.number}", timezone.localdate())


def claim(actor: Actor, agreement: Agreement, amount_fen: int, key: str, day: date) -> None:
    post(actor, agreement, MovementKind.CLAIM, amount_fen, key, day)


def post(
    actor: Actor, agreement: Agreement, kind: MovementKind, amount_fen: int, key: str, day: date
) -> None:
    """Enter what follows from the agreement itself and needs no confirmation: a claim, or what both sides waived."""
    row = MoneyMovement(
        agreement=agreement,
        key=key,
        kind=kind,
        amount_fen=amount_fen,
        day=day,
        told_by_label=actor.label,
        confirmed_by=actor.label,
    )
    _check_against_book(agreement, row)
    _enter(row)
    past = "claimed" if kind == MovementKind.CLAIM else "waived"
    record_event(actor, f"moneymovement.{past}", row, _told(row))


def _close_what_is_cured(actor: Actor, agreement: Agreement) -> None:
    """What was demanded is paid: the default is cured, and the agreement goes on."""
    demand, today = open_demand(agreement), timezone.localdate()
    if demand is None or overdue_of(agreement, today):
        return
    demand.state, demand.closed_on = DemandState.CURED, today
    demand.version += 1
    clean_record(demand)
    demand.save(force_update=True)
    record_event(actor, "demand.cured", demand, {"agreement": str(agreement.public_id)})


def _enter(row: MoneyMovement) -> None:
    """Give the movement its place in the book; the agreement is locked, so that nobody takes it beside us."""
    last = MoneyMovement.objects.filter(agreement=row.agreement).aggregate(last=Max("place_in_book"))["last"]
    row.state, row.place_in_book = MovementState.CONFIRMED, int(last or 0) + 1
    row.version += 0 if row.pk is None else 1
    clean_record(row)
    row.save()


def _check_against_book(agreement: Agreement, row: MoneyMovement) -> None:
    try:
        book_of(agreement).post(as_movement(row))
    except BookError as error:
        raise RuleViolation(REFUSALS[error.reason]) from error


def insist_on_force(agreement: Agreement) -> None:
    if agreement.state != AgreementState.IN_FORCE:
        raise RuleViolation(_("This is possible while the agreement is in force."))


def _insist_on_payable(agreement: Agreement) -> None:
    """What was due before an agreement ended early is still paid."""
    if agreement.state != AgreementState.TERMINATED:
        insist_on_force(agreement)


def _insist_on_acceptance(payment: AgreedPayment) -> None:
    if payment.due != DueOn.ACCEPTANCE or payment.state == PaymentState.DUE:
        raise RuleViolation(_("This payment does not wait for acceptance."))


def _insist_on_answer(actor: Actor, agreement: Agreement, movement: MoneyMovement) -> None:
    _insist_on_payable(agreement)
    if movement.state != MovementState.TOLD:
        raise RuleViolation(_("This was answered already."))
    other = Side.PROVIDER if movement.told_by == Side.CLIENT else Side.CLIENT
    if not actor.may_write_for(agreement.organisation_of(other).pk):
        raise NotAllowed(_("The side that did not tell it answers."))


def _is_known(agreement: Agreement, key: str) -> bool:
    return MoneyMovement.objects.filter(agreement=agreement, key=key).exists()


def _save_payment(actor: Actor, payment: AgreedPayment, past: str) -> None:
    payment.decided_by, payment.decided_at = actor.label, timezone.now()
    payment.version += 1
    clean_record(payment)
    payment.save(force_update=True)
    record_event(actor, f"agreedpayment.{past}", payment, {"number": payment.number})


def _told(row: MoneyMovement) -> dict[str, str]:
    """What the event says; the amount stands in the row that the event commits to."""
    return {"agreement": str(row.agreement.public_id), "kind": str(row.kind), "key": row.key}
