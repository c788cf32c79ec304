"""Default and recovery, buying out, and the end of an agreement (民法典 557, 562, 563, 566).

Party B demands what is overdue and sets a day; what is paid cures the default by itself. If the day passes and something is
still overdue, party B may end the agreement. Otherwise an agreement ends because both sides say that it is fulfilled, or agree
to end it early. What was due before the end stays due: it is paid, or waived in the same proposal.
"""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.agreements.enums import (
    AgreementState,
    DemandState,
    EndKind,
    EndProposalState,
    MovementKind,
    PaymentState,
    Side,
)
from ronglian.apps.agreements.models import AgreedPayment, Agreement, Demand, EndProposal
from ronglian.apps.agreements.operations.drafting import own_side, save_agreement
from ronglian.apps.agreements.operations.money import claim_what_is_due, insist_on_force, post
from ronglian.apps.agreements.queries.disputes import held_in_disputes, open_disputes
from ronglian.apps.agreements.queries.money import book_of, open_demand, overdue_of, standing_of
from ronglian.apps.agreements.rules import may_act, may_buy_out, may_demand
from ronglian.apps.agreements.tasks import AgreementNews
from ronglian.engines.money import Account
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, NotAllowed, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record, clean_text


@operation("agreement.demand", target="agreement", allowed=may_demand)
def demand_payment(*, actor: Actor, agreement: Agreement, cure_by: date, reason: str) -> Demand:
    """Demand what is overdue, to be paid by a day that leaves a reasonable time (催告)."""
    insist_on_force(agreement)
    today = timezone.localdate()
    overdue = _insist_on_overdue(agreement, today)
    if open_demand(agreement) is not None:
        raise RuleViolation(_("A demand is open already; give more time there."))
    _insist_on_day(cure_by, today)
    demand = Demand(
        agreement=agreement,
        overdue_fen=overdue,
        reason=clean_text(reason),
        demanded_on=today,
        cure_by=cure_by,
        demanded_by=actor.label,
    )
    clean_record(demand)
    demand.save(force_insert=True)
    record_event(actor, "demand.made", demand, {"agreement": str(agreement.public_id)})
    save_agreement(actor, agreement, "payment_demanded", AgreementNews.DEMANDED)
    return demand


@operation("agreement.give_time", target="agreement", allowed=may_demand)
def give_more_time(*, actor: Actor, agreement: Agreement, cure_by: date) -> Demand:
    """Set a later day for an open demand (宽限)."""
    insist_on_force(agreement)
    demand = _open(agreement)
    if cure_by <= demand.cure_by:
        raise InvalidInput.of({"cure_by": [_("Choose a day after the one that was set.")]})
    demand.cure_by = cure_by
    _save_demand(actor, demand, "extended")
    save_agreement(actor, agreement, "time_given", AgreementNews.DEMANDED)
    return demand


@operation("agreement.end_for_default", target="agreement", allowed=may_demand)
def end_for_default(*, actor: Actor, agreement: Agreement, reason: str) -> Agreement:
    """End the agreement because the day of the demand has passed and something is still overdue."""
    insist_on_force(agreement)
    demand, today = _open(agreement), timezone.localdate()
    if today <= demand.cure_by:
        raise RuleViolation(_("The demand leaves time until %(day)s.") % {"day": demand.cure_by.isoformat()})
    _insist_on_overdue(agreement, today)
    demand.state, demand.closed_on = DemandState.ENDED, today
    _save_demand(actor, demand, "led_to_the_end")
    return _end(actor, agreement, AgreementState.TERMINATED, reason)


@operation("agreement.buy_out", target="agreement", allowed=may_buy_out)
def buy_out(*, actor: Actor, agreement: Agreement, price_fen: int) -> Agreement:
    """Buy the rest at the price that was agreed. `price_fen` is the price that was read: another one is refused."""
    insist_on_force(agreement)
    today = timezone.localdate()
    standing = standing_of(agreement, today)
    if standing is None or standing.buy_out_price is None:
        raise RuleViolation(_("A buy-out was not agreed, or has happened."))
    if standing.overdue:
        raise RuleViolation(_("Pay first what is overdue."))
    if price_fen != standing.buy_out_price:
        raise RuleViolation(_("The price is another one today. Read it again."))
    agreement.bought_out_on = today
    save_agreement(actor, agreement, "bought_out", AgreementNews.BOUGHT_OUT)
    if not claim_what_is_due(actor, agreement, today):
        # Royalties that count towards the price may have paid all of it.
        record_event(actor, "agreement.nothing_left_to_pay", agreement)
    return agreement


@operation("agreement.propose_end", target="agreement", allowed=may_act)
def propose_end(
    *, actor: Actor, agreement: Agreement, kind: EndKind, reason: str, waived_fen: int = 0, side: str = ""
) -> EndProposal:
    """Propose that the agreement is fulfilled, or that it ends early; nothing ends before the other side agrees."""
    insist_on_force(agreement)
    if EndProposal.objects.filter(agreement=agreement, state=EndProposalState.PROPOSED).exists():
        raise RuleViolation(_("A proposal waits for its answer already."))
    proposal = EndProposal(
        agreement=agreement,
        kind=kind,
        proposed_by=own_side(actor, agreement, side),
        proposed_by_label=actor.label,
        reason=clean_text(reason),
        waived_fen=waived_fen,
    )
    _insist_on_settled(agreement, proposal)
    clean_record(proposal)
    proposal.save(force_insert=True)
    record_event(actor, "endproposal.made", proposal, {"agreement": str(agreement.public_id), "kind": kind})
    save_agreement(actor, agreement, "end_proposed", AgreementNews.END_PROPOSED)
    return proposal


