"""The book of an agreement and where payment after use stands, from the rows."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from uuid import UUID

from django.db.models import QuerySet, Sum

from ronglian.apps.agreements.enums import (
    DemandState,
    DueOn,
    MovementKind,
    MovementState,
    PaymentStart,
    PaymentState,
)
from ronglian.apps.agreements.models import (
    AgreedPayment,
    Agreement,
    Demand,
    EndProposal,
    MoneyMovement,
)
from ronglian.apps.agreements.queries.use_facts import facts_of
from ronglian.apps.agreements.terms import read_terms
from ronglian.engines import contracts, money
from ronglian.kernel.errors import NotFound

RATE_UNIT = 10_000  # rates are kept in hundredths of a per cent


def book_of(agreement: Agreement) -> money.Book:
    """The book as confirmed so far, in the order in which things were confirmed."""
    rows = MoneyMovement.objects.filter(agreement=agreement, state=MovementState.CONFIRMED).order_by(
        "place_in_book"
    )
    return money.Book.of(price_limit(agreement), [as_movement(row) for row in rows])


def price_limit(agreement: Agreement) -> int | None:
    """What may be claimed in all, in fen: the price, with a royalty the agreed limit of all payments, or none."""
    terms = signed_terms(agreement)
    if not terms.is_open:
        return terms.price_fen
    return terms.after_use.most_fen if terms.after_use else None


def signed_terms(agreement: Agreement) -> contracts.Terms:
    """The terms both signed. Only for an agreement that is or was in force."""
    assert agreement.signed is not None
    return read_terms(agreement.signed.terms)


def as_movement(row: MoneyMovement) -> money.Movement:
    return money.Movement(row.key, money.Kind(row.kind), row.amount_fen, row.day, row.reference)


def list_movements(agreement: Agreement) -> QuerySet[MoneyMovement]:
    """What was told and confirmed, the latest first."""
    return MoneyMovement.objects.filter(agreement=agreement).order_by("-id")


def access_movement(agreement: Agreement, public_id: UUID) -> MoneyMovement:
    """A movement of an agreement the actor holds; raises NotFound."""
    row = (
        MoneyMovement.objects.select_related("agreement")
        .filter(agreement=agreement, public_id=public_id)
        .first()
    )
    if row is None:
        raise NotFound
    return row


def access_payment(agreement: Agreement, number: int) -> AgreedPayment:
    """A payment of an agreement the actor holds; raises NotFound."""
    row = AgreedPayment.objects.select_related("agreement").filter(agreement=agreement, number=number).first()
    if row is None:
        raise NotFound
    return row


def standing_of(agreement: Agreement, today: date) -> money.Standing | None:
    """Where payment after use stands; None where it was not agreed."""
    plan = after_use_terms(signed_terms(agreement), agreement.signed_on)
    return money.standing(plan, facts_of([agreement])[agreement.pk], today) if plan else None


def overdue_of(agreement: Agreement, today: date) -> int:
    """Fen that are overdue: with payment after use beyond the grace that was agreed, else from the day after they fell due."""
    standing = standing_of(agreement, today)
    if standing is not None:
        return standing.overdue
    of_today = MoneyMovement.objects.filter(
        agreement=agreement, state=MovementState.CONFIRMED, kind=MovementKind.CLAIM, day__gte=today
    ).aggregate(fen=Sum("amount_fen"))["fen"]
    return max(0, book_of(agreement).balance(money.Account.DUE) - (of_today or 0))


def open_demand(agreement: Agreement) -> Demand | None:
    """The demand that waits to be paid."""
    return Demand.objects.filter(agreement=agreement, state=DemandState.OPEN).first()


def access_end_proposal(agreement: Agreement, public_id: UUID) -> EndProposal:
    """A proposal to end an agreement the actor holds; raises NotFound."""
    row = (
        EndProposal.objects.select_related("agreement")
        .filter(agreement=agreement, public_id=public_id)
        .first()
    )
    if row is None:
        raise NotFound
    return row


def after_use_terms(terms: contracts.Terms, signed_on: date | None) -> money.Terms | None:
    """What the engine needs of the agreed terms; None where payment after use was not agreed.

    Raises money.TermsError where they contradict themselves.
    """
    plan = terms.after_use
    starts_on = terms.starts_on or signed_on
    if plan is None or starts_on is None:
        return None
    royalty = terms.royalty
    start = PaymentStart(plan.start.value)
    return money.Terms(
        start=starts_on,
        trial_days=plan.trial_days,
        trigger={
            PaymentStart.DAY: money.Trigger.DATE,
            PaymentStart.FIRST_INCOME: money.Trigger.FIRST_INCOME,
            PaymentStart.OUTPUT: money.Trigger.OUTPUT,
        }[start],
        trigger_day=plan.day,
        start_by=plan.start_by,
        instalments=tuple(
            money.Instalment(payment.months, payment.amount_fen)
            for payment in terms.payments
            if payment.due.value == DueOn.PAYMENT_START
        ),
        royalty=Fraction(royalty.rate, RATE_UNIT) if royalty else Fraction(0),
        report_months=royalty.report_months if royalty else 6,
        report_within_days=royalty.report_within_days if royalty else 30,
        pay_within_days=royalty.pay_within_days if royalty else 30,
        least_per_year=plan.least_per_year_fen,
        most=plan.most_fen,
        grace_days=plan.grace_days,
        buy_out=plan.buy_out_fen,
        royalty_credit=Fraction(plan.royalty_credit, RATE_UNIT),
    )


def has_unclaimed(agreement: Agreement, today: date) -> bool:
    """Whether something has become due by its day and is not claimed yet."""
    waiting = AgreedPayment.objects.filter(
        agreement=agreement, state=PaymentState.WAITING, due=DueOn.DAY, day__lte=today
    )
    if waiting.exists():
        return True
    standing = standing_of(agreement, today)
    fallen_due = {
        f"{due.basis}:{due.number}"
        for due in (standing.dues if standing else ())
        if due.day <= today and due.amount
    }
    known = MoneyMovement.objects.filter(agreement=agreement, key__in=fallen_due).values_list(
        "key", flat=True
    )
    return bool(fallen_due - set(known))
