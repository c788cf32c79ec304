"""Technology contracts as their two parties see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ronglian.apps.agreements.commission import Commission, Standing, commission_of
from ronglian.apps.agreements.contract_text import Remark, review, sections_of
from ronglian.apps.agreements.enums import (
    OPEN_TO_TERMS,
    AgreementState,
    DemandState,
    EndProposalState,
    MovementState,
    Side,
)
from ronglian.apps.agreements.models import (
    AgreedPayment,
    Agreement,
    AgreementVersion,
    Demand,
    EndProposal,
    MoneyMovement,
)
from ronglian.apps.agreements.operations.distributions import WAYS
from ronglian.apps.agreements.pricing import PriceRemark, price_remarks
from ronglian.apps.agreements.queries.agreements import latest_version, signatures_of, versions_of
from ronglian.apps.agreements.queries.disputes import held_in_disputes, open_disputes
from ronglian.apps.agreements.queries.money import (
    book_of,
    list_movements,
    open_demand,
    overdue_of,
    signed_terms,
    standing_of,
)
from ronglian.apps.agreements.rules import may_buy_out, may_demand, sides_of
from ronglian.apps.agreements.technology_amount import fen_of, technology_amount
from ronglian.apps.agreements.terms import read_terms
from ronglian.engines.contracts import (
    Section,
    Terms,
    Weight,
    changed_words,
    redline,
)
from ronglian.engines.money import Account, Book
from ronglian.engines.money import Standing as UseStanding
from ronglian.engines.rules import word_reason
from ronglian.kernel.actor import Actor
from ronglian.kernel.events import events_about
from ronglian.rulebook import load_rulebook
from ronglian.web.context import short_language
from ronglian.web.presenters.cases import money
from ronglian.web.presenters.owners import organisation_line
from ronglian.web.presenters.prices import price_line

STATES: Mapping[str, Promise] = {
    "trial": _lazy("being tried"),
    "waiting": _lazy("trial over, payment has not started"),
    "lapsed": _lazy("ended: payment did not start in time"),
    "paying": _lazy("paying"),
    "overdue": _lazy("overdue"),
    "paid_up": _lazy("all is paid"),
    "bought_out": _lazy("bought out"),
    "defaulted": _lazy("ended for default"),
}
BASES: Mapping[str, Promise] = {
    "instalment": _lazy("instalment"),
    "royalty": _lazy("royalty"),
    "shortfall": _lazy("shortfall of the least per year"),
    "buy_out": _lazy("buy-out"),
}
HAPPENED: Mapping[str, Promise] = {
    "drafted": _lazy("drafted"),
    "proposed": _lazy("terms proposed"),
    "sent": _lazy("sent to the other side"),
    "signed_by_one": _lazy("signed by one side"),
    "signed": _lazy("signed by both, in force"),
    "price_named": _lazy("the price it rests on was named"),
    "abandoned": _lazy("given up"),
    "work_accepted": _lazy("work accepted"),
    "work_refused": _lazy("work not accepted"),
    "due_claimed": _lazy("payments became due"),
    "payment_demanded": _lazy("what is overdue was demanded"),
    "time_given": _lazy("more time was given"),
    "bought_out": _lazy("bought out"),
    "nothing_left_to_pay": _lazy("nothing is left to pay"),
    "end_proposed": _lazy("its end was proposed"),
    "end_declined": _lazy("its end was declined"),
    "completed": _lazy("fulfilled"),
    "terminated": _lazy("ended early"),
}
COMMISSIONS: Mapping[Standing, Promise] = {
    Standing.DUE: _lazy("It follows from the terms that both sides accepted."),
    Standing.NOT_REGISTERED: _lazy(
        "It follows once the contract is registered: it is computed from the technology amount."
    ),
    Standing.AFTER_PROTECTION: _lazy("None: the contract was signed after the introduction counted."),
}
WEIGHTS: Mapping[Weight, tuple[str, str]] = {  # sign and icon
    Weight.BLOCKS: ("bad", "circle-x"),
    Weight.WARNS: ("warn", "alert-triangle"),
    Weight.DEFAULT: ("", "info-circle"),
}


@dataclass(frozen=True, slots=True)
class ContractLine:
    """An agreement in a list."""

    agreement: Agreement
    other: str
    side: str
    price: str


@dataclass(frozen=True, slots=True)
class RemarkLine:
    """A remark of the review with its sign."""

    remark: Remark | PriceRemark
    sign: str
    icon: str


@dataclass(frozen=True, slots=True)
class PaymentLine:
    payment: AgreedPayment
    amount: str
    retained: str
    waits_for_acceptance: bool


@dataclass(frozen=True, slots=True)
class MovementLine:
    movement: MoneyMovement
    amount: str
    may_answer: bool


@dataclass(frozen=True, slots=True)
class DueLine:
    day: date
    amount: str
    why: str
    computed: str


@dataclass(frozen=True, slots=True)
class Change:
    """A section that changed, as runs of words that stayed, went or came."""

    clause: str
    heading: str
    runs: tuple[tuple[str, str], ...]


def contract_line(actor: Actor, agreement: Agreement) -> ContractLine:
    is_client = actor.is_member(agreement.client_id)
    price = signed_terms(agreement).price_fen if agreement.signed_id else None
    return ContractLine(
        agreement,
        organisation_line(agreement.provider if is_client else agreement.client).name,
        str(Side.CLIENT.label if is_client else Side.PROVIDER.label),
        money(price),
    )


def contract_page(actor: Actor, agreement: Agreement, today: date) -> dict[str, Any]:
    """Everything of an agreement that its parties see."""
    version = agreement.signed or latest_version(agreement)
    terms = read_terms(version.terms)
    language = short_language()
    sides = sides_of(actor, agreement)
    signatures = signatures_of(version)
    page = {
        "agreement": agreement,
        "version": version,
        "terms": terms,
        "sections": sections_of(version, language),
        "sides": sides,
        "is_open": agreement.state in OPEN_TO_TERMS,
        "priced": price_line(agreement.price_finding, today) if agreement.price_finding else None,
        "reads_diligence": actor.is_member(agreement.provider_id),
        "versions": versions_of(agreement),
        "signatures": [(side, signatures.get(side)) for side in Side],
        "unsigned": [side for side in sides if side not in signatures],
        "facts": _facts(agreement, terms, today),
        "client": organisation_line(agreement.client),
        "provider": organisation_line(agreement.provider),
        "timeline": [
            (event, HAPPENED.get(event.name.partition(".")[2], event.name))
            for event in events_about(agreement)
        ],
    }
    if agreement.state in OPEN_TO_TERMS:
        remarks: list[Remark | PriceRemark] = list(price_remarks(agreement, terms, today))
        remarks += review(agreement, terms, language)
        page["remarks"] = [RemarkLine(remark, *WEIGHTS[remark.weight]) for remark in remarks]
        page["blocking"] = sum(1 for remark in remarks if remark.weight is Weight.BLOCKS)
    if agreement.signed_id and agreement.state != AgreementState.ABANDONED:
        commission = commission_of(agreement)
        page |= _money(actor, agreement, today)
        page["commission"] = commission_line(commission) if commission else None
    return page


@dataclass(frozen=True, slots=True)
class CommissionLine:
    """The technology manager's fee for a contract, or why it is not determined."""

    commission: Commission
    manager: str
    text: str
    fee: str
    base: str
    seeker: str
    partner: str


