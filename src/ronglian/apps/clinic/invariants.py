"""What always holds of common needs."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from ronglian.apps.clinic.enums import PoolState, ShareState
from ronglian.apps.clinic.models import Pool, PoolShare
from ronglian.apps.clinic.operations.pools import FEWEST
from ronglian.kernel.invariant import invariant, named


@invariant(
    "clinic.common_needs_shared", _("At least two owners have joined every common need that is published.")
)
def _asked_alone() -> Iterable[object]:
    joined = Count("shares", filter=Q(shares__state=ShareState.JOINED))
    return named(
        Pool.objects.filter(state=PoolState.PUBLISHED).annotate(joined=joined).filter(joined__lt=FEWEST)
    )


@invariant("clinic.common_needs_led", _("Whoever leads a common need has joined it."))
def _led_from_outside() -> Iterable[object]:
    leading = PoolShare.objects.filter(pool=OuterRef("pk"), owner=OuterRef("lead"), state=ShareState.JOINED)
    under_way = Pool.objects.filter(state__in=(PoolState.OPEN, PoolState.PUBLISHED), lead__isnull=False)
    return named(under_way.filter(~Exists(leading)))
