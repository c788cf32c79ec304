"""Which way a trouble goes, who decides, who objects; and whether a need is real."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from ronglian.apps.accounts.enums import ConflictKind
from ronglian.apps.accounts.models import Organisation
from ronglian.apps.accounts.operations.conflicts import declare_conflict
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.clinic.enums import Route
from ronglian.apps.clinic.models import Consultation, Triage
from ronglian.apps.clinic.operations.checks import answer_objection, object_to_check, record_check
from ronglian.apps.clinic.operations.consultations import (
    close_consultation,
    open_consultation,
    register_consultation,
)
from ronglian.apps.clinic.operations.triage import decide_triage, object_to_triage, show_to_managers
from ronglian.apps.clinic.queries.consultations import access_consultation, list_consultations
from ronglian.apps.clinic.queries.triage import (
    access_check,
    access_triage,
    checks_of,
    latest_triage,
    propose_for_consultation,
    propose_for_need,
    waiting_consultations,
    waiting_needs,
)
from ronglian.apps.clinic.reading import read_consultation
from ronglian.apps.clinic.rules import is_visible
from ronglian.apps.clinic.triage_enums import CheckFinding, CheckMeans
from ronglian.kernel.actor import ANONYMOUS, Actor, Role
from ronglian.kernel.errors import InvalidInput, NotAllowed, NotFound, RuleViolation
from ronglian.kernel.events import events_about
from tests.factories import SYSTEM, make_need, make_organisation, make_person, make_person_of
from tests.factories.clinic import UNCLEAR, make_check, make_triage, open_shown
from tests.factories.technology_managers import make_manager

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm() -> Organisation:
    return make_organisation("某表面处理有限公司")


@pytest.fixture
def editor(firm: Organisation) -> Actor:
    return make_person_of(firm)


@pytest.fixture
def manager() -> Actor:
    person = make_manager().person
    person.refresh_from_db()
    return actor_of_person(person)


@pytest.fixture
def told(firm: Organisation) -> Consultation:
    person = make_person()
    firm.memberships.create(person=person, role=Role.OWNER)
    return open_shown(person, firm)


SAME = {
    "details": "镀铬线漂洗水六价铬目前0.5 mg/L，要求不高于0.1 mg/L。试过加药，污泥太多。预算50万元，半年内完成，第三方检测验收。"
}


def test_what_two_other_small_firms_ask_for_as_well_is_proposed_for_pooling() -> None:
    titles = ("镀铬漂洗水六价铬超标处理", "镀铬线漂洗水六价铬超标", "小批量镀铬件漂洗水六价铬超标处理")
    firms = [make_organisation(size="small") for _title in titles]
    needs = [make_need(firm, title, **SAME) for firm, title in zip(firms, titles, strict=True)]
    make_need(firms[0], titles[1], **SAME)  # saying it twice makes nobody two
    for need in needs:
        proposal = propose_for_need(SYSTEM, need)
        assert proposal.route == Route.POOL, (need, proposal)
    told = open_consultation(
        actor=SYSTEM, owner=make_organisation(size="micro"), title=titles[0], words=SAME["details"]
    )
    assert propose_for_consultation(told, read_consultation(told), None).route == Route.POOL
    large = make_need(make_organisation(size="large"), titles[0], **SAME)
    assert propose_for_need(SYSTEM, large).route != Route.POOL


def decide(actor: Actor, subject: Consultation, route: Route = Route.POOL) -> Triage:
    return decide_triage(actor=actor, subject=subject, proposal=UNCLEAR, route=route, minutes="电话谈过")


def test_managers_read_what_is_shown_and_nothing_else(
    editor: Actor, manager: Actor, told: Consultation
) -> None:
    assert is_visible(manager, told)
    assert list(waiting_consultations(manager)) == [told]
    told = show_to_managers(actor=editor, consultation=told, shown=False)
    assert not is_visible(manager, told)
    assert not list_consultations(manager).exists()
    with pytest.raises(NotFound):
        access_consultation(manager, told.public_id)
    with pytest.raises(NotAllowed):
        decide(manager, told)


def test_a_closed_trouble_is_shown_no_longer(editor: Actor, manager: Actor, told: Consultation) -> None:
    told = close_consultation(actor=editor, consultation=told, reason="已解决")
    assert not is_visible(manager, told)
    assert not waiting_consultations(manager).exists()


def test_the_decision_keeps_what_was_proposed(manager: Actor, told: Consultation) -> None:
    triage = decide(manager, told)
    assert (triage.proposed, triage.route, triage.reasons) == ("diagnose", "pool", ["unclear", "incomplete"])
    assert not waiting_consultations(manager).exists()
    assert latest_triage(told) == triage
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM clinic_triage")
        assert "电话谈过" not in str(cursor.fetchall())
    assert "电话" not in str([event.data for event in events_about(triage)])


def test_without_minutes_nothing_is_decided(manager: Actor, told: Consultation) -> None:
    with pytest.raises(InvalidInput):
        decide_triage(actor=manager, subject=told, proposal=UNCLEAR, route=Route.POOL, minutes=" ")
    assert latest_triage(told) is None


def test_an_objection_lets_it_wait_again(editor: Actor, manager: Actor, told: Consultation) -> None:
    first = decide(manager, told)
    first = object_to_triage(actor=editor, triage=first, objection="我们要的是设备")
    assert list(waiting_consultations(manager)) == [told]
    with pytest.raises(RuleViolation):
        object_to_triage(actor=editor, triage=first, objection="再")
    second = decide(manager, told, Route.MATCH_NOW)
    assert not waiting_consultations(manager).exists()
    object_to_triage(actor=editor, triage=second, objection="还是不对")
    assert list(waiting_consultations(manager)) == [told]
    with pytest.raises(RuleViolation):
        object_to_triage(actor=editor, triage=Triage.objects.get(pk=first.pk), objection="再")


def test_nobody_decides_about_his_own(firm: Organisation, told: Consultation) -> None:
    person = make_manager().person
    person.refresh_from_db()
    declare_conflict(actor=actor_of_person(person), organisation=firm, kind=ConflictKind.SHARES)
    with pytest.raises(RuleViolation):
        decide(actor_of_person(person), told)
    firm.memberships.create(person=person, role=Role.VIEWER)
    with pytest.raises(NotAllowed):
        decide(actor_of_person(person), told)


def test_only_technology_managers_decide_and_only_the_firm_objects(
    editor: Actor, manager: Actor, told: Consultation
) -> None:
    for actor in (ANONYMOUS, make_person_of(make_organisation()), editor):
        with pytest.raises(NotAllowed):
            decide(actor, told)
    triage = decide(manager, told)
    assert access_triage(editor, triage.public_id) == triage
    for actor in (manager, make_person_of(make_organisation())):
        with pytest.raises(NotFound):
            access_triage(actor, triage.public_id)
        with pytest.raises(NotAllowed):
            object_to_triage(actor=actor, triage=triage, objection="不")


def test_a_need_keeps_the_way_of_its_consultation(editor: Actor, manager: Actor, told: Consultation) -> None:
    triage = decide(manager, told)
    told = register_consultation(actor=editor, consultation=told)
    assert told.need is not None
    assert latest_triage(told.need) == triage
    other = make_need()
    assert list(waiting_needs(manager)) == [other]
    make_triage(other)
    assert not waiting_needs(manager).exists()


def test_a_triage_is_about_one(told: Consultation) -> None:
    triage = make_triage(told)
    with pytest.raises(IntegrityError), transaction.atomic():
        Triage.objects.filter(pk=triage.pk).update(consultation=None)


# ── whether a need is real ───────────────────────────────────────────────────────────────────────────────────────


def test_a_check_says_who_what_when_and_by_what_means(manager: Actor) -> None:
    need = make_need()
    check = record_check(
        actor=manager, need=need, means=CheckMeans.SAMPLE, checked_on=timezone.localdate(),
        finding=CheckFinding.GENUINE, what="见过返工件",
    )  # fmt: skip
    assert checks_of(need) == [check]
    assert check.checked_by == manager.label
    assert [event.name for event in events_about(check)] == ["check.recorded"]


def test_a_check_lies_in_the_past_and_says_something(manager: Actor) -> None:
    need = make_need()
    tomorrow = timezone.localdate() + timedelta(days=1)
    for day, what in ((tomorrow, "见过"), (timezone.localdate(), " ")):
        with pytest.raises(InvalidInput):
            record_check(actor=manager, need=need, means=CheckMeans.CALL, checked_on=day,
                         finding=CheckFinding.GENUINE, what=what)  # fmt: skip
    assert checks_of(need) == []


def test_objection_and_answer_stand_beside_the_check(
    firm: Organisation, editor: Actor, manager: Actor
) -> None:
    check = make_check(make_need(firm))
    with pytest.raises(RuleViolation):
        answer_objection(actor=manager, check=check, answer="没有", is_upheld=True)
    check = object_to_check(actor=editor, check=check, objection="没有人来过")
    with pytest.raises(RuleViolation):
        object_to_check(actor=editor, check=check, objection="再")
    with pytest.raises(NotAllowed):
        answer_objection(actor=editor, check=check, answer="属实", is_upheld=True)
    check = answer_objection(actor=manager, check=check, answer="查明未到现场", is_upheld=False)
    assert (check.is_upheld, check.answer) == (False, "查明未到现场")


def test_strangers_and_the_firm_itself_do_not_vouch(firm: Organisation, editor: Actor) -> None:
    need = make_need(firm)
    for actor in (ANONYMOUS, editor, make_person_of(make_organisation())):
        with pytest.raises(NotAllowed):
            record_check(actor=actor, need=need, means=CheckMeans.CALL, checked_on=timezone.localdate(),
                         finding=CheckFinding.GENUINE, what="电话")  # fmt: skip
    hidden = make_check(make_need(firm, disclosure="organisation"))
    with pytest.raises(NotFound):
        access_check(make_person_of(make_organisation()), hidden.public_id)
