"""Raising a dispute under a signed agreement, answering it, adding to its log, taking it back, ending it unsettled.

The platform decides nothing. What both keep from being demanded meanwhile is held because both said so, never because one did.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.agreements.contract_text import sections_of
from ronglian.apps.agreements.dispute_enums import (
    DisputeRole,
    DisputeState,
    DisputeStep,
    DisputeSubject,
    MediatorState,
    SettlementState,
)
from ronglian.apps.agreements.dispute_rules import (
    is_mediator,
    may_note_lateness,
    may_speak,
    may_take_part,
)
from ronglian.apps.agreements.dispute_tasks import DisputeNews, tell_of_dispute
from ronglian.apps.agreements.enums import AgreementState, Side
from ronglian.apps.agreements.models import (
    AgreedPayment,
    Agreement,
    Dispute,
    DisputeEntry,
    MediatorProposal,
    Settlement,
)
from ronglian.apps.agreements.operations.drafting import own_side
from ronglian.apps.agreements.queries.disputes import is_late, open_settlement
from ronglian.apps.agreements.rules import may_act
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, NotAllowed, RuleViolation, Text
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record, clean_text

LEAST_DAYS = 10  # to answer: who is accused needs time to look at it
MOST_DAYS = 180
SIGNED = (AgreementState.IN_FORCE, AgreementState.COMPLETED, AgreementState.TERMINATED)


@operation("dispute.raise", target="agreement", allowed=may_act)
def raise_dispute(
    *,
    actor: Actor,
    agreement: Agreement,
    subject: DisputeSubject,
    claim: str,
    days: int,
    amount_fen: int | None = None,
    asks_hold: bool = False,
    clause: str = "",
    payment: AgreedPayment | None = None,
    side: str = "",
) -> Dispute:
    """Say what is claimed, and leave the other side `days` to answer. `asks_hold`: the amount is not demanded meanwhile."""
    if agreement.state not in SIGNED:
        raise RuleViolation(_("A dispute is raised under a contract that both have signed."))
    if not LEAST_DAYS <= days <= MOST_DAYS:
        said = {"least": LEAST_DAYS, "most": MOST_DAYS}
        raise InvalidInput.of({"days": [_("Leave from %(least)d to %(most)d days to answer.") % said]})
    if asks_hold and amount_fen is None:
        raise InvalidInput.of({"amount_fen": [_("Say which amount is to be held.")]})
    _insist_on_part(agreement, clause, payment)
    dispute = Dispute(
        agreement=agreement,
        number=_next(agreement),
        raised_by=own_side(actor, agreement, side),
        raised_by_label=actor.label,
        subject=subject,
        claim=required(claim, "claim", _("Say what is claimed and why.")),
        amount_fen=amount_fen,
        asks_hold=asks_hold,
        clause=clause,
        payment=payment,
        answer_by=timezone.localdate() + timedelta(days=days),
    )
    clean_record(dispute)
    dispute.save(force_insert=True)
    data = {"agreement": str(agreement.public_id), "number": dispute.number, "side": dispute.raised_by}
    record_event(actor, "dispute.raised", dispute, data)
    log_step(actor, dispute, DisputeStep.RAISED, DisputeRole(dispute.raised_by))
    tell_of_dispute.enqueue(str(dispute.public_id), DisputeNews.RAISED.value)
    return dispute


@operation("dispute.note_late", target="dispute", allowed=may_note_lateness)
def note_lateness(*, actor: Actor, dispute: Dispute) -> Dispute:
    """The day to answer has passed: it stands in the log, and both are told, once. The other side may still answer."""
    noted = DisputeEntry.objects.filter(dispute=dispute, step=DisputeStep.LATE)
    if not is_late(dispute, timezone.localdate()) or noted.exists():
        raise RuleViolation(_("There is nothing to note."))
    log_step(actor, dispute, DisputeStep.LATE, DisputeRole.PLATFORM)
    return save_dispute(actor, dispute, "unanswered", DisputeNews.LATE)


@operation("dispute.answer", target="dispute", allowed=may_take_part)
def answer_dispute(*, actor: Actor, dispute: Dispute, text: str, agrees_hold: bool = False) -> Dispute:
    """The other side says how it sees the matter, and whether the amount is held while both talk."""
    if dispute.state != DisputeState.RAISED:
        raise RuleViolation(_("This was answered already."))
    side = other_side(Side(dispute.raised_by))
    insist_on_side(actor, dispute, side, _("The side that did not raise it answers."))
    if agrees_hold and not dispute.asks_hold:
        raise InvalidInput.of({"agrees_hold": [_("The other side has not asked to hold an amount.")]})
    said = required(text, "text", _("Say how you see the matter."))
    dispute.state, dispute.answered_on = DisputeState.ANSWERED, timezone.localdate()
    dispute.held_fen = (dispute.amount_fen or 0) if agrees_hold else 0
    save_dispute(actor, dispute, "answered", DisputeNews.ANSWERED)
    log_step(actor, dispute, DisputeStep.ANSWERED, DisputeRole(side), said)
    return dispute


@operation("dispute.say", target="dispute", allowed=may_speak)
def say_in_dispute(*, actor: Actor, dispute: Dispute, text: str, side: str = "") -> DisputeEntry:
    """Add a statement to the log; both sides and the mediator read it, and nobody changes it afterwards."""
    insist_on_open(dispute)
    said = required(text, "text", _("Say something."))
    entry = log_step(actor, dispute, DisputeStep.SAID, role_of(actor, dispute, side), said)
    tell_of_dispute.enqueue(str(dispute.public_id), DisputeNews.SAID.value)
    return entry


@operation("dispute.withdraw", target="dispute", allowed=may_take_part)
def withdraw_dispute(*, actor: Actor, dispute: Dispute, reason: str) -> Dispute:
    """The side that raised it takes it back, and says why."""
    insist_on_open(dispute)
    side = Side(dispute.raised_by)
    insist_on_side(actor, dispute, side, _("The side that raised it takes it back."))
    return _close(actor, dispute, DisputeState.WITHDRAWN, DisputeRole(side), reason)


@operation("dispute.fail", target="dispute", allowed=may_speak)
def end_unsettled(*, actor: Actor, dispute: Dispute, reason: str, side: str = "") -> Dispute:
    """End the talks without a settlement: either side once it was answered or the day has passed, or the mediator."""
    insist_on_open(dispute)
    if dispute.state == DisputeState.RAISED and not is_late(dispute, timezone.localdate()):
        day = dispute.answer_by.isoformat()
        raise RuleViolation(_("The other side has until %(day)s to answer.") % {"day": day})
    return _close(actor, dispute, DisputeState.FAILED, role_of(actor, dispute, side), reason)


def log_step(
    actor: Actor, dispute: Dispute, step: DisputeStep, role: DisputeRole, text: str = ""
) -> DisputeEntry:
    """Write a step into the log of the dispute, with its event."""
    entry = DisputeEntry(dispute=dispute, step=step, role=role, text=text, said_by=actor.label)
    clean_record(entry)
    entry.save(force_insert=True)
    data = {"dispute": str(dispute.public_id), "step": step.value, "role": role.value}
    record_event(actor, "disputeentry.added", entry, data)
    return entry


def save_dispute(actor: Actor, dispute: Dispute, past: str, news: DisputeNews) -> Dispute:
    """Check, write, record `dispute.{past}`, and tell who is in it."""
    dispute.version += 1
    clean_record(dispute)
    dispute.save(force_update=True)
    record_event(actor, f"dispute.{past}", dispute, {"number": dispute.number})
    tell_of_dispute.enqueue(str(dispute.public_id), news.value)
    return dispute


def write_part(row: MediatorProposal | Settlement) -> None:
    """Check and write a changed proposal of a mediator or of a settlement; its event is the caller's."""
    row.version += 1
    clean_record(row)
    row.save(force_update=True)


