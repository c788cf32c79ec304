"""The catalogue of services, and requests for them. A technology manager's own are kept at the site: a token has no office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import IfMatch, expected_version, repeatable, tagged, takes
from ronglian.api.clinic.presenting import ManagerLink, link_manager
from ronglian.api.fields import Id, Lax, LongLine, QueryText, Region, Strict, Text, Title, changes_of
from ronglian.api.paging import Page, PageParameters, paginate
from ronglian.api.registry.presenting import link_organisation
from ronglian.api.registry.shown import OwnerShown
from ronglian.apps.accounts.queries.organisations import access_organisation
from ronglian.apps.clinic.models import Service, ServiceRequest
from ronglian.apps.clinic.operations.services import (
    answer_request,
    ask_for_service,
    confirm_delivery,
    edit_service,
    offer_service,
    resume_service,
    take_back_request,
    withdraw_service,
)
from ronglian.apps.clinic.queries.services import (
    access_request,
    access_service,
    catalogue,
    list_requests,
    search_services,
)
from ronglian.apps.clinic.service_enums import Met, PriceBasis, RequestState, ServiceKind, ServiceState
from ronglian.apps.registry.enums import TechnologyField
from ronglian.apps.registry.models import Need
from ronglian.apps.registry.queries.records import access_record
from ronglian.kernel.actor import Actor
from ronglian.kernel.provenance import SourceKind, Verification

services = Router(tags=["services"])
requests = Router(tags=["services"], auth=signed_in)


class ServiceFields(Strict):
    """技术转移服务: an entry of the catalogue."""

    kind: Annotated[ServiceKind, Lax]
    title: Annotated[Title, Field(max_length=120)] = Field(examples=["电镀废水处理技术评价"])
    title_en: Annotated[LongLine, Field(max_length=240)] = ""
    summary: Annotated[Text, Field(max_length=4_000)]
    summary_en: Annotated[Text, Field(max_length=8_000)] = ""
    technology_fields: Annotated[list[Annotated[TechnologyField, Lax]], Field(max_length=11)] = Field(
        default_factory=list, description="Empty: all."
    )
    regions: Annotated[list[Region], Field(max_length=40)] = Field(
        default_factory=list, description="Empty: everywhere."
    )
    price_basis: Annotated[PriceBasis, Lax] = PriceBasis.AGREED
    price_note: Annotated[LongLine, Field(max_length=300)] = ""
    answer_days: Annotated[
        int, Field(ge=1, le=30, description="Days within which an answer is promised.")
    ] = 5


class NewService(ServiceFields):
    """With the organisation that offers it."""

    owner: Id = Field(description="One you act for.")


ServiceChanges = changes_of(ServiceFields, "ServiceChanges")


class Because(Strict):
    """Why it ends."""

    reason: Annotated[LongLine, Field(min_length=1, max_length=500)]


class Wish(Strict):
    """A request for a service."""

    organisation: Id = Field(description="The one that asks; one you act for.")
    need: Id | None = Field(None, description="A need of that organisation.")
    wish: Annotated[Text, Field(min_length=1, max_length=4_000)]


class RequestAnswer(Strict):
    """What happens next, or why not."""

    accepts: bool
    answer: Annotated[Text, Field(min_length=1, max_length=4_000)]


class Delivered(Strict):
    """Whether it helped."""

    met: Annotated[Met, Lax]


class ServiceShown(BaseModel):
    """技术转移服务. Offered by an organisation or by a technology manager."""

    id: UUID
    version: int
    state: ServiceState
    kind: ServiceKind
    owner: OwnerShown | None
    manager: ManagerLink | None
    title: str
    title_en: str
    summary: str
    summary_en: str
    technology_fields: list[TechnologyField]
    regions: list[str]
    price_basis: PriceBasis
    price_note: str
    answer_days: int
    withdrawn_because: str
    source_kind: SourceKind
    verification: Verification


class ServiceRequestShown(BaseModel):
    """服务申请. Texts are null for a token that may not read confidential details."""

    id: UUID
    version: int
    service: UUID
    organisation: OwnerShown
    need: UUID | None
    state: RequestState
    wish: str | None
    asked_at: datetime
    answer_due: date
    answered_at: datetime | None
    answer: str | None
    met: Met | None
    confirmed_at: datetime | None


class ServiceFilters(PageParameters):
    """Lists of services."""

    q: QueryText = Field("", description="Words of the title or the text.")
    kind: ServiceKind | None = None
    technology_field: TechnologyField | None = None
    region: Region = Field(
        "", description="GB/T 2260: offered there, in a part of it, or in the whole around it."
    )
    price_basis: PriceBasis | None = None


@services.get("", response=Page[ServiceShown], operation_id="list_services", summary="The catalogue")
def list_services(request: ApiRequest, filters: Query[ServiceFilters]) -> Any:
    """What is on offer, by kind and title."""
    filters.check_names(request)
    rows = search_services(
        catalogue(request.auth),
        query=filters.q.strip(),
        kind=filters.kind or "",
        technology_field=filters.technology_field or "",
        region=filters.region,
        price_basis=filters.price_basis or "",
    )

    def present(page: Sequence[Service]) -> list[ServiceShown]:
        return [show_service(row) for row in page]

    return paginate(request, rows, rows.count(), filters, present)


@services.get(
    "/{uuid:public_id}", response=ServiceShown, operation_id="get_service", summary="Read one service"
)
def get_service(request: ApiRequest, public_id: UUID, response: HttpResponse) -> Any:
    """The ETag of the answer is the version that an edit has to name."""
    service = access_service(request.auth, public_id)
    tagged(response, service)
    return show_service(service)


@services.post(
    "",
    response={201: ServiceShown},
    auth=signed_in,
    operation_id="offer_service",
    summary="Offer a service of an organisation",
)
@repeatable
def create_service(request: ApiRequest, body: NewService, response: HttpResponse) -> Any:
    """It stands in the catalogue at once."""
    sent = body.model_dump(mode="json", exclude_unset=True, exclude={"owner"})
    service = offer_service(
        actor=request.auth,
        provider=access_organisation(request.auth, body.owner),
        fields=sent,
        source_kind=SourceKind.API,
    )
    tagged(response, service)
    response["Location"] = f"{request.path}/{service.public_id}"
    return Status(201, show_service(service))


@services.patch(
    "/{uuid:public_id}",
    response=ServiceShown,
    auth=signed_in,
    operation_id="edit_service",
    summary="Change a service",
)
@takes(body=ServiceChanges)
@repeatable
def change_service(
    request: ApiRequest, public_id: UUID, body: Strict, response: HttpResponse, if_match: IfMatch = None
) -> Any:
    """Only the fields sent are changed. Needs If-Match."""
    service = edit_service(
        actor=request.auth,
        service=access_service(request.auth, public_id),
        fields=body.model_dump(mode="json", exclude_unset=True),
        version=expected_version(if_match),
    )
    tagged(response, service)
    return show_service(service)


@services.post(
    "/{uuid:public_id}/withdraw",
    response=ServiceShown,
    auth=signed_in,
    operation_id="withdraw_service",
    summary="Offer it no longer",
)
@repeatable
def end_service(request: ApiRequest, public_id: UUID, body: Because) -> Any:
    """Requests that were asked go on."""
    service = access_service(request.auth, public_id)
    return show_service(withdraw_service(actor=request.auth, service=service, reason=body.reason))


@services.post(
    "/{uuid:public_id}/resume",
    response=ServiceShown,
    auth=signed_in,
    operation_id="resume_service",
    summary="Offer it again",
)
@repeatable
def offer_again(request: ApiRequest, public_id: UUID) -> Any:
    """After it was withdrawn."""
    service = access_service(request.auth, public_id)
    return show_service(resume_service(actor=request.auth, service=service))


@services.post(
    "/{uuid:public_id}/requests",
    response={201: ServiceRequestShown},
    auth=signed_in,
    operation_id="ask_for_service",
    summary="Ask for a service",
)
@repeatable
def ask(request: ApiRequest, public_id: UUID, body: Wish) -> Any:
    """409 while the organisation's last request for it waits for an answer."""
    asked = ask_for_service(
        actor=request.auth,
        organisation=access_organisation(request.auth, body.organisation),
        service=access_service(request.auth, public_id),
        wish=body.wish,
        need=access_record(request.auth, Need, body.need) if body.need else None,
    )
    return Status(201, show_request(request.auth, asked))


