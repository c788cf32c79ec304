"""What comes under contracts in force: payments, royalty reports, the end of a trial, the day by which payment has to start.

For lists and for mails that remind; what is overdue stands on the contract.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ronglian.apps.agreements.enums import AgreementState, DueOn, PaymentState
from ronglian.apps.agreements.models import AgreedPayment, Agreement
from ronglian.apps.agreements.queries.agreements import list_agreements
from ronglian.apps.agreements.queries.money import after_use_terms, signed_terms
from ronglian.apps.agreements.queries.use_facts import facts_of
from ronglian.engines import contracts, money
from ronglian.kernel.actor import Actor


class What(StrEnum):
    """What comes."""

    PAYMENT = "payment"
    REPORT = "report"
    TRIAL_END = "trial_end"
    START_BY = "start_by"


@dataclass(frozen=True, slots=True)
class Upcoming:
    """Something on a day under a contract. `period_end`: of a report, the last day it covers."""

    agreement: Agreement
    day: date
    what: What
    amount_fen: int | None = None
    period_end: date | None = None


def list_upcoming(actor: Actor, today: date, until: date) -> list[Upcoming]:
    """Under the contracts of the actor's organisations, from `today` to `until`, the next first."""
    rows = list_agreements(actor).filter(state=AgreementState.IN_FORCE).defer("signed__text", "signed__note")
    return upcoming_of(rows, today, until)


def upcoming_of(agreements: Iterable[Agreement], today: date, until: date) -> list[Upcoming]:
    """The same of these contracts, which both have signed; the number of queries does not grow with them."""
    rows = list(agreements)
    terms = {row.pk: signed_terms(row) for row in rows}
    payments = defaultdict[int, list[AgreedPayment]](list)
    dated = AgreedPayment.objects.filter(
        agreement__in=rows, due=DueOn.DAY, state=PaymentState.WAITING, day__gte=today, day__lte=until
    )
    for payment in dated.order_by("number"):
        payments[payment.agreement_id].append(payment)
    facts = facts_of([row for row in rows if terms[row.pk].after_use])
    found = [
        one
        for row in rows
        for one in (*_agreed(row, payments[row.pk]), *_after_use(row, terms[row.pk], facts, today, until))
    ]
    return sorted(found, key=lambda one: (one.day, one.agreement.pk, one.what))


def _agreed(agreement: Agreement, payments: Iterable[AgreedPayment]) -> list[Upcoming]:
    return [
        Upcoming(agreement, payment.day, What.PAYMENT, payment.amount_fen)
        for payment in payments
        if payment.day
    ]


def _after_use(
    agreement: Agreement,
    terms: contracts.Terms,
    facts: Mapping[int, money.Facts],
    today: date,
    until: date,
) -> list[Upcoming]:
    plan = after_use_terms(terms, agreement.signed_on)
    if plan is None:
        return []
    known = facts[agreement.pk]
    standing = money.standing(plan, known, today)
    found = [
        Upcoming(agreement, day, What.PAYMENT, fen)
        for day, fen in money.still_to_pay(standing, known, today, until)
    ]
    found += [
        Upcoming(agreement, day, What.REPORT, period_end=last)
        for last, day in money.reports_due(plan, known, today, until)
    ]
    if standing.state is money.State.TRIAL and today <= plan.trial_end <= until:
        found.append(Upcoming(agreement, plan.trial_end, What.TRIAL_END))
    waits = standing.state in (money.State.TRIAL, money.State.WAITING)
    if waits and plan.start_by is not None and today <= plan.start_by <= until:
        found.append(Upcoming(agreement, plan.start_by, What.START_BY))
    return found
