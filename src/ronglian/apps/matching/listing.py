"""Lists of records as the site, programs and saved searches narrow them: read from parameters, applied to what the reader may see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, F, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from ronglian.apps.accounts.enums import SMALL_SIZES, OrganisationKind
from ronglian.apps.matching.queries.matches import search_records
from ronglian.apps.registry.enums import Stage, State, TechnologyField, TransferMode
from ronglian.apps.registry.models import Expert, Need, RegistryRecord, Result
from ronglian.apps.registry.queries.records import list_records
from ronglian.apps.registry.rules import named_owner_q
from ronglian.engines.text import char_ngrams, content_terms
from ronglian.kernel.actor import Actor
from ronglian.kernel.codes.regions import is_region
from ronglian.kernel.provenance import Verification, unexpired
from ronglian.kernel.validation import clean_text

QUERY_LIMIT = 400
Records = QuerySet[Any]
# The column that holds a kind's modes of cooperation; kinds that are not named have none.
MODE_FIELDS: Mapping[type[RegistryRecord], str] = {Result: "transfer_modes", Need: "modes"}


def has_stage(model: type[RegistryRecord]) -> bool:
    return model is Result


def has_one_field(model: type[RegistryRecord]) -> bool:
    """Experts have several technology fields, other kinds one."""
    return model is not Expert


@dataclass(frozen=True, slots=True)
class Filters:
    """The choices in the address of a list; an unknown value counts as none."""

    query: str = ""
    field: str = ""
    region: str = ""
    stage: str = ""
    mode: str = ""
    owner: str = ""
    verification: str = ""
    small_first: bool = False
    expired: bool = False
    newest: bool = False

    @property
    def terms(self) -> list[str]:
        """What to mark: the query as typed, its words, and the pairs of characters that search compares, too."""
        words = content_terms(self.query)
        pairs = [pair for word in words if not word.isascii() for pair in char_ngrams(word, 2, 2)]
        return [*self.query.split(), *words, *pairs]


def read_query(parameters: Mapping[str, str]) -> str:
    return clean_text(parameters.get("q", "")[:QUERY_LIMIT], one_line=True)


def read_filters(parameters: Mapping[str, str]) -> Filters:
    """The filters of an address. Whatever does not belong there is left out rather than complained about."""

    def known(name: str, values: list[str]) -> str:
        value = parameters.get(name, "")
        return value if value in values else ""

    region = parameters.get("region", "")
    return Filters(
        query=read_query(parameters),
        field=known("field", TechnologyField.values),
        region=region if len(region) == 2 and is_region(region) else "",
        stage=known("stage", Stage.values),
        mode=known("mode", TransferMode.values),
        owner=known("owner", OrganisationKind.values),
        verification=known("verification", Verification.values),
        small_first=parameters.get("small") == "1",
        expired=parameters.get("expired") == "1",
        newest=parameters.get("sort") == "newest",
    )


def published(actor: Actor, model: type[RegistryRecord]) -> Records:
    """What the reader may see and lists show; drafts and withdrawn records are on their owner's work page."""
    return list_records(actor, model).filter(state=State.PUBLISHED)


