"""Mediation: a mediator whom both accept, proposals of a settlement, and what both agree on by its digest."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.agreements.dispute_enums import (
    DisputeRole,
    DisputeState,
    DisputeStep,
    MediatorState,
    SettlementState,
)
from ronglian.apps.agreements.dispute_rules import may_mediate, may_settle, may_speak, may_take_part
from ronglian.apps.agreements.dispute_tasks import DisputeNews
from ronglian.apps.agreements.enums import Side
from ronglian.apps.agreements.mediators import TIED, conflict_of, is_tied
from ronglian.apps.agreements.models import Dispute, MediatorProposal, Settlement, SettlementConsent
from ronglian.apps.agreements.operations.disputing import (
    insist_on_side,
    log_step,
    other_side,
    required,
    role_of,
    save_dispute,
    write_part,
)
from ronglian.apps.agreements.operations.drafting import own_side
from ronglian.apps.agreements.queries.disputes import consents_of, open_settlement
from ronglian.apps.agreements.settlement import Amount, amounts_to_json, settlement_digest
from ronglian.apps.clinic.models import TechnologyManager
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record


@operation("mediator.propose", target="dispute", allowed=may_take_part)
def propose_mediator(
    *,
    actor: Actor,
    dispute: Dispute,
    manager: TechnologyManager | None = None,
    organisation: Organisation | None = None,
    side: str = "",
) -> MediatorProposal:
    """Name somebody who belongs to neither side and earns nothing by the contract; the other side accepts or declines."""
    if dispute.state != DisputeState.ANSWERED:
        raise RuleViolation(_("A mediator is named once the dispute is answered, while nobody mediates yet."))
    if (manager is None) == (organisation is None):
        raise InvalidInput.of({"mediator": [_("Name one technology manager or one organisation.")]})
    if MediatorProposal.objects.filter(dispute=dispute, state=MediatorState.PROPOSED).exists():
        raise RuleViolation(_("A proposal waits for its answer already."))
    speaks_for = own_side(actor, dispute.agreement, side)
    named = MediatorProposal(
        dispute=dispute,
        manager=manager,
        organisation=organisation,
        proposed_by=speaks_for,
        proposed_by_label=actor.label,
    )
    reason = conflict_of(dispute.agreement, named)
    if reason:
        raise InvalidInput.of({"mediator": [reason]})
    clean_record(named)
    named.save(force_insert=True)
    data = {"dispute": str(dispute.public_id), "side": speaks_for.value}
    record_event(actor, "mediatorproposal.made", named, data)
    log_step(actor, dispute, DisputeStep.MEDIATOR_PROPOSED, DisputeRole(speaks_for), str(named))
    save_dispute(actor, dispute, "mediator_proposed", DisputeNews.MEDIATOR)
    return named


@operation("mediator.answer", target="dispute", allowed=may_take_part)
def answer_mediator(
    *, actor: Actor, dispute: Dispute, proposal: MediatorProposal, agrees: bool, reason: str = ""
) -> Dispute:
    """The other side accepts the mediator, who reads the dispute from here on; or declines and says why."""
    if proposal.dispute_id != dispute.pk or proposal.state != MediatorState.PROPOSED:
        raise RuleViolation(_("This was answered already."))
    side = other_side(Side(proposal.proposed_by))
    insist_on_side(actor, dispute, side, _("The side that did not propose it answers."))
    if not agrees:
        said = required(reason, "reason", _("Say why not."))
        proposal.state = MediatorState.DECLINED
        _save_part(actor, proposal, "declined")
        log_step(actor, dispute, DisputeStep.MEDIATOR_DECLINED, DisputeRole(side), said)
        return save_dispute(actor, dispute, "mediator_declined", DisputeNews.MEDIATOR)
    conflict = conflict_of(dispute.agreement, proposal)
    if conflict:
        raise RuleViolation(conflict)
    proposal.state = MediatorState.APPOINTED
    _save_part(actor, proposal, "appointed")
    dispute.mediator, dispute.state = proposal, DisputeState.MEDIATION
    save_dispute(actor, dispute, "mediator_appointed", DisputeNews.APPOINTED)
    log_step(actor, dispute, DisputeStep.MEDIATOR_APPOINTED, DisputeRole(side), str(proposal))
    return dispute


@operation("mediator.leave", target="dispute", allowed=may_speak)
def end_mediation(*, actor: Actor, dispute: Dispute, reason: str, side: str = "") -> Dispute:
    """The mediator steps down, or a side wants this one no more. Who mediated reads no more, what was proposed counts no more."""
    _insist_on_mediation(dispute)
    said = required(reason, "reason", _("Say why: both sides read it."))
    role = role_of(actor, dispute, side)
    assert dispute.mediator is not None
    named = dispute.mediator
    _replace_open(actor, dispute)
    log_step(actor, dispute, DisputeStep.MEDIATOR_LEFT, role, said)
    dispute.mediator, dispute.state = None, DisputeState.ANSWERED
    save_dispute(actor, dispute, "mediator_left", DisputeNews.MEDIATOR)
    named.state = MediatorState.LEFT
    _save_part(actor, named, "left")
    return dispute


@operation("settlement.propose", target="dispute", allowed=may_mediate)
def propose_settlement(
    *, actor: Actor, dispute: Dispute, text: str, amounts: Sequence[Amount] = ()
) -> Settlement:
    """Write what could settle it; takes the place of a proposal that waits, with the acceptance under it."""
    _insist_on_mediation(dispute)
    assert dispute.mediator is not None
    conflict = conflict_of(dispute.agreement, dispute.mediator)
    if not conflict and actor.person_id is not None and is_tied(dispute.agreement, actor.person_id):
        conflict = TIED
    if conflict:
        raise RuleViolation(conflict)
    said = required(text, "text", _("Say what both sides would do."))
    kept = amounts_to_json(amounts)
    _replace_open(actor, dispute)
    row = Settlement(
        dispute=dispute,
        number=_next(dispute),
        text=said,
        amounts=kept,  # type: ignore[misc]  # a sealed field holds any JSON
        proposed_by_label=actor.label,
    )
    row.digest = settlement_digest(row)
    clean_record(row)
    row.save(force_insert=True)
    data = {"dispute": str(dispute.public_id), "number": row.number, "digest": row.digest}
    record_event(actor, "settlement.proposed", row, data)
    number = str(row.number)
    log_step(actor, dispute, DisputeStep.SETTLEMENT_PROPOSED, DisputeRole.MEDIATOR, number)
    save_dispute(actor, dispute, "settlement_proposed", DisputeNews.SETTLEMENT)
    return row


@operation("settlement.accept", target="dispute", allowed=may_settle)
def accept_settlement(*, actor: Actor, dispute: Dispute, digest: str, side: str = "") -> Dispute:
    """Accept for one's side the settlement whose digest was shown; when both have, the dispute is settled."""
    _insist_on_mediation(dispute)
    waiting = _waiting(dispute)
    if digest != waiting.digest or settlement_digest(waiting) != waiting.digest:
        raise RuleViolation(
            _("This is not the settlement that was shown to you. Read the latest one and accept that.")
        )
    speaks_for = own_side(actor, dispute.agreement, side)
    accepted = consents_of(waiting)
    if speaks_for in accepted:
        raise RuleViolation(_("Your side has accepted it already."))
    consent = SettlementConsent(
        settlement=waiting,
        side=speaks_for,
        person=actor.person,
        person_label=actor.label,
        digest=waiting.digest,
    )
    clean_record(consent)
    consent.save(force_insert=True)
    data = {"dispute": str(dispute.public_id), "side": speaks_for.value, "digest": digest}
    record_event(actor, "settlementconsent.given", consent, data)
    role, number = DisputeRole(speaks_for), str(waiting.number)
    if set(accepted) | {speaks_for} != set(Side.values):
        log_step(actor, dispute, DisputeStep.SETTLEMENT_ACCEPTED, role, number)
        return save_dispute(actor, dispute, "settlement_accepted", DisputeNews.SETTLEMENT)
    waiting.state = SettlementState.AGREED
    _save_part(actor, waiting, "agreed")
    dispute.state, dispute.settlement = DisputeState.SETTLED, waiting
    dispute.closed_on = timezone.localdate()
    save_dispute(actor, dispute, "settled", DisputeNews.SETTLED)
    log_step(actor, dispute, DisputeStep.SETTLED, role, number)
    return dispute


