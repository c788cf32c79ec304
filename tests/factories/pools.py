"""Common needs in any state, made through the operations."""

from __future__ import annotations

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.clinic.models import Pool
from ronglian.apps.clinic.operations.pools import find_pool, invite_owners
from ronglian.apps.registry.models import Need
from ronglian.engines.matching.pooling import Likeness, NeedGroup
from ronglian.kernel.actor import job_actor
from tests.factories import SYSTEM, make_need, make_organisation


def make_group(needs: list[Need]) -> NeedGroup:
    """As the engine would have found them."""
    ids = sorted(str(need.public_id) for need in needs)
    pairs = tuple(
        Likeness(one, other, 0.6, 0.7, 0.8) for at, one in enumerate(ids) for other in ids[at + 1 :]
    )
    return NeedGroup(tuple(ids), pairs[0].score, pairs, ("注塑件", "翘曲"))


def make_pool(owners: list[Organisation] | None = None, *, invited: bool = True) -> Pool:
    """A common need of these owners, each with a public need of its own."""
    owners = owners or [make_organisation() for _ in range(3)]
    needs = [make_need(owner, f"注塑件翘曲变形{at}") for at, owner in enumerate(owners)]
    pool = find_pool(actor=job_actor("test"), group=make_group(needs), needs=needs)
    return invite_owners(actor=SYSTEM, pool=pool) if invited else pool