def current(actor: Actor, model: type[RegistryRecord], today: date) -> Records:
    """The same without what has expired: the default of every list and count."""
    return published(actor, model).filter(unexpired(today))


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of one kind for one reader: the records, narrowed; and the same without one filter, for its facet."""

    actor: Actor
    model: type[RegistryRecord]
    filters: Filters
    today: date
    found: tuple[UUID, ...] = ()

    def records(self, filters: Filters | None = None) -> Records:
        """The records under the filters, in no particular order."""
        filters = filters or self.filters
        records = published(self.actor, self.model)
        if not filters.expired:
            records = records.filter(unexpired(self.today))
        if filters.query:
            records = records.filter(public_id__in=self.found)
        if filters.field and not has_one_field(self.model):
            records = with_text(records, "technology_fields").filter(contains_code(filters.field))
        if filters.mode and self.model in MODE_FIELDS:
            records = with_text(records, MODE_FIELDS[self.model]).filter(contains_code(filters.mode))
        if filters.region:
            records = self.with_place(records).filter(place__startswith=filters.region)
        return records.filter(*self._conditions(filters))

    def with_place(self, records: Records) -> Records:
        """Where a record says no region, its organisation's stands in, unless the reader may not know that."""
        owners = When(Q(region="") & self.named_owner(), then=F("owner__region"))
        placed: Records = records.annotate(place=Case(owners, default=F("region")))
        return placed

    def _conditions(self, filters: Filters) -> Iterator[Q]:
        if filters.field and has_one_field(self.model):
            yield Q(technology_field=filters.field)
        if filters.stage and has_stage(self.model):
            yield Q(stage=filters.stage)
        if filters.verification:
            yield Q(verification=filters.verification)
        if filters.owner:
            yield Q(owner__kind=filters.owner) & self.named_owner()

    def named_owner(self) -> Q:
        """What is filtered or ordered by the owner leaves out records whose owner the reader may not know."""
        return named_owner_q(self.actor) if self.model is Need else Q()

    def ordered(self) -> Sequence[UUID] | QuerySet[Any, UUID]:
        """The public ids in the order of the page; read only as far as needed, unless the search ranks them."""
        records = self.records()
        if self.filters.small_first:
            records = records.annotate(is_big=self._is_big())
        else:
            records = records.annotate(is_big=Value(0))
        if self.filters.query and not self.filters.newest:
            rank = {public_id: at for at, public_id in enumerate(self.found)}
            rows = sorted(records.values_list("public_id", "is_big"), key=lambda row: (row[1], rank[row[0]]))
            return [public_id for public_id, _is_big in rows]
        # A constant in the order would keep the database from walking along its index.
        order = ("is_big", "-id") if self.filters.small_first else ("-id",)
        ordered: QuerySet[Any, UUID] = records.order_by(*order).values_list("public_id", flat=True)
        return ordered

    def _is_big(self) -> Case:
        is_small = Q(owner__size__in=SMALL_SIZES) & self.named_owner()
        return Case(When(is_small, then=Value(0)), default=Value(1), output_field=IntegerField())

    def page_of(self, public_ids: Iterable[UUID]) -> list[RegistryRecord]:
        """These records, in this order."""
        wanted = list(public_ids)
        rows = {
            row.public_id: row for row in list_records(self.actor, self.model).filter(public_id__in=wanted)
        }
        return [rows[public_id] for public_id in wanted if public_id in rows]


def open_listing(actor: Actor, model: type[RegistryRecord], filters: Filters, today: date) -> Listing:
    """Run the text search, if there is one, and make the list ready."""
    found: list[UUID] = []
    if filters.query:
        found = search_records(actor, model, filters.query)
        if filters.expired:
            found += _expired_hits(actor, model, filters, today)
    return Listing(actor, model, filters, today, tuple(found))


def _expired_hits(actor: Actor, model: type[RegistryRecord], filters: Filters, today: date) -> list[UUID]:
    """The search index holds current records only; among the expired, titles are looked through."""
    name = "name" if model is Expert else "title"
    records = published(actor, model).exclude(unexpired(today))
    for term in (content_terms(filters.query) or [filters.query])[:20]:
        records = records.filter(Q(**{f"{name}__icontains": term}) | Q(**{f"{name}_en__icontains": term}))
    return list(records.values_list("public_id", flat=True)[:500])


def with_text(records: Records, column: str) -> Records:
    """The records with a JSON list of codes as text: both databases can look for a code in that."""
    annotated: Records = records.annotate(codes_text=Cast(column, TextField()))
    return annotated


def contains_code(code: str) -> Q:
    return Q(codes_text__contains=f'"{code}"')