@requests.get(
    "",
    response=Page[ServiceRequestShown],
    operation_id="list_service_requests",
    summary="Requests on both sides",
)
def list_asked(request: ApiRequest, parameters: Query[PageParameters]) -> Any:
    """Those your organisations asked, and those asked of them; the latest first."""
    parameters.check_names(request)
    rows = list_requests(request.auth)

    def present(page: Sequence[ServiceRequest]) -> list[ServiceRequestShown]:
        return [show_request(request.auth, row) for row in page]

    return paginate(request, rows, rows.count(), parameters, present)


@requests.get(
    "/{uuid:public_id}",
    response=ServiceRequestShown,
    operation_id="get_service_request",
    summary="Read one request",
)
def get_request(request: ApiRequest, public_id: UUID) -> Any:
    """For both sides."""
    return show_request(request.auth, access_request(request.auth, public_id))


@requests.post(
    "/{uuid:public_id}/answer",
    response=ServiceRequestShown,
    operation_id="answer_service_request",
    summary="Accept or decline",
)
@repeatable
def answer(request: ApiRequest, public_id: UUID, body: RequestAnswer) -> Any:
    """By who offers the service; who asked is told."""
    asked = answer_request(
        actor=request.auth,
        request=access_request(request.auth, public_id),
        accepts=body.accepts,
        answer=body.answer,
    )
    return show_request(request.auth, asked)


