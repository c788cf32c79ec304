"""Which records the index holds, as it holds them, and which of them have changed since an event."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeVar

from django.utils import timezone

from ronglian.apps.matching.profiles import profile_result, public_need
from ronglian.apps.registry.models import Need, Result
from ronglian.engines.matching import NeedProfile, ResultProfile
from ronglian.kernel.actor import ANONYMOUS
from ronglian.kernel.models import Event

R = TypeVar("R", Need, Result)

# PostgreSQL may commit a lower event number after a higher one; that many numbers back are looked at again.
OVERLAP = 500
# Beyond this many changed records a new build is quicker than updating.
MANY = 3_000
# Which records and fields a file is of; one of anything else is not used.
HOLDS = "public layer"
NOT_A_CHANGE = ("need.matched", "result.matched")


def public_profiles(ids: Collection[str] | None = None) -> tuple[list[NeedProfile], list[ResultProfile]]:
    """What every visitor may read, of all current records or of these."""
    needs = [public_need(need) for need in _current(Need, ids)]
    return needs, [profile_result(result) for result in _current(Result, ids)]


def touched_after(number: int) -> set[str]:
    """Ids of the needs and results that something happened to after the event of this number."""
    rows = Event.objects.filter(pk__gt=number, subject_type__in=("need", "result"))
    rows = rows.exclude(name__in=NOT_A_CHANGE)
    return {str(subject) for subject in rows.values_list("subject_id", flat=True)}


def last_event() -> Event | None:
    return Event.objects.order_by("-pk").first()


def position_of(event: Event) -> dict[str, Any]:
    """What a file says of the last event it holds; :func:`known_position` recognises it."""
    return {"event": event.pk, "event_id": str(event.public_id), "holds": HOLDS}


def known_position(position: Mapping[str, Any]) -> int | None:
    """The event's number, or None where this database has no such event: it was another one, or an earlier state."""
    event = Event.objects.filter(pk=position["event"]).first()
    if event is None or str(event.public_id) != position["event_id"] or position.get("holds") != HOLDS:
        return None
    return event.pk


def _current(model: type[R], ids: Collection[str] | None) -> Iterator[R]:
    rows = model.objects.visible_to(ANONYMOUS).current(timezone.localdate())
    rows = rows.select_related("owner").order_by("pk")
    if ids is not None:
        rows = rows.filter(public_id__in=list(ids))
    return rows.iterator(chunk_size=2000)
