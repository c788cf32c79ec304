"""Organisations, and who the caller is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from ninja import Query, Router
from ninja.responses import Status

from ronglian.api.accounts.schemas import (
    DigestChoice,
    MembershipShown,
    MeShown,
    OrganisationFields,
    OrganisationFilters,
    OrganisationList,
    OrganisationShown,
)
from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import IfMatch, expected_version, repeatable, tagged, takes
from ronglian.api.exporting import FILES, ExportParameters, send_file
from ronglian.api.fields import Strict, changes_of
from ronglian.api.paging import Page, paginate
from ronglian.apps.accounts.models import Organisation
from ronglian.apps.accounts.operations.organisations import (
    choose_digest,
    edit_organisation,
    register_organisation,
)
from ronglian.apps.accounts.queries.organisations import (
    access_organisation,
    digests_wanted,
    list_organisations,
    own_organisations,
)
from ronglian.apps.matching.queries.matches import search_organisations
from ronglian.kernel.actor import Actor
from ronglian.kernel.provenance import SourceKind


class OrganisationExport(OrganisationFilters, ExportParameters):
    """Which organisations, and how they are written."""


OrganisationChanges = changes_of(OrganisationFields, "OrganisationChanges")

organisations = Router(tags=["organisations"])
me = Router(tags=["me"])


@organisations.get(
    "",
    response=Page[OrganisationShown],
    operation_id="list_organisations",
    summary="List or search organisations",
)
def list_all(request: ApiRequest, filters: Query[OrganisationList]) -> Any:
    """All organisations by name."""
    filters.check_names(request)
    rows = filter_organisations(request.auth, filters)

    def present(page: Sequence[Organisation]) -> list[OrganisationShown]:
        return [show_organisation(row) for row in page]

    return paginate(request, rows, rows.count(), filters, present)


@organisations.get(
    "/{uuid:public_id}",
    response=OrganisationShown,
    operation_id="get_organisation",
    summary="Read one organisation",
)
def get_organisation(request: ApiRequest, public_id: UUID, response: HttpResponse) -> Any:
    """The ETag of the answer is the version that an edit has to name."""
    organisation = access_organisation(request.auth, public_id)
    tagged(response, organisation)
    return show_organisation(organisation)


@organisations.post(
    "",
    response={201: OrganisationShown},
    auth=signed_in,
    operation_id="create_organisation",
    summary="Register an organisation",
)
@repeatable
def create_organisation(request: ApiRequest, body: OrganisationFields, response: HttpResponse) -> Any:
    """The person behind the token becomes its first owner."""
    organisation = register_organisation(actor=request.auth, fields=_values(body), source_kind=SourceKind.API)
    tagged(response, organisation)
    response["Location"] = f"{request.path}/{organisation.public_id}"
    return Status(201, show_organisation(organisation))


@organisations.patch(
    "/{uuid:public_id}",
    response=OrganisationShown,
    auth=signed_in,
    operation_id="edit_organisation",
    summary="Change one organisation",
)
@takes(body=OrganisationChanges)
@repeatable
def edit(
    request: ApiRequest, public_id: UUID, body: Strict, response: HttpResponse, if_match: IfMatch = None
) -> Any:
    """Only the fields sent are changed. Needs If-Match."""
    organisation = access_organisation(request.auth, public_id)
    version = expected_version(if_match)
    organisation = edit_organisation(
        actor=request.auth, organisation=organisation, fields=_values(body), version=version
    )
    tagged(response, organisation)
    return show_organisation(organisation)


@me.get("", response=MeShown, auth=signed_in, operation_id="get_me", summary="Who the token stands for")
def get_me(request: ApiRequest) -> Any:
    """The person behind the token, what the token may do, and for which organisations."""
    actor = request.auth
    wanting = digests_wanted(actor)
    mine = [
        MembershipShown(
            organisation=row.public_id,
            name=row.name,
            role=actor.memberships[row.pk],
            wants_digest=row.pk in wanting,
        )
        for row in own_organisations(actor)
    ]
    return MeShown(
        kind=actor.kind,
        label=actor.label,
        may_write=actor.may_write,
        may_read_confidential=actor.may_read_confidential,
        organisations=mine,
    )


@me.post(
    "/digests/{uuid:public_id}",
    response=DigestChoice,
    auth=signed_in,
    operation_id="choose_digest",
    summary="Get an organisation's weekly digest, or not any more",
)
@repeatable
def choose(request: ApiRequest, public_id: UUID, body: DigestChoice) -> Any:
    """Each person of an organisation decides for itself."""
    organisation = access_organisation(request.auth, public_id)
    choose_digest(actor=request.auth, organisation=organisation, wanted=body.wanted)
    return body


@organisations.get(
    "/export",
    operation_id="export_organisations",
    summary="Organisations as a file",
    openapi_extra=FILES,
)
def export(request: ApiRequest, parameters: Query[OrganisationExport]) -> HttpResponseBase:
    """All organisations under the filters, as CSV, XLSX or JSON Lines."""
    parameters.check_names(request)
    rows = filter_organisations(request.auth, parameters)
    return send_file(request.auth, "organisations", rows, parameters)


def filter_organisations(actor: Actor, filters: OrganisationFilters) -> QuerySet[Organisation]:
    """The organisations that pass the filters, by name."""
    rows = list_organisations(actor)
    if filters.q.strip():
        rows = rows.filter(public_id__in=search_organisations(filters.q))
    if filters.region:
        rows = rows.filter(region__startswith=filters.region)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    return rows


def show_organisation(organisation: Organisation) -> OrganisationShown:
    values = {name: getattr(organisation, name) for name in OrganisationShown.model_fields if name != "id"}
    values["size"] = organisation.size or None
    return OrganisationShown(id=organisation.public_id, **values)


def _values(body: Strict) -> dict[str, Any]:
    sent = body.model_dump(exclude_unset=True)
    return {name: "" if value is None and name == "size" else value for name, value in sent.items()}
