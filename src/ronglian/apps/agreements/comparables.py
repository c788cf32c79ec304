"""可比合同: what others agreed on here for the same kind of contract, field and region, as an aggregate that names nobody.

Only signed contracts at a fixed price count, of other organisations than the one that asks, signed in the years before this
month: so nobody sees a figure move on the day a contract is signed, nor takes its own contract out of an aggregate to see the
rest. The narrowest of three circles that has enough organisations on both sides is told, and no other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from ronglian.apps.agreements.enums import AgreementKind, AgreementState, PricedWay
from ronglian.apps.agreements.models import Agreement
from ronglian.apps.matching.queries.quality import FEWEST_ORGANISATIONS
from ronglian.engines.contracts import RoyaltyBase
from ronglian.engines.money import Aggregate, Comparable, add_months, aggregate

YEARS = 5
MOST_READ = 1_024  # the latest: each has to be unsealed
KINDS = {PricedWay.TRANSFER: AgreementKind.TRANSFER, PricedWay.LICENCE: AgreementKind.LICENCE}
SIGNED = (AgreementState.IN_FORCE, AgreementState.COMPLETED, AgreementState.TERMINATED)
CIRCLES = ("province", "field", "kind")


@dataclass(frozen=True, slots=True)
class Comparables:
    """`circle`: which contracts the prices are of, empty where too few are; `rates`: royalties of sales, in hundredths of a per
    cent, of the circle `rates_circle`."""

    first: date
    last: date
    circle: str = ""
    prices: Aggregate | None = None
    rates_circle: str = ""
    rates: Aggregate | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    price: Comparable | None
    rate: Comparable | None
    technology_field: str
    province: str


def find_comparables(
    *, way: PricedWay, technology_field: str, region: str, without: int, today: date
) -> Comparables:
    """`without`: the organisation that asks; `region`: of the one that provides (GB/T 2260)."""
    until = today.replace(day=1)
    first = add_months(until, -12 * YEARS)
    rows = _rows(KINDS[way], without, first, until) if way in KINDS else []
    circle, prices = _narrowest(rows, "price", technology_field, region[:2])
    rates_circle, rates = _narrowest(rows, "rate", technology_field, region[:2])
    return Comparables(first, until, circle, prices, rates_circle, rates)


def comparables_to_json(found: Comparables) -> dict[str, Any]:
    return {
        "first": found.first.isoformat(),
        "last": found.last.isoformat(),
        "circle": found.circle,
        "prices": asdict(found.prices) if found.prices else None,
        "rates_circle": found.rates_circle,
        "rates": asdict(found.rates) if found.rates else None,
    }


def _narrowest(
    rows: list[_Row], what: str, technology_field: str, province: str
) -> tuple[str, Aggregate | None]:
    """The first circle in which enough organisations stand on both sides."""
    for circle in CIRCLES:
        if (circle != "kind" and not technology_field) or (circle == "province" and not province):
            continue
        inside = (
            getattr(row, what)
            for row in rows
            if circle == "kind"
            or (row.technology_field == technology_field and (circle == "field" or row.province == province))
        )
        found = aggregate(_there(inside), fewest=FEWEST_ORGANISATIONS)
        if found is not None:
            return circle, found
    return "", None


def _there(rows: Iterable[Comparable | None]) -> list[Comparable]:
    return [row for row in rows if row is not None]


def _rows(kind: AgreementKind, without: int, first: date, until: date) -> list[_Row]:
    found = (
        Agreement.objects.filter(
            kind=kind, state__in=SIGNED, signed__isnull=False, signed_on__gte=first, signed_on__lt=until
        )
        .exclude(client_id=without)
        .exclude(provider_id=without)
        .order_by("-signed_on", "-id")
        .values_list(
            "signed__terms", "provider_id", "client_id", "result__technology_field", "need__technology_field", "place"
        )
    )  # fmt: skip
    return [_row(*columns) for columns in found[:MOST_READ]]


def _row(
    kept: Any, provider: int, payer: int, of_result: str | None, of_need: str | None, place: str
) -> _Row:
    """Signed terms were read strictly when they were kept; here two fields of them are enough."""
    fen, royalty = sum(item["amount_fen"] for item in kept["items"]), kept["royalty"]
    price = Comparable(fen, provider, payer) if fen and royalty is None else None
    rate = (
        Comparable(royalty["rate"], provider, payer)
        if royalty is not None and royalty["base"] == RoyaltyBase.SALES.value
        else None
    )
    return _Row(price, rate, of_result or of_need or "", place[:2])