def insist_on_open(dispute: Dispute) -> None:
    if not dispute.is_open:
        raise RuleViolation(_("This dispute is closed."))


def insist_on_side(actor: Actor, dispute: Dispute, side: Side, otherwise: Text) -> None:
    if not actor.may_write_for(dispute.agreement.organisation_of(side).pk):
        raise NotAllowed(otherwise)


def role_of(actor: Actor, dispute: Dispute, side: str = "") -> DisputeRole:
    """As whom the actor speaks in the dispute."""
    if is_mediator(actor, dispute):
        return DisputeRole.MEDIATOR
    return DisputeRole(own_side(actor, dispute.agreement, side))


def other_side(side: Side) -> Side:
    return Side.PROVIDER if side == Side.CLIENT else Side.CLIENT


def required(text: str, field: str, otherwise: Text) -> Any:
    """The text as it is kept. Raises InvalidInput where there is none."""
    kept = clean_text(text)
    if not kept:
        raise InvalidInput.of({field: [otherwise]})
    return kept


def _close(actor: Actor, dispute: Dispute, state: DisputeState, role: DisputeRole, reason: str) -> Dispute:
    """What waits for an answer waits no more."""
    said = required(reason, "reason", _("Say why: the other side reads it."))
    for named in MediatorProposal.objects.filter(dispute=dispute, state=MediatorState.PROPOSED):
        named.state = MediatorState.DECLINED
        write_part(named)
        record_event(actor, "mediatorproposal.lapsed", named, {"dispute": str(dispute.public_id)})
    waiting = open_settlement(dispute)
    if waiting is not None:
        waiting.state = SettlementState.DECLINED
        write_part(waiting)
        record_event(actor, "settlement.lapsed", waiting, {"dispute": str(dispute.public_id)})
    dispute.state, dispute.closed_on = state, timezone.localdate()
    save_dispute(actor, dispute, state.value, DisputeNews.CLOSED)
    log_step(actor, dispute, DisputeStep(state.value), role, said)
    return dispute


def _insist_on_part(agreement: Agreement, clause: str, payment: AgreedPayment | None) -> None:
    assert agreement.signed is not None
    if clause and clause not in {section.id for section in sections_of(agreement.signed, "zh")}:
        raise InvalidInput.of({"clause": [_("The signed contract has no such clause.")]})
    if payment is not None and payment.agreement_id != agreement.pk:
        raise InvalidInput.of({"payment": [_("This is no payment of the contract.")]})


def _next(agreement: Agreement) -> int:
    last = Dispute.objects.filter(agreement=agreement).aggregate(last=Max("number"))["last"]
    return int(last or 0) + 1
