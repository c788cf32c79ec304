"""Reading the registry: always through the policy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar, cast
from uuid import UUID

from django.db.models import QuerySet

from ronglian.apps.disclosure.operations.viewings import log_viewing
from ronglian.apps.registry.models import Draft, RegistryRecord
from ronglian.apps.registry.opening import open_records, public_layer
from ronglian.apps.registry.rules import may_read_details
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound

R = TypeVar("R", bound=RegistryRecord)


def access_record(actor: Actor, model: type[R], public_id: UUID) -> R:
    """The record, if the actor may know of it, opened if the actor may have its details.

    Raises NotFound otherwise, as for one that does not exist.
    """
    record: R | None = list_records(actor, model).filter(public_id=public_id).first()
    if record is None:
        raise NotFound
    return opened(actor, record)


def opened(actor: Actor, record: R) -> R:
    """The record with its details, if the actor may have them. Whoever reads another organisation's is written down."""
    if not may_read_details(actor, record):
        return public_layer(record)
    if record.is_closed:
        if not (actor.is_system or actor.is_member(record.owner_id)):
            log_viewing(actor, record, record.noun, record.nda_fields)
        open_records([record])
    return record


def with_own_details(actor: Actor, records: Iterable[R]) -> list[R]:
    """Records of a list, the actor's own opened. Of others' the details are shown on their own pages only."""
    found = list(records)
    own = (record for record in found if actor.is_system or actor.is_member(record.owner_id))
    open_records(record for record in own if may_read_details(actor, record))
    return found


def list_records(actor: Actor, model: type[R]) -> QuerySet[R]:
    """All records of the kind that the actor may see, newest first, with their owners; closed where they can be."""
    return cast(QuerySet[R], model.objects.visible_to(actor).select_related("owner").order_by("-id"))


def find_draft(actor: Actor, form: str, subject: str) -> Draft | None:
    """What this person had typed into the form."""
    if actor.person_id is None:
        return None
    return Draft.objects.filter(person__public_id=actor.person_id, form=form, subject=subject).first()
