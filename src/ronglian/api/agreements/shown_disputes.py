"""Disputes as the API shows them, to their parties and the mediator."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from ronglian.apps.agreements.dispute_enums import (
    DisputeRole,
    DisputeState,
    DisputeStep,
    DisputeSubject,
    MediatorState,
    SettlementState,
)
from ronglian.apps.agreements.enums import Side
from ronglian.apps.agreements.models import Dispute, MediatorProposal, Settlement
from ronglian.apps.agreements.queries.disputes import (
    COURTS,
    consents_of,
    entries_of,
    proposed_mediator,
    section_of,
    settlements_of,
)
from ronglian.apps.agreements.settlement import amounts_of


class MediatorShown(BaseModel):
    """调解人: `id` is the proposal's; one of the other two is there."""

    id: UUID
    manager: UUID | None
    organisation: UUID | None
    proposed_by: Side
    state: MediatorState


class SettlementAmountShown(BaseModel):
    """One line of a settlement."""

    payer: Side
    amount_fen: int
    title: str
    day: date | None


class SettlementShown(BaseModel):
    """和解方案."""

    number: int
    text: str
    amounts: list[SettlementAmountShown]
    digest: str = Field(description="SHA-256 over contract, dispute, text and amounts: what is accepted.")
    state: SettlementState
    accepted_by: list[Side]


class DisputeEntryShown(BaseModel):
    """争议记录."""

    step: DisputeStep
    role: DisputeRole
    text: str
    said_by: str
    said_at: datetime


class DisputeListed(BaseModel):
    """合同争议, as it stands in a list."""

    number: int
    version: int
    contract: UUID
    raised_by: Side
    subject: DisputeSubject
    state: DisputeState
    amount_fen: int | None
    asks_hold: bool
    held_fen: int = Field(description="What both keep from being demanded while the dispute is open.")
    clause: str
    payment: int | None
    answer_by: date
    answered_on: date | None
    closed_on: date | None


class DisputeShown(DisputeListed):
    """合同争议 with its log."""

    claim: str
    mediator: MediatorShown | None
    proposed_mediator: MediatorShown | None
    settlements: list[SettlementShown]
    log: list[DisputeEntryShown]
    courts: str = Field(description="The clause of the contract on who decides; empty where it has none.")


def list_dispute(dispute: Dispute) -> DisputeListed:
    return DisputeListed(**_listed(dispute))


def show_dispute(dispute: Dispute) -> DisputeShown:
    waiting = proposed_mediator(dispute)
    courts = section_of(dispute.agreement, COURTS, "zh")
    return DisputeShown(
        **_listed(dispute),
        claim=str(dispute.claim),
        mediator=_mediator(dispute.mediator) if dispute.mediator else None,
        proposed_mediator=_mediator(waiting) if waiting else None,
        settlements=[_settlement(one) for one in settlements_of(dispute)],
        log=[
            DisputeEntryShown(
                step=DisputeStep(one.step),
                role=DisputeRole(one.role),
                text=str(one.text),
                said_by=one.said_by,
                said_at=one.created_at,
            )
            for one in entries_of(dispute)
        ],
        courts=courts.text if courts else "",
    )


def _mediator(named: MediatorProposal) -> MediatorShown:
    return MediatorShown(
        id=named.public_id,
        manager=named.manager.public_id if named.manager else None,
        organisation=named.organisation.public_id if named.organisation else None,
        proposed_by=Side(named.proposed_by),
        state=MediatorState(named.state),
    )


def _settlement(row: Settlement) -> SettlementShown:
    return SettlementShown(
        number=row.number,
        text=str(row.text),
        amounts=[
            SettlementAmountShown(payer=one.payer, amount_fen=one.amount_fen, title=one.title, day=one.day)
            for one in amounts_of(row)
        ],
        digest=row.digest,
        state=SettlementState(row.state),
        accepted_by=sorted(Side(side) for side in consents_of(row)),
    )


def _listed(dispute: Dispute) -> dict[str, Any]:
    names = DisputeListed.model_fields.keys() - {"contract", "payment"}
    return {
        "contract": dispute.agreement.public_id,
        "payment": dispute.payment.number if dispute.payment else None,
        **{name: getattr(dispute, name) for name in names},
    }
