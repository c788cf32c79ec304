"""Results, needs, experts and scenes: list, read, register, edit, publish, withdraw, confirm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from ninja import Router
from ninja.params.models import Query
from ninja.responses import Status
from pydantic import create_model

from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import IfMatch, Known, View, expected_version, repeatable, tagged, takes
from ronglian.api.exporting import FILES, ExportParameters, send_file
from ronglian.api.fields import Strict
from ronglian.api.paging import Page, PageParameters, paginate
from ronglian.api.registry.filters import RecordFilters, filter_records, ranked
from ronglian.api.registry.inputs import Withdrawal, plain_values
from ronglian.api.registry.kinds import KINDS, Kind
from ronglian.api.registry.presenting import show_event, show_record
from ronglian.api.registry.shown import RecordShown, TimelineShown
from ronglian.apps.accounts.queries.organisations import access_organisation
from ronglian.apps.registry.models import RegistryRecord
from ronglian.apps.registry.operations.records import (
    confirm_record,
    edit_record,
    publish_record,
    register_record,
    withdraw_record,
)
from ronglian.apps.registry.queries.records import access_record, opened, with_own_details
from ronglian.kernel.events import events_about


class RecordList(RecordFilters, PageParameters):
    """What the routes know of a list's parameters; each kind adds its own filters."""


class RecordFile(RecordFilters, ExportParameters):
    """The same for a list as a file."""


def joined(filters: type[RecordFilters], how: type[Known]) -> Any:
    """One schema for all parameters of an address."""
    return create_model(f"{filters.__name__}{how.__name__}", __base__=(filters, how))


def record_router(kind: Kind) -> Router:
    """The routes of one kind of record."""
    router = Router(tags=[kind.plural])
    _add_lists(router, kind)
    _add_reading(router, kind)
    _add_writing(router, kind)
    _add_actions(router, kind)
    return router


def _add_lists(router: Router, kind: Kind) -> None:
    page: Any = Page[kind.shown]  # type: ignore[name-defined]  # a schema made at run time

    @router.get(
        "", response=page, operation_id=f"list_{kind.plural}", summary=f"List or search {kind.plural}"
    )
    @takes(filters=Annotated[joined(kind.filters, PageParameters), Query(...)])
    def list_kind(request: ApiRequest, filters: RecordList) -> Any:
        """Current published records, newest first, or best answer first where `q` is given."""
        filters.check_names(request)
        rows = filter_records(request.auth, kind.model, filters)

        def present(records: Sequence[RegistryRecord]) -> list[RecordShown]:
            return [show_record(request.auth, record) for record in with_own_details(request.auth, records)]

        if not filters.q.strip():
            return paginate(request, rows, rows.count(), filters, present)
        found = ranked(request.auth, rows, filters.q)

        def fetch(keys: Sequence[UUID]) -> list[RecordShown]:
            by_id = {row.public_id: row for row in rows.filter(public_id__in=keys)}
            return present([by_id[key] for key in keys if key in by_id])

        return paginate(request, found, len(found), filters, fetch)

    @router.get(
        "/export",
        operation_id=f"export_{kind.plural}",
        summary=f"{kind.plural.capitalize()} as a file",
        openapi_extra=FILES,
    )
    @takes(parameters=Annotated[joined(kind.filters, ExportParameters), Query(...)])
    def export(request: ApiRequest, parameters: RecordFile) -> HttpResponseBase:
        """The whole list under the filters, newest first, as CSV, XLSX or JSON Lines."""
        parameters.check_names(request)
        rows = filter_records(request.auth, kind.model, parameters)
        if parameters.q.strip():
            rows = rows.filter(public_id__in=ranked(request.auth, rows, parameters.q))
        return send_file(request.auth, kind.plural, rows, parameters)