@operation("settlement.decline", target="dispute", allowed=may_take_part)
def decline_settlement(*, actor: Actor, dispute: Dispute, reason: str, side: str = "") -> Dispute:
    """Say why one's side does not accept it; the mediator may write another one."""
    _insist_on_mediation(dispute)
    waiting = _waiting(dispute)
    speaks_for = own_side(actor, dispute.agreement, side)
    if speaks_for in consents_of(waiting):
        raise RuleViolation(_("Your side has accepted it already."))
    said = required(reason, "reason", _("Say why not."))
    waiting.state = SettlementState.DECLINED
    _save_part(actor, waiting, "declined")
    log_step(actor, dispute, DisputeStep.SETTLEMENT_DECLINED, DisputeRole(speaks_for), said)
    return save_dispute(actor, dispute, "settlement_declined", DisputeNews.SETTLEMENT)


def _save_part(actor: Actor, row: MediatorProposal | Settlement, past: str) -> None:
    write_part(row)
    record_event(actor, f"{row._meta.model_name}.{past}", row, {"dispute": str(row.dispute.public_id)})


def _insist_on_mediation(dispute: Dispute) -> None:
    if dispute.state != DisputeState.MEDIATION:
        raise RuleViolation(_("This is possible while somebody mediates."))


def _waiting(dispute: Dispute) -> Settlement:
    found = open_settlement(dispute)
    if found is None:
        raise RuleViolation(_("No settlement waits for an answer."))
    return found


def _replace_open(actor: Actor, dispute: Dispute) -> None:
    waiting = open_settlement(dispute)
    if waiting is not None:
        waiting.state = SettlementState.REPLACED
        _save_part(actor, waiting, "replaced")


def _next(dispute: Dispute) -> int:
    last = Settlement.objects.filter(dispute=dispute).aggregate(last=Max("number"))["last"]
    return int(last or 0) + 1
