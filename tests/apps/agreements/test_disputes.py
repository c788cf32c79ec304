"""Disputes about agreements: raised, answered, held, ended; who reads them, and who is told."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.agreements.dispute_enums import DisputeState, DisputeStep, DisputeSubject
from ronglian.apps.agreements.dispute_rules import may_see_dispute
from ronglian.apps.agreements.dispute_tasks import DisputeNews, note_late_answers, tell_of_dispute
from ronglian.apps.agreements.enums import AgreementState, EndKind, MovementKind
from ronglian.apps.agreements.models import (
    Agreement,
    Demand,
    Dispute,
    DisputeEntry,
    MoneyMovement,
)
from ronglian.apps.agreements.operations.disputing import (
    answer_dispute,
    end_unsettled,
    note_lateness,
    raise_dispute,
    say_in_dispute,
    withdraw_dispute,
)
from ronglian.apps.agreements.operations.ending import demand_payment, end_for_default, propose_end
from ronglian.apps.agreements.operations.mediating import (
    answer_mediator,
    end_mediation,
    propose_settlement,
)
from ronglian.apps.agreements.operations.money import claim_due, confirm_movement, tell_movement
from ronglian.apps.agreements.queries.disputes import (
    access_dispute,
    entries_of,
    held_in_disputes,
    list_disputes,
)
from ronglian.apps.agreements.queries.money import access_payment
from ronglian.kernel.actor import ANONYMOUS, Role
from ronglian.kernel.errors import InvalidInput, NotAllowed, NotFound, RuleViolation
from ronglian.kernel.events import events_about
from ronglian.kernel.log.coverage import logged_models, uncovered_rows
from tests.factories import SYSTEM, make_member, make_organisation, make_person, make_person_of
from tests.factories.agreements import LICENCE_TERMS, Parties, make_agreement, make_parties, make_signed
from tests.factories.disputes import (
    Mediated,
    make_answered,
    make_dispute,
    make_mediated,
    make_nominated,
    make_settled,
)
from tests.factories.technology_managers import make_manager

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
TODAY = timezone.localdate()


@pytest.fixture
def parties() -> Parties:
    return make_parties()


def steps(dispute: Dispute) -> list[str]:
    return [str(entry.step) for entry in entries_of(dispute)]


# ── raising and answering ────────────────────────────────────────────────────────────────────────────────────────


def test_a_dispute_is_raised_answered_and_kept_in_its_log(parties: Parties) -> None:
    agreement = make_signed(parties)
    dispute = make_dispute(
        parties, agreement, amount_fen=6_000_000, clause="acceptance", payment=access_payment(agreement, 2)
    )
    assert (dispute.number, dispute.raised_by, dispute.answer_by) == (1, "client", TODAY + timedelta(days=15))
    with pytest.raises(NotAllowed, match="did not raise it"):
        answer_dispute(actor=parties.buyer, dispute=dispute, text="自答")
    with pytest.raises(InvalidInput):
        answer_dispute(actor=parties.seller, dispute=dispute, text=" ")
    with pytest.raises(InvalidInput) as no_hold:
        answer_dispute(actor=parties.seller, dispute=dispute, text="暂扣", agrees_hold=True)
    assert "agrees_hold" in no_hold.value.fields
    answered = answer_dispute(actor=parties.seller, dispute=dispute, text="进水浓度超出约定")
    assert (answered.state, answered.answered_on) == (DisputeState.ANSWERED, TODAY)
    with pytest.raises(RuleViolation, match="answered already"):
        answer_dispute(actor=parties.seller, dispute=answered, text="再答")
    say_in_dispute(actor=parties.buyer, dispute=answered, text="附上检测报告")
    assert steps(dispute) == ["raised", "answered", "said"]
    assert [event.name for event in events_about(dispute)] == ["dispute.raised", "dispute.answered"]
    assert make_dispute(parties, agreement).number == 2
    for model in logged_models():
        assert not list(uncovered_rows(model)), model


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("days", {"days": 9}),
        ("days", {"days": 181}),
        ("claim", {"claim": " "}),
        ("amount_fen", {"asks_hold": True}),
        ("amount_fen", {"amount_fen": 0}),
        ("clause", {"clause": "no_such"}),
        ("subject", {"subject": "weather"}),
    ],
)
def test_what_is_wrong_about_a_dispute_is_named(parties: Parties, field: str, fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as error:
        make_dispute(parties, **fields)
    assert field in error.value.fields


def test_the_payment_is_one_of_the_contract(parties: Parties) -> None:
    other = access_payment(make_signed(parties), 1)
    with pytest.raises(InvalidInput):
        make_dispute(parties, payment=other)


def test_only_under_what_both_have_signed(parties: Parties) -> None:
    with pytest.raises(RuleViolation, match="both have signed"):
        make_dispute(parties, make_agreement(parties))
    ended = make_signed(parties)
    Agreement.objects.filter(pk=ended.pk).update(state=AgreementState.TERMINATED, ended_because="停产")
    assert make_dispute(parties, Agreement.objects.get(pk=ended.pk)).number == 1


def test_it_is_taken_back_by_who_raised_it(parties: Parties) -> None:
    dispute = make_dispute(parties)
    with pytest.raises(NotAllowed, match="raised it"):
        withdraw_dispute(actor=parties.seller, dispute=dispute, reason="请撤回")
    with pytest.raises(InvalidInput):
        withdraw_dispute(actor=parties.buyer, dispute=dispute, reason="")
    closed = withdraw_dispute(actor=parties.buyer, dispute=dispute, reason="已经整改")
    assert (closed.state, closed.closed_on) == (DisputeState.WITHDRAWN, TODAY)
    for call in (
        lambda: say_in_dispute(actor=parties.buyer, dispute=closed, text="还有"),
        lambda: withdraw_dispute(actor=parties.buyer, dispute=closed, reason="再撤"),
        lambda: end_unsettled(actor=parties.buyer, dispute=closed, reason="结束"),
    ):
        with pytest.raises(RuleViolation, match="closed"):
            call()


def test_the_other_side_has_the_days_that_were_left_to_it(parties: Parties) -> None:
    dispute = make_dispute(parties)
    with pytest.raises(RuleViolation, match="to answer"):
        end_unsettled(actor=parties.buyer, dispute=dispute, reason="没有答复")
    Dispute.objects.filter(pk=dispute.pk).update(answer_by=TODAY - timedelta(days=1))
    ended = end_unsettled(actor=parties.buyer, dispute=dispute, reason="没有答复")
    assert ended.state == DisputeState.FAILED
    assert steps(dispute) == ["raised", "failed"]


def test_that_the_day_has_passed_is_noted_once_and_an_answer_may_still_come(parties: Parties) -> None:
    dispute, other = make_dispute(parties), make_dispute(parties)
    with pytest.raises(RuleViolation, match="nothing to note"):
        note_lateness(actor=SYSTEM, dispute=dispute)
    assert note_late_answers.func() == 0
    Dispute.objects.filter(pk=dispute.pk).update(answer_by=TODAY - timedelta(days=1))
    with pytest.raises(NotAllowed, match="by itself"):
        note_lateness(actor=parties.buyer, dispute=dispute)
    assert note_late_answers.func() == 1
    assert note_late_answers.func() == 0
    assert (steps(dispute), steps(other)) == (["raised", "late"], ["raised"])
    assert entries_of(dispute).latest("id").role == "platform"
    with pytest.raises(RuleViolation, match="nothing to note"):
        note_lateness(actor=SYSTEM, dispute=dispute)
    assert answer_dispute(actor=parties.seller, dispute=dispute, text="迟复为歉").state == "answered"


def test_nothing_is_fulfilled_while_a_dispute_is_open(parties: Parties) -> None:
    at_once = {**LICENCE_TERMS, "payments": [{"title": "付清", "amount_fen": 10_000_000, "due": "signing"}]}
    agreement = make_signed(parties, terms=at_once)
    told = {"agreement": agreement, "kind": MovementKind.PAY, "amount_fen": 10_000_000, "day": TODAY}
    movement = tell_movement(actor=parties.buyer, **told)
    confirm_movement(actor=parties.seller, agreement=agreement, movement=movement)
    dispute = make_dispute(parties, agreement)
    end: dict[str, Any] = {"actor": parties.seller, "agreement": agreement, "reason": "履行完毕"}
    with pytest.raises(RuleViolation, match="A dispute is open"):
        propose_end(kind=EndKind.FULFILLED, **end)
    withdraw_dispute(actor=parties.buyer, dispute=dispute, reason="已经整改")
    assert propose_end(kind=EndKind.FULFILLED, **end).state == "proposed"


def test_once_it_is_answered_either_side_may_end_it(parties: Parties) -> None:
    proposal = make_nominated(parties)
    ended = end_unsettled(actor=parties.seller, dispute=proposal.dispute, reason="谈不拢")
    assert ended.state == DisputeState.FAILED
    proposal.refresh_from_db()
    assert proposal.state == "declined"


# ── holding an amount ────────────────────────────────────────────────────────────────────────────────────────────


def late(parties: Parties) -> Agreement:
    """40,000 yuan are nine days late."""
    day = TODAY - timedelta(days=9)
    terms = deepcopy(LICENCE_TERMS) | {
        "items": [{"name": "许可费", "amount_fen": 4_000_000}],
        "payments": [{"title": "一期", "amount_fen": 4_000_000, "due": "day", "day": day.isoformat()}],
    }
    agreement = make_signed(parties, terms=terms)
    claim_due(actor=SYSTEM, agreement=agreement, today=TODAY)
    MoneyMovement.objects.filter(kind=MovementKind.CLAIM).update(day=day)
    return Agreement.objects.select_related("signed", "client", "provider").get(pk=agreement.pk)


def demand(parties: Parties, agreement: Agreement) -> Demand:
    return demand_payment(
        actor=parties.seller, agreement=agreement, cure_by=TODAY + timedelta(days=20), reason="逾期"
    )


def test_what_both_hold_is_not_demanded_and_nothing_ends_for_it(parties: Parties) -> None:
    agreement = late(parties)
    made = demand(parties, agreement)
    Demand.objects.filter(pk=made.pk).update(cure_by=TODAY - timedelta(days=1))
    dispute = make_answered(parties, agreement, amount_fen=4_000_000, asks_hold=True, agrees_hold=True)
    assert held_in_disputes(agreement) == 4_000_000
    with pytest.raises(RuleViolation, match="held because of a dispute"):
        end_for_default(actor=parties.seller, agreement=agreement, reason="逾期")
    withdraw_dispute(actor=parties.buyer, dispute=dispute, reason="已经整改")
    assert held_in_disputes(agreement) == 0
    ended = end_for_default(actor=parties.seller, agreement=agreement, reason="逾期")
    assert ended.state == AgreementState.TERMINATED


def test_one_side_alone_holds_nothing(parties: Parties) -> None:
    agreement = late(parties)
    make_answered(parties, agreement, amount_fen=4_000_000, asks_hold=True)
    assert held_in_disputes(agreement) == 0
    assert demand(parties, agreement).overdue_fen == 4_000_000


def test_what_is_beyond_the_held_amount_is_demanded(parties: Parties) -> None:
    agreement = late(parties)
    make_answered(parties, agreement, amount_fen=1_500_000, asks_hold=True, agrees_hold=True)
    assert demand(parties, agreement).overdue_fen == 2_500_000


# ── who reads, and who is told ───────────────────────────────────────────────────────────────────────────────────


def test_nobody_else_reads_or_acts(parties: Parties) -> None:
    mediated = make_mediated(parties)
    dispute = mediated.dispute
    strangers = (make_person_of(make_organisation()), actor_of_person(make_manager().person), ANONYMOUS)
    operator = actor_of_person(make_person(is_operator=True))
    for actor in (*strangers, operator):
        assert not list_disputes(actor, dispute.agreement).exists()
        with pytest.raises(NotFound):
            access_dispute(actor, dispute.agreement.public_id, dispute.number)
        calls: list[Any] = [
            lambda actor: raise_dispute(
                actor=actor, agreement=dispute.agreement, subject=DisputeSubject.OTHER, claim="x", days=15
            ),
            lambda actor: say_in_dispute(actor=actor, dispute=dispute, text="x"),
            lambda actor: withdraw_dispute(actor=actor, dispute=dispute, reason="x"),
            lambda actor: end_unsettled(actor=actor, dispute=dispute, reason="x"),
            lambda actor: end_mediation(actor=actor, dispute=dispute, reason="x"),
            lambda actor: propose_settlement(actor=actor, dispute=dispute, text="x"),
        ]
        for call in calls:
            with pytest.raises(NotAllowed):
                call(actor)
    assert not may_see_dispute(Mediated(dispute, parties.buyer).mediator, make_dispute(make_parties()))


def test_those_in_it_are_told_without_what_it_is_about(parties: Parties) -> None:
    mediated = make_mediated(parties)
    mail.outbox.clear()
    told = tell_of_dispute.func(str(mediated.dispute.public_id), DisputeNews.SETTLEMENT.value)
    assert told == len(mail.outbox) == 3
    assert all("超标" not in f"{one.subject}{one.body}" for one in mail.outbox)
    office = make_organisation("调解中心")
    make_member(office, Role.EDITOR)
    proposal = make_nominated(parties, organisation=office)
    answer_mediator(actor=parties.seller, dispute=proposal.dispute, proposal=proposal, agrees=True)
    assert tell_of_dispute.func(str(proposal.dispute.public_id), DisputeNews.SAID.value) == 3


def test_every_step_says_who_took_it(parties: Parties) -> None:
    settled = make_settled(parties)
    assert {entry.step for entry in DisputeEntry.objects.filter(dispute=settled)} == {
        DisputeStep.RAISED, DisputeStep.ANSWERED, DisputeStep.MEDIATOR_PROPOSED, DisputeStep.MEDIATOR_APPOINTED,
        DisputeStep.SETTLEMENT_PROPOSED, DisputeStep.SETTLEMENT_ACCEPTED, DisputeStep.SETTLED,
    }  # fmt: skip
    assert all(entry.said_by and entry.role for entry in entries_of(settled))
