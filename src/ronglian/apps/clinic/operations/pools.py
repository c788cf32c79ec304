"""Common needs: found, owners invited, joined or declined, worded, approved by all, published, left.

Each owner has a veto: nothing is published before every owner that joined has approved the wording as it stands, and
whoever leaves takes its part of the budget along.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.clinic.enums import PoolState, ShareState
from ronglian.apps.clinic.models import Pool, PoolShare
from ronglian.apps.clinic.pool_rules import may_find, may_keep, may_lead, may_take_part
from ronglian.apps.clinic.tasks import tell_of_pool
from ronglian.apps.registry.enums import State
from ronglian.apps.registry.models import Need
from ronglian.apps.registry.operations.records import edit_record, register_record, withdraw_record
from ronglian.engines.matching import ENGINE_VERSION
from ronglian.engines.matching.pooling import DEFAULT_POOLING, NeedGroup
from ronglian.kernel.actor import Actor, job_actor
from ronglian.kernel.errors import InvalidInput, NotAllowed, RuleViolation, StaleVersion
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_json, clean_record

FEWEST = 2


@operation("pool.find", allowed=may_find)
def find_pool(*, actor: Actor, group: NeedGroup, needs: Sequence[Need]) -> Pool:
    """Keep a group that the engine found, with its reasons. Nobody is told before somebody has looked at it."""
    pool = Pool(
        explanation={
            "score": group.score,
            "words": list(group.words),
            "pairs": [
                {
                    "first": each.first,
                    "second": each.second,
                    "text": each.text,
                    "title": each.title,
                    "told": each.told,
                    "score": each.score,
                }
                for each in group.pairs
            ],
        },
        engine_version=ENGINE_VERSION,
        parameters_version=DEFAULT_POOLING.version,
    )
    pool.save(force_insert=True)
    record_event(actor, "pool.found", pool, {"needs": len(needs), "score": group.score})
    for need in needs:
        share = PoolShare(pool=pool, need=need, owner_id=need.owner_id)
        share.save(force_insert=True)
        record_event(actor, "poolshare.found", share)
    return pool


@operation("pool.invite", target="pool", allowed=may_keep)
def invite_owners(*, actor: Actor, pool: Pool) -> Pool:
    """Tell the owners that others need the same. Somebody has looked at the group and thinks so, too."""
    _insist(pool, PoolState.FOUND)
    pool.state = PoolState.OPEN
    _save(actor, pool, "invited")
    transaction.on_commit(lambda: tell_of_pool.enqueue(str(pool.public_id)))
    return pool


@operation("pool.close", target="pool", allowed=may_keep)
def close_pool(*, actor: Actor, pool: Pool, reason: str) -> Pool:
    """Give it up, with a reason that the owners read. The same group is not proposed again."""
    _insist(pool, PoolState.FOUND, PoolState.OPEN)
    pool.state, pool.closed_because = PoolState.CLOSED, _reason(reason)
    return _save(actor, pool, "closed", {"reason": pool.closed_because})


@operation("pool.join", target="pool", allowed=may_take_part)
def join_pool(*, actor: Actor, pool: Pool, owner: Organisation, told: str, budget_fen: int | None) -> Pool:
    """Take part with what one shares and gives. Who joins first leads. What joined after approvals undoes them."""
    _insist(pool, PoolState.OPEN)
    share = _own_share(actor, pool, owner)
    if share.state not in (ShareState.INVITED, ShareState.DECLINED):
        raise RuleViolation(_("Your organisation has joined already."))
    share.told, share.budget_fen, share.reason = told, budget_fen, ""
    _decide(actor, share, ShareState.JOINED, "joined")
    pool.lead = pool.lead or owner
    return _save(actor, pool, "joined")


@operation("pool.decline", target="pool", allowed=may_take_part)
def decline_pool(*, actor: Actor, pool: Pool, owner: Organisation, reason: str) -> Pool:
    """Not take part. One's own need stays as it is."""
    _insist(pool, PoolState.OPEN)
    share = _own_share(actor, pool, owner)
    if share.state != ShareState.INVITED:
        raise RuleViolation(_("Your organisation has answered already."))
    share.reason = str(clean_json(reason))[:500]
    _decide(actor, share, ShareState.DECLINED, "declined")
    return _save(actor, pool, "declined")


@operation("pool.word", target="pool", allowed=may_lead)
def word_pool(*, actor: Actor, pool: Pool, title: str, summary: str, version: int | None = None) -> Pool:
    """Say what is wanted together. Everybody has to approve what is new in it."""
    _insist(pool, PoolState.OPEN)
    if version is not None and version != pool.version:
        raise StaleVersion
    if not title.strip():
        raise InvalidInput.of({"title": [_("Give the common need a title.")]})
    pool.title, pool.summary = title, summary
    return _save(actor, pool, "worded")


@operation("pool.approve", target="pool", allowed=may_take_part)
def approve_pool(*, actor: Actor, pool: Pool, owner: Organisation, version: int) -> Pool:
    """Approve for one's organisation the wording and the budget as they stand. Raises StaleVersion if they changed."""
    _insist(pool, PoolState.OPEN)
    if not pool.title:
        raise RuleViolation(_("There is no wording yet. The leading organisation writes it."))
    if version != pool.version:
        raise StaleVersion
    share = _own_share(actor, pool, owner)
    if share.state != ShareState.JOINED:
        raise RuleViolation(_("Join first, then approve."))
    share.approved_version = pool.version
    _decide(actor, share, ShareState.JOINED, "approved")
    return pool