def commission_line(found: Commission) -> CommissionLine:
    terms = found.terms
    return CommissionLine(
        found,
        str(terms.case.manager),
        str(COMMISSIONS[found.standing]),
        money(found.fee_fen),
        f"{terms.get_base_display()} {money(found.base_fen)} × {terms.rate / 100:g} %"
        + (f", {_('at most')} {money(terms.cap_fen)}" if terms.cap_fen else ""),
        money(found.seeker_fen),
        money(found.partner_fen),
    )


def changes_of(before: AgreementVersion, after: AgreementVersion) -> list[Change]:
    """What a version changed, section by section, in the reader's language."""
    language = short_language()
    return [
        Change(clause, heading, changed_words(was, now))
        for clause, heading, was, now in redline(sections_of(before, language), sections_of(after, language))
    ]


def plain_text(sections: tuple[Section, ...]) -> str:
    return "\n\n".join(f"{place}. {one.heading}\n{one.text}" for place, one in enumerate(sections, 1))


def _facts(agreement: Agreement, terms: Terms, today: date) -> list[tuple[str, str]]:
    found = [
        (_("Fixed price"), money(terms.price_fen)),
        (_("Technology amount"), _technology_amount(agreement, terms, today)),
    ]
    if terms.royalty:
        found.append((_("Royalty"), f"{terms.royalty.rate / 100:g} %"))
    if terms.after_use:
        found.append(
            (_("Payment after use"), _("%(days)d days of trial") % {"days": terms.after_use.trial_days})
        )
    return found


