"""Grants of rights and the ledger of results as the API shows them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from ronglian.api.registry.presenting import link_organisation
from ronglian.api.registry.shown import OwnerShown
from ronglian.apps.agreements.models import GrantObjection, RightsGrant
from ronglian.apps.agreements.queries.rights import latest_deed, members_of, objections_to, signatures_under
from ronglian.apps.agreements.rights_enums import (
    AssetStage,
    AssetState,
    GrantedRight,
    GrantForm,
    GrantObjectionState,
    GrantState,
)


class InventorShown(BaseModel):
    """赋权对象."""

    name: str
    share: int = Field(description="Of what the team is granted, in hundredths of a per cent.")
    has_signed: bool


class GrantObjectionShown(BaseModel):
    """赋权异议."""

    id: UUID
    text: str
    state: GrantObjectionState
    answer: str


class DeedShown(BaseModel):
    """赋权协议. `text` holds it in both languages, each section as id, heading and text."""

    number: int
    digest: str
    terms: dict[str, Any]
    text: dict[str, list[list[str]]]
    institution_signed: bool


class GrantListed(BaseModel):
    """职务科技成果赋权, as it stands in a list."""

    id: UUID
    version: int
    institution: OwnerShown
    result: UUID
    title: str
    right: GrantedRight
    form: GrantForm
    share: int | None = Field(description="Of the ownership, in hundredths of a per cent.")
    use_years: int | None
    state: GrantState
    decided_on: date | None
    notice_from: date | None
    notice_until: date | None
    in_force_on: date | None
    use_until: date | None
    title_changed_on: date | None
    end_kind: str
    ended_on: date | None
    ended_because: str


class GrantShown(GrantListed):
    """职务科技成果赋权, whole."""

    facts: dict[str, bool]
    plan: str
    grounds: str
    members: list[InventorShown]
    objections: list[GrantObjectionShown]
    agreement: DeedShown | None


class AssetShown(BaseModel):
    """职务科技成果资产台账. `state` follows from grants and contracts."""

    id: UUID
    version: int
    number: int
    result: UUID
    title: str
    right: GrantedRight
    stage: AssetStage
    state: AssetState
    value_fen: int | None
    value_basis: str
    entered_on: date
    written_off_on: date | None
    written_off_because: str


class AssetCount(BaseModel):
    """How many results of a ledger are in a state, and what those with a value are worth together."""

    state: AssetState
    count: int
    valued: int
    value_fen: int


def list_grant(grant: RightsGrant) -> GrantListed:
    return GrantListed(**_listed(grant))


def show_grant(grant: RightsGrant) -> GrantShown:
    deed = latest_deed(grant)
    signed = signatures_under(deed) if deed else {}
    return GrantShown(
        **_listed(grant),
        facts=grant.facts,
        plan=str(grant.plan),
        grounds=str(grant.grounds),
        members=[
            InventorShown(name=one.name, share=one.share, has_signed=one.pk in signed)
            for one in members_of(grant)
        ],
        objections=[show_objection(one) for one in objections_to(grant)],
        agreement=DeedShown(
            number=deed.number,
            digest=deed.digest,
            terms=deed.terms,
            text=deed.text,
            institution_signed=None in signed,
        )
        if deed
        else None,
    )


def show_objection(objection: GrantObjection) -> GrantObjectionShown:
    return GrantObjectionShown(
        id=objection.public_id,
        text=str(objection.text),
        state=GrantObjectionState(objection.state),
        answer=str(objection.answer),
    )


def show_asset(entry: Any) -> AssetShown:
    """`entry` comes from the queries of the ledger, with its derived state."""
    names = AssetShown.model_fields.keys() - {"id", "result", "title", "state"}
    return AssetShown(
        id=entry.public_id,
        result=entry.result.public_id,
        title=entry.result.headline or entry.result.headline_en,
        state=entry.derived_state,
        **{name: getattr(entry, name) for name in names},
    )


def _listed(grant: RightsGrant) -> dict[str, Any]:
    names = GrantListed.model_fields.keys() - {"id", "institution", "result"}
    return {
        "id": grant.public_id,
        "institution": link_organisation(grant.owner),
        "result": grant.result.public_id,
        **{name: getattr(grant, name) for name in names},
    }
