"""Finding common needs: those kept, and those that the engine proposes."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from ronglian.apps.accounts.enums import SMALL_SIZES
from ronglian.apps.clinic.enums import PoolState, ShareState
from ronglian.apps.clinic.models import Pool, PoolShare
from ronglian.apps.matching.keeper import keeper
from ronglian.apps.matching.profiles import public_need
from ronglian.apps.registry.models import Need
from ronglian.engines.matching import NeedProfile
from ronglian.engines.matching.pooling import NeedGroup, find_alike, pool_needs
from ronglian.kernel.actor import ANONYMOUS, Actor
from ronglian.kernel.errors import NotFound

# So many needs around a trouble are looked at for those that say the same.
AROUND = 200


def list_pools(actor: Actor) -> QuerySet[Pool]:
    """Those the actor may see, the newest first, with their shares."""
    shares = PoolShare.objects.select_related("need", "need__owner", "owner").order_by("id")
    rows: QuerySet[Pool] = Pool.objects.visible_to(actor).select_related("lead", "need")
    return rows.prefetch_related(Prefetch("shares", queryset=shares)).order_by("-id")


def access_pool(actor: Actor, public_id: UUID) -> Pool:
    """The common need, if the actor may see it. Raises NotFound."""
    found = list_pools(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def waiting_pools(actor: Actor) -> int:
    """How many open common needs wait for the first answer of the actor's organisations."""
    invited = PoolShare.objects.filter(owner_id__in=actor.organisation_ids, state=ShareState.INVITED)
    return invited.filter(pool__state=PoolState.OPEN).count()


def poolable_needs() -> QuerySet[Need]:
    """What may be grouped: current needs of small firms that everybody may read, and no common need itself."""
    rows: QuerySet[Need] = Need.objects.visible_to(ANONYMOUS).current(timezone.localdate())
    return rows.filter(owner__size__in=SMALL_SIZES, pool=None).select_related("owner").order_by("id")


def new_groups() -> list[tuple[NeedGroup, list[Need]]]:
    """What the engine finds among the needs that are in no group under way, without those given up or refused before."""
    busy = PoolShare.objects.exclude(pool__state=PoolState.CLOSED).values("need_id")
    needs = {str(need.public_id): need for need in poolable_needs().exclude(pk__in=busy)}
    groups = pool_needs(
        [public_need(need) for need in needs.values()],
        {key: str(need.owner_id) for key, need in needs.items()},
    )
    before = _groups_before()
    found = [(group, [needs[key] for key in group.needs]) for group in groups]
    return [(group, rows) for group, rows in found if not _is_among(before, (row.pk for row in rows))]


def count_alike(profile: NeedProfile, owner_id: int) -> int:
    """How many other small firms have a public need that says the same: what triage proposes pooling by."""
    near = keeper.current().similar(profile, "needs", top=AROUND)
    rows = poolable_needs().filter(public_id__in=[hit.id for hit in near]).exclude(owner_id=owner_id)
    owners = {str(need.public_id): (need.owner_id, public_need(need)) for need in rows}
    owners.pop(profile.id, None)
    alike = find_alike(profile, [other for _owner, other in owners.values()])
    return len({owners[each.second if each.first == profile.id else each.first][0] for each in alike})


def _groups_before() -> list[set[int]]:
    groups: dict[int, set[int]] = {}
    for pool, need in PoolShare.objects.filter(pool__state=PoolState.CLOSED).values_list(
        "pool_id", "need_id"
    ):
        groups.setdefault(pool, set()).add(need)
    return list(groups.values())


def _is_among(before: Iterable[set[int]], needs: Iterable[int]) -> bool:
    wanted = set(needs)
    return any(wanted <= group for group in before)
