"""Saved searches of the person behind the token, and the weekly digests of the organisations the person acts for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import IfMatch, expected_version, repeatable, tagged
from ronglian.api.fields import Lax, LongLine, Strict
from ronglian.api.paging import Page, PageParameters, paginate
from ronglian.apps.accounts.enums import OrganisationKind
from ronglian.apps.matching.operations.searches import keep_search
from ronglian.apps.matching.saved_searches import parameters_of
from ronglian.apps.registry.enums import AlertFrequency, SearchedKind, Stage, TechnologyField, TransferMode
from ronglian.apps.registry.models import SavedSearch
from ronglian.apps.registry.operations.searches import change_search, drop_search
from ronglian.apps.registry.queries.searches import access_search, own_searches
from ronglian.kernel.provenance import Verification

router = Router(tags=["saved searches"], auth=signed_in)


class Sought(Strict):
    """What is looked for: words, filters, or both."""

    q: Annotated[LongLine, Field(max_length=400)] = Field("", examples=["六价铬"])
    field: Annotated[TechnologyField, Lax] | None = None
    region: Annotated[str, Field(pattern=r"^(\d{2})?$", description="GB/T 2260: a province, two digits.")] = (
        ""
    )
    stage: Annotated[Stage, Lax] | None = None
    mode: Annotated[TransferMode, Lax] | None = None
    owner: Annotated[OrganisationKind, Lax] | None = Field(None, description="The kind of organisation.")
    verification: Annotated[Verification, Lax] | None = None


class NewSearch(Sought):
    """A search to keep."""

    kind: Annotated[SearchedKind, Lax]
    frequency: Annotated[AlertFrequency, Lax] = AlertFrequency.DAILY


class Frequency(Strict):
    """How often one is told."""

    frequency: Annotated[AlertFrequency, Lax]


class SearchShown(BaseModel):
    """保存的检索."""

    id: UUID
    version: int
    kind: SearchedKind
    sought: dict[str, str] = Field(description="Words and filters by name.")
    frequency: AlertFrequency
    looked_at: datetime | None
    alerts: int = Field(description="Mails sent so far.")


@router.get("", response=Page[SearchShown], operation_id="list_searches", summary="Your saved searches")
def list_saved(request: ApiRequest, parameters: Query[PageParameters]) -> Any:
    """The newest first."""
    parameters.check_names(request)
    rows = own_searches(request.auth)

    def present(page: Sequence[SavedSearch]) -> list[SearchShown]:
        return [show_search(row) for row in page]

    return paginate(request, rows, rows.count(), parameters, present)


@router.post("", response={201: SearchShown}, operation_id="save_search", summary="Save a search")
@repeatable
def save(request: ApiRequest, body: NewSearch) -> Any:
    """You are told by e-mail of what it finds from now on. Saving the same again changes the frequency."""
    sent = body.model_dump(mode="json", exclude={"kind", "frequency"}, exclude_none=True)
    search = keep_search(
        actor=request.auth, kind=body.kind.value, parameters=sent, frequency=body.frequency.value
    )
    return Status(201, show_search(search))


@router.patch(
    "/{uuid:public_id}",
    response=SearchShown,
    operation_id="change_search",
    summary="Be told more or less often",
)
@repeatable
def change(
    request: ApiRequest,
    public_id: UUID,
    body: Frequency,
    response: HttpResponse,
    if_match: IfMatch = None,
) -> Any:
    """Or not at all. Needs If-Match."""
    search = change_search(
        actor=request.auth,
        search=access_search(request.auth, public_id),
        frequency=body.frequency.value,
        version=expected_version(if_match),
    )
    tagged(response, search)
    return show_search(search)


@router.post(
    "/{uuid:public_id}/drop", response=SearchShown, operation_id="drop_search", summary="Forget a search"
)
@repeatable
def drop(request: ApiRequest, public_id: UUID) -> Any:
    """The answer shows what was forgotten."""
    search = access_search(request.auth, public_id)
    return show_search(drop_search(actor=request.auth, search=search))


def show_search(search: SavedSearch) -> SearchShown:
    return SearchShown(
        id=search.public_id,
        version=search.version,
        kind=SearchedKind(search.kind),
        sought=parameters_of(search.query),
        frequency=AlertFrequency(search.frequency),
        looked_at=search.looked_at,
        alerts=search.alerts,
    )
