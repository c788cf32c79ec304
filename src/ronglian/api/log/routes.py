"""What anybody may hold the platform to: checkpoints, receipts, consistency proofs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Query, Router
from pydantic import BaseModel, Field

from ronglian.api.authentication import ApiRequest
from ronglian.api.calling import Known
from ronglian.kernel.errors import NotFound
from ronglian.kernel.log.proofs import consistency, receipt, signed_checkpoint

router = Router(tags=["log"])


class CheckpointShown(BaseModel):
    """A signed promise of how the log's first `size` entries read; keep it to hold the platform to it."""

    size: int
    root: str = Field(description="Root of the Merkle tree (RFC 9162), hexadecimal.")
    note: str = Field(description="The checkpoint as a signed note (C2SP tlog-checkpoint).")
    key: str = Field(description="The log's public key, as name+keyid+base64.")
    signed_at: datetime


class EntryShown(BaseModel):
    """An entry: names and salted commitments, never a person's name or a record's content."""

    v: int
    hash: str
    seq: int
    id: UUID
    at: str
    name: str
    subject: str
    door: str
    actor: str
    data: str
    row: str


class ReceiptShown(BaseModel):
    """What proves offline that an entry is in the log: `ronglian verify` checks it."""

    format: str
    key: str
    index: int
    entry: EntryShown
    leaf: str
    path: list[str]
    checkpoint: str


class ConsistencyAsked(Known):
    """Two sizes of the log."""

    old: int = Field(description="Size of the older checkpoint.")
    new: int = Field(description="Size of the newer checkpoint.")


class ConsistencyShown(BaseModel):
    """What proves that the log of `new` entries begins with that of `old` (RFC 9162, 2.1.4)."""

    old: int
    new: int
    path: list[str]


@router.get(
    "/checkpoint",
    response=CheckpointShown,
    operation_id="get_checkpoint",
    summary="Read the latest checkpoint",
)
def get_checkpoint(request: ApiRequest) -> Any:
    """The log as it was last signed for; 404 before anything was."""
    signed = signed_checkpoint()
    if signed is None:
        raise NotFound
    return CheckpointShown(
        size=signed.checkpoint.size,
        root=signed.checkpoint.root.hex(),
        note=signed.row.note,
        key=signed.key,
        signed_at=signed.row.signed_at,
    )


@router.get(
    "/entries/{uuid:event_id}/receipt",
    response=ReceiptShown,
    operation_id="get_receipt",
    summary="Read the receipt of an event",
)
def get_receipt(request: ApiRequest, event_id: UUID) -> Any:
    """For whoever knows the event's id, from a timeline. 404 until a checkpoint covers it: a minute at most."""
    return receipt(event_id)


@router.get(
    "/consistency",
    response=ConsistencyShown,
    operation_id="get_consistency",
    summary="Prove that the log only grew between two checkpoints",
)
def get_consistency(request: ApiRequest, sizes: Query[ConsistencyAsked]) -> Any:
    """The hashes from which both roots can be computed."""
    sizes.check_names(request)
    return ConsistencyShown(old=sizes.old, new=sizes.new, path=consistency(sizes.old, sizes.new))
