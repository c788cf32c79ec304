"""Disputes in any state, made through the operations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.agreements.dispute_enums import DisputeSubject
from ronglian.apps.agreements.enums import Side
from ronglian.apps.agreements.models import Agreement, Dispute, MediatorProposal, Settlement
from ronglian.apps.agreements.operations.disputing import answer_dispute, raise_dispute
from ronglian.apps.agreements.operations.mediating import (
    accept_settlement,
    answer_mediator,
    propose_mediator,
    propose_settlement,
)
from ronglian.apps.agreements.settlement import Amount
from ronglian.apps.clinic.models import TechnologyManager
from ronglian.kernel.actor import Actor
from tests.factories.agreements import Parties, make_signed
from tests.factories.technology_managers import make_manager

AMOUNTS = (Amount(Side.CLIENT, 5_000_000, "验收款的一部分"),)


@dataclass(frozen=True, slots=True)
class Mediated:
    """A dispute with its mediator."""

    dispute: Dispute
    mediator: Actor


def make_dispute(parties: Parties, agreement: Agreement | None = None, **fields: Any) -> Dispute:
    """Raised by party A, unless another actor is said."""
    said = {"subject": DisputeSubject.QUALITY, "claim": "出水超标，拒付验收款", "days": 15, **fields}
    return raise_dispute(**{"actor": parties.buyer, "agreement": agreement or make_signed(parties), **said})


def make_answered(parties: Parties, agreement: Agreement | None = None, **fields: Any) -> Dispute:
    agrees_hold = fields.pop("agrees_hold", False)
    dispute = make_dispute(parties, agreement, **fields)
    return answer_dispute(
        actor=parties.seller, dispute=dispute, text="进水浓度超出约定", agrees_hold=agrees_hold
    )


def make_nominated(
    parties: Parties,
    *,
    manager: TechnologyManager | None = None,
    organisation: Organisation | None = None,
    agreement: Agreement | None = None,
) -> MediatorProposal:
    """Party A proposes a mediator: a technology manager who has nothing to do with the parties, if none is said."""
    chosen = manager if manager or organisation else make_manager()
    dispute = make_answered(parties, agreement)
    return propose_mediator(actor=parties.buyer, dispute=dispute, manager=chosen, organisation=organisation)


def make_mediated(parties: Parties, agreement: Agreement | None = None) -> Mediated:
    proposal = make_nominated(parties, agreement=agreement)
    dispute = answer_mediator(actor=parties.seller, dispute=proposal.dispute, proposal=proposal, agrees=True)
    assert proposal.manager is not None
    return Mediated(dispute, actor_of_person(proposal.manager.person))


def make_settlement(parties: Parties, mediated: Mediated | None = None) -> Settlement:
    """A proposal that waits for both."""
    mediated = mediated or make_mediated(parties)
    return propose_settlement(
        actor=mediated.mediator, dispute=mediated.dispute, text="甲方付一半，乙方整改", amounts=AMOUNTS
    )


def make_settled(parties: Parties, agreement: Agreement | None = None) -> Dispute:
    settlement = make_settlement(parties, make_mediated(parties, agreement))
    dispute = settlement.dispute
    for actor in (parties.buyer, parties.seller):
        dispute = accept_settlement(actor=actor, dispute=dispute, digest=settlement.digest)
    return dispute
