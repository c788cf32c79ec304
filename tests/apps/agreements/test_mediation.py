"""Mediation of disputes: who may mediate, and what both settle on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from ronglian.apps.accounts.models import ConflictDeclaration, Membership, Person
from ronglian.apps.accounts.personal import personal_data
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.agreements.dispute_enums import DisputeState
from ronglian.apps.agreements.dispute_rules import may_see_dispute
from ronglian.apps.agreements.enums import Side
from ronglian.apps.agreements.models import (
    Agreement,
    Dispute,
    MediatorProposal,
)
from ronglian.apps.agreements.operations.disputing import (
    end_unsettled,
    say_in_dispute,
)
from ronglian.apps.agreements.operations.mediating import (
    accept_settlement,
    answer_mediator,
    decline_settlement,
    end_mediation,
    propose_mediator,
    propose_settlement,
)
from ronglian.apps.agreements.queries.disputes import (
    access_dispute,
    consents_of,
    entries_of,
    list_mediated,
    open_settlement,
)
from ronglian.apps.agreements.settlement import Amount, amounts_of
from ronglian.apps.clinic.models import Case, TechnologyManager
from ronglian.apps.clinic.operations.technology_managers import end_manager
from ronglian.kernel.actor import Role
from ronglian.kernel.errors import InvalidInput, NotAllowed, NotFound, RuleViolation
from ronglian.kernel.log.coverage import logged_models, uncovered_rows
from tests.factories import SYSTEM, make_member, make_organisation, make_person_of
from tests.factories.agreements import Parties, make_parties
from tests.factories.cases import make_case
from tests.factories.disputes import (
    AMOUNTS,
    make_answered,
    make_mediated,
    make_nominated,
    make_settled,
    make_settlement,
)
from tests.factories.technology_managers import make_manager

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
TODAY = timezone.localdate()


@pytest.fixture
def parties() -> Parties:
    return make_parties()


def steps(dispute: Dispute) -> list[str]:
    return [str(entry.step) for entry in entries_of(dispute)]


# ── the mediator ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_mediator_is_accepted_by_the_other_side_and_reads_from_then_on(parties: Parties) -> None:
    proposal = make_nominated(parties)
    dispute, agreement = proposal.dispute, proposal.dispute.agreement
    assert proposal.manager is not None
    mediator = actor_of_person(proposal.manager.person)
    with pytest.raises(NotFound):
        access_dispute(mediator, agreement.public_id, dispute.number)
    with pytest.raises(RuleViolation, match="waits for its answer"):
        propose_mediator(actor=parties.seller, dispute=dispute, manager=make_manager())
    with pytest.raises(NotAllowed, match="did not propose"):
        answer_mediator(actor=parties.buyer, dispute=dispute, proposal=proposal, agrees=True)
    appointed = answer_mediator(actor=parties.seller, dispute=dispute, proposal=proposal, agrees=True)
    assert appointed.state == DisputeState.MEDIATION
    assert access_dispute(mediator, agreement.public_id, dispute.number) == dispute
    assert list(list_mediated(mediator)) == [dispute]
    assert not list_mediated(parties.buyer).exists()
    say_in_dispute(actor=mediator, dispute=appointed, text="请双方各交一份检测报告")
    assert entries_of(dispute).latest("id").role == "mediator"
    with pytest.raises(RuleViolation, match="answered already"):
        answer_mediator(actor=parties.seller, dispute=appointed, proposal=proposal, agrees=True)


def test_a_declined_mediator_reads_nothing_and_another_may_be_named(parties: Parties) -> None:
    proposal = make_nominated(parties)
    with pytest.raises(InvalidInput):
        answer_mediator(actor=parties.seller, dispute=proposal.dispute, proposal=proposal, agrees=False)
    dispute = answer_mediator(
        actor=parties.seller, dispute=proposal.dispute, proposal=proposal, agrees=False, reason="不熟悉"
    )
    assert dispute.state == DisputeState.ANSWERED
    assert proposal.manager is not None
    assert not may_see_dispute(actor_of_person(proposal.manager.person), dispute)
    assert propose_mediator(actor=parties.seller, dispute=dispute, manager=make_manager()).state == "proposed"


def test_an_organisation_mediates_by_its_owners_and_editors(parties: Parties) -> None:
    office = make_organisation("示例知识产权调解中心")
    proposal = make_nominated(parties, organisation=office)
    dispute = answer_mediator(actor=parties.seller, dispute=proposal.dispute, proposal=proposal, agrees=True)
    editor, viewer = make_person_of(office), actor_of_person(make_member(office, Role.VIEWER))
    assert may_see_dispute(editor, dispute)
    assert not may_see_dispute(viewer, dispute)
    assert propose_settlement(actor=editor, dispute=dispute, text="各让一步").number == 1
    tied = make_person_of(office)
    declare(tied.person, parties.client.pk)
    with pytest.raises(RuleViolation, match="tie to a party"):
        propose_settlement(actor=tied, dispute=dispute, text="偏袒")


def declare(person: Any, organisation: int) -> None:
    ConflictDeclaration.objects.create(
        person=Person.objects.get(public_id=person),
        organisation_id=organisation,
        kind="employment",
        starts_on=TODAY - timedelta(days=9),
    )


def test_who_belongs_to_a_party_or_earns_by_the_contract_does_not_mediate(parties: Parties) -> None:
    dispute = make_answered(parties)
    agreement = dispute.agreement

    def refused(sentence: str, **named: Any) -> None:
        with pytest.raises(InvalidInput) as error:
            propose_mediator(actor=parties.buyer, dispute=dispute, **named)
        assert sentence in str(error.value.fields["mediator"][0])

    for party in (parties.client, parties.provider):
        refused("party of the contract", organisation=party)
        refused("tie to a party", manager=make_manager(make_member(party, Role.VIEWER)))
        refused("tie to a party", manager=make_manager(organisation=party))
    beside = make_organisation("同一批人的公司")
    shared = Person.objects.get(public_id=parties.seller.person)
    Membership.objects.create(person=shared, organisation=beside, role=Role.VIEWER)
    refused("People of a party", organisation=beside)
    declared = make_manager()
    declare(declared.person.public_id, parties.provider.pk)
    refused("tie to a party", manager=declared)
    refused("registered technology manager", manager=make_manager(is_confirmed=False))
    for role in ("manager", "introducer", "offered_to"):
        office = make_organisation("经纪公司")
        earning = make_manager(organisation=office)
        give_case(agreement, role, earning)
        dispute = Dispute.objects.get(pk=dispute.pk)
        refused("commission of this technology manager", manager=earning)
        refused("commission of one of", organisation=office)
    for named in ({}, {"manager": declared, "organisation": beside}):
        refused("one technology manager or one organisation", **named)


def give_case(agreement: Agreement, role: str, earning: TechnologyManager) -> None:
    """The contract came from a case in which this manager has that role."""
    case = make_case()
    Case.objects.filter(pk=case.pk).update(**{role: earning})
    Agreement.objects.filter(pk=agreement.pk).update(case=case)


def test_a_tie_that_comes_up_later_ends_the_mediation(parties: Parties) -> None:
    proposal = make_nominated(parties)
    assert proposal.manager is not None
    declare(proposal.manager.person.public_id, parties.client.pk)
    with pytest.raises(RuleViolation, match="tie to a party"):
        answer_mediator(actor=parties.seller, dispute=proposal.dispute, proposal=proposal, agrees=True)
    mediated = make_mediated(parties)
    declare(mediated.mediator.person, parties.client.pk)
    with pytest.raises(RuleViolation, match="tie to a party"):
        make_settlement(parties, mediated)


def test_who_is_registered_no_longer_mediates_no_longer(parties: Parties) -> None:
    mediated = make_mediated(parties)
    end_manager(actor=SYSTEM, manager=TechnologyManager.objects.get(), reason="停止执业")
    dispute = Dispute.objects.get(pk=mediated.dispute.pk)
    assert not may_see_dispute(mediated.mediator, dispute)
    assert not list_mediated(mediated.mediator).exists()
    with pytest.raises(NotFound):
        access_dispute(mediated.mediator, dispute.agreement.public_id, dispute.number)
    with pytest.raises(NotAllowed):
        propose_settlement(actor=mediated.mediator, dispute=dispute, text="还来")


def test_who_steps_down_reads_no_more(parties: Parties) -> None:
    mediated = make_mediated(parties)
    waiting = make_settlement(parties, mediated)
    with pytest.raises(InvalidInput):
        end_mediation(actor=mediated.mediator, dispute=mediated.dispute, reason="")
    left = end_mediation(actor=mediated.mediator, dispute=mediated.dispute, reason="与一方有往来")
    assert (left.state, left.mediator) == (DisputeState.ANSWERED, None)
    assert not may_see_dispute(mediated.mediator, left)
    assert entries_of(left).latest("id").role == "mediator"
    waiting.refresh_from_db()
    assert waiting.state == "replaced"
    assert MediatorProposal.objects.get().state == "left"
    with pytest.raises(RuleViolation, match="somebody mediates"):
        accept_settlement(actor=parties.buyer, dispute=left, digest=waiting.digest)


def test_either_side_may_want_another_mediator(parties: Parties) -> None:
    mediated = make_mediated(parties)
    ended = end_mediation(actor=parties.seller, dispute=mediated.dispute, reason="进展太慢")
    assert (ended.state, entries_of(ended).latest("id").role) == (DisputeState.ANSWERED, "provider")
    assert not may_see_dispute(mediated.mediator, ended)
    with pytest.raises(RuleViolation, match="somebody mediates"):
        end_mediation(actor=parties.seller, dispute=ended, reason="再来")
    assert propose_mediator(actor=parties.buyer, dispute=ended, manager=make_manager()).state == "proposed"


# ── the settlement ───────────────────────────────────────────────────────────────────────────────────────────────


def test_settled_when_both_accept_the_same_text(parties: Parties) -> None:
    mediated = make_mediated(parties)
    waiting = make_settlement(parties, mediated)
    assert amounts_of(waiting) == list(AMOUNTS)
    with pytest.raises(RuleViolation, match="not the settlement"):
        accept_settlement(actor=parties.buyer, dispute=mediated.dispute, digest="0" * 64)
    for actor in (mediated.mediator, make_person_of(make_organisation())):
        with pytest.raises(NotAllowed):
            accept_settlement(actor=actor, dispute=mediated.dispute, digest=waiting.digest)
    with pytest.raises(NotAllowed, match="A person accepts"):
        accept_settlement(actor=SYSTEM, dispute=mediated.dispute, digest=waiting.digest)
    one = accept_settlement(actor=parties.buyer, dispute=mediated.dispute, digest=waiting.digest)
    assert one.state == DisputeState.MEDIATION
    for call in (accept_settlement, decline_settlement):
        told: dict[str, Any] = {"digest": waiting.digest} if call is accept_settlement else {"reason": "反悔"}
        with pytest.raises(RuleViolation, match="accepted it already"):
            call(actor=parties.buyer, dispute=one, **told)
    settled = accept_settlement(actor=parties.seller, dispute=one, digest=waiting.digest)
    assert (settled.state, settled.settlement, settled.closed_on) == (DisputeState.SETTLED, waiting, TODAY)
    assert steps(settled)[-3:] == ["settlement_proposed", "settlement_accepted", "settled"]
    person = Person.objects.get(public_id=parties.buyer.person)
    assert personal_data(person)["settlements"][0]["digest"] == waiting.digest
    for model in logged_models():
        assert not list(uncovered_rows(model)), model


def test_another_proposal_takes_the_acceptance_with_it(parties: Parties) -> None:
    mediated = make_mediated(parties)
    first = make_settlement(parties, mediated)
    accept_settlement(actor=parties.buyer, dispute=mediated.dispute, digest=first.digest)
    second = propose_settlement(actor=mediated.mediator, dispute=mediated.dispute, text="各付三成")
    assert (second.number, open_settlement(mediated.dispute)) == (2, second)
    with pytest.raises(RuleViolation, match="not the settlement"):
        accept_settlement(actor=parties.seller, dispute=mediated.dispute, digest=first.digest)
    accept_settlement(actor=parties.seller, dispute=mediated.dispute, digest=second.digest)
    assert set(consents_of(second)) == {"provider"}
    assert Dispute.objects.get().state == DisputeState.MEDIATION


def test_a_declined_settlement_may_be_followed_by_another_or_by_the_end(parties: Parties) -> None:
    mediated = make_mediated(parties)
    make_settlement(parties, mediated)
    with pytest.raises(InvalidInput):
        decline_settlement(actor=parties.seller, dispute=mediated.dispute, reason="")
    decline_settlement(actor=parties.seller, dispute=mediated.dispute, reason="太少")
    with pytest.raises(RuleViolation, match="No settlement waits"):
        decline_settlement(actor=parties.buyer, dispute=mediated.dispute, reason="太多")
    again = make_settlement(parties, mediated)
    ended = end_unsettled(actor=mediated.mediator, dispute=mediated.dispute, reason="分歧太大")
    assert ended.state == DisputeState.FAILED
    again.refresh_from_db()
    assert again.state == "declined"
    assert entries_of(ended).latest("id").role == "mediator"


@pytest.mark.parametrize(
    "amounts",
    [
        [Amount(Side.CLIENT, 0, "零")],
        [Amount(Side.CLIENT, 10**15 + 1, "过大")],
        [Amount(Side.PROVIDER, 100, " ")],
        [Amount(Side.PROVIDER, 100, "长" * 201)],
        [Amount(Side.CLIENT, 1, "多")] * 21,
    ],
)
def test_amounts_say_who_pays_how_much_and_what_for(parties: Parties, amounts: list[Amount]) -> None:
    mediated = make_mediated(parties)
    with pytest.raises(InvalidInput) as error:
        propose_settlement(actor=mediated.mediator, dispute=mediated.dispute, text="如下", amounts=amounts)
    assert "amounts" in error.value.fields


def test_the_database_keeps_one_mediator_and_one_open_settlement(parties: Parties) -> None:
    settled = make_settled(parties)
    waiting = make_settlement(parties)
    for row, change in (
        (settled, {"settlement": None}),
        (settled, {"closed_on": None}),
        (waiting.dispute, {"mediator": None}),
        (waiting.dispute, {"held_fen": 5}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Dispute.objects.filter(pk=row.pk).update(**change)
    for copy in (waiting, MediatorProposal.objects.get(dispute=waiting.dispute)):
        copy.pk, copy._state.adding, copy.public_id = None, True, Dispute().public_id
        if hasattr(copy, "number"):
            copy.number = 9
        with pytest.raises(IntegrityError), transaction.atomic():
            copy.save(force_insert=True)
