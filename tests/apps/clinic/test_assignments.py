"""Who carries which need: proposed by the engine, confirmed by the bureau, declined by managers with a reason."""

from __future__ import annotations

from functools import partial

import pytest

from ronglian.apps.accounts.enums import ConflictKind
from ronglian.apps.accounts.models import Membership
from ronglian.apps.accounts.operations.conflicts import declare_conflict
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.clinic.assignment_enums import Against, DeclineReason, ProposalState
from ronglian.apps.clinic.case_enums import CaseOrigin, CaseStage
from ronglian.apps.clinic.models import AssignmentProposal, Case, TechnologyManager
from ronglian.apps.clinic.operations.assignments import (
    confirm_assignment,
    decline_assignment,
    propose_assignments,
)
from ronglian.apps.clinic.operations.cases import advance_case
from ronglian.apps.clinic.operations.technology_managers import edit_manager, pause_manager
from ronglian.apps.clinic.queries.assignments import (
    list_proposals,
    own_open_proposals,
    tied_pairs,
    unproposed_needs,
    waiting_needs,
)
from ronglian.apps.clinic.tasks import renew_assignments
from ronglian.kernel.actor import ANONYMOUS, Actor, Role
from ronglian.kernel.errors import InvalidInput, NotAllowed, RuleViolation
from ronglian.kernel.models import Event
from tests.factories import SYSTEM, make_need, make_organisation, make_person
from tests.factories.technology_managers import make_manager

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau() -> Actor:
    return actor_of_person(make_person(offices=["bureau"]))


def proposed() -> dict[str, str]:
    """Title of the need → name of the manager."""
    rows = AssignmentProposal.objects.filter(state=ProposalState.PROPOSED)
    return {row.need.title: row.manager.name for row in rows}


def test_needs_go_to_who_fits_and_the_reasons_are_kept(bureau: Actor) -> None:
    make_manager(name="环保", summary="电镀废水治理")
    make_manager(name="农业", technology_fields=["agriculture"], regions=["37"])
    make_need(title="电镀废水六价铬超标", technology_field="environment", region="3205")
    make_need(title="苹果病害", technology_field="agriculture", region="3706")
    run = propose_assignments(actor=bureau)
    assert proposed() == {"电镀废水六价铬超标": "环保", "苹果病害": "农业"}
    assert run.value == pytest.approx(run.bound)
    row = AssignmentProposal.objects.get(manager__name="环保")
    assert row.parts["field"] == 40
    assert row.terms[:2] == ["电镀", "废水"]
    assert (row.second, row.against) == (TechnologyManager.objects.get(name="农业"), Against.FITS_LESS)
    assert Event.objects.get(name="assignment.proposed").data["carried"] == 2


def test_nobody_tied_to_the_owner_is_asked(bureau: Actor) -> None:
    members, declared, own = (make_organisation() for _number in range(3))
    tied = make_manager(name="有关", organisation=own)
    Membership.objects.create(person=tied.person, organisation=members, role=Role.VIEWER)
    declare_conflict(actor=actor_of_person(tied.person), organisation=declared, kind=ConflictKind.FAMILY)
    needs = [make_need(owner) for owner in (members, declared, own)]
    free = make_need()
    assert tied_pairs([*needs, free], [tied]) == {(need.pk, tied.pk) for need in needs}
    run = propose_assignments(actor=bureau)
    assert set(proposed()) == {free.title}
    assert run.counts["nobody_possible"] == 3
    assert set(unproposed_needs()) == set(needs)


def test_capacity_pauses_and_languages_are_kept(bureau: Actor) -> None:
    make_manager(name="一", capacity=1)
    make_manager(name="停", takes_new=False)
    make_manager(name="待", is_confirmed=False)
    english = make_need(title="Plating waste water")
    make_manager(name="汉", languages=["zh"], capacity=1)
    for number in range(4):
        make_need(title=f"废水{number}")
    run = propose_assignments(actor=bureau)
    assert sorted(proposed().values()) == ["一", "汉"]
    assert run.counts["places"] == 2
    assert proposed().get(english.title) in (None, "一")


def test_small_firms_have_their_share_of_the_places(bureau: Actor) -> None:
    make_manager(capacity=2)
    large = make_organisation(size="large")
    for number in range(2):
        make_need(large, f"大{number}", technology_field="environment", region="3205")
        make_need(make_organisation(), f"小{number}", technology_field="agriculture", region="53")
    run = propose_assignments(actor=bureau)
    assert sorted(name[0] for name in proposed()) == ["大", "小"]
    assert (run.counts["small_minimum"], run.counts["small_held"]) == (1, 1)


