"""Loading the demo region through the same operations that import anybody's files. Loading again changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from ronglian.apps.clinic.enums import PoolState
from ronglian.apps.clinic.models import Pool
from ronglian.apps.clinic.operations.pools import invite_owners
from ronglian.apps.clinic.tasks import find_pools
from ronglian.apps.registry.columns import KINDS, Kind
from ronglian.apps.registry.operations.imports import apply_import, cancel_import, check_import, stage_import
from ronglian.demo.region import read_region
from ronglian.kernel.actor import Actor
from ronglian.kernel.provenance import SourceKind

SOURCE_NAME = "云澜创新区（虚构） Yunlan Innovation Region (fictional)"
SHOWN_NEED = "demo-need-b01"
TRIED_AS = ("demo-org-b01", "demo-org-b14")


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many records of a kind the region holds, and how many of them were new or had changed."""

    kind: Kind
    records: int
    changes: int


def load_region(actor: Actor, today: date, report: Callable[[Kind], None]) -> list[Loaded]:
    """Bring the registry to what the files say; raises OperationError when a file is not in order."""
    loaded = []
    for kind in KINDS:
        report(kind)
        loaded.append(_load(actor, kind, today))
    return loaded


def bring_together(actor: Actor) -> int:
    """Look for common needs in the region, and invite the owners of those that the demo account can answer."""
    found = find_pools.func()
    shown = Pool.objects.filter(
        state=PoolState.FOUND,
        shares__owner__source_name=SOURCE_NAME,
        shares__owner__source_id__in=TRIED_AS,
    )
    for pool in shown.distinct():
        invite_owners(actor=actor, pool=pool)
    return found


def _load(actor: Actor, kind: Kind, today: date) -> Loaded:
    rows = list(read_region(kind, today))
    file = BytesIO("\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode())
    batch = stage_import(
        actor=actor,
        owner=None,
        kind=kind,
        file=file,
        filename=f"{kind}.jsonl",
        source_name=SOURCE_NAME,
        source_kind=SourceKind.DEMO,
    )
    batch = check_import(actor=actor, batch=batch)
    changes = batch.changes
    if changes or batch.bad_rows:
        apply_import(actor=actor, batch=batch)
    else:
        cancel_import(actor=actor, batch=batch)
    return Loaded(kind, len(rows), changes)
