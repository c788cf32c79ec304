"""Common needs as pages show them: to each reader what it may know of the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ronglian.apps.clinic.enums import PoolState, ShareState
from ronglian.apps.clinic.models import Pool, PoolShare
from ronglian.apps.clinic.operations.pools import FEWEST, total_budget
from ronglian.apps.clinic.pool_rules import keeps_pools, may_keep, may_lead, reads_shares
from ronglian.apps.registry.rules import is_visible
from ronglian.kernel.actor import Actor
from ronglian.web.context import short_language
from ronglian.web.presenters.kinds import record_url
from ronglian.web.presenters.owners import OwnerLine, owner_line
from ronglian.web.presenters.pages import page_title
from ronglian.web.presenters.texts import money_range

ENOUGH_WORDS = 2


@dataclass(frozen=True, slots=True)
class ShareLine:
    """One owner's part. `told` and `budget` are empty for who has not joined."""

    title: SafeString | str
    url: str
    owner: OwnerLine | None
    state: str
    is_ours: bool
    is_lead: bool
    has_approved: bool
    told: str
    budget: str
    reason: str


@dataclass(frozen=True, slots=True)
class PoolLine:
    """A common need in a list."""

    title: str
    url: str
    state: str
    owners: int
    joined: int
    likeness: int
    waits_for_us: bool


def pool_line(actor: Actor, pool: Pool) -> PoolLine:
    shares = list(pool.shares.all())
    mine = [share for share in shares if actor.may_write_for(share.owner_id) and not actor.is_system]
    return PoolLine(
        title=pool_name(actor, pool, shares),
        url=reverse("work:pool", args=[pool.public_id]),
        state=pool.get_state_display(),
        owners=len(shares),
        joined=sum(share.state == ShareState.JOINED for share in shares),
        likeness=round(100 * pool.explanation["score"]),
        waits_for_us=pool.state == PoolState.OPEN and any(_waits(pool, share) for share in mine),
    )


def pool_name(actor: Actor, pool: Pool, shares: list[PoolShare]) -> str:
    """What the group calls it, for those who joined and when it is published; before that, the words all share."""
    if pool.title and (pool.state == PoolState.PUBLISHED or reads_shares(actor, shares)):
        return str(pool.title)
    return in_a_row(shared_words(pool)[:4]) or _("Needs that say the same")


def in_a_row(words: list[str]) -> str:
    return (", " if short_language() == "en" else "、").join(words)


def shared_words(pool: Pool) -> list[str]:
    """Words all the needs use, those of the page's language where there are enough."""
    words: list[str] = pool.explanation["words"]
    own = [word for word in words if word.isascii() == (short_language() == "en")]
    return own if len(own) >= ENOUGH_WORDS else words


def pool_page(actor: Actor, pool: Pool) -> dict[str, Any]:
    """Everything that the page of one common need says to this reader."""
    shares = list(pool.shares.all())
    reads = reads_shares(actor, shares)
    joined = [share for share in shares if share.state == ShareState.JOINED]
    total = total_budget(joined)
    own = next((share for share in shares if actor.may_write_for(share.owner_id)), None)
    is_open = pool.state == PoolState.OPEN
    return {
        "name": pool_name(actor, pool, shares),
        "lines": [_share_line(actor, pool, share, reads) for share in shares],
        "words": in_a_row(shared_words(pool)),
        "pairs": _pairs(actor, pool, shares),
        "reads": reads,
        "joined": len(joined),
        "enough": len(joined) >= FEWEST,
        "all_approved": bool(joined) and all(share.approved_version == pool.version for share in joined),
        "total": money_range(total, total) if reads and total is not None else "",
        "own": own,
        "may_join": is_open and own is not None and own.state in (ShareState.INVITED, ShareState.DECLINED),
        "may_decline": is_open and own is not None and own.state == ShareState.INVITED,
        "may_approve": is_open
        and bool(pool.title)
        and own is not None
        and own.state == ShareState.JOINED
        and own.approved_version != pool.version,
        "may_leave": pool.state in (PoolState.OPEN, PoolState.PUBLISHED)
        and own is not None
        and own.state == ShareState.JOINED,
        "may_word": is_open and bool(may_lead(actor, pool)),
        "keeps": bool(may_keep(actor, pool)),
        "is_found": pool.state == PoolState.FOUND,
        "may_close": pool.state in (PoolState.FOUND, PoolState.OPEN) and bool(may_keep(actor, pool)),
        "need_url": record_url(pool.need) if pool.need else "",
        "was_changed": pool.need is not None and pool.need.version != pool.need_version and reads,
    }


def _waits(pool: Pool, share: PoolShare) -> bool:
    if share.state == ShareState.INVITED:
        return True
    return share.state == ShareState.JOINED and bool(pool.title) and share.approved_version != pool.version


def _share_line(actor: Actor, pool: Pool, share: PoolShare, reads: bool) -> ShareLine:
    is_ours = actor.is_member(share.owner_id)
    is_public = is_visible(actor, share.need)
    opens = reads and share.state == ShareState.JOINED
    return ShareLine(
        title=page_title(share.need) if is_public else _("No longer public"),
        url=record_url(share.need) if is_public else "",
        owner=owner_line(actor, share.need) if is_public else None,
        state=share.get_state_display(),
        is_ours=is_ours,
        is_lead=pool.lead_id == share.owner_id and (is_ours or reads or keeps_pools(actor)),
        has_approved=share.state == ShareState.JOINED and share.approved_version == pool.version,
        told=str(share.told) if opens else "",
        budget=money_range(share.budget_fen, share.budget_fen)
        if opens and share.budget_fen is not None
        else "",
        reason=share.reason if reads or is_ours or keeps_pools(actor) else "",
    )


def _pairs(actor: Actor, pool: Pool, shares: list[PoolShare]) -> list[tuple[str, str, int, int, int]]:
    """Why they were put together: pair by pair, in per cent."""
    titles = {
        str(share.need.public_id): page_title(share.need)
        if is_visible(actor, share.need)
        else _("No longer public")
        for share in shares
    }
    return [
        (
            titles[each["first"]],
            titles[each["second"]],
            *(round(100 * each[name]) for name in ("title", "text", "told")),
        )
        for each in pool.explanation["pairs"]
        if each["first"] in titles and each["second"] in titles
    ]