@requests.post(
    "/{uuid:public_id}/take-back",
    response=ServiceRequestShown,
    operation_id="take_back_service_request",
    summary="Ask no longer",
)
@repeatable
def take_back(request: ApiRequest, public_id: UUID) -> Any:
    """Before the answer."""
    asked = access_request(request.auth, public_id)
    return show_request(request.auth, take_back_request(actor=request.auth, request=asked))


@requests.post(
    "/{uuid:public_id}/confirm",
    response=ServiceRequestShown,
    operation_id="confirm_service_request",
    summary="Confirm the delivery",
)
@repeatable
def confirm(request: ApiRequest, public_id: UUID, body: Delivered) -> Any:
    """By who asked, with whether it helped."""
    asked = access_request(request.auth, public_id)
    return show_request(request.auth, confirm_delivery(actor=request.auth, request=asked, met=body.met))


def show_service(service: Service) -> ServiceShown:
    apart = {"id", "owner", "manager"}
    values = {name: getattr(service, name) for name in ServiceShown.model_fields if name not in apart}
    return ServiceShown(
        id=service.public_id,
        owner=link_organisation(service.owner) if service.owner else None,
        manager=link_manager(service.manager) if service.manager else None,
        **values,
    )


def show_request(actor: Actor, asked: ServiceRequest) -> ServiceRequestShown:
    reads = actor.may_read_confidential
    return ServiceRequestShown(
        id=asked.public_id,
        version=asked.version,
        service=asked.service.public_id,
        organisation=link_organisation(asked.organisation),
        need=asked.need.public_id if asked.need else None,
        state=RequestState(asked.state),
        wish=asked.wish if reads else None,
        asked_at=asked.asked_at,
        answer_due=asked.answer_due,
        answered_at=asked.answered_at,
        answer=asked.answer if reads else None,
        met=Met(asked.met) if asked.met else None,
        confirmed_at=asked.confirmed_at,
    )
