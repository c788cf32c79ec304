"""What lists can be narrowed by: the same as on the site's lists."""

from __future__ import annotations

from typing import Any, TypeVar, cast
from uuid import UUID

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from pydantic import Field

from ronglian.api.calling import Known
from ronglian.api.fields import Id, QueryText, QueryTruth, QueryWhole, Region
from ronglian.apps.accounts.enums import OrganisationKind
from ronglian.apps.matching.queries.matches import search_records
from ronglian.apps.registry.enums import Stage, State, TechnologyField, TransferMode
from ronglian.apps.registry.models import Need, RegistryRecord
from ronglian.apps.registry.queries.records import list_records
from ronglian.apps.registry.rules import named_owner_q
from ronglian.kernel.actor import Actor
from ronglian.kernel.provenance import Verification, unexpired

R = TypeVar("R", bound=RegistryRecord)


class RecordFilters(Known):
    """Every list: full text, place, owner, state."""

    q: QueryText = Field("", description="Words to search for; the best answer comes first.")
    region: Region = Field("", description="GB/T 2260: a province has two digits, a city four.")
    owner: Id | None = Field(None, description="The organisation that holds the records.")
    owner_kind: OrganisationKind | None = Field(None, description="The kind of organisation.")
    state: State = Field(
        State.PUBLISHED, description="Drafts and withdrawn records show to their own organisation only."
    )
    include_expired: QueryTruth = Field(False, description="Also what has passed its expiry date.")
    verification: Verification | None = Field(None, description="How far the record was checked.")


class SceneFilters(RecordFilters):
    """Lists of scenes."""

    technology_field: TechnologyField | None = None


class ResultFilters(SceneFilters):
    """Lists of results."""

    stage: Stage | None = None
    minimum_maturity: QueryWhole | None = Field(
        None, ge=1, le=9, description="Lowest technology readiness level."
    )
    mode: TransferMode | None = Field(None, description="A way in which the result can be had.")


class NeedFilters(SceneFilters):
    """Lists of needs."""

    mode: TransferMode | None = Field(None, description="A way of cooperating that the need accepts.")


class ExpertFilters(RecordFilters):
    """Lists of experts."""

    technology_field: TechnologyField | None = None


def filter_records(actor: Actor, model: type[R], filters: RecordFilters) -> QuerySet[R]:
    """The records the actor may see that pass the filters, newest first."""
    rows = list_records(actor, model).filter(state=filters.state)
    if not filters.include_expired:
        rows = rows.filter(unexpired(timezone.localdate()))
    if filters.region:
        rows = rows.filter(region__startswith=filters.region)
    if filters.verification:
        rows = rows.filter(verification=filters.verification)
    rows = rows.filter(_owner_q(actor, model, filters))
    for name in ("stage", "technology_field", "minimum_maturity", "mode"):
        value = getattr(filters, name, None)
        if value is not None:
            rows = _narrowed(rows, name, value)
    return rows


def ranked(actor: Actor, rows: QuerySet[R], query: str) -> list[UUID]:
    """The public ids of the rows that answer the query, best first."""
    hits = search_records(actor, cast(type[RegistryRecord], rows.model), query)
    kept = set(rows.filter(public_id__in=hits).order_by().values_list("public_id", flat=True))
    return [key for key in hits if key in kept]


def _owner_q(actor: Actor, model: type[RegistryRecord], filters: RecordFilters) -> Q:
    """Whoever filters by owner learns the owner: hidden ones never pass."""
    asked = Q()
    if filters.owner:
        asked &= Q(owner__public_id=filters.owner)
    if filters.owner_kind:
        asked &= Q(owner__kind=filters.owner_kind)
    return asked & named_owner_q(actor) if asked and model is Need else asked


def _narrowed(rows: QuerySet[R], name: str, value: Any) -> QuerySet[R]:
    columns = {field.name for field in rows.model._meta.concrete_fields}
    match name:
        case "minimum_maturity":
            return rows.filter(maturity__gte=value)
        case "mode":
            return _holding(rows, "modes" if "modes" in columns else "transfer_modes", value)
        case "technology_field" if name not in columns:
            return _holding(rows, "technology_fields", value)
    return rows.filter(**{name: value})


def _holding(rows: QuerySet[R], column: str, code: str) -> QuerySet[R]:
    """The rows whose JSON list of codes holds the code; as text, because SQLite knows no containment."""
    found = rows.annotate(codes_text=Cast(column, TextField())).filter(codes_text__contains=f'"{code}"')
    return cast(QuerySet[R], found)
