"""Disputes as their parties and the mediator see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.safestring import SafeString

from ronglian.apps.agreements.contract_text import sections_of
from ronglian.apps.agreements.dispute_enums import DisputeState, DisputeStep, SettlementState
from ronglian.apps.agreements.dispute_rules import may_mediate
from ronglian.apps.agreements.enums import Side
from ronglian.apps.agreements.models import (
    AgreedPayment,
    Agreement,
    Dispute,
    DisputeEntry,
    MediatorProposal,
    Settlement,
    SettlementConsent,
)
from ronglian.apps.agreements.operations.disputing import other_side
from ronglian.apps.agreements.queries.disputes import (
    COURTS,
    consents_of,
    entries_of,
    is_late,
    proposed_mediator,
    section_of,
    settlements_of,
)
from ronglian.apps.agreements.rules import may_see, sides_of
from ronglian.apps.agreements.settlement import amounts_of
from ronglian.kernel.actor import Actor
from ronglian.web.context import short_language
from ronglian.web.files import file_choices
from ronglian.web.presenters.cases import money
from ronglian.web.presenters.owners import organisation_line

# What the text of these entries is: a name or a number that stands on the page already.
_TOLD_ELSEWHERE = frozenset(
    {
        DisputeStep.SETTLEMENT_PROPOSED,
        DisputeStep.SETTLEMENT_ACCEPTED,
        DisputeStep.SETTLED,
    }
)


@dataclass(frozen=True, slots=True)
class DisputeLine:
    """A dispute in a list."""

    dispute: Dispute
    amount: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class EntryLine:
    """A step of the log; `number` is the proposal of a settlement that it is about."""

    entry: DisputeEntry
    text: str
    number: str


@dataclass(frozen=True, slots=True)
class AmountLine:
    payer: str
    amount: str
    title: str
    day: date | None


@dataclass(frozen=True, slots=True)
class SettlementView:
    """A proposal of a settlement, its amounts, and who accepted it."""

    settlement: Settlement
    amounts: tuple[AmountLine, ...]
    consents: tuple[tuple[Side, SettlementConsent | None], ...]
    waits: bool


def dispute_line(dispute: Dispute, today: date) -> DisputeLine:
    return DisputeLine(dispute, money(dispute.amount_fen), is_late(dispute, today))


def clause_choices(agreement: Agreement) -> list[tuple[str, str]]:
    """The sections of the signed text, in the reader's language."""
    assert agreement.signed is not None
    sections = sections_of(agreement.signed, short_language())
    return [(one.id, f"{place}. {one.heading}") for place, one in enumerate(sections, 1)]


def payment_choices(agreement: Agreement) -> list[tuple[str, str]]:
    """The agreed payments by number."""
    rows = AgreedPayment.objects.filter(agreement=agreement).order_by("number")
    return [(str(row.number), f"{row.title} {money(row.amount_fen)}") for row in rows]


def dispute_page(actor: Actor, dispute: Dispute, today: date) -> dict[str, Any]:
    """Everything of a dispute that its parties and the mediator see, and what the reader may do."""
    agreement, language = dispute.agreement, short_language()
    named = proposed_mediator(dispute)
    settlements = [_settlement(one) for one in settlements_of(dispute)]
    return {
        "dispute": dispute,
        "agreement": agreement,
        "reads_contract": may_see(actor, agreement),
        "client": organisation_line(agreement.client),
        "provider": organisation_line(agreement.provider),
        "amount": money(dispute.amount_fen),
        "held": money(dispute.held_fen) if dispute.is_open and dispute.held_fen else "",
        "clause": section_of(agreement, dispute.clause, language) if dispute.clause else None,
        "courts": section_of(agreement, COURTS, language),
        "mediator": mediator_name(dispute.mediator) if dispute.mediator else "",
        "named": named,
        "named_name": mediator_name(named) if named else "",
        "settlements": settlements,
        "files": file_choices(),
        "entries": [_entry(one) for one in entries_of(dispute)],
        **_steps(actor, dispute, named, settlements, today),
    }


def mediator_name(named: MediatorProposal) -> SafeString | str:
    """As the reader calls a technology manager or an organisation."""
    if named.manager is not None:
        english = named.manager.name_en if short_language() == "en" else ""
        return english or str(named.manager)
    assert named.organisation is not None
    return organisation_line(named.organisation).name


def _steps(
    actor: Actor,
    dispute: Dispute,
    named: MediatorProposal | None,
    settlements: list[SettlementView],
    today: date,
) -> dict[str, Any]:
    sides = sides_of(actor, dispute.agreement)
    mediates = bool(may_mediate(actor, dispute))
    is_open = dispute.is_open
    is_raised = dispute.state == DisputeState.RAISED
    has_passed = is_late(dispute, today)
    waiting = next((one for one in settlements if one.waits and is_open), None)
    accepting = (
        [side for side, consent in waiting.consents if side in sides and consent is None] if waiting else []
    )
    return {
        "sides": sides,
        "mediates": mediates,
        "is_late": has_passed,
        "may_answer": is_raised and other_side(Side(dispute.raised_by)) in sides,
        "may_say": is_open and bool(sides or mediates),
        "may_withdraw": is_open and dispute.raised_by in sides,
        "may_fail": is_open and bool(sides or mediates) and (not is_raised or has_passed),
        "may_name": dispute.state == DisputeState.ANSWERED and bool(sides) and named is None,
        "may_answer_mediator": named is not None and is_open and other_side(Side(named.proposed_by)) in sides,
        "may_propose": mediates and dispute.state == DisputeState.MEDIATION,
        "may_leave": dispute.state == DisputeState.MEDIATION and bool(sides or mediates),
        "waiting": waiting,
        "accepting": accepting,
    }


def _entry(entry: DisputeEntry) -> EntryLine:
    text = str(entry.text)
    return EntryLine(entry, "", text) if entry.step in _TOLD_ELSEWHERE else EntryLine(entry, text, "")


def _settlement(settlement: Settlement) -> SettlementView:
    consents = consents_of(settlement)
    return SettlementView(
        settlement,
        tuple(
            AmountLine(str(Side(one.payer).label), money(one.amount_fen), one.title, one.day)
            for one in amounts_of(settlement)
        ),
        tuple((side, consents.get(side)) for side in Side),
        settlement.state == SettlementState.PROPOSED,
    )
