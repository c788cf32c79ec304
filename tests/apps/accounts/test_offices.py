"""Offices, suspension, verification by others, and what a token may read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from ronglian.apps.accounts.enums import ConflictKind
from ronglian.apps.accounts.models import ConflictDeclaration, Person
from ronglian.apps.accounts.operations.conflicts import declare_conflict
from ronglian.apps.accounts.operations.offices import give_office, restore_person, suspend_person
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.registry.models import Need
from ronglian.apps.registry.operations.records import edit_record, verify_record
from ronglian.kernel.actor import Actor, Office, Role
from ronglian.kernel.errors import InvalidInput, NotAllowed, RuleViolation
from ronglian.kernel.models import Event
from ronglian.kernel.provenance import Verification
from tests.api.calls import Caller, secret_of
from tests.factories import SYSTEM, make_member, make_need, make_organisation, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def operator() -> Actor:
    return actor_of_person(make_person(is_operator=True))


def officer(office: Office) -> Actor:
    person = make_person()
    give_office(actor=SYSTEM, person=person, office=office)
    return actor_of_person(Person.objects.get(pk=person.pk))


def test_a_suspended_person_is_stopped_at_the_next_request(operator: Actor) -> None:
    person = make_member(make_organisation(), Role.OWNER)
    client, program = Client(), Caller(secret_of(person))
    client.force_login(person)
    assert client.get("/work/").status_code == 200
    assert program.get("/me").status_code == 200
    suspend_person(actor=operator, person=person, reason="滥发信息")
    assert client.get("/work/").status_code == 302
    assert program.get("/me").status_code == 401
    restore_person(actor=operator, person=person)
    assert program.get("/me").status_code == 200
    names = list(Event.objects.filter(subject_type="person").values_list("name", flat=True))
    assert names == ["person.suspended", "person.restored"]


def test_who_may_not_suspend(operator: Actor) -> None:
    person = make_person()
    for actor in (officer(Office.BUREAU), actor_of_person(make_member(make_organisation(), Role.OWNER))):
        with pytest.raises(NotAllowed):
            suspend_person(actor=actor, person=person, reason="x")
    with pytest.raises(InvalidInput):
        suspend_person(actor=operator, person=person, reason=" ")
    with pytest.raises(RuleViolation, match="yourself"):
        suspend_person(actor=operator, person=Person.objects.get(public_id=operator.person), reason="x")


def test_others_say_how_far_a_record_was_checked(operator: Actor) -> None:
    need = make_need()
    bureau = officer(Office.BUREAU)
    for actor in (
        actor_of_person(make_member(need.owner, Role.OWNER)),
        officer(Office.TECHNOLOGY_MANAGER),
        actor_of_person(make_member(make_organisation(), Role.OWNER)),
    ):
        with pytest.raises(NotAllowed):
            verify_record(actor=actor, record=need, verification=Verification.VERIFIED, note="看过")
    verify_record(actor=bureau, record=need, verification=Verification.DOCUMENTED, note="看过执照")
    verify_record(actor=operator, record=need, verification=Verification.VERIFIED, note="现场")
    assert Need.objects.get(pk=need.pk).verification == Verification.VERIFIED


def test_who_wrote_a_record_does_not_check_it_even_after_leaving() -> None:
    need = make_need()
    author = make_member(need.owner, Role.EDITOR, offices=["bureau"])
    edit_record(actor=actor_of_person(author), record=need, fields={"keywords": ["新"]})
    author.memberships.all().delete()
    with pytest.raises(RuleViolation, match="You wrote"):
        verify_record(
            actor=actor_of_person(author), record=need, verification=Verification.VERIFIED, note="看过"
        )


def test_who_declared_a_tie_to_an_organisation_does_not_check_its_records(operator: Actor) -> None:
    need = make_need()
    declare_conflict(actor=operator, organisation=make_organisation(), kind=ConflictKind.SHARES)
    verify_record(actor=operator, record=need, verification=Verification.DOCUMENTED, note="看过")
    declared = declare_conflict(actor=operator, organisation=need.owner, kind=ConflictKind.SHARES)
    with pytest.raises(NotAllowed, match="declared a tie"):
        verify_record(actor=operator, record=need, verification=Verification.VERIFIED, note="看过")
    ConflictDeclaration.objects.filter(pk=declared.pk).update(
        starts_on=timezone.localdate() - timedelta(days=2), ends_on=timezone.localdate() - timedelta(days=1)
    )
    verify_record(actor=operator, record=need, verification=Verification.VERIFIED, note="看过")


def test_a_bureau_or_operator_reads_no_confidential_details(operator: Actor) -> None:
    need = make_need(details="甲九一七", under_nda=True)
    for actor in (operator, officer(Office.BUREAU), officer(Office.TECHNOLOGY_MANAGER)):
        client = Client()
        client.force_login(Person.objects.get(public_id=actor.person))
        assert "甲九一七" not in client.get(f"/needs/{need.public_id}/").content.decode()


def test_a_token_reads_details_only_with_that_right() -> None:
    need = make_need(details="甲九一七", under_nda=True)
    person = make_member(need.owner, Role.EDITOR)
    path = f"/needs/{need.public_id}"
    plain, full = Caller(secret_of(person, confidential=False)), Caller(secret_of(person))
    assert full.get(path).json()["details"] == "甲九一七"
    for answer in (plain.get(path), plain.patch(path, {"title": "新标题"}, **{"If-Match": "*"})):
        assert (answer.json()["details"], answer.json()["is_closed"]) == ("", True)
    assert "甲九一七" not in plain.get("/needs").content.decode()
    assert full.get(path).json()["details"] == "甲九一七"


def test_the_operators_page(operator: Actor) -> None:
    person = make_person("somebody@example.org")
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(Person.objects.get(public_id=operator.person))
    assert "Suspend" in client.get("/work/people/?email=somebody@example.org").content.decode()
    base = f"/work/people/{person.public_id}/"
    assert client.post(f"{base}office/", {"office": "bureau", "holds": "1"}).status_code == 302
    assert Person.objects.get(pk=person.pk).offices == ["bureau"]
    assert client.post(f"{base}office/", {"office": "king"}).status_code == 404
    assert client.post(f"{base}suspend/", {"reason": "滥用"}).status_code == 302
    assert "滥用" in client.get("/work/people/").content.decode()
    assert client.post(f"{base}restore/").status_code == 302
    need = make_need()
    assert client.get(f"/work/needs/{need.public_id}/verify/").status_code == 200
    posted = client.post(
        f"/work/needs/{need.public_id}/verify/", {"verification": "verified", "note": "现场"}
    )
    assert posted.status_code == 302
    stranger = Client()
    stranger.force_login(make_person())
    assert stranger.get("/work/people/").status_code == 404
    assert stranger.post(f"{base}suspend/", {"reason": "x"}).status_code == 404
