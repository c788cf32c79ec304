"""Disputes of the world: between ours, which pays, and theirs; the reading organisation or a technology manager mediates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.agreements.models import Agreement, Dispute, MediatorProposal
from ronglian.apps.agreements.operations.mediating import (
    accept_settlement,
    answer_mediator,
    propose_mediator,
    propose_settlement,
)
from ronglian.apps.clinic.models import TechnologyManager
from ronglian.kernel.actor import Actor
from tests.factories import make_organisation, make_person_of
from tests.factories.agreements import Parties, make_signed
from tests.factories.disputes import make_answered, make_dispute


def disputes_of(
    ours: Organisation,
    theirs: Organisation,
    buyer: Actor,
    seller: Actor,
    reading: Organisation,
    manager: TechnologyManager,
) -> Mapping[str, Mapping[str, Any]]:
    """Each state that grants something else. The manager is of theirs: it mediates between ours and a third."""
    parties = Parties(ours, theirs, buyer, seller)
    third = make_organisation("第三方单位")
    beside = Parties(ours, third, buyer, make_person_of(third))
    raised = make_dispute(parties, _agreement(parties, "dispute raised"), actor=seller)
    answered = make_answered(parties, _agreement(parties, "dispute answered"))
    mediation = {
        "mediated by reading": _mediated(parties, "mediated by reading", organisation=reading),
        "mediated by a manager": _mediated(beside, "mediated by a manager", manager=manager),
    }
    dispute = {
        "raised by theirs": raised,
        "answered": answered,
        **mediation,
        "settled": _settled(parties, reading),
    }
    return {
        "dispute": dispute,
        "disputed contract": {label: one.agreement for label, one in dispute.items()},
        "contract in dispute": {"raised by theirs": raised.agreement, "answered": answered.agreement},
        "contract in mediation": {label: one.agreement for label, one in mediation.items()},
        "mediator proposal": {"made by theirs": _nominated(parties, "mediator named", seller, reading)},
    }


def _agreement(parties: Parties, title: str) -> Agreement:
    return make_signed(parties, title=f"技术合同 {title}")


def _nominated(
    parties: Parties,
    title: str,
    actor: Actor,
    organisation: Organisation | None = None,
    manager: TechnologyManager | None = None,
) -> MediatorProposal:
    dispute = make_answered(parties, _agreement(parties, title))
    return propose_mediator(actor=actor, dispute=dispute, organisation=organisation, manager=manager)


def _mediated(parties: Parties, title: str, **named: Any) -> Dispute:
    """With a settlement that waits for both."""
    proposal = _nominated(parties, title, parties.buyer, **named)
    dispute = answer_mediator(actor=parties.seller, dispute=proposal.dispute, proposal=proposal, agrees=True)
    return _with_settlement(dispute, proposal)


def _settled(parties: Parties, reading: Organisation) -> Dispute:
    dispute = _mediated(parties, "dispute settled", organisation=reading)
    digest = dispute.settlements.get().digest
    for actor in (parties.buyer, parties.seller):
        dispute = accept_settlement(actor=actor, dispute=dispute, digest=digest)
    return dispute


def _with_settlement(dispute: Dispute, proposal: MediatorProposal) -> Dispute:
    propose_settlement(actor=_mediator(proposal), dispute=dispute, text="各半")
    return Dispute.objects.select_related("agreement", "mediator").get(pk=dispute.pk)


def _mediator(proposal: MediatorProposal) -> Actor:
    if proposal.manager is not None:
        return actor_of_person(proposal.manager.person)
    assert proposal.organisation is not None
    person = proposal.organisation.memberships.order_by("pk")[0].person
    return actor_of_person(person)
