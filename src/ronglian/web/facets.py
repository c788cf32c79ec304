"""The facets beside a list: what it can be narrowed to, each value with how many records it would leave."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Q, TextChoices
from django.db.models.functions import Substr
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.enums import OrganisationKind
from ronglian.apps.matching.listing import MODE_FIELDS, Listing, Records, has_one_field, has_stage
from ronglian.apps.registry.enums import Stage, TechnologyField, TransferMode
from ronglian.kernel.provenance import Verification
from ronglian.web.presenters.texts import province


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


def facets(listing: Listing) -> list[Facet]:
    """Each facet counted under all other filters, so that its numbers say what choosing a value would leave."""
    filters, model = listing.filters, listing.model
    title = _("Technology field")
    if has_one_field(model):
        found = [_coded(listing, "field", title, "technology_field", TechnologyField.choices)]
    else:
        found = [_listed(listing, "field", title, "technology_fields", TechnologyField)]
    found.append(_region_facet(listing))
    if has_stage(model):
        found.append(_coded(listing, "stage", _("Stage"), "stage", Stage.choices))
    if model in MODE_FIELDS:
        found.append(_listed(listing, "mode", _("Cooperation mode"), MODE_FIELDS[model], TransferMode))
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
