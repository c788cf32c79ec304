"""From a signed-in person or a token to the Actor that operations take."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db.models import Q

from ronglian.apps.accounts.models import ApiToken, Membership, Person
from ronglian.kernel.actor import ANONYMOUS, Actor, ActorKind, Office, Role


def actor_of_person(person: Person) -> Actor:
    """The actor for a person at a screen; a suspended person is nobody."""
    if not person.is_active:
        return ANONYMOUS
    return Actor(
        kind=ActorKind.PERSON,
        label=str(person),
        person_id=person.public_id,
        memberships=_roles(person),
        is_operator=person.is_operator,
        offices=frozenset(Office(office) for office in person.offices),
    )


def digest_of_secret(secret: str) -> str:
    """Token secrets are 256 random bits: a plain digest suffices, no salt, no stretching."""
    return hashlib.sha256(secret.encode()).hexdigest()


def actor_of_secret(secret: str, now: datetime) -> Actor | None:
    """The actor a token's secret stands for; None when unknown, revoked, expired or its person suspended."""
    token = (
        ApiToken.objects.select_related("person")
        .filter(Q(digest=digest_of_secret(secret)), revoked_at__isnull=True, expires_at__gt=now)
        .filter(person__is_active=True)
        .first()
    )
    if token is None:
        return None
    return Actor(
        kind=ActorKind.TOKEN,
        label=f"{token.person} ({token.name})",
        person_id=token.person.public_id,
        token_id=token.public_id,
        memberships=_roles(token.person),
        is_operator=False,
        may_write=token.may_write,
        may_read_confidential=token.may_read_confidential,
    )


def _roles(person: Person) -> dict[int, Role]:
    rows = Membership.objects.filter(person=person).values_list("organisation_id", "role")
    return {organisation: Role(role) for organisation, role in rows}
