"""Importing files: send, check, correct the mapping, take over, cancel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import File, Form, Query, Router, UploadedFile
from ninja.responses import Status
from pydantic import BaseModel, Field

from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import repeatable
from ronglian.api.fields import Id, Line, QueryTruth, Strict
from ronglian.api.paging import Page, PageParameters, paginate
from ronglian.api.registry.presenting import link_organisation
from ronglian.api.registry.shown import OwnerShown
from ronglian.apps.accounts.queries.organisations import access_organisation
from ronglian.apps.registry.models import ImportBatch
from ronglian.apps.registry.models.imports import ImportKind, ImportState
from ronglian.apps.registry.operations.imports import (
    cancel_import,
    request_apply,
    request_check,
    stage_import,
)
from ronglian.apps.registry.queries.imports import (
    BadCell,
    access_import,
    describe_failure,
    list_bad_cells,
    list_imports,
)

router = Router(tags=["imports"], auth=signed_in)


class ImportForm(BaseModel):
    """What goes with the file."""

    kind: ImportKind = Field(description="What the rows are.")
    owner: Id | None = Field(
        None,
        description="The organisation that holds the records. Needed for all but lists of organisations.",
    )
    publish: QueryTruth = Field(True, description="Publish new records at once.")
    source_name: Annotated[Line, Field(max_length=200)] = Field(
        "", description="Within what the rows' ids count; the file's name unless given."
    )


class Mapping(Strict):
    """Which header is which column, where it was not recognised; an empty column leaves a header out."""

    mapping: dict[Annotated[Line, Field(max_length=200)], Annotated[Line, Field(max_length=60)]] | None = (
        Field(None, examples=[{"难题": "title", "备注2": ""}], max_length=200)
    )


class TakeOver(Strict):
    """How to take the rows over."""

    only_good_rows: bool = Field(False, description="Leave bad rows out instead of refusing all.")


class ImportShown(BaseModel):
    """One import: where it stands and what was found."""

    id: UUID
    version: int
    kind: ImportKind
    owner: OwnerShown | None
    state: ImportState
    is_running: bool
    file_name: str
    source_name: str
    publish: bool
    headers: list[str]
    mapping: dict[str, str]
    rows_total: int | None
    rows_seen: int = Field(description="How many rows the check has read.")
    rows_applied: int
    creates: int
    updates: int
    unchanged: int
    duplicates: int
    bad_rows: int
    bad_cells: int
    failure: str = Field(description="Why it could not be read or taken over; empty where nothing failed.")
    created_at: datetime
    checked_at: datetime | None
    applied_at: datetime | None


class BadCellShown(BaseModel):
    """One cell to correct."""

    file: str
    sheet: str
    row: int
    place: str
    column: str
    header: str
    value: str
    code: str
    message: str


@router.post("", response={201: ImportShown}, operation_id="create_import", summary="Send a file")
@repeatable
def create_import(request: ApiRequest, form: Form[ImportForm], file: File[UploadedFile]) -> Any:
    """CSV, XLSX or JSON Lines. Nothing changes yet: check it, then apply it."""
    owner = access_organisation(request.auth, form.owner) if form.owner else None
    batch = stage_import(
        actor=request.auth,
        owner=owner,
        kind=form.kind.value,  # type: ignore[arg-type]  # the codes are the kinds
        file=file,
        filename=file.name or "",
        publish=form.publish,
        source_name=form.source_name,
    )
    return Status(201, show_import(batch))


@router.get("", response=Page[ImportShown], operation_id="list_imports", summary="Your imports")
def list_all(request: ApiRequest, parameters: Query[PageParameters]) -> Any:
    """Your own and those of your organisations, newest first."""
    parameters.check_names(request)
    rows = list_imports(request.auth)

    def present(batches: Sequence[ImportBatch]) -> list[ImportShown]:
        return [show_import(batch) for batch in batches]

    return paginate(request, rows, rows.count(), parameters, present)


@router.get(
    "/{uuid:public_id}", response=ImportShown, operation_id="get_import", summary="Where an import stands"
)
def get_import(request: ApiRequest, public_id: UUID) -> Any:
    """Ask again while `is_running` is true; `rows_seen` of `rows_total` is how far it is."""
    return show_import(access_import(request.auth, public_id))


@router.get(
    "/{uuid:public_id}/errors",
    response=Page[BadCellShown],
    operation_id="list_import_errors",
    summary="The cells to correct",
)
def list_errors(request: ApiRequest, public_id: UUID, parameters: Query[PageParameters]) -> Any:
    """File, sheet, row, column, value and what would be right; the first 500 of an import."""
    parameters.check_names(request)
    cells = list_bad_cells(access_import(request.auth, public_id))

    def present(found: Sequence[BadCell]) -> list[BadCellShown]:
        return [BadCellShown.model_validate(cell, from_attributes=True) for cell in found]

    return paginate(request, cells, len(cells), parameters, present)


@router.post(
    "/{uuid:public_id}/check",
    response={202: ImportShown},
    operation_id="check_import",
    summary="Check every row",
)
@repeatable
def check(request: ApiRequest, public_id: UUID, body: Mapping) -> Any:
    """The dry run, as a job: what is new, changed, unchanged, doubtful or bad. Nothing of the registry changes."""
    batch = access_import(request.auth, public_id)
    return Status(202, show_import(request_check(actor=request.auth, batch=batch, mapping=body.mapping)))


@router.post(
    "/{uuid:public_id}/apply",
    response={202: ImportShown},
    operation_id="apply_import",
    summary="Take the rows over",
)
@repeatable
def apply(request: ApiRequest, public_id: UUID, body: TakeOver) -> Any:
    """As a job, in one transaction: all rows, or where asked the good ones."""
    batch = access_import(request.auth, public_id)
    return Status(
        202, show_import(request_apply(actor=request.auth, batch=batch, only_good_rows=body.only_good_rows))
    )


@router.post(
    "/{uuid:public_id}/cancel", response=ImportShown, operation_id="cancel_import", summary="Stop an import"
)
@repeatable
def cancel(request: ApiRequest, public_id: UUID) -> Any:
    """Forget what was read; the registry stays as it is."""
    return show_import(cancel_import(actor=request.auth, batch=access_import(request.auth, public_id)))


def show_import(batch: ImportBatch) -> ImportShown:
    values = {name: getattr(batch, name) for name in ImportShown.model_fields if name not in DERIVED}
    return ImportShown.model_validate(
        {
            **values,
            "id": batch.public_id,
            "owner": link_organisation(batch.owner) if batch.owner else None,
            "failure": describe_failure(batch),
            "headers": [str(header) for header in batch.headers],
        }
    )


DERIVED = frozenset({"id", "owner", "failure", "headers"})
