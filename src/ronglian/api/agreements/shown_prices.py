"""Prices and price supports as the API shows them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from ronglian.api.registry.presenting import link_organisation
from ronglian.api.registry.shown import OwnerShown
from ronglian.apps.agreements.enums import (
    NoticeReach,
    PricedWay,
    PriceMethod,
    PriceObjectionState,
    PriceState,
    RelatedTo,
    RoyaltyBase,
)
from ronglian.apps.agreements.models import PriceFinding, Valuation
from ronglian.apps.agreements.pricing_rules import may_read_basis
from ronglian.apps.agreements.queries.pricing import objections_to
from ronglian.kernel.actor import Actor


class PriceObjectionShown(BaseModel):
    """定价异议: for the seller, and for who objected."""

    id: UUID
    text: str
    state: PriceObjectionState
    answer: str


class PriceListed(BaseModel):
    """定价, as far as its notice says it."""

    id: UUID
    version: int
    seller: OwnerShown
    title: str
    way: PricedWay
    method: PriceMethod
    state: PriceState
    price_fen: int = Field(
        description="What is proposed; of a listing, auction or tender the least that is asked for."
    )
    royalty_rate: int | None = Field(description="Hundredths of a per cent.")
    royalty_base: RoyaltyBase | None
    buyer: str
    related_to: RelatedTo
    related_how: str
    reach: NoticeReach | None
    noticed_at: str
    notice_from: date | None
    notice_until: date | None
    found_fen: int | None
    found_on: date | None
    withdrawn_because: str


class PriceShown(PriceListed):
    """定价. The seller's own is null for everybody else."""

    result: UUID | None
    state_set: bool | None
    basis: str | None
    evidence: str | None
    support: UUID | None
    law: dict[str, Any] | None = Field(
        description="What the rulebook said of the days of notice, as it was given."
    )
    objections: list[PriceObjectionShown] = Field(
        description="All of them for the seller; for others their own."
    )


class ApproachShown(BaseModel):
    """One approach: its range in fen, the table behind the likely value, and what each assumption alone does."""

    approach: str
    low: int
    likely: int
    high: int
    lines: list[dict[str, Any]]
    moves: list[dict[str, Any]]


class PriceSupportShown(BaseModel):
    """价格测算, as it was computed."""

    id: UUID
    holder: OwnerShown
    result: UUID
    way: PricedWay
    valued_on: date
    grounds: str
    assumptions: dict[str, Any]
    engine: str
    approaches: list[ApproachShown]
    low: int
    high: int
    common: list[int] | None = Field(
        description="Where all ranges meet; null where they contradict each other."
    )
    comparables: dict[str, Any] = Field(
        description="Aggregates of five or more organisations on either side, or null."
    )


def list_price(finding: PriceFinding) -> PriceListed:
    return PriceListed(**_listed(finding))


def show_price(actor: Actor, finding: PriceFinding) -> PriceShown:
    own = may_read_basis(actor, finding)
    objections = [
        PriceObjectionShown(
            id=one.public_id, text=str(one.text), state=PriceObjectionState(one.state), answer=str(one.answer)
        )
        for one in objections_to(actor, finding)
    ]
    return PriceShown(
        **_listed(finding),
        result=finding.result.public_id if own else None,
        state_set=finding.state_set if own else None,
        basis=str(finding.basis) if own else None,
        evidence=str(finding.evidence) if own else None,
        support=finding.valuation.public_id if own and finding.valuation else None,
        law=finding.law or None,
        objections=objections,
    )


def show_support(valuation: Valuation) -> PriceSupportShown:
    found = valuation.found
    names = ("engine", "approaches", "low", "high", "common", "comparables")
    return PriceSupportShown(
        id=valuation.public_id,
        holder=link_organisation(valuation.holder),
        result=valuation.result.public_id,
        way=PricedWay(valuation.way),
        valued_on=valuation.valued_on,
        grounds=str(valuation.grounds),
        assumptions=valuation.assumptions,
        **{name: found[name] for name in names},
    )


def _listed(finding: PriceFinding) -> dict[str, Any]:
    names = PriceListed.model_fields.keys() - {"id", "seller", "royalty_base", "reach"}
    return {
        "id": finding.public_id,
        "seller": link_organisation(finding.seller),
        "royalty_base": finding.royalty_base or None,
        "reach": finding.reach or None,
        **{name: getattr(finding, name) for name in names},
    }
