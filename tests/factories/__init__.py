"""Rows for tests, made through the operations wherever one exists."""

from __future__ import annotations

from itertools import count
from typing import Any, TypeVar

from ronglian.apps.accounts.models import Membership, Organisation, Person
from ronglian.apps.accounts.operations.organisations import register_organisation
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.registry.enums import Disclosure, State
from ronglian.apps.registry.models import Expert, Need, RegistryRecord, Result, Scene
from ronglian.apps.registry.operations.records import register_record, withdraw_record
from ronglian.kernel.actor import Actor, Role, command_actor

R = TypeVar("R", bound=RegistryRecord)
SYSTEM = command_actor("test")
_numbers = count(1)


def make_organisation(name: str = "", **fields: Any) -> Organisation:
    fields = {"kind": "enterprise", "size": "small", "region": "3205", **fields}
    return register_organisation(actor=SYSTEM, fields={"name": name or f"示例单位{next(_numbers)}", **fields})


def make_person(email: str = "", **fields: Any) -> Person:
    return Person.objects.create_user(
        email or f"person{next(_numbers)}@example.org", "correct-horse-42", **fields
    )


def make_member(organisation: Organisation, role: Role = Role.EDITOR, **fields: Any) -> Person:
    """A person who acts for the organisation."""
    person = make_person(**fields)
    Membership.objects.create(person=person, organisation=organisation, role=role)
    return person


def make_person_of(organisation: Organisation, role: Role = Role.EDITOR) -> Actor:
    """The actor of a new person who acts for the organisation."""
    return actor_of_person(make_member(organisation, role))


def make_record(
    model: type[R],
    owner: Organisation | None = None,
    title: str = "",
    *,
    state: str = State.PUBLISHED,
    disclosure: str = Disclosure.PUBLIC,
    **fields: Any,
) -> R:
    """A record in any state; `title` is its headline, whatever its kind calls that."""
    headline = "name" if model is Expert else "title"
    named = {headline: title or f"记录{next(_numbers)}", "disclosure": disclosure, **fields}
    record = register_record(
        actor=SYSTEM,
        owner=owner or make_organisation(),
        model=model,
        fields=named,
        publish=state != State.DRAFT,
    )
    return withdraw_record(actor=SYSTEM, record=record, reason="测试") if state == State.WITHDRAWN else record


def make_need(owner: Organisation | None = None, title: str = "", **fields: Any) -> Need:
    return make_record(Need, owner, title, **fields)


def make_result(owner: Organisation | None = None, title: str = "", **fields: Any) -> Result:
    return make_record(Result, owner, title, **fields)


def make_expert(owner: Organisation | None = None, name: str = "", **fields: Any) -> Expert:
    return make_record(Expert, owner, name, **fields)


def make_scene(owner: Organisation | None = None, title: str = "", **fields: Any) -> Scene:
    return make_record(Scene, owner, title, **fields)
