"""The register of technology managers, and one's own entry in it. Confirming happens at the site."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import IfMatch, expected_version, repeatable, tagged, takes
from ronglian.api.fields import (
    Id,
    Lax,
    LongLine,
    QueryText,
    QueryTruth,
    Region,
    ShortText,
    Strict,
    Text,
    Title,
    changes_of,
)
from ronglian.api.paging import Page, PageParameters, paginate
from ronglian.api.registry.presenting import link_organisation
from ronglian.api.registry.shown import OwnerShown
from ronglian.apps.accounts.queries.organisations import access_organisation
from ronglian.apps.accounts.queries.people import access_self
from ronglian.apps.clinic.manager_enums import ManagerLevel, ManagerState, WorkingLanguage
from ronglian.apps.clinic.models import TechnologyManager
from ronglian.apps.clinic.operations.technology_managers import edit_manager, pause_manager, register_manager
from ronglian.apps.clinic.queries.performance import performance_of
from ronglian.apps.clinic.queries.technology_managers import access_manager, list_register, search_managers
from ronglian.apps.matching.queries.quality import Share
from ronglian.apps.registry.enums import TechnologyField
from ronglian.kernel.actor import Actor
from ronglian.kernel.provenance import SourceKind, Verification

router = Router(tags=["technology managers"])


class ManagerFields(Strict):
    """技术经理人: the entry in the register."""

    name: Annotated[Title, Field(max_length=80)] = Field(examples=["云岚"])
    name_en: Annotated[LongLine, Field(max_length=160)] = ""
    level: Annotated[ManagerLevel, Lax]
    organisation: Id | None = Field(None, description="One you act for; null without.")
    technology_fields: Annotated[list[Annotated[TechnologyField, Lax]], Field(max_length=11)] = Field(
        default_factory=list
    )
    regions: Annotated[list[Region], Field(max_length=40)] = Field(default_factory=list)
    languages: Annotated[list[Annotated[WorkingLanguage, Lax]], Field(min_length=1, max_length=7)]
    capacity: Annotated[int, Field(ge=1, le=200, description="Open cases at once.")] = 20
    summary: ShortText = ""
    summary_en: Annotated[Text, Field(max_length=8_000)] = ""


ManagerChanges = changes_of(ManagerFields, "ManagerChanges")


class Taking(Strict):
    """Whether new cases are taken."""

    takes_new: bool


class ManagerShown(BaseModel):
    """技术经理人, as the reader may see it."""

    id: UUID
    version: int
    state: ManagerState
    name: str
    name_en: str
    level: ManagerLevel
    organisation: OwnerShown | None
    technology_fields: list[TechnologyField]
    regions: list[str]
    languages: list[WorkingLanguage]
    capacity: int
    takes_new: bool
    summary: str
    summary_en: str
    source_kind: SourceKind
    verification: Verification
    confirmed_on: date | None


class CountedShare(BaseModel):
    """So many of so many."""

    part: int
    whole: int


class PerformanceShown(BaseModel):
    """绩效: of the cases opened in the last twelve months."""

    introduced: CountedShare | None = Field(description="Cases introduced, of those carried.")
    agreed: CountedShare | None = Field(
        description="Agreements that both sides confirmed, of those introduced."
    )
    small: CountedShare | None = Field(description="Cases of small and micro firms, of those carried.")
    answered: CountedShare | None = Field(description="Requests for services answered in time.")
    kept: CountedShare | None = Field(description="Tasks done by their day.")
    agreed_fen: int | None
    paid_fen: int | None


class ManagerFilters(PageParameters):
    """Lists of technology managers."""

    q: QueryText = Field("", description="Words of the name or the profile.")
    technology_field: TechnologyField | None = None
    region: Region = Field(
        "", description="GB/T 2260: who works there, in a part of it, or in the whole around it."
    )
    level: ManagerLevel | None = None
    language: WorkingLanguage | None = None
    takes_new: QueryTruth = Field(False, description="Only those who take new cases.")


@router.get("", response=Page[ManagerShown], operation_id="list_managers", summary="The register")
def list_all(request: ApiRequest, filters: Query[ManagerFilters]) -> Any:
    """The confirmed technology managers by name."""
    filters.check_names(request)
    rows = search_managers(
        list_register(request.auth),
        query=filters.q.strip(),
        technology_field=filters.technology_field or "",
        region=filters.region,
        level=filters.level or "",
        language=filters.language or "",
        takes_new=filters.takes_new,
    )

    def present(page: Sequence[TechnologyManager]) -> list[ManagerShown]:
        return [show_manager(row) for row in page]

    return paginate(request, rows, rows.count(), filters, present)


@router.get(
    "/{uuid:public_id}",
    response=ManagerShown,
    operation_id="get_manager",
    summary="Read one technology manager",
)
def get_one(request: ApiRequest, public_id: UUID, response: HttpResponse) -> Any:
    """The ETag of the answer is the version that an edit has to name."""
    manager = access_manager(request.auth, public_id)
    tagged(response, manager)
    return show_manager(manager)


@router.get(
    "/{uuid:public_id}/performance",
    response=PerformanceShown,
    operation_id="get_manager_performance",
    summary="What became of the cases of the last twelve months",
)
def get_performance(request: ApiRequest, public_id: UUID) -> Any:
    """Null where fewer than five organisations stand behind a figure; one's own figures are told whole."""
    found = performance_of(request.auth, access_manager(request.auth, public_id))
    shares = ("introduced", "agreed", "small", "answered", "kept")
    told = {name: _share(getattr(found, name)) for name in shares}
    return PerformanceShown(agreed_fen=found.agreed_fen, paid_fen=found.paid_fen, **told)