def _add_reading(router: Router, kind: Kind) -> None:
    @router.get(
        "/{uuid:public_id}",
        response=kind.shown,
        operation_id=f"get_{kind.noun}",
        summary=f"Read one {kind.noun}",
    )
    def get_record(request: ApiRequest, public_id: UUID, response: HttpResponse) -> Any:
        """The ETag of the answer is the version that an edit has to name."""
        record = access_record(request.auth, kind.model, public_id)
        tagged(response, record)
        return show_record(request.auth, record)

    @router.get(
        "/{uuid:public_id}/events",
        response=TimelineShown,
        operation_id=f"list_{kind.noun}_events",
        summary=f"What happened to one {kind.noun}",
    )
    def list_events(request: ApiRequest, public_id: UUID) -> Any:
        """The timeline, oldest first. Who acted shows to the record's own organisation only."""
        record = access_record(request.auth, kind.model, public_id)
        return TimelineShown(
            items=[show_event(request.auth, record, event) for event in events_about(record)]
        )


def _add_writing(router: Router, kind: Kind) -> None:
    @router.post(
        "",
        response={201: kind.shown},
        auth=signed_in,
        operation_id=f"create_{kind.noun}",
        summary=f"Register one {kind.noun}",
    )
    @takes(body=kind.new)
    @repeatable
    def create_record(request: ApiRequest, body: Strict, response: HttpResponse) -> Any:
        """A draft, unless `publish` is true. Metrics are read out of the texts."""
        owner = access_organisation(request.auth, body.owner)  # type: ignore[attr-defined]  # every kind.new has it
        record = register_record(
            actor=request.auth,
            owner=owner,
            model=kind.model,
            fields=plain_values(body),
            publish=body.publish,  # type: ignore[attr-defined]  # every kind.new has it
        )
        response["Location"] = f"{request.path}/{record.public_id}"
        return Status(201, _done(request, record, response))

    @router.patch(
        "/{uuid:public_id}",
        response=kind.shown,
        auth=signed_in,
        operation_id=f"edit_{kind.noun}",
        summary=f"Change one {kind.noun}",
    )
    @takes(body=kind.changes)
    @repeatable
    def edit(
        request: ApiRequest, public_id: UUID, body: Strict, response: HttpResponse, if_match: IfMatch = None
    ) -> Any:
        """Only the fields sent are changed; the change also confirms the record. Needs If-Match."""
        record = access_record(request.auth, kind.model, public_id)
        version = expected_version(if_match)
        record = edit_record(actor=request.auth, record=record, fields=plain_values(body), version=version)
        return _done(request, record, response)


def _add_actions(router: Router, kind: Kind) -> None:
    def action(verb: str, summary: str) -> Callable[[View], View]:
        return router.post(
            f"/{{uuid:public_id}}/{verb}",
            response=kind.shown,
            auth=signed_in,
            operation_id=f"{verb}_{kind.noun}",
            summary=summary,
        )

    @action("publish", f"Publish one {kind.noun}")
    @repeatable
    def publish(request: ApiRequest, public_id: UUID, response: HttpResponse) -> Any:
        """Show the record to those its disclosure names."""
        record = access_record(request.auth, kind.model, public_id)
        return _done(request, publish_record(actor=request.auth, record=record), response)

    @action("withdraw", f"Withdraw one {kind.noun}")
    @repeatable
    def withdraw(request: ApiRequest, public_id: UUID, body: Withdrawal, response: HttpResponse) -> Any:
        """Take the record out of lists and matches; it stays with its organisation."""
        record = access_record(request.auth, kind.model, public_id)
        return _done(
            request, withdraw_record(actor=request.auth, record=record, reason=body.reason), response
        )

    @action("confirm", f"Confirm one {kind.noun}")
    @repeatable
    def confirm(request: ApiRequest, public_id: UUID, response: HttpResponse) -> Any:
        """Say that the record still holds: confirmed today, valid for another year."""
        record = access_record(request.auth, kind.model, public_id)
        return _done(request, confirm_record(actor=request.auth, record=record), response)


def _done(request: ApiRequest, record: RegistryRecord, response: HttpResponse) -> RecordShown:
    tagged(response, record)
    return show_record(request.auth, opened(request.auth, record))


routers = {kind.plural: record_router(kind) for kind in KINDS}
