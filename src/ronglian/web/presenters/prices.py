"""Prices and price supports in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from ronglian.apps.agreements.comparables import Comparables, comparables_to_json
from ronglian.apps.agreements.enums import PriceMethod, PriceState, RelatedTo
from ronglian.apps.agreements.models import PriceFinding, PriceObjection, Valuation
from ronglian.apps.agreements.pricing_rules import may_find_price, may_object_to_price, may_read_basis
from ronglian.apps.agreements.queries.pricing import objections_to
from ronglian.kernel.actor import Actor
from ronglian.web.context import short_language
from ronglian.web.presenters.cases import money
from ronglian.web.presenters.owners import OwnerLine, organisation_line
from ronglian.web.presenters.quality import too_few

APPROACHES: Mapping[str, Promise] = {
    "cost": _lazy("By cost"),
    "market": _lazy("By market"),
    "income": _lazy("By income"),
}
NAMES: Mapping[str, Promise] = {
    "items": _lazy("cost of making it again"),
    "profit": _lazy("profit of a developer"),
    "obsolescence": _lazy("obsolescence"),
    "quartiles": _lazy("comparable prices"),
    "adjustment": _lazy("this result against comparable ones"),
    "base": _lazy("base in the first year"),
    "growth": _lazy("growth each year"),
    "share": _lazy("share of the base"),
    "discount": _lazy("discount rate"),
    "success": _lazy("likelihood of income"),
    "delay": _lazy("years until the first income"),
    "years": _lazy("years of income"),
}
CIRCLES: Mapping[str, Promise] = {
    "province": _lazy("contracts of this kind, field and province"),
    "field": _lazy("contracts of this kind and field, in all provinces"),
    "kind": _lazy("contracts of this kind, in all fields and provinces"),
}
LEFT, RIGHT, ROW = 8, 512, 34


@dataclass(frozen=True, slots=True)
class PriceLine:
    """A price in a list."""

    finding: PriceFinding
    price: str
    seller: OwnerLine
    days_left: int | None


@dataclass(frozen=True, slots=True)
class ApproachView:
    """One approach: its range, the table behind the likely value, and what moves it most."""

    name: str
    low: str
    likely: str
    high: str
    lines: tuple[tuple[str, str, str, str], ...]
    moves: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Band:
    """A range in the units of the drawing."""

    name: str
    x: str
    y: int
    width: str
    text_y: int
    mark: str


@dataclass(frozen=True, slots=True)
class Told:
    """What comparable contracts say: a line for prices and one for royalty rates, or why there is none."""

    prices: str
    rates: str
    since: str


def price_line(finding: PriceFinding, today: date) -> PriceLine:
    public = finding.state in (PriceState.NOTICED, PriceState.OFFERED) and finding.notice_until
    left = max((finding.notice_until - today).days, 0) if public and finding.notice_until else None
    return PriceLine(finding, price_text(finding), organisation_line(finding.seller), left)


def price_text(finding: PriceFinding) -> str:
    amount = money(finding.price_fen if finding.found_fen is None else finding.found_fen)
    if finding.royalty_rate is None:
        return amount
    royalty = _("%(rate)s %% of %(base)s") % {
        "rate": f"{finding.royalty_rate / 100:g}",
        "base": finding.get_royalty_base_display(),
    }
    return f"{amount} + {royalty}"


def price_page(actor: Actor, finding: PriceFinding, today: date) -> dict[str, Any]:
    """What the reader may see of one price, and do about it."""
    reads, acts = may_read_basis(actor, finding), bool(may_find_price(actor, finding))
    is_public = finding.state in (PriceState.NOTICED, PriceState.OFFERED)
    by_agreement = finding.method == PriceMethod.AGREEMENT
    objections: list[PriceObjection] = objections_to(actor, finding)
    over = bool(finding.notice_until and today > finding.notice_until)
    waits = any(not one.answer for one in objections)
    return {
        "line": price_line(finding, today),
        "finding": finding,
        "is_related": finding.related_to != RelatedTo.NONE,
        "reads_basis": reads,
        "law": finding.law.get("lines", {}).get(short_language(), []) if finding.law else [],
        "objections": objections,
        "may_object": is_public and bool(may_object_to_price(actor, finding)) and not (waits and not reads),
        "may_act": acts,
        "may_notice": acts and by_agreement and finding.state == PriceState.PREPARED,
        "may_offer": acts and not by_agreement and finding.state == PriceState.PREPARED,
        "may_settle": acts and is_public and not waits and (over or not by_agreement),
        "may_withdraw": acts and finding.state != PriceState.WITHDRAWN,
    }


def support_view(valuation: Valuation) -> dict[str, Any]:
    """A price support: ranges, tables, and where they meet."""
    found = valuation.found
    approaches = found["approaches"]
    common = found["common"]
    return {
        "valuation": valuation,
        "approaches": [_approach(one) for one in approaches],
        "bands": _bands(approaches, found["high"]),
        "height": ROW * len(approaches) + 4,
        "span": f"{money(found['low'])} – {money(found['high'])}",
        "common": f"{money(common[0])} – {money(common[1])}" if common else "",
        "several": len(approaches) > 1,
        "without_market": found["without_market"],
        "told": told_by(found["comparables"]),
    }


def told_of(found: Comparables) -> Told:
    return told_by(comparables_to_json(found))


def told_by(found: Mapping[str, Any]) -> Told:
    prices = _aggregate(found["prices"], found["circle"], money)
    rates = _aggregate(found["rates"], found["rates_circle"], lambda rate: f"{rate / 100:g} %")
    since = _("Signed on this platform from %(first)s until before %(last)s, without your own contracts.")
    return Told(prices, rates, since % {"first": found["first"], "last": found["last"]})


def _aggregate(found: Mapping[str, Any] | None, circle: str, show: Any) -> str:
    if found is None:
        return too_few()
    count = ngettext("%(count)d contract", "%(count)d contracts", found["contracts"]) % {
        "count": found["contracts"]
    }
    text = _("half between %(lower)s and %(upper)s, median %(median)s; %(count)s of %(providers)d providers and %(payers)d payers (%(circle)s)")  # fmt: skip
    return text % {
        "lower": show(found["lower"]), "upper": show(found["upper"]), "median": show(found["median"]),
        "count": count, "providers": found["providers"], "payers": found["payers"], "circle": CIRCLES[circle],
    }  # fmt: skip


def _approach(one: Mapping[str, Any]) -> ApproachView:
    return ApproachView(
        str(APPROACHES[one["approach"]]),
        money(one["low"]),
        money(one["likely"]),
        money(one["high"]),
        tuple(
            (_line_name(one["approach"], line["name"]), money(line["amount"]), _factor(line["factor"]), money(line["value"]))
            for line in one["lines"]
        ),
        tuple((str(NAMES[move["name"]]), money(move["at_low"]), money(move["at_high"])) for move in one["moves"]),
    )  # fmt: skip


def _line_name(approach: str, name: str) -> str:
    if approach == "income":
        return _("Year of income %(number)s") % {"number": name}
    return _("Median of comparable prices") if approach == "market" else name


def _factor(kept: str) -> str:
    return f"{float(Fraction(kept)):.4g}"


def _bands(approaches: Sequence[Mapping[str, Any]], highest: int) -> list[Band]:
    """Each range as a bar with a mark at its likely value, all on one scale from nothing to the highest."""
    if not highest:
        return []

    def place(fen: int) -> float:
        return LEFT + (RIGHT - LEFT) * fen / highest

    return [
        Band(
            str(APPROACHES[one["approach"]]),
            f"{place(one['low']):.1f}",
            number * ROW + 18,
            f"{max(place(one['high']) - place(one['low']), 1):.1f}",
            number * ROW + 13,
            f"{place(one['likely']):.1f}",
        )
        for number, one in enumerate(approaches)
    ]
