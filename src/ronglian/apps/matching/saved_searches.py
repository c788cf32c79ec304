"""Saved searches as every door handles them: what is looked for, brought into one form, and what it finds now."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.utils import timezone

from ronglian.apps.matching.listing import Filters, open_listing, read_filters
from ronglian.apps.registry.enums import SearchedKind
from ronglian.apps.registry.models import Need, RegistryRecord, Result
from ronglian.kernel.actor import Actor

SEARCHED: Mapping[str, type[RegistryRecord]] = {SearchedKind.RESULTS: Result, SearchedKind.NEEDS: Need}
# The parameters of a list's address that say what is looked for; the rest says how it is shown.
LOOKED_FOR = ("q", "field", "region", "stage", "mode", "owner", "verification")
LONGEST_ADDRESS = 2_000


def parameters_of(query: str) -> dict[str, str]:
    """The parameters of an address, the last of each name."""
    return dict(parse_qsl(query[:LONGEST_ADDRESS], keep_blank_values=True))


def looked_for(filters: Filters) -> dict[str, str]:
    """What is looked for by name; what is not narrowed is left out."""
    values = {name: filters.query if name == "q" else getattr(filters, name) for name in LOOKED_FOR}
    return {name: value for name, value in values.items() if value}


def canonical(parameters: Mapping[str, str]) -> str:
    """Words and filters, each known and in one order, as an address has them."""
    return urlencode(looked_for(read_filters(parameters)))


def found_by(actor: Actor, kind: str, query: str) -> list[UUID]:
    """What the list of that address holds for this reader now."""
    filters = read_filters(parameters_of(query))
    return list(open_listing(actor, SEARCHED[kind], filters, timezone.localdate()).ordered())
