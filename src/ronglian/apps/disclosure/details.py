"""Keeping and reading confidential details. Whether a reader may have them is asked before (see the registry's rules)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from ronglian.apps.disclosure.models import ConfidentialDetails
from ronglian.kernel.events import subject_type
from ronglian.kernel.models import Record
from ronglian.kernel.sealing import KeyMissing, seal, unseal


def keep_details(record: Record, values: Mapping[str, Any]) -> None:
    """Keep the values beside the record, in the transaction of the operation that writes it."""
    drop_details([record.public_id])
    details_row(subject_type(record), record.public_id, values).save(force_insert=True)


def details_row(kind: str, public_id: UUID, values: Mapping[str, Any]) -> ConfidentialDetails:
    """The row that keeps the values, not written yet."""
    return ConfidentialDetails(subject_type=kind, subject_id=public_id, sealed=seal(dict(values)))


def as_kept(values: Mapping[str, Any]) -> Any:
    """The values as they are read again: lists for tuples."""
    return json.loads(json.dumps(dict(values)))


def covered_details(public_ids: list[UUID]) -> dict[UUID, Any]:
    """What events about the records commit to besides their rows. What no key opens is as good as changed."""
    found = {}
    for row in ConfidentialDetails.objects.filter(subject_id__in=public_ids):
        with suppress(KeyMissing):
            found[row.subject_id] = unseal(row.sealed)
    return found


def drop_details(public_ids: Iterable[UUID]) -> None:
    """Forget what was kept: the records say it openly now, or say something else."""
    ConfidentialDetails.objects.filter(subject_id__in=list(public_ids)).delete()


def read_details(public_ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """The kept values by record; one query."""
    rows = ConfidentialDetails.objects.filter(subject_id__in=list(public_ids))
    return {row.subject_id: unseal(row.sealed) for row in rows}
