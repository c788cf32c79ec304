"""A record as a card: the same on every page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.registry.enums import TechnologyField
from ronglian.apps.registry.models import Expert, Need, RegistryRecord, Result, Scene
from ronglian.kernel.actor import Actor
from ronglian.web.presenters.badges import Badge, organisation_badges, record_badges
from ronglian.web.presenters.kinds import kind_of, record_url
from ronglian.web.presenters.owners import OwnerLine, organisation_line, owner_line
from ronglian.web.presenters.texts import choose, excerpt, money_range, place, said, show


@dataclass(frozen=True, slots=True)
class Card:
    """What a card shows; `reason` is one line saying why it is here, where there is one."""

    title: SafeString
    url: str
    icon: str
    kind: str
    owner: OwnerLine
    excerpt: SafeString
    badges: list[Badge]
    facts: list[tuple[str, str]]
    reason: str = ""
    field_name: str = ""


def record_card(actor: Actor, record: RegistryRecord, *, terms: Sequence[str] = (), reason: str = "") -> Card:
    """The card of a record, with the terms of a search marked."""
    kind = kind_of(record)
    owner = owner_line(actor, record)
    return Card(
        title=show(choose(record.headline, record.headline_en), terms),
        url=record_url(record),
        icon=kind.icon,
        kind=str(kind.singular),
        owner=owner,
        excerpt=excerpt(
            said(record, "summary") or said(record, "details" if isinstance(record, Need) else "summary"),
            terms,
        ),
        badges=record_badges(record, timezone.localdate(), is_small=owner.is_small),
        facts=list(_facts(record)),
        reason=reason,
        field_name=field_names(record),
    )


def organisation_card(organisation: Organisation, *, terms: Sequence[str] = ()) -> Card:
    line = organisation_line(organisation)
    return Card(
        title=show(choose(organisation.name, organisation.name_en), terms),
        url=line.url,
        icon="building",
        kind=organisation.get_kind_display(),
        owner=OwnerLine(
            "", "", (place(organisation.region),) if organisation.region else (), False, line.is_small
        ),
        excerpt=excerpt(said(organisation, "summary"), terms),
        badges=organisation_badges(organisation, is_small=line.is_small),
        facts=[],
    )


def field_names(record: RegistryRecord) -> str:
    """The technology field of a record, or the fields of an expert."""
    codes = (
        record.technology_fields if isinstance(record, Expert) else [getattr(record, "technology_field", "")]
    )
    return " · ".join(str(TechnologyField(code).label) for code in codes if code in TechnologyField.values)


def _facts(record: RegistryRecord) -> Iterable[tuple[str, str]]:
    """Two or three figures that help to decide whether to read on."""
    match record:
        case Result():
            if record.maturity:
                yield _("Maturity"), f"TRL {record.maturity}"
            elif record.stage:
                yield _("Stage"), record.get_stage_display()
            if price := money_range(record.price_low_fen, record.price_high_fen):
                yield _("Price"), price
        case Need():
            if budget := money_range(record.budget_low_fen, record.budget_high_fen):
                yield _("Budget"), budget
            if record.expires_on:
                yield _("Valid until"), record.expires_on.isoformat()
        case Scene():
            if record.closes_on:
                yield _("Closes"), record.closes_on.isoformat()
        case Expert():
            if post := str(said(record, "post")):
                yield _("Post"), post
    if isinstance(record, Need | Result) and record.metrics:
        yield _("Metrics"), str(len(record.metrics))
