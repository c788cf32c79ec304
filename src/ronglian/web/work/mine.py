"""The records of a person's organisations: by kind, state and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from ronglian.apps.registry.enums import State
from ronglian.apps.registry.models import RegistryRecord
from ronglian.apps.registry.queries.records import list_records
from ronglian.kernel.actor import Actor
from ronglian.web.presenters.badges import Badge, record_badges
from ronglian.web.presenters.kinds import KINDS, Kind, record_url
from ronglian.web.presenters.pages import page_title

LONGEST_QUERY = 200


@dataclass(frozen=True, slots=True)
class Tab:
    """One kind, with how many of it are mine."""

    kind: Kind
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """What the list shows: a kind, a state or all, words or none."""

    kind: Kind
    state: str
    query: str


@dataclass(frozen=True, slots=True)
class Row:
    """A record as its own organisation sees it in a list."""

    record: RegistryRecord
    title: SafeString
    url: str
    edit_url: str
    publish_url: str
    badges: list[Badge]
    may_edit: bool
    may_publish: bool


def own_records(actor: Actor, kind: Kind) -> QuerySet[Any]:
    return list_records(actor, kind.model).filter(owner_id__in=actor.organisation_ids)


def read_choice(actor: Actor, asked: Mapping[str, str]) -> tuple[Choice, list[Tab]]:
    """What was asked for; without a kind, the first that holds something."""
    counts = {name: own_records(actor, kind).count() for name, kind in KINDS.items()}
    held = [name for name, count in counts.items() if count]
    name = asked.get("kind", "")
    if name not in KINDS:
        name = held[0] if held else "needs"
    state = asked.get("state", "")
    choice = Choice(
        kind=KINDS[name],
        state=state if state in State.values else "",
        query=asked.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY],
    )
    return choice, [Tab(kind, counts[kind.name], kind.name == name) for kind in KINDS.values()]


def chosen_keys(actor: Actor, choice: Choice) -> QuerySet[Any, int]:
    """The keys of the records of the choice, the one changed last first. Sorting whole records would be slow."""
    records = own_records(actor, choice.kind)
    if choice.state:
        records = records.filter(state=choice.state)
    if choice.query:
        name = "name" if choice.kind.name == "experts" else "title"
        records = records.filter(
            Q(**{f"{name}__icontains": choice.query}) | Q(**{f"{name}_en__icontains": choice.query})
        )
    return records.order_by("-updated_at", "-id").values_list("pk", flat=True)


def rows(actor: Actor, kind: Kind, keys: Sequence[int]) -> list[Row]:
    """The records with these keys, in their order."""
    found = own_records(actor, kind).in_bulk(keys)
    return [row(actor, kind, found[key]) for key in keys]


def state_counts(actor: Actor, kind: Kind) -> list[tuple[str, str, int]]:
    """Code, label and count of each state that occurs."""
    found = own_records(actor, kind).order_by().values_list("state").annotate(Count("id"))
    counts = dict(found)
    return [(state.value, str(state.label), counts[state.value]) for state in State if state.value in counts]


def row(actor: Actor, kind: Kind, record: RegistryRecord) -> Row:
    address = [kind.name, record.public_id]
    may_edit = actor.may_write_for(record.owner_id)
    return Row(
        record=record,
        title=page_title(record),
        url=record_url(record),
        edit_url=reverse("work:edit", args=address),
        publish_url=reverse("work:publish", args=address),
        badges=record_badges(record, timezone.localdate()),
        may_edit=may_edit,
        may_publish=may_edit and record.state != State.PUBLISHED,
    )
