"""Records with details under an agreement: the row holds the public layer, the details are kept apart, sealed.

An *opened* record is one in memory whose `nda_fields` were filled in again. Operations open what they change; readers
are given opened records by `queries.records`, which asks the policy first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from typing import Any, TypeVar

from ronglian.apps.disclosure.details import drop_details, keep_details, read_details
from ronglian.apps.registry.derived import fill_derived
from ronglian.apps.registry.models import RegistryRecord

R = TypeVar("R", bound=RegistryRecord)
# Read out of the fields, and kept with them.
DERIVED = ("metrics", "unread")


def open_records(records: Iterable[RegistryRecord]) -> None:
    """Fill in what is kept apart, whoever asks: one query for all that have anything."""
    closed = {record.public_id: record for record in records if record.is_closed}
    if not closed:
        return
    for public_id, values in read_details(closed).items():
        for name, value in values.items():
            setattr(closed[public_id], name, value)
    for record in closed.values():
        record.is_opened = True


def public_layer(record: R) -> R:
    """What everybody may read of a record: itself, or a copy without what stands under an agreement."""
    if not (getattr(record, "under_nda", False) and record.is_opened):
        return record
    closed = copy(record)
    _empty(closed)
    return closed


def save_record(record: RegistryRecord, *, insert: bool = False) -> None:
    """Write an opened or open record: its row, and apart from it what stands under an agreement."""
    values = part(record)
    record.save(force_insert=insert, force_update=not insert)
    if values is None:
        if record.nda_fields and not insert:
            drop_details([record.public_id])
        return
    keep_details(record, values)
    for name, value in values.items():
        setattr(record, name, value)
    record.is_opened = True


def confidential_values(record: RegistryRecord) -> dict[str, Any] | None:
    """What is kept apart from the row, by field; None where all is open."""
    if not getattr(record, "under_nda", False):
        return None
    names = (*record.nda_fields, *(name for name in DERIVED if hasattr(record, name)))
    return {name: getattr(record, name) for name in names}


def parted(
    model: type[RegistryRecord], values: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The values of a new record as its row holds them, and what is kept apart, if anything is."""
    if not values.get("under_nda"):
        return dict(values), None
    record = model(**values)
    confidential = confidential_values(record)
    _empty(record)
    return {name: getattr(record, name) for name in (*values, *record.nda_fields)}, confidential


def part(record: RegistryRecord) -> dict[str, Any] | None:
    """Leave the public layer in the record, and answer what is to be kept apart."""
    values = confidential_values(record)
    if values is not None:
        _empty(record)
    return values


def _empty(record: RegistryRecord) -> None:
    """Leave the public layer; metrics are read anew, out of what is public."""
    for name in record.nda_fields:
        field: Any = record._meta.get_field(name)
        setattr(record, name, field.get_default())
    record.is_opened = False
    fill_derived(record)
