"""Records on the command line: found by what a person has at hand, and in short form for printing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q

from ronglian.apps.accounts.models import Organisation, Person
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.accounts.queries.organisations import list_organisations
from ronglian.apps.registry.models import Expert, Need, RegistryRecord, Result, Scene
from ronglian.apps.registry.queries.records import list_records
from ronglian.cli.failures import not_found
from ronglian.cli.language import current_language
from ronglian.kernel.actor import Actor, command_actor

MODELS: dict[str, type[RegistryRecord]] = {
    "results": Result,
    "needs": Need,
    "experts": Expert,
    "scenes": Scene,
}


def keeper_of_the_machine(command: str) -> Actor:
    """Whoever has a shell here acts with the machine's own rights; the events say by which command."""
    return command_actor(f"ronglian {command}")


def reader_named(email: str) -> Actor:
    """The person with this address, to read what that person may read. Nothing is written in somebody's name."""
    person = Person.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if person is None:
        raise not_found(email)
    return actor_of_person(person)


def find_record(actor: Actor, key: str) -> Need | Result | None:
    """The need or result with this public id, or with this id in its source; None when the text is no such id."""
    condition = Q(source_id=key)
    uuid = _as_uuid(key)
    if uuid is not None:
        condition = Q(public_id=uuid)
    found = (
        list_records(actor, Need).filter(condition).first()
        or list_records(actor, Result).filter(condition).first()
    )
    if found is not None:
        return found
    if uuid is not None:
        raise not_found(key)
    return None


def find_organisation(actor: Actor, key: str) -> Organisation:
    """The organisation with this public id, credit code, id in its source, or exact name."""
    uuid = _as_uuid(key)
    condition = Q(uscc=key) | Q(source_id=key) | Q(name=key) | Q(name_en=key)
    organisation = list_organisations(actor).filter(Q(public_id=uuid) if uuid else condition).first()
    if organisation is None:
        raise not_found(key)
    return organisation


def title_of(record: RegistryRecord | Organisation) -> str:
    """What the record is called, in the language of the command line if it has a name there."""
    if isinstance(record, Organisation):
        names = record.name, record.name_en
    else:
        names = record.headline, record.headline_en
    first, second = reversed(names) if current_language() == "en" else names
    return first or second


def summary_of(record: RegistryRecord) -> dict[str, Any]:
    """The record in a few values, for JSON."""
    found: dict[str, Any] = {
        "id": str(record.public_id),
        "kind": record.noun,
        "title": record.headline,
        "title_en": record.headline_en,
        "owner": record.owner.name,
        "owner_id": str(record.owner.public_id),
        "state": record.state,
        "source_id": record.source_id,
        "confirmed_on": record.confirmed_on,
        "expires_on": record.expires_on,
    }
    if isinstance(record, Need | Result):
        found["technology_field"] = record.technology_field
        found["metrics"] = record.metrics
    return found


def _as_uuid(key: str) -> UUID | None:
    try:
        return UUID(key)
    except ValueError:
        return None