@operation("agreement.answer_end", target="agreement", allowed=may_act)
def answer_end(
    *, actor: Actor, agreement: Agreement, proposal: EndProposal, agrees: bool, reason: str = ""
) -> Agreement:
    """The other side agrees, and the agreement ends; or it declines and says why."""
    insist_on_force(agreement)
    if proposal.agreement_id != agreement.pk or proposal.state != EndProposalState.PROPOSED:
        raise RuleViolation(_("This was answered already."))
    other = Side.PROVIDER if proposal.proposed_by == Side.CLIENT else Side.CLIENT
    if not actor.may_write_for(agreement.organisation_of(other).pk):
        raise NotAllowed(_("The side that did not propose it answers."))
    proposal.answered_by = actor.label
    if not agrees:
        proposal.declined_because = clean_text(reason)
        if not proposal.declined_because:
            raise InvalidInput.of({"reason": [_("Say why not.")]})
        proposal.state = EndProposalState.DECLINED
        _save_proposal(actor, proposal, "declined")
        return save_agreement(actor, agreement, "end_declined", AgreementNews.END_PROPOSED)
    _insist_on_settled(agreement, proposal)
    proposal.state = EndProposalState.AGREED
    _save_proposal(actor, proposal, "agreed")
    if proposal.waived_fen:
        post(
            actor,
            agreement,
            MovementKind.WAIVE,
            proposal.waived_fen,
            f"waive:{proposal.public_id}",
            timezone.localdate(),
        )
    demand = open_demand(agreement)
    if demand is not None:
        demand.state, demand.closed_on = DemandState.ENDED, timezone.localdate()
        _save_demand(actor, demand, "led_to_the_end")
    is_fulfilled = proposal.kind == EndKind.FULFILLED
    state = AgreementState.COMPLETED if is_fulfilled else AgreementState.TERMINATED
    return _end(actor, agreement, state, proposal.reason)


def _end(actor: Actor, agreement: Agreement, state: AgreementState, reason: str) -> Agreement:
    reason = clean_text(reason)
    if not reason:
        raise InvalidInput.of({"reason": [_("Say why it ends.")]})
    agreement.state, agreement.ended_on, agreement.ended_because = state, timezone.localdate(), reason
    past = "completed" if state == AgreementState.COMPLETED else "terminated"
    return save_agreement(actor, agreement, past, AgreementNews.ENDED)


def _insist_on_settled(agreement: Agreement, proposal: EndProposal) -> None:
    """Fulfilled means that nothing is due, held, retained or waiting; who ends early may waive only what is due."""
    book = book_of(agreement)
    if proposal.waived_fen > book.balance(Account.DUE):
        raise InvalidInput.of({"waived_fen": [_("There is not so much due.")]})
    if proposal.kind != EndKind.FULFILLED:
        return
    if open_disputes(agreement):
        raise RuleViolation(_("A dispute is open. Settle it, take it back or end it first."))
    waits = AgreedPayment.objects.filter(agreement=agreement).exclude(state=PaymentState.DUE)
    bought_out = agreement.bought_out_on is not None
    left = book.balance(Account.DUE) - proposal.waived_fen
    if left or book.balance(Account.HELD) or book.balance(Account.RETAINED):
        raise RuleViolation(_("Something is still due, in escrow or retained. Settle it first."))
    if waits.exists() and not bought_out:
        raise RuleViolation(
            _("Agreed payments have not become due yet. End it early instead, if both want to.")
        )


def _insist_on_overdue(agreement: Agreement, today: date) -> int:
    """What is overdue beyond the amounts that both sides hold while they talk about a dispute."""
    overdue, held = overdue_of(agreement, today), held_in_disputes(agreement)
    if not overdue:
        raise RuleViolation(_("Nothing is overdue."))
    if overdue <= held:
        raise RuleViolation(_("What is overdue is held because of a dispute: both sides agreed to that."))
    return overdue - held


def _insist_on_day(cure_by: date, today: date) -> None:
    if cure_by <= today:
        raise InvalidInput.of({"cure_by": [_("Choose a day to come that leaves a reasonable time.")]})


def _open(agreement: Agreement) -> Demand:
    demand = open_demand(agreement)
    if demand is None:
        raise RuleViolation(_("No demand is open."))
    return demand


def _save_demand(actor: Actor, demand: Demand, past: str) -> None:
    demand.version += 1
    clean_record(demand)
    demand.save(force_update=True)
    record_event(actor, f"demand.{past}", demand)


def _save_proposal(actor: Actor, proposal: EndProposal, past: str) -> None:
    proposal.version += 1
    clean_record(proposal)
    proposal.save(force_update=True)
    record_event(actor, f"endproposal.{past}", proposal)
