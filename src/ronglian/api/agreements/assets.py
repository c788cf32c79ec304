"""The ledger of an institution's service results, for its programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Router
from ninja.responses import Status
from pydantic import Field

from ronglian.api.agreements.contracts import Why
from ronglian.api.agreements.rights_shown import AssetCount, AssetShown, show_asset
from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import repeatable
from ronglian.api.fields import Fen, Id, Lax, Line, Strict
from ronglian.api.paging import Page, PageParameters, paginate
from ronglian.apps.accounts.queries.organisations import access_organisation
from ronglian.apps.agreements.operations.assets import enter_asset, value_asset, write_off_asset
from ronglian.apps.agreements.queries.assets import access_asset, count_states, list_assets
from ronglian.apps.agreements.rights_enums import AssetStage, GrantedRight
from ronglian.apps.registry.models import Result
from ronglian.apps.registry.queries.records import access_record

router = Router(tags=["rights"], auth=signed_in)
ledgers = Router(tags=["rights"], auth=signed_in)


class AssetValue(Strict):
    """How far a result is and what it is worth; a value comes with its basis."""

    stage: Annotated[AssetStage, Lax]
    value_fen: Fen | None = None
    value_basis: Annotated[Line, Field(max_length=500)] = ""


class AssetIn(AssetValue):
    """A result to be entered."""

    result: Id
    right: Annotated[GrantedRight, Lax]


@ledgers.get(
    "/{uuid:public_id}/ledger",
    response=Page[AssetShown],
    operation_id="list_assets",
    summary="The ledger of an institution's service results",
)
def list_all(request: ApiRequest, public_id: UUID, parameters: Query[PageParameters]) -> Any:
    """In the order of its numbers; 404 for everybody outside the institution."""
    parameters.check_names(request)
    rows = list_assets(request.auth, access_organisation(request.auth, public_id))

    def present(page: Sequence[Any]) -> list[AssetShown]:
        return [show_asset(one) for one in page]

    return paginate(request, rows, rows.count(), parameters, present)


@ledgers.get(
    "/{uuid:public_id}/ledger/states",
    response=list[AssetCount],
    operation_id="count_assets",
    summary="The ledger by state",
)
def count(request: ApiRequest, public_id: UUID) -> Any:
    """Every state, also those without a result."""
    found = count_states(request.auth, access_organisation(request.auth, public_id))
    return [
        AssetCount(state=one.state, count=one.count, valued=one.valued, value_fen=one.value_fen)
        for one in found
    ]


@ledgers.post(
    "/{uuid:public_id}/ledger",
    response={201: AssetShown},
    operation_id="enter_asset",
    summary="Enter a result in the ledger",
)
@repeatable
def enter(request: ApiRequest, public_id: UUID, body: AssetIn) -> Any:
    """Under the next number."""
    entry = enter_asset(
        actor=request.auth,
        owner=access_organisation(request.auth, public_id),
        result=access_record(request.auth, Result, body.result),
        **body.model_dump(exclude={"result"}),
    )
    return Status(201, show_asset(access_asset(request.auth, entry.public_id)))


@router.post(
    "/{uuid:public_id}/value",
    response=AssetShown,
    operation_id="value_asset",
    summary="Say how far a result is and what it is worth",
)
@repeatable
def value(request: ApiRequest, public_id: UUID, body: AssetValue) -> Any:
    """A value comes with its basis."""
    value_asset(actor=request.auth, entry=access_asset(request.auth, public_id), **body.model_dump())
    return show_asset(access_asset(request.auth, public_id))


@router.post(
    "/{uuid:public_id}/write-off",
    response=AssetShown,
    operation_id="write_off_asset",
    summary="Write a result off",
)
@repeatable
def write_off(request: ApiRequest, public_id: UUID, body: Why) -> Any:
    """The entry stays, with the reason."""
    write_off_asset(actor=request.auth, entry=access_asset(request.auth, public_id), reason=body.reason)
    return show_asset(access_asset(request.auth, public_id))
