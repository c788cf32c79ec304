"""What a list page can be narrowed by, read from the address, applied to what the reader may see, and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, TextChoices, TextField, Value, When
from django.db.models.functions import Cast, Substr
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.enums import SMALL_SIZES, OrganisationKind
from ronglian.apps.matching.queries.matches import search_records
from ronglian.apps.registry.enums import Stage, State, TechnologyField, TransferMode
from ronglian.apps.registry.models import Expert, Need, RegistryRecord
from ronglian.apps.registry.queries.records import list_records
from ronglian.apps.registry.rules import named_owner_q
from ronglian.engines.text import char_ngrams, content_terms
from ronglian.kernel.actor import Actor
from ronglian.kernel.codes.regions import is_region
from ronglian.kernel.provenance import Verification, unexpired
from ronglian.kernel.validation import clean_text
from ronglian.web.presenters.kinds import Kind
from ronglian.web.presenters.texts import province

QUERY_LIMIT = 400
Records = QuerySet[Any]


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


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet with the number of records behind it."""

    value: str
    label: str | Promise
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """筛选: the values a list can be narrowed to, under the parameter `name`."""

    name: str
    title: str | Promise
    choices: list[Choice]


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
    kind: Kind
    filters: Filters
    today: date
    found: tuple[UUID, ...] = ()

    def records(self, filters: Filters | None = None) -> Records:
        """The records under the filters, in no particular order."""
        filters = filters or self.filters
        records = published(self.actor, self.kind.model)
        if not filters.expired:
            records = records.filter(unexpired(self.today))
        if filters.query:
            records = records.filter(public_id__in=self.found)
        if filters.field and not self.kind.has_field:
            records = with_text(records, "technology_fields").filter(contains_code(filters.field))
        if filters.mode and self.kind.mode_field:
            records = with_text(records, self.kind.mode_field).filter(contains_code(filters.mode))
        if filters.region:
            records = self.with_place(records).filter(place__startswith=filters.region)
        return records.filter(*self._conditions(filters))

    def with_place(self, records: Records) -> Records:
        """Where a record says no region, its organisation's stands in, unless the reader may not know that."""
        owners = When(Q(region="") & self.named_owner(), then=F("owner__region"))
        placed: Records = records.annotate(place=Case(owners, default=F("region")))
        return placed

    def _conditions(self, filters: Filters) -> Iterator[Q]:
        if filters.field and self.kind.has_field:
            yield Q(technology_field=filters.field)
        if filters.stage and self.kind.has_stage:
            yield Q(stage=filters.stage)
        if filters.verification:
            yield Q(verification=filters.verification)
        if filters.owner:
            yield Q(owner__kind=filters.owner) & self.named_owner()

    def named_owner(self) -> Q:
        """What is filtered or ordered by the owner leaves out records whose owner the reader may not know."""
        return named_owner_q(self.actor) if self.kind.model is Need else Q()

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
            row.public_id: row
            for row in list_records(self.actor, self.kind.model).filter(public_id__in=wanted)
        }
        return [rows[public_id] for public_id in wanted if public_id in rows]


def open_listing(actor: Actor, kind: Kind, filters: Filters, today: date) -> Listing:
    """Run the text search, if there is one, and make the list ready."""
    found: list[UUID] = []
    if filters.query:
        found = search_records(actor, kind.model, filters.query)
        if filters.expired:
            found += _expired_hits(actor, kind, filters, today)
    return Listing(actor, kind, filters, today, tuple(found))


def _expired_hits(actor: Actor, kind: Kind, filters: Filters, today: date) -> list[UUID]:
    """The search index holds current records only; among the expired, titles are looked through."""
    name = "name" if kind.model is Expert else "title"
    records = published(actor, kind.model).exclude(unexpired(today))
    for term in (content_terms(filters.query) or [filters.query])[:20]:
        records = records.filter(Q(**{f"{name}__icontains": term}) | Q(**{f"{name}_en__icontains": term}))
    return list(records.values_list("public_id", flat=True)[:500])


def with_text(records: Records, column: str) -> Records:
    """The records with a JSON list of codes as text: both databases can look for a code in that."""
    annotated: Records = records.annotate(codes_text=Cast(column, TextField()))
    return annotated


def contains_code(code: str) -> Q:
    return Q(codes_text__contains=f'"{code}"')


def facets(listing: Listing) -> list[Facet]:
    """Each facet counted under all other filters, so that its numbers say what choosing a value would leave."""
    filters, kind = listing.filters, listing.kind
    title = _("Technology field")
    if kind.has_field:
        found = [_coded(listing, "field", title, "technology_field", TechnologyField.choices)]
    else:
        found = [_listed(listing, "field", title, "technology_fields", TechnologyField)]
    found.append(_region_facet(listing))
    if kind.has_stage:
        found.append(_coded(listing, "stage", _("Stage"), "stage", Stage.choices))
    if kind.mode_field:
        found.append(_listed(listing, "mode", _("Cooperation mode"), kind.mode_field, TransferMode))
    found.append(
        _coded(listing, "owner", _("Held by"), "owner__kind", OrganisationKind.choices, listing.named_owner())
    )
    found.append(_coded(listing, "verification", _("Verification"), "verification", Verification.choices))
    return [facet for facet in found if facet.choices or getattr(filters, facet.name)]


def _others(listing: Listing, name: str) -> Records:
    return listing.records(replace(listing.filters, **dict[str, Any]({name: ""}))).order_by()


def _coded(
    listing: Listing,
    name: str,
    title: Promise,
    column: str,
    codes: list[tuple[str, Any]],
    condition: Q | None = None,
) -> Facet:
    records = _others(listing, name).filter(condition or Q())
    counts = dict(records.values_list(column).annotate(number=Count("pk")))
    return _facet(listing, name, title, [(code, label, counts.get(code, 0)) for code, label in codes])


def _region_facet(listing: Listing) -> Facet:
    records = listing.with_place(_others(listing, "region")).exclude(place="")
    records = records.annotate(province=Substr("place", 1, 2))
    rows = records.values_list("province").annotate(number=Count("pk")).order_by("-number", "province")
    return _facet(listing, "region", _("Region"), [(code, province(code), number) for code, number in rows])


def _listed(listing: Listing, name: str, title: Promise, column: str, codes: type[TextChoices]) -> Facet:
    counts: Counter[str] = Counter()
    for combination, number in _others(listing, name).values_list(column).annotate(number=Count("pk")):
        counts.update(dict.fromkeys(combination, number))
    return _facet(listing, name, title, [(code, label, counts[code]) for code, label in codes.choices])


def _facet(listing: Listing, name: str, title: Promise, rows: list[tuple[str, Any, int]]) -> Facet:
    chosen = getattr(listing.filters, name)
    choices = [
        Choice(code, label, number, code == chosen)
        for code, label, number in rows
        if number or code == chosen
    ]
    return Facet(name, title, choices)
