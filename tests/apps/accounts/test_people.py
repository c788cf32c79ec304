"""Accounts made and raised by whoever keeps the machine, and by nobody else."""

from __future__ import annotations

import pytest

from ronglian.apps.accounts.models import Person
from ronglian.apps.accounts.operations.people import appoint_operator, register_person
from ronglian.kernel.actor import ANONYMOUS, command_actor
from ronglian.kernel.errors import Conflict, InvalidInput, NotAllowed, RuleViolation
from tests.factories import make_organisation, make_person, make_person_of

pytestmark = pytest.mark.django_db
COMMAND = command_actor("test")


def test_no_door_of_the_site_leads_here() -> None:
    make_person("a@example.org")
    for actor in (ANONYMOUS, make_person_of(make_organisation())):
        with pytest.raises(NotAllowed):
            register_person(actor=actor, email="b@example.org", password="correct-horse-42")
        with pytest.raises(NotAllowed):
            appoint_operator(actor=actor, email="a@example.org")
    assert not Person.objects.filter(is_operator=True).exists()


def test_an_address_is_registered_once_in_any_case() -> None:
    person = register_person(actor=COMMAND, email=" A@Example.org ", password="correct-horse-42")
    assert person.check_password("correct-horse-42")
    with pytest.raises(Conflict):
        register_person(actor=COMMAND, email="a@example.ORG", password="another-horse-42")


def test_a_wrong_address_is_named() -> None:
    with pytest.raises(InvalidInput) as caught:
        register_person(actor=COMMAND, email="nobody", password="correct-horse-42")
    assert set(caught.value.fields) == {"email"}


def test_an_operator_is_appointed_once_and_dismissed_once() -> None:
    make_person("a@example.org")
    assert appoint_operator(actor=COMMAND, email="A@example.org").is_operator
    with pytest.raises(RuleViolation):
        appoint_operator(actor=COMMAND, email="a@example.org")
    assert not appoint_operator(actor=COMMAND, email="a@example.org", is_operator=False).is_operator


def test_a_suspended_person_is_not_appointed() -> None:
    make_person("a@example.org", is_active=False)
    with pytest.raises(InvalidInput):
        appoint_operator(actor=COMMAND, email="a@example.org")
