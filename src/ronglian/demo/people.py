"""Invented people who act for organisations of the demo region. Nobody knows their passwords."""

from __future__ import annotations

import secrets

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.accounts.operations.organisations import grant_role
from ronglian.apps.accounts.operations.people import register_person
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.demo.load import SOURCE_NAME
from ronglian.kernel.actor import Actor, Role


def demo_organisation(source_id: str) -> Organisation:
    return Organisation.objects.get(source_name=SOURCE_NAME, source_id=source_id)


def editor_of(actor: Actor, organisation: Organisation, key: str, name: str) -> Actor:
    """A new editor of the organisation, under `demo-{key}@example.org`."""
    email = f"demo-{key}@example.org"
    person = register_person(actor=actor, email=email, password=secrets.token_urlsafe(32), name=name)
    grant_role(actor=actor, organisation=organisation, email=email, role=Role.EDITOR)
    return actor_of_person(person)