@router.post(
    "",
    response={201: ManagerShown},
    auth=signed_in,
    operation_id="create_manager",
    summary="Apply for the register",
)
@repeatable
def create(request: ApiRequest, body: ManagerFields, response: HttpResponse) -> Any:
    """For the person behind the token. The bureau or an operator confirms it at the site."""
    manager = register_manager(
        actor=request.auth,
        person=access_self(request.auth),
        fields=_values(request.auth, body),
        source_kind=SourceKind.API,
    )
    tagged(response, manager)
    response["Location"] = f"{request.path}/{manager.public_id}"
    return Status(201, show_manager(manager))


@router.patch(
    "/{uuid:public_id}",
    response=ManagerShown,
    auth=signed_in,
    operation_id="edit_manager",
    summary="Change one's entry",
)
@takes(body=ManagerChanges)
@repeatable
def edit(
    request: ApiRequest, public_id: UUID, body: Strict, response: HttpResponse, if_match: IfMatch = None
) -> Any:
    """Only the fields sent are changed. A new level waits for confirmation anew. Needs If-Match."""
    manager = edit_manager(
        actor=request.auth,
        manager=access_manager(request.auth, public_id),
        fields=_values(request.auth, body),
        version=expected_version(if_match),
    )
    tagged(response, manager)
    return show_manager(manager)


@router.post(
    "/{uuid:public_id}/pause",
    response=ManagerShown,
    auth=signed_in,
    operation_id="pause_manager",
    summary="Take no new cases, or take them again",
)
@repeatable
def pause(request: ApiRequest, public_id: UUID, body: Taking, response: HttpResponse) -> Any:
    """Open cases go on."""
    manager = pause_manager(
        actor=request.auth, manager=access_manager(request.auth, public_id), takes_new=body.takes_new
    )
    tagged(response, manager)
    return show_manager(manager)


def _share(share: Share) -> CountedShare | None:
    return None if share.whole is None else CountedShare(part=share.part or 0, whole=share.whole)


def show_manager(manager: TechnologyManager) -> ManagerShown:
    apart = {"id", "organisation"}
    values = {name: getattr(manager, name) for name in ManagerShown.model_fields if name not in apart}
    organisation = link_organisation(manager.organisation) if manager.organisation else None
    return ManagerShown(id=manager.public_id, organisation=organisation, **values)


def _values(actor: Actor, body: Strict) -> dict[str, Any]:
    sent = body.model_dump(mode="json", exclude_unset=True)
    if sent.get("organisation") is not None:
        sent["organisation"] = access_organisation(actor, UUID(sent["organisation"]))
    return sent
