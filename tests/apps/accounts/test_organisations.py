"""Organisations and who acts for them."""

from __future__ import annotations

import pytest

from ronglian.apps.accounts.models import Membership, Organisation
from ronglian.apps.accounts.operations.organisations import (
    edit_organisation,
    grant_role,
    register_organisation,
)
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.kernel.actor import ANONYMOUS, Role
from ronglian.kernel.errors import InvalidInput, NotAllowed, RuleViolation, StaleVersion
from ronglian.kernel.events import events_about
from ronglian.kernel.identifiers import uscc_check_character
from tests.factories import make_member, make_organisation, make_person, make_person_of

pytestmark = pytest.mark.django_db


def test_who_registers_an_organisation_becomes_its_owner() -> None:
    person = make_person()
    fields = {"name": "朗岫新材料有限公司", "kind": "enterprise", "uscc": None}
    organisation = register_organisation(actor=actor_of_person(person), fields=fields)
    assert actor_of_person(person).memberships == {organisation.pk: Role.OWNER}
    assert [event.name for event in events_about(organisation)] == ["organisation.registered"]


def test_a_visitor_cannot_register_one() -> None:
    with pytest.raises(NotAllowed):
        register_organisation(actor=ANONYMOUS, fields={"name": "甲", "kind": "enterprise"})


def test_a_wrong_check_character_is_refused_and_a_code_is_held_once() -> None:
    actor = make_person_of(make_organisation())
    base = "91320500MA0DEM001"
    right = base + uscc_check_character(base)
    wrong = base + ("1" if right[-1] != "1" else "2")
    with pytest.raises(InvalidInput) as refused:
        register_organisation(actor=actor, fields={"name": "甲", "kind": "enterprise", "uscc": wrong})
    assert set(refused.value.fields) == {"uscc"}
    register_organisation(actor=actor, fields={"name": "甲", "kind": "enterprise", "uscc": right})
    with pytest.raises(InvalidInput) as taken:
        register_organisation(actor=actor, fields={"name": "乙", "kind": "enterprise", "uscc": right})
    assert set(taken.value.fields) == {"uscc"}


def test_a_viewer_reads_but_does_not_write_and_a_stale_edit_is_refused() -> None:
    organisation = make_organisation()
    with pytest.raises(NotAllowed):
        edit_organisation(
            actor=make_person_of(organisation, Role.VIEWER), organisation=organisation, fields={"name": "x"}
        )
    editor = make_person_of(organisation)
    edit_organisation(actor=editor, organisation=organisation, fields={"name": "新名"}, version=1)
    with pytest.raises(StaleVersion):
        edit_organisation(actor=editor, organisation=organisation, fields={"name": "旧"}, version=1)
    assert Organisation.objects.get(pk=organisation.pk).name == "新名"


def test_an_owner_gives_and_ends_roles_but_never_leaves_none_in_charge() -> None:
    organisation = make_organisation()
    owner = make_member(organisation, Role.OWNER)
    actor, friend = actor_of_person(owner), make_person()
    grant_role(actor=actor, organisation=organisation, email=friend.email.upper(), role=Role.VIEWER)
    assert actor_of_person(friend).memberships == {organisation.pk: Role.VIEWER}
    with pytest.raises(RuleViolation):
        grant_role(actor=actor, organisation=organisation, email=owner.email, role=None)
    with pytest.raises(InvalidInput):
        grant_role(actor=actor, organisation=organisation, email="nobody@example.org", role=Role.VIEWER)
    with pytest.raises(NotAllowed):
        grant_role(
            actor=make_person_of(organisation), organisation=organisation, email=friend.email, role=None
        )
    grant_role(actor=actor, organisation=organisation, email=friend.email, role=None)
    assert Membership.objects.filter(organisation=organisation, person=friend).count() == 0
