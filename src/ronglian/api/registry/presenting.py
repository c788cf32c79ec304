"""From rows to what is shown of them, as far as the reader may know."""

from __future__ import annotations

from typing import Any, Literal

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ronglian.api.registry.shown import (
    EventShown,
    ExpertShown,
    MetricShown,
    NeedShown,
    OwnerShown,
    ProvenanceShown,
    RecordShown,
    ResultShown,
    SceneShown,
)
from ronglian.apps.accounts.models import Organisation
from ronglian.apps.registry.derived import record_metrics
from ronglian.apps.registry.models import Expert, Need, RegistryRecord, Result, Scene
from ronglian.apps.registry.rules import may_see_owner
from ronglian.engines.text import format_metric
from ronglian.kernel.actor import Actor, ActorKind
from ronglian.kernel.codes.industries import industry_name
from ronglian.kernel.codes.regions import region_short_name
from ronglian.kernel.models import Event
from ronglian.kernel.provenance import SourceKind, Verification

SHOWN: dict[type[RegistryRecord], type[RecordShown]] = {
    Result: ResultShown,
    Need: NeedShown,
    Expert: ExpertShown,
    Scene: SceneShown,
}
# Of an event's data, what says nothing about people or other records.
OPEN_DATA = frozenset({"changed", "expires_on", "engine"})
CODES = frozenset({"technology_field", "output_form", "stage", "technical_level"})


def short_language() -> Literal["zh", "en"]:
    return "en" if (get_language() or "").startswith("en") else "zh"


def show_record(actor: Actor, record: RegistryRecord) -> RecordShown:
    """The record as the actor may see it."""
    schema = SHOWN[type(record)]
    values: dict[str, Any] = {
        "id": record.public_id,
        "owner": show_owner(actor, record),
        "owner_label": owner_label(actor, record),
        "provenance": _provenance(actor, record),
    }
    if isinstance(record, Result | Need):
        values["metrics"] = _metrics(record)
    for name in schema.model_fields:
        if name not in values:
            value = getattr(record, name)
            values[name] = value or None if name in CODES else value
    return schema.model_validate(values)


def show_owner(actor: Actor, record: RegistryRecord) -> OwnerShown | None:
    return link_organisation(record.owner) if may_see_owner(actor, record) else None


def link_organisation(organisation: Organisation) -> OwnerShown:
    return OwnerShown(id=organisation.public_id, name=organisation.name, name_en=organisation.name_en)


def owner_label(actor: Actor, record: RegistryRecord) -> str:
    """The owner's name; for a hidden one only what the record says of itself: 匿名企业 · 江苏 · 金属制品业."""
    language = short_language()
    if may_see_owner(actor, record):
        return (record.owner.name_en if language == "en" else "") or record.owner.name
    parts = [_("Anonymous enterprise")]
    if record.region:
        parts.append(region_short_name(record.region[:2], language))
    if industry := getattr(record, "industry", ""):
        parts.append(industry_name(industry, language))
    return " · ".join(parts)


def show_event(actor: Actor, record: RegistryRecord, event: Event) -> EventShown:
    """Who acted is the organisation's own business, and so is what the event says of others."""
    is_own = actor.is_system or actor.is_member(record.owner_id)
    data = {name: value for name, value in event.data.items() if is_own or name in OPEN_DATA}
    if record.is_closed and "changed" in data:
        data["changed"] = [name for name in data["changed"] if name not in record.nda_fields]
    return EventShown(
        id=event.public_id,
        name=event.name,
        occurred_at=event.occurred_at,
        actor_kind=ActorKind(event.actor_kind),
        actor=event.actor_label if is_own else None,
        data=data,
    )


def _provenance(actor: Actor, record: RegistryRecord) -> ProvenanceShown:
    is_own = actor.is_system or actor.is_member(record.owner_id)
    return ProvenanceShown(
        source_kind=SourceKind(record.source_kind),
        source_name=record.source_name if may_see_owner(actor, record) else None,
        source_id=record.source_id if is_own else None,
        recorded_by=record.recorded_by if is_own else None,
        verification=Verification(record.verification),
        confirmed_on=record.confirmed_on,
        expires_on=record.expires_on,
        is_expired=record.is_expired(timezone.localdate()),
        created_at=record.created_at,
        updated_at=record.updated_at,
    )


def _metrics(record: Result | Need) -> list[MetricShown]:
    language = short_language()
    return [
        MetricShown(
            name=metric.name,
            name_en=metric.name_en,
            comparison=metric.comparison,
            low=metric.low,
            high=metric.high,
            unit=metric.unit,
            sentence=metric.sentence,
            text=format_metric(metric, language),
        )
        for metric in record_metrics(record)
    ]
