"""Assumptions of a price support as they are kept and sent, and what the engine makes of them: JSON, strictly read.

Amounts are fen, rates hundredths of a per cent, delays and years whole years; each as [low, likely, high].
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field, TypeAdapter

from ronglian.apps.agreements.comparables import Comparables, comparables_to_json
from ronglian.apps.agreements.terms import insist_on_known, read_strictly
from ronglian.engines.contracts import RoyaltyBase
from ronglian.engines.money import (
    MOST_VALUED_YEARS,
    VALUATION_ENGINE,
    Approach,
    AssumptionError,
    CostAssumptions,
    CostItem,
    IncomeAssumptions,
    Range,
    Valued,
    bring_together,
    value_by_cost,
    value_by_income,
    value_by_market,
)
from ronglian.kernel.errors import InvalidInput, RuleViolation

WHOLE = 10_000  # a whole, in hundredths of a per cent
MOST_FEN = 10**15
MOST_ITEMS = 30
Fen = Annotated[int, Field(ge=0, le=MOST_FEN)]
Share = Annotated[int, Field(ge=0, le=WHOLE)]
Factor = Annotated[int, Field(ge=0, le=10 * WHOLE)]
Growth = Annotated[int, Field(ge=-WHOLE, le=10 * WHOLE)]
Years = Annotated[int, Field(ge=0, le=MOST_VALUED_YEARS)]


@dataclass(frozen=True, slots=True)
class CostPart:
    """What it would take to make this part again; `index`: today's prices over those of its year."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    fen: tuple[Fen, Fen, Fen]
    index: tuple[Factor, Factor, Factor] = (WHOLE, WHOLE, WHOLE)


@dataclass(frozen=True, slots=True)
class ByCost:
    """By what it would cost to make it again."""

    items: Annotated[tuple[CostPart, ...], Field(min_length=1, max_length=MOST_ITEMS)]
    profit: tuple[Factor, Factor, Factor]
    obsolescence: tuple[Share, Share, Share]


@dataclass(frozen=True, slots=True)
class ByMarket:
    """By comparable contracts, times what sets this result apart from them."""

    adjustment: tuple[Factor, Factor, Factor]


@dataclass(frozen=True, slots=True)
class ByIncome:
    """By a share of what it brings a year, discounted."""

    base: RoyaltyBase
    fen: tuple[Fen, Fen, Fen]
    growth: tuple[Growth, Growth, Growth]
    share: tuple[Share, Share, Share]
    discount: tuple[Factor, Factor, Factor]
    success: tuple[Share, Share, Share]
    delay: tuple[Years, Years, Years]
    years: tuple[Years, Years, Years]
    protected_years: Years | None = None


@dataclass(frozen=True, slots=True)
class Assumptions:
    """At least one of the three."""

    cost: ByCost | None = None
    market: ByMarket | None = None
    income: ByIncome | None = None


_READER = TypeAdapter(Assumptions)


def read_assumptions(value: Any) -> Assumptions:
    """Raises InvalidInput naming each wrong field, as `income.share.0`."""
    found, kept, cleaned = read_strictly(_READER, value)
    insist_on_known(cleaned, kept)
    if found == Assumptions():
        raise InvalidInput.of({"": [_("Say something for at least one of cost, market and income.")]})
    return found


def assumptions_to_json(assumptions: Assumptions) -> dict[str, Any]:
    kept: dict[str, Any] = _READER.dump_python(assumptions, mode="json")
    return kept


def find_value(assumptions: Assumptions, comparables: Comparables) -> dict[str, Any]:
    """What the engine says, with its tables and the aggregate as it was. Raises InvalidInput, and RuleViolation for nothing."""
    valued: list[Valued] = []
    try:
        if assumptions.cost:
            valued.append(value_by_cost(_cost(assumptions.cost)))
        if assumptions.market and comparables.prices:
            prices = comparables.prices
            quartiles = Range.of(prices.lower, prices.median, prices.upper)
            valued.append(value_by_market(quartiles, _rates(assumptions.market.adjustment)))
        if assumptions.income:
            valued.append(value_by_income(_income(assumptions.income)))
    except AssumptionError as error:
        raise InvalidInput.of(
            {error.name: [_("From low over likely to high, and within what can be.")]}
        ) from error
    if not valued:
        raise RuleViolation(
            _("Too few comparable contracts of others: say something for cost or income, too.")
        )
    together = bring_together(valued)
    return {
        "engine": VALUATION_ENGINE,
        "approaches": [_approach(one) for one in valued],
        "low": together.low,
        "high": together.high,
        "common": list(together.common) if together.common else None,
        "comparables": comparables_to_json(comparables),
        "without_market": bool(assumptions.market)
        and Approach.MARKET not in {one.approach for one in valued},
    }


def _cost(said: ByCost) -> CostAssumptions:
    items = tuple(CostItem(one.name, Range.of(*one.fen), _rates(one.index)) for one in said.items)
    return CostAssumptions(items, _rates(said.profit), _rates(said.obsolescence))


def _income(said: ByIncome) -> IncomeAssumptions:
    return IncomeAssumptions(
        base=Range.of(*said.fen),
        growth=_rates(said.growth),
        share=_rates(said.share),
        discount=_rates(said.discount),
        success=_rates(said.success),
        delay=Range.of(*said.delay),
        years=Range.of(*said.years),
        protected_years=said.protected_years,
    )


def _rates(three: tuple[int, int, int]) -> Range:
    return Range.of(*(Fraction(one, WHOLE) for one in three))


def _approach(one: Valued) -> dict[str, Any]:
    return {
        "approach": one.approach.value,
        "low": one.low,
        "likely": one.likely,
        "high": one.high,
        "lines": [
            {"name": line.name, "amount": line.amount, "factor": str(line.factor), "value": line.value}
            for line in one.lines
        ],
        "moves": [{"name": move.name, "at_low": move.at_low, "at_high": move.at_high} for move in one.moves],
    }