@operation("pool.publish", target="pool", allowed=may_lead)
def publish_pool(*, actor: Actor, pool: Pool) -> Pool:
    """Publish it in the name of the group, under the lead: only what all have approved."""
    _insist(pool, PoolState.OPEN)
    shares = joined_shares(pool)
    if len(shares) < FEWEST:
        raise RuleViolation(_("A common need takes at least two owners that have joined."))
    waiting = [share for share in shares if share.approved_version != pool.version]
    if waiting:
        raise RuleViolation(
            _("Not everybody has approved the wording as it stands. Still to approve: %(count)d.")
            % {"count": len(waiting)}
        )
    assert pool.lead is not None
    need = register_record(
        actor=actor, owner=pool.lead, model=Need, fields=_need_fields(pool, shares), publish=True
    )
    pool.need, pool.need_version, pool.state = need, need.version, PoolState.PUBLISHED
    return _save(actor, pool, "published", {"need": str(need.public_id), "owners": len(shares)})


@operation("pool.leave", target="pool", allowed=may_take_part)
def leave_pool(*, actor: Actor, pool: Pool, owner: Organisation, reason: str) -> Pool:
    """Leave, with a reason the others read. One's part of the budget goes; who leads hands on to who joined next.

    A published need that is left with one owner is withdrawn: it is not common any more.
    """
    _insist(pool, PoolState.OPEN, PoolState.PUBLISHED)
    share = _own_share(actor, pool, owner)
    if share.state != ShareState.JOINED:
        raise RuleViolation(_("Your organisation has not joined."))
    share.reason, share.approved_version = _reason(reason), None
    _decide(actor, share, ShareState.LEFT, "left")
    rest = joined_shares(pool)
    if pool.lead_id == owner.pk:
        pool.lead = rest[0].owner if rest else None
    if pool.need is not None:
        _mend_need(pool, pool.need, rest)
    return _save(actor, pool, "left")


def joined_shares(pool: Pool) -> list[PoolShare]:
    """Those who joined, the first first."""
    rows = PoolShare.objects.filter(pool=pool, state=ShareState.JOINED).select_related("owner", "need")
    return sorted(rows, key=lambda share: (share.decided_at, share.pk))


def total_budget(shares: Sequence[PoolShare]) -> int | None:
    """What they give together, in fen; None where nobody named an amount."""
    amounts = [share.budget_fen for share in shares if share.budget_fen is not None]
    return sum(amounts) if amounts else None


def _mend_need(pool: Pool, need: Need, rest: Sequence[PoolShare]) -> None:
    """The group's own work, not that of who leaves: the need follows what is left of the group."""
    keeper = job_actor("common need")
    if len(rest) >= FEWEST:
        need = edit_record(actor=keeper, record=need, fields=_need_fields(pool, rest))
        pool.need_version = need.version
        return
    with translation.override("zh-hans"):
        pool.closed_because = str(_("Fewer than two owners are left."))
    if need.state == State.PUBLISHED:
        withdraw_record(actor=keeper, record=need, reason=pool.closed_because)
    pool.state = PoolState.CLOSED


def _need_fields(pool: Pool, shares: Sequence[PoolShare]) -> dict[str, Any]:
    """What everybody reads: the wording, how many ask for it, and the budget in one sum. No share is told apart."""
    with translation.override("zh-hans"):  # the registry's texts are Chinese, whoever writes them
        told = str(_("A common need of %(count)d enterprises with one budget.") % {"count": len(shares)})
    total = total_budget(shares)
    return {
        "title": pool.title,
        "summary": f"{told}\n{pool.summary}".strip(),
        "budget_low_fen": total,
        "budget_high_fen": total,
        "anonymous": any(share.need.anonymous for share in shares),
    }


def _own_share(actor: Actor, pool: Pool, owner: Organisation) -> PoolShare:
    share = PoolShare.objects.select_for_update().filter(pool=pool, owner=owner).first()
    if share is None or not actor.may_write_for(owner.pk):
        raise NotAllowed(_("Owners and editors of an invited organisation decide for it, at the site."))
    return share


def _decide(actor: Actor, share: PoolShare, state: ShareState, past: str) -> None:
    share.state, share.decided_by = state, actor.label
    if past != "approved":
        share.decided_at = timezone.now()
    share.version += 1
    clean_record(share)
    share.save(force_update=True)
    record_event(actor, f"poolshare.{past}", share)


def _insist(pool: Pool, *states: PoolState) -> None:
    if pool.state not in states:
        raise RuleViolation(
            _("This cannot be done while the common need is: %(state)s.")
            % {"state": pool.get_state_display()}
        )


def _reason(reason: str) -> str:
    cleaned = str(clean_json(reason))[:500]
    if not cleaned:
        raise InvalidInput.of({"reason": [_("Say why.")]})
    return cleaned


def _save(actor: Actor, pool: Pool, past: str, data: Mapping[str, Any] | None = None) -> Pool:
    pool.version += 1
    clean_record(pool)
    pool.save(force_update=True)
    record_event(actor, f"pool.{past}", pool, data)
    return pool