def _technology_amount(agreement: Agreement, terms: Terms, today: date) -> str:
    """By the law of the day of signing, or why it is not determined."""
    answer = technology_amount(terms, on=agreement.signed_on or today, place=agreement.place)
    if (fen := fen_of(answer)) is not None:
        return money(fen)
    language = short_language()
    reasons = [word_reason(load_rulebook(), one, gettext, language=language) for one in answer.reasons]
    return _("not determined: %(reasons)s") % {"reasons": " ".join(reasons)}


def _money(actor: Actor, agreement: Agreement, today: date) -> dict[str, Any]:
    book = book_of(agreement)
    standing = standing_of(agreement, today)
    overdue = overdue_of(agreement, today)
    held = held_in_disputes(agreement)
    payments = AgreedPayment.objects.filter(agreement=agreement).order_by("number")
    return {
        "open_disputes": open_disputes(agreement),
        "held_in_disputes": money(held) if held else "",
        "payments": [
            PaymentLine(
                row,
                money(row.amount_fen),
                money(row.retained_fen) if row.retained_fen else "",
                row.due == "acceptance" and row.state != "due",
            )
            for row in payments
        ],
        "balances": _balances(book),
        "reads_income": actor.is_member(agreement.provider_id) and agreement.kind in WAYS,
        "movements": [_movement(actor, agreement, row) for row in list_movements(agreement)],
        "standing": standing,
        "standing_state": str(STATES[standing.state]) if standing else "",
        "dues": _dues(standing),
        "buy_out": money(standing.buy_out_price) if standing else "",
        "overdue": money(overdue) if overdue else "",
        **_endings(actor, agreement, standing, (overdue, held), today),
    }


def _endings(
    actor: Actor, agreement: Agreement, standing: UseStanding | None, owed: tuple[int, int], today: date
) -> dict[str, Any]:
    """The open demand, the proposal to end it, and what the reader may do about both. `owed`: overdue, held in disputes."""
    overdue, held = owed
    demand = open_demand(agreement)
    proposal = EndProposal.objects.filter(agreement=agreement).order_by("-id").first()
    waits = proposal is not None and proposal.state == EndProposalState.PROPOSED
    answering = [side for side in sides_of(actor, agreement) if proposal and side != proposal.proposed_by]
    in_force = agreement.state == AgreementState.IN_FORCE
    demands = in_force and bool(may_demand(actor, agreement))
    return {
        "demand": demand,
        "demand_overdue": money(demand.overdue_fen) if demand else "",
        "cured": Demand.objects.filter(agreement=agreement, state=DemandState.CURED).order_by("-id").first(),
        "may_demand": demands and demand is None and overdue > held,
        "may_give_time": demands and demand is not None,
        "may_end_for_default": demands and demand is not None and overdue > held and today > demand.cure_by,
        "may_buy_out": in_force
        and bool(may_buy_out(actor, agreement))
        and standing is not None
        and standing.buy_out_price is not None
        and not overdue,
        "buy_out_fen": standing.buy_out_price if standing else None,
        "end_proposal": proposal,
        "end_waived": money(proposal.waived_fen) if proposal and proposal.waived_fen else "",
        "may_answer_end": in_force and waits and bool(answering),
        "may_propose_end": in_force and not waits and bool(sides_of(actor, agreement)),
        "may_move": agreement.state in (AgreementState.IN_FORCE, AgreementState.TERMINATED),
    }


def _balances(book: Book) -> list[tuple[str, str]]:
    shown = {
        Account.CLAIMED: _("Claimed so far"),
        Account.DUE: _("Due and not paid"),
        Account.SETTLED: _("Paid"),
        Account.HELD: _("In escrow"),
        Account.RETAINED: _("Retained"),
    }
    return [(label, money(abs(book.balance(account)))) for account, label in shown.items()]


def _movement(actor: Actor, agreement: Agreement, row: MoneyMovement) -> MovementLine:
    other = Side.PROVIDER if row.told_by == Side.CLIENT else Side.CLIENT
    waits = row.state == MovementState.TOLD
    return MovementLine(
        row, money(row.amount_fen), waits and actor.may_write_for(agreement.organisation_of(other).pk)
    )


def _dues(standing: UseStanding | None) -> list[DueLine]:
    if standing is None:
        return []
    return [
        DueLine(
            due.day,
            money(due.amount),
            f"{BASES[due.basis]} {due.number}",
            money(due.computed) if due.computed != due.amount else "",
        )
        for due in standing.dues
    ]
