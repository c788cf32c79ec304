"""What waits for a person today: suggestions to decide on, records that run out, drafts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.safestring import SafeString

from ronglian.apps.agreements.queries.upcoming import list_upcoming
from ronglian.apps.clinic.manager_rules import keeps_register
from ronglian.apps.clinic.queries.assignments import open_proposals, own_open_proposals
from ronglian.apps.clinic.queries.technology_managers import waiting_managers
from ronglian.apps.matching.queries.decisions import waiting_suggestions
from ronglian.apps.registry.enums import State
from ronglian.apps.registry.models import (
    RECORD_MODELS,
    Draft,
    ImportBatch,
    ImportState,
    Need,
    RegistryRecord,
    Result,
)
from ronglian.apps.registry.queries.drafts import own_drafts
from ronglian.apps.registry.queries.imports import list_imports
from ronglian.apps.registry.queries.records import list_records
from ronglian.kernel.actor import Actor
from ronglian.web.contract_letters import COMES
from ronglian.web.presenters.cases import money
from ronglian.web.presenters.kinds import KINDS, kind_of, record_url
from ronglian.web.presenters.pages import page_title
from ronglian.web.work.access import draft_url

SOON = timedelta(days=30)
SHOWN = 5
SUGGESTIONS_READ = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """An own record with suggestions nobody has decided on."""

    title: SafeString
    url: str
    count: int
    best: int


@dataclass(frozen=True, slots=True)
class Expiring:
    """An own record that runs out soon or has run out."""

    title: SafeString
    url: str
    renew_url: str
    day: date
    is_over: bool
    may_renew: bool


@dataclass(frozen=True, slots=True)
class Unsent:
    """A form that was begun."""

    draft: Draft
    title: str
    kind: str
    url: str


@dataclass(frozen=True, slots=True)
class Coming:
    """Something on a day under a contract of one's organisation."""

    day: date
    what: str
    title: str
    url: str
    amount: str


def coming_contracts(actor: Actor, day: date) -> list[Coming]:
    """What comes under one's contracts soon, the next first."""
    return [
        Coming(
            one.day,
            str(COMES[one.what]),
            one.agreement.title,
            reverse("work:contract", args=[one.agreement.public_id]),
            money(one.amount_fen),
        )
        for one in list_upcoming(actor, day, day + SOON)
    ]


def waiting_records(actor: Actor) -> list[Waiting]:
    """Own records with undecided suggestions, the one with the best suggestion first."""
    # Keys and scores only: the explanations stored with them are long.
    rows = waiting_suggestions(actor).values_list("score", "need_id", "need__owner_id", "result_id")
    found: dict[tuple[type[Need | Result], int], list[float]] = {}
    for score, need, need_owner, result in rows[:SUGGESTIONS_READ]:
        own = (Need, need) if actor.is_member(need_owner) else (Result, result)
        found.setdefault(own, []).append(score)
    shown = list(found.items())[:SHOWN]
    records = {
        (model, record.pk): record
        for model in (Need, Result)
        for record in list_records(actor, model).filter(
            pk__in=[pk for (kind, pk), _ in shown if kind is model]
        )
    }
    return [_waiting(records[own], scores) for own, scores in shown]


def _waiting(record: RegistryRecord, scores: list[float]) -> Waiting:
    address = reverse(f"{record.noun}-matches", args=[record.public_id])
    return Waiting(page_title(record), address, len(scores), round(max(scores)))


def expiring_records(actor: Actor, today: date) -> tuple[list[Expiring], int]:
    """Own published records that run out within a month or have run out: the first few, and how many in all."""
    rows: list[RegistryRecord] = []
    total = 0
    for model in RECORD_MODELS:
        soon = list_records(actor, model).filter(
            owner_id__in=actor.organisation_ids, state=State.PUBLISHED, expires_on__lte=today + SOON
        )
        first = list(soon.order_by("expires_on", "id")[: SHOWN + 1])
        total += len(first) if len(first) <= SHOWN else soon.count()
        rows += first
    rows.sort(key=lambda record: (record.expires_on or today, record.pk))
    return [_expiring(actor, record, today) for record in rows[:SHOWN]], total


def _expiring(actor: Actor, record: RegistryRecord, today: date) -> Expiring:
    assert record.expires_on is not None
    return Expiring(
        title=page_title(record),
        url=record_url(record),
        renew_url=reverse("work:confirm", args=[kind_of(record).name, record.public_id]),
        day=record.expires_on,
        is_over=record.is_expired(today),
        may_renew=actor.may_write_for(record.owner_id),
    )


def unsent_forms(actor: Actor) -> Iterator[Unsent]:
    """The forms the person began and has not sent."""
    for draft in own_drafts(actor)[:SHOWN]:
        if draft.form in KINDS:
            title = draft.fields.get("title") or draft.fields.get("name") or ""
            yield Unsent(draft, str(title), str(KINDS[draft.form].singular), draft_url(draft))


@dataclass(frozen=True, slots=True)
class ManagerWork:
    """What waits for a technology manager, and for who keeps their register."""

    proposed_to_me: int
    applications: int
    to_confirm: int


def manager_work(actor: Actor) -> ManagerWork | None:
    """None where nothing waits, or where it is nothing of the actor's."""
    keeps = keeps_register(actor)
    if not (keeps or actor.is_technology_manager):
        return None
    found = ManagerWork(
        proposed_to_me=own_open_proposals(actor).count() if actor.is_technology_manager else 0,
        applications=waiting_managers(actor).count() if keeps else 0,
        to_confirm=open_proposals(actor).count() if keeps else 0,
    )
    return found if any((found.proposed_to_me, found.applications, found.to_confirm)) else None


def waiting_imports(actor: Actor) -> list[ImportBatch]:
    """Imports that wait for somebody: to be checked, corrected or taken over."""
    unfinished = (ImportState.STAGED, ImportState.CHECKING, ImportState.CHECKED, ImportState.APPLYING)
    return list(list_imports(actor).filter(state__in=unfinished)[:SHOWN])
