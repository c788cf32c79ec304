"""The register of technology managers: who enters it, who confirms, who may know of whom."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from ronglian.apps.accounts.models import Person
from ronglian.apps.accounts.operations.erasure import erase_person
from ronglian.apps.accounts.personal import personal_data
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.clinic.manager_enums import ManagerState
from ronglian.apps.clinic.manager_rules import is_manager_visible
from ronglian.apps.clinic.models import ManagerCertificate, TechnologyManager
from ronglian.apps.clinic.operations.technology_managers import (
    add_certificate,
    confirm_manager,
    drop_certificate,
    edit_manager,
    end_manager,
    pause_manager,
    register_manager,
    verify_certificate,
)
from ronglian.apps.clinic.queries.technology_managers import (
    access_manager,
    list_managers,
    list_register,
    search_managers,
    waiting_managers,
)
from ronglian.kernel.actor import ANONYMOUS, Actor, Office
from ronglian.kernel.errors import InvalidInput, NotAllowed, NotFound, RuleViolation, StaleVersion
from ronglian.kernel.log.coverage import uncovered_rows
from ronglian.kernel.models import Event
from ronglian.kernel.provenance import Verification
from tests.factories import SYSTEM, make_organisation, make_person, make_person_of
from tests.factories.technology_managers import ENTRY, make_certificate, make_manager

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return make_person(name="云岚")


@pytest.fixture
def applicant(person: Person) -> Actor:
    return actor_of_person(person)


@pytest.fixture
def bureau() -> Actor:
    return actor_of_person(make_person(offices=["bureau"]))


@pytest.fixture
def waiting(person: Person, applicant: Actor) -> TechnologyManager:
    return register_manager(actor=applicant, person=person, fields=ENTRY)


def offices_of(manager: TechnologyManager) -> list[str]:
    return list(Person.objects.get(pk=manager.person_id).offices)


def test_who_applies_waits_and_holds_no_office(waiting: TechnologyManager) -> None:
    assert waiting.state == ManagerState.PENDING
    assert waiting.verification == Verification.SELF_DECLARED
    assert offices_of(waiting) == []
    assert Event.objects.filter(name="manager.registered", subject_id=waiting.public_id).exists()


def test_the_bureau_confirms_and_the_office_follows(waiting: TechnologyManager, bureau: Actor) -> None:
    confirmed = confirm_manager(actor=bureau, manager=waiting)
    assert (confirmed.state, confirmed.confirmed_by) == (ManagerState.CONFIRMED, bureau.label)
    assert confirmed.verification == Verification.DOCUMENTED
    assert offices_of(waiting) == [Office.TECHNOLOGY_MANAGER]
    names = list(Event.objects.order_by("id").values_list("name", flat=True))
    assert names[-2:] == ["manager.confirmed", "person.office_given"]


@pytest.mark.parametrize("offices", [[], ["technology_manager"]])
def test_nobody_else_confirms(waiting: TechnologyManager, offices: list[str]) -> None:
    with pytest.raises(NotAllowed):
        confirm_manager(actor=actor_of_person(make_person(offices=offices)), manager=waiting)


def test_nobody_confirms_oneself() -> None:
    person = make_person(offices=["bureau"], is_operator=True)
    own = register_manager(actor=actor_of_person(person), person=person, fields=ENTRY)
    with pytest.raises(NotAllowed):
        confirm_manager(actor=actor_of_person(person), manager=own)


def test_nobody_registers_another(applicant: Actor) -> None:
    with pytest.raises(NotAllowed):
        register_manager(actor=applicant, person=make_person(), fields=ENTRY)


def test_one_entry_for_each_person(waiting: TechnologyManager, applicant: Actor, person: Person) -> None:
    with pytest.raises(RuleViolation):
        register_manager(actor=applicant, person=person, fields=ENTRY)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("technology_fields", ["astrology"]),
        ("regions", ["99"]),
        ("regions", ["32", "32"]),
        ("regions", "32"),
        ("languages", []),
        ("languages", ["xx"]),
        ("capacity", 0),
        ("capacity", 201),
        ("name", ""),
        ("level", "master"),
    ],
)
def test_a_wrong_value_is_named(person: Person, applicant: Actor, field: str, value: Any) -> None:
    with pytest.raises(InvalidInput) as refusal:
        register_manager(actor=applicant, person=person, fields={**ENTRY, field: value})
    assert set(refusal.value.fields) == {field}
    assert not TechnologyManager.objects.exists()


def test_an_organisation_is_named_by_who_acts_for_it(person: Person, applicant: Actor) -> None:
    theirs = make_organisation()
    with pytest.raises(InvalidInput) as refusal:
        register_manager(actor=applicant, person=person, fields={**ENTRY, "organisation": theirs})
    assert "organisation" in refusal.value.fields


def test_a_new_level_waits_anew_and_the_office_ends(bureau: Actor) -> None:
    manager = make_manager()
    own = actor_of_person(manager.person)
    manager = edit_manager(actor=own, manager=manager, fields={"capacity": 9})
    assert (manager.state, manager.capacity) == (ManagerState.CONFIRMED, 9)
    manager = edit_manager(actor=own, manager=manager, fields={"level": "senior"})
    assert (manager.state, manager.confirmed_by, offices_of(manager)) == (ManagerState.PENDING, "", [])
    assert offices_of(confirm_manager(actor=bureau, manager=manager)) == [Office.TECHNOLOGY_MANAGER]


def test_two_who_change_at_once_do_not_overwrite_each_other() -> None:
    manager = make_manager()
    edit_manager(actor=SYSTEM, manager=manager, fields={"capacity": 9}, version=manager.version)
    with pytest.raises(StaleVersion):
        edit_manager(actor=SYSTEM, manager=manager, fields={"capacity": 8}, version=manager.version)


def test_a_pause_is_said_once(bureau: Actor) -> None:
    manager = make_manager()
    own = actor_of_person(manager.person)
    manager = pause_manager(actor=own, manager=manager, takes_new=False)
    assert not manager.takes_new
    with pytest.raises(RuleViolation):
        pause_manager(actor=own, manager=manager, takes_new=False)
    with pytest.raises(NotAllowed):
        pause_manager(actor=bureau, manager=manager, takes_new=True)


def test_leaving_takes_a_reason_and_ends_the_office_and_one_may_come_back(bureau: Actor) -> None:
    manager = make_manager()
    with pytest.raises(InvalidInput):
        end_manager(actor=bureau, manager=manager, reason="  ")
    with pytest.raises(NotAllowed):
        end_manager(actor=actor_of_person(make_person()), manager=manager, reason="x")
    manager = end_manager(actor=bureau, manager=manager, reason="证书失效")
    assert (manager.state, offices_of(manager)) == (ManagerState.ENDED, [])
    for call in (
        lambda: end_manager(actor=bureau, manager=manager, reason="再"),
        lambda: edit_manager(actor=SYSTEM, manager=manager, fields={}),
        lambda: confirm_manager(actor=bureau, manager=manager),
    ):
        with pytest.raises(RuleViolation):
            call()
    again = register_manager(actor=SYSTEM, person=manager.person, fields=ENTRY)
    assert (again.pk, again.state, again.ended_because) == (manager.pk, ManagerState.PENDING, "")


def test_who_may_know_of_whom(bureau: Actor) -> None:
    confirmed, waiting = make_manager(name="甲"), make_manager(name="乙", is_confirmed=False)
    stranger, own = actor_of_person(make_person()), actor_of_person(waiting.person)
    for actor, seen in (
        (ANONYMOUS, {confirmed}), (stranger, {confirmed}), (own, {confirmed, waiting}),
        (bureau, {confirmed, waiting}), (SYSTEM, {confirmed, waiting}),
    ):  # fmt: skip
        assert set(list_managers(actor)) == seen
        for manager in (confirmed, waiting):
            assert is_manager_visible(actor, manager) == (manager in seen)
        assert set(list_register(actor)) == {confirmed}
    with pytest.raises(NotFound):
        access_manager(stranger, waiting.public_id)
    assert list(waiting_managers(bureau)) == [waiting]
    assert list(waiting_managers(own)) == []


def test_searching_by_field_place_language_and_level() -> None:
    suzhou = make_manager(name="甲", regions=["3205"], summary="电镀废水")
    everywhere = make_manager(name="乙", regions=["32"], languages=["zh"], level="senior")
    make_manager(name="丙", technology_fields=["agriculture"], regions=["11"], takes_new=False)

    def found(**asked: Any) -> set[str]:
        return {each.name for each in search_managers(list_register(ANONYMOUS), **asked)}

    assert found(technology_field="environment") == {"甲", "乙"}
    assert found(region="320505") == {"甲", "乙"}
    assert found(region="32") == {"甲", "乙"}
    assert found(region="3201") == {"乙"}
    assert found(language="en", technology_field="environment") == {suzhou.name}
    assert found(level="senior") == {everywhere.name}
    assert found(query="电镀") == {"甲"}
    assert found(takes_new=True) == {"甲", "乙"}


def test_certificates_are_named_checked_and_taken_away(bureau: Actor) -> None:
    manager = make_manager(is_confirmed=False)
    own = actor_of_person(manager.person)
    tomorrow = timezone.localdate() + timedelta(days=1)
    named = {"title": "证书", "number": "A1", "issuer": "协会"}
    with pytest.raises(InvalidInput):
        add_certificate(actor=own, manager=manager, issued_on=tomorrow, **named)
    with pytest.raises(InvalidInput):
        add_certificate(
            actor=own, manager=manager, issued_on=date(2025, 1, 1), **{**named, "number": "9" * 101}
        )
    certificate = add_certificate(actor=own, manager=manager, issued_on=date(2025, 1, 1), **named)
    with pytest.raises(NotAllowed):
        verify_certificate(actor=own, certificate=certificate)
    certificate = verify_certificate(actor=bureau, certificate=certificate)
    assert (certificate.verified_by, certificate.verified_on) == (bureau.label, timezone.localdate())
    with pytest.raises(RuleViolation):
        verify_certificate(actor=bureau, certificate=certificate)
    with pytest.raises(NotAllowed):
        drop_certificate(actor=bureau, certificate=certificate)
    drop_certificate(actor=own, certificate=certificate)
    assert not ManagerCertificate.objects.exists()


def test_the_number_of_a_certificate_is_sealed_in_the_database() -> None:
    make_certificate(make_manager())
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM clinic_managercertificate")
        assert "SN-机密-0001" not in str(cursor.fetchall())
    assert "SN-机密-0001" not in str(list(Event.objects.values_list("data", flat=True)))


def test_erasing_the_account_empties_the_entry_and_the_log_holds() -> None:
    manager = make_manager(summary="我的经历")
    make_certificate(manager)
    held = personal_data(manager.person)["technology_manager"]
    assert held["name"] == "云岚"
    assert held["certificates"][0]["number"] == "SN-机密-0001"
    own = actor_of_person(manager.person)
    erase_person(actor=own, person=manager.person, email=manager.person.email)
    manager.refresh_from_db()
    assert (manager.state, manager.name, manager.summary) == (ManagerState.ENDED, "", "")
    assert not ManagerCertificate.objects.exists()
    assert [*uncovered_rows(TechnologyManager), *uncovered_rows(ManagerCertificate)] == []


def test_a_member_may_name_the_organisation() -> None:
    firm = make_organisation()
    actor = make_person_of(firm)
    person = Person.objects.get(public_id=actor.person_id)
    manager = register_manager(actor=actor, person=person, fields={**ENTRY, "organisation": firm})
    assert manager.organisation == firm