def test_confirming_looks_again_and_what_is_confirmed_stays(bureau: Actor) -> None:
    manager = make_manager(capacity=1)
    first = make_need(title="甲")
    propose_assignments(actor=bureau)
    stale = AssignmentProposal.objects.get()
    pause_manager(actor=actor_of_person(manager.person), manager=manager, takes_new=False)
    with pytest.raises(RuleViolation):
        confirm_assignment(actor=bureau, proposal=stale)
    pause_manager(actor=actor_of_person(manager.person), manager=manager, takes_new=True)
    declaration = declare_conflict(
        actor=actor_of_person(manager.person), organisation=first.owner, kind=ConflictKind.SHARES
    )
    with pytest.raises(RuleViolation):
        confirm_assignment(actor=bureau, proposal=stale)
    type(declaration).objects.all().delete()
    with pytest.raises(NotAllowed):
        confirm_assignment(actor=actor_of_person(manager.person), proposal=stale)
    confirm_assignment(actor=bureau, proposal=stale)
    for decide_again in (confirm_assignment, partial(decline_assignment, reason=DeclineReason.OVERLOADED)):
        with pytest.raises(RuleViolation):
            decide_again(actor=bureau, proposal=stale)
    case = Case.objects.get()
    assert (case.need, case.manager, case.origin) == (first, manager, CaseOrigin.ASSIGNMENT)
    assert not waiting_needs().exists()
    make_need(title="乙")
    run = propose_assignments(actor=bureau)
    assert run.counts["places"] == 0
    assert AssignmentProposal.objects.get().need == first
    advance_case(
        actor=actor_of_person(manager.person),
        case=case,
        stage=CaseStage.STOPPED,
        reason="no_money",
        note="没有预算",
    )
    assert first in waiting_needs(), "what was stopped waits again"
    assert propose_assignments(actor=bureau).counts["carried"] == 1


def test_who_declines_says_why_and_is_not_asked_again(bureau: Actor) -> None:
    manager = make_manager(name="甲")
    make_need()
    propose_assignments(actor=bureau)
    own = actor_of_person(manager.person)
    (row,) = own_open_proposals(own)
    with pytest.raises(InvalidInput):
        decline_assignment(actor=own, proposal=row, reason=DeclineReason.OTHER)
    with pytest.raises(NotAllowed):
        decline_assignment(
            actor=actor_of_person(make_manager().person), proposal=row, reason=DeclineReason.TOO_FAR
        )
    decline_assignment(actor=own, proposal=row, reason=DeclineReason.TOO_FAR)
    with pytest.raises(RuleViolation):
        decline_assignment(actor=own, proposal=row, reason=DeclineReason.TOO_FAR)
    propose_assignments(actor=bureau)
    row = AssignmentProposal.objects.get(state=ProposalState.PROPOSED)
    assert row.manager != manager
    assert (row.second, row.against) == (manager, Against.DECLINED)


def test_capacities_that_change_change_the_next_proposal(bureau: Actor) -> None:
    manager = make_manager(capacity=1)
    for number in range(3):
        make_need(title=f"废水{number}")
    propose_assignments(actor=bureau)
    assert len(proposed()) == 1
    TechnologyManager.objects.filter(pk=manager.pk).update(capacity=3)
    propose_assignments(actor=bureau)
    assert len(proposed()) == 3


def test_who_sees_which_proposal(bureau: Actor) -> None:
    manager = make_manager()
    make_need()
    propose_assignments(actor=SYSTEM)
    for actor, number in (
        (bureau, 1), (SYSTEM, 1), (actor_of_person(manager.person), 1),
        (actor_of_person(make_manager().person), 0), (ANONYMOUS, 0),
    ):  # fmt: skip
        assert list_proposals(actor).count() == number


def test_only_who_keeps_the_register_proposes_and_only_where_there_is_something(bureau: Actor) -> None:
    with pytest.raises(NotAllowed):
        propose_assignments(actor=actor_of_person(make_manager().person))
    with pytest.raises(RuleViolation):
        propose_assignments(actor=bureau)
    make_need()
    TechnologyManager.objects.all().delete()
    with pytest.raises(RuleViolation):
        propose_assignments(actor=bureau)


def test_it_is_proposed_anew_when_capacities_change_and_only_then(bureau: Actor) -> None:
    manager = make_manager(capacity=1)
    for _need in range(2):
        make_need()
    assert renew_assignments.func() == 0  # nobody has asked for proposals yet
    propose_assignments(actor=bureau)
    assert len(proposed()) == 1
    assert renew_assignments.func() == 0
    edit_manager(actor=SYSTEM, manager=manager, fields={"name_en": "Yun Lan"})
    assert renew_assignments.func() == 0
    manager.refresh_from_db()
    edit_manager(actor=SYSTEM, manager=manager, fields={"capacity": 2})
    assert renew_assignments.func() == 1
    assert len(proposed()) == 2
    assert renew_assignments.func() == 0
    assert not Case.objects.exists()  # a person confirms
