"""Common needs for programs to read. People invite, join, approve and leave at the site: a program binds nobody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from ninja import Query, Router
from pydantic import BaseModel, Field

from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.paging import Page, PageParameters, paginate
from ronglian.apps.clinic.enums import PoolState, ShareState
from ronglian.apps.clinic.models import Pool, PoolShare
from ronglian.apps.clinic.pool_rules import reads_shares
from ronglian.apps.clinic.queries.pools import access_pool, list_pools
from ronglian.apps.registry.rules import is_visible
from ronglian.kernel.actor import Actor

router = Router(tags=["common needs"], auth=signed_in)


class PoolShareShown(BaseModel):
    """共性需求份额: one owner's part. What it tells and gives is for those who joined."""

    need: UUID | None = Field(description="Null where the need is not public any more.")
    state: ShareState
    is_ours: bool
    has_approved: bool
    told: str | None
    budget_fen: int | None


class PoolShown(BaseModel):
    """共性需求."""

    id: UUID
    version: int
    state: PoolState
    title: str | None = Field(description="For those who joined, and once it is published.")
    summary: str | None
    words: list[str] = Field(description="Words that all these needs use.")
    likeness: float = Field(description="Of the least alike pair, 0 to 1.")
    need: UUID | None = Field(description="What was published.")
    shares: list[PoolShareShown]
    closed_because: str


@router.get(
    "", response=Page[PoolShown], operation_id="list_common_needs", summary="Common needs you are invited to"
)
def list_all(request: ApiRequest, parameters: Query[PageParameters]) -> Any:
    """The newest first."""
    parameters.check_names(request)
    rows = list_pools(request.auth)

    def present(page: Sequence[Pool]) -> list[PoolShown]:
        return [show_pool(request.auth, pool) for pool in page]

    return paginate(request, rows, rows.count(), parameters, present)


@router.get(
    "/{uuid:public_id}", response=PoolShown, operation_id="get_common_need", summary="Read one common need"
)
def get_one(request: ApiRequest, public_id: UUID) -> Any:
    """Each reader sees what it may know of the others."""
    return show_pool(request.auth, access_pool(request.auth, public_id))


def show_pool(actor: Actor, pool: Pool) -> PoolShown:
    shares = list(pool.shares.all())
    reads = reads_shares(actor, shares) and actor.may_read_confidential
    knows = reads or (pool.state == PoolState.PUBLISHED and actor.may_read_confidential)
    return PoolShown(
        id=pool.public_id,
        version=pool.version,
        state=PoolState(pool.state),
        title=str(pool.title) if knows else None,
        summary=str(pool.summary) if knows else None,
        words=pool.explanation["words"],
        likeness=pool.explanation["score"],
        need=pool.need.public_id if pool.need else None,
        shares=[_share(actor, pool, share, reads) for share in shares],
        closed_because=pool.closed_because,
    )


def _share(actor: Actor, pool: Pool, share: PoolShare, reads: bool) -> PoolShareShown:
    opens = reads and share.state == ShareState.JOINED
    return PoolShareShown(
        need=share.need.public_id if is_visible(actor, share.need) else None,
        state=ShareState(share.state),
        is_ours=actor.is_member(share.owner_id),
        has_approved=share.state == ShareState.JOINED and share.approved_version == pool.version,
        told=str(share.told) if opens else None,
        budget_fen=share.budget_fen if opens else None,
    )
