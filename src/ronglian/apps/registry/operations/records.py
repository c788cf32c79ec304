"""Registering, editing, publishing, withdrawing and confirming the records of the registry.

The operations are the same for results, needs, experts and scenes; their events carry the record's noun
(`need.published`, `result.published`, …).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, TypeVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.registry.derived import fill_derived
from ronglian.apps.registry.enums import State
from ronglian.apps.registry.models import RegistryRecord
from ronglian.apps.registry.opening import open_records, save_record
from ronglian.apps.registry.rules import may_edit_record, may_register_record, may_verify_record
from ronglian.kernel.actor import Actor, ActorKind
from ronglian.kernel.errors import InvalidInput, RuleViolation, StaleVersion
from ronglian.kernel.events import record_event
from ronglian.kernel.models import Event
from ronglian.kernel.operation import operation
from ronglian.kernel.provenance import SourceKind, Verification
from ronglian.kernel.validation import clean_json, clean_record

R = TypeVar("R", bound=RegistryRecord)
VALID_FOR = timedelta(days=365)
LONGEST_VALIDITY = timedelta(days=5 * 366)


@operation("record.register", target="owner", allowed=may_register_record)
def register_record(
    *, actor: Actor, owner: Organisation, model: type[R], fields: Mapping[str, Any], publish: bool = False
) -> R:
    """Register a record for `owner`, as a draft unless `publish`.

    `fields` maps attribute names to plain values. Raises InvalidInput naming each wrong field.
    """
    today = timezone.localdate()
    record = model(owner=owner, recorded_by=actor.label, source_kind=_source_kind(actor), confirmed_on=today)
    assign(record, fields)
    if record.expires_on is None:
        record.expires_on = today + VALID_FOR
    record.state = State.PUBLISHED if publish else State.DRAFT
    check_and_derive(record, today)
    save_record(record, insert=True)
    record_event(actor, f"{record.noun}.registered", record)
    if publish:
        record_event(actor, f"{record.noun}.published", record)
    return record


@operation("record.edit", target="record", allowed=may_edit_record)
def edit_record(*, actor: Actor, record: R, fields: Mapping[str, Any], version: int | None = None) -> R:
    """Change a record; the change also confirms it. `version` is the one the editor had read.

    Raises StaleVersion when somebody else changed the record meanwhile, InvalidInput for wrong fields.
    """
    if version is not None and version != record.version:
        raise StaleVersion
    today = timezone.localdate()
    open_records([record])
    changed = assign(record, fields)
    record.version += 1
    record.confirmed_on = today
    check_and_derive(record, today)
    save_record(record)
    record_event(actor, f"{record.noun}.edited", record, {"changed": changed})
    return record


@operation("record.publish", target="record", allowed=may_edit_record)
def publish_record(*, actor: Actor, record: R) -> R:
    """Show the record to those its disclosure names."""
    if record.state == State.PUBLISHED:
        raise RuleViolation(_("This record is already published."))
    today = timezone.localdate()
    if record.is_expired(today):
        raise RuleViolation(_("This record has expired. Confirm that it still holds, then publish it."))
    return _advance(actor, record, State.PUBLISHED, "published")


@operation("record.withdraw", target="record", allowed=may_edit_record)
def withdraw_record(*, actor: Actor, record: R, reason: str) -> R:
    """Take the record out of lists and matches; it stays with its owner, with the reason in its timeline."""
    if record.state == State.WITHDRAWN:
        raise RuleViolation(_("This record is already withdrawn."))
    if not reason.strip():
        raise InvalidInput.of({"reason": [_("Say why the record is withdrawn.")]})
    return _advance(actor, record, State.WITHDRAWN, "withdrawn", {"reason": clean_json(reason)[:500]})


@operation("record.confirm", target="record", allowed=may_edit_record)
def confirm_record(*, actor: Actor, record: R) -> R:
    """Say that the record still holds: confirmed today, valid for another year."""
    today = timezone.localdate()
    record.confirmed_on = today
    record.expires_on = max(record.expires_on or today, today + VALID_FOR)
    record.version += 1
    record.save(update_fields=["confirmed_on", "expires_on", "version", "updated_at"])
    record_event(actor, f"{record.noun}.confirmed", record, {"expires_on": record.expires_on.isoformat()})
    return record


@operation("record.verify", target="record", allowed=may_verify_record)
def verify_record(*, actor: Actor, record: R, verification: Verification, note: str) -> R:
    """Say how far the record was checked, by somebody who did not write it."""
    if not note.strip():
        raise InvalidInput.of({"note": [_("Say what was looked at, and when.")]})
    if record.verification == verification:
        raise RuleViolation(_("This is said of the record already."))
    written = Event.objects.filter(
        subject_id=record.public_id, name__in=(f"{record.noun}.registered", f"{record.noun}.edited")
    )
    if actor.person_id is not None and written.filter(actor_id=actor.person_id).exists():
        raise RuleViolation(_("You wrote this record; somebody else checks it."))
    before, record.verification = record.verification, verification
    record.version += 1
    record.save(update_fields=["verification", "version", "updated_at"])
    data = {"before": before, "after": verification, "reason": clean_json(note)[:500]}
    record_event(actor, f"{record.noun}.verified", record, data)
    return record


def assign(record: RegistryRecord, fields: Mapping[str, Any]) -> list[str]:
    """Set the attributes and answer the names of those that changed. Unknown names are refused."""
    open_fields = editable_fields(type(record))
    unknown = [name for name in fields if name not in open_fields]
    if unknown:
        raise InvalidInput.of({name: [_("There is no such field.")] for name in unknown})
    changed = []
    for name, given in fields.items():
        value = clean_json(given) if isinstance(given, list | dict) else given
        if getattr(record, name) != value:
            setattr(record, name, value)
            changed.append(name)
    return sorted(changed)


NOT_TYPED = frozenset(
    [
        "id",
        "public_id",
        "version",
        "created_at",
        "updated_at",
        "owner",
        "state",
        "source_kind",
        "recorded_by",
        "verification",
        "confirmed_on",
    ]
)


def editable_fields(model: type[RegistryRecord]) -> frozenset[str]:
    """The attributes a door may set: all that are not derived and not the system's own."""
    return frozenset(
        field.name for field in model._meta.concrete_fields if field.editable and field.name not in NOT_TYPED
    )


def check_and_derive(record: RegistryRecord, today: date) -> None:
    """Raise InvalidInput for wrong fields; then read the metrics out of the texts."""
    if record.expires_on is not None and record.expires_on > today + LONGEST_VALIDITY:
        raise InvalidInput.of(
            {"expires_on": [_("A record is valid for five years at most; it can be renewed.")]}
        )
    clean_record(record)
    fill_derived(record)


def _advance(actor: Actor, record: R, state: State, past: str, data: Mapping[str, Any] | None = None) -> R:
    record.state = state
    record.version += 1
    record.save(update_fields=["state", "version", "updated_at"])
    record_event(actor, f"{record.noun}.{past}", record, data)
    return record


def _source_kind(actor: Actor) -> SourceKind:
    return SourceKind.API if actor.kind == ActorKind.TOKEN else SourceKind.TYPED
