"""Surveys along a chain, from the lead enterprise's side. Partners answer at the site, by the link in their mail."""

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
from ronglian.api.calling import repeatable, tagged
from ronglian.api.fields import Day, Id, Line, ShortText, Strict, Title
from ronglian.api.paging import Page, PageParameters, paginate
from ronglian.api.registry.presenting import link_organisation
from ronglian.api.registry.shown import OwnerShown
from ronglian.apps.accounts.queries.organisations import access_organisation
from ronglian.apps.prospecting.enums import ChainRelation, SurveyState
from ronglian.apps.prospecting.models import ChainNeed, ChainPartner, ChainSurvey
from ronglian.apps.prospecting.models.survey import DEEPEST_TIER
from ronglian.apps.prospecting.operations.surveys import (
    MOST_PARTNERS,
    close_survey,
    drop_partner,
    enter_partners,
    invite_partners,
    open_survey,
    remind_partners,
)
from ronglian.apps.prospecting.queries.coverage import read_coverage
from ronglian.apps.prospecting.queries.surveys import (
    access_partner,
    access_survey,
    list_partners,
    list_surveys,
    published_needs,
)

router = Router(tags=["surveys along a chain"], auth=signed_in)


class SurveyFields(Strict):
    """产业链调研: what is asked, in whose name, until when."""

    lead: Id = Field(description="The lead enterprise; one you act for.")
    title: Annotated[Title, Field(max_length=200)] = Field(examples=["减速器上下游的技术难题"])
    message: Annotated[ShortText, Field(max_length=2_000)] = ""
    closes_on: Day
    reminds: bool = Field(False, description="Remind those who are silent by itself, twice at most.")


class PartnerFields(Strict):
    """受邀单位."""

    name: Annotated[Title, Field(max_length=200)]
    relation: Annotated[ChainRelation, Field(strict=False)]
    tier: Annotated[int, Field(ge=1, le=DEEPEST_TIER)] = 1
    product: Line = ""
    uscc: Annotated[Line, Field(max_length=18)] = ""
    email: Annotated[Title, Field(max_length=254)]


class Partners(Strict):
    """A list of partners: all are good, or none is entered."""

    partners: Annotated[list[PartnerFields], Field(min_length=1, max_length=MOST_PARTNERS)]


class SurveyEnding(Strict):
    """Why a survey is closed."""

    reason: Annotated[Title, Field(max_length=500)]


class SurveyShown(BaseModel):
    """产业链调研, as the reader may see it."""

    id: UUID
    version: int
    lead: OwnerShown
    title: str
    message: str
    closes_on: date
    reminds: bool
    state: SurveyState
    closed_because: str


class PartnerShown(BaseModel):
    """受邀单位: who is on the list and whether a mail went out; never what came back."""

    id: UUID
    name: str
    relation: ChainRelation
    tier: int
    product: str
    uscc: str
    email: str
    is_invited: bool
    mailed_at: datetime | None


class CoverageShown(BaseModel):
    """覆盖情况 of one tier, or of all (`tier` null). Null stands where fewer than five partners are behind a number."""

    tier: int | None
    entered: int
    invited: int
    replied: int | None
    told: int | None
    published: int


class ChainNeedShown(BaseModel):
    """链上需求 that its owner has published."""

    need: UUID
    title: str
    owner: OwnerShown
    tier: int
    relation: ChainRelation
    about: str


@router.get("", response=Page[SurveyShown], operation_id="list_surveys", summary="Your surveys")
def list_all(request: ApiRequest, parameters: Query[PageParameters]) -> Any:
    """Those of your organisations, the newest first."""
    parameters.check_names(request)
    rows = list_surveys(request.auth)

    def present(page: Sequence[ChainSurvey]) -> list[SurveyShown]:
        return [show_survey(row) for row in page]

    return paginate(request, rows, rows.count(), parameters, present)


@router.post("", response={201: SurveyShown}, operation_id="open_survey", summary="Begin a survey")
@repeatable
def create(request: ApiRequest, body: SurveyFields, response: HttpResponse) -> Any:
    """Nobody is asked before partners are entered and invited."""
    survey = open_survey(
        actor=request.auth,
        lead=access_organisation(request.auth, body.lead),
        title=body.title,
        message=body.message,
        closes_on=body.closes_on,
        reminds=body.reminds,
    )
    response["Location"] = f"{request.path}/{survey.public_id}"
    tagged(response, survey)
    return Status(201, show_survey(survey))


@router.get("/{uuid:public_id}", response=SurveyShown, operation_id="get_survey", summary="Read one survey")
def get_one(request: ApiRequest, public_id: UUID, response: HttpResponse) -> Any:
    """Its own data; the counts are at `coverage`."""
    survey = access_survey(request.auth, public_id)
    tagged(response, survey)
    return show_survey(survey)


@router.get(
    "/{uuid:public_id}/coverage",
    response=list[CoverageShown],
    operation_id="get_survey_coverage",
    summary="How far it has come",
)
def get_coverage(request: ApiRequest, public_id: UUID) -> Any:
    """Each tier, then all of them."""
    found = read_coverage(access_survey(request.auth, public_id))
    return [
        CoverageShown(**{name: getattr(each, name) for name in CoverageShown.model_fields}) for each in found
    ]


@router.get(
    "/{uuid:public_id}/partners",
    response=Page[PartnerShown],
    operation_id="list_survey_partners",
    summary="Your list of partners",
)
def get_partners(request: ApiRequest, public_id: UUID, parameters: Query[PageParameters]) -> Any:
    """The lead enterprise's own."""
    parameters.check_names(request)
    rows = list_partners(request.auth, access_survey(request.auth, public_id))

    def present(page: Sequence[ChainPartner]) -> list[PartnerShown]:
        return [show_partner(row) for row in page]

    return paginate(request, rows, rows.count(), parameters, present)


@router.get(
    "/{uuid:public_id}/needs",
    response=Page[ChainNeedShown],
    operation_id="list_survey_needs",
    summary="What partners have published",
)
def get_needs(request: ApiRequest, public_id: UUID, parameters: Query[PageParameters]) -> Any:
    """With their places in the chain. What is not published, or published without a name, is not there."""
    parameters.check_names(request)
    rows = published_needs(access_survey(request.auth, public_id))

    def present(page: Sequence[ChainNeed]) -> list[ChainNeedShown]:
        return [show_chain_need(row) for row in page]

    return paginate(request, rows, rows.count(), parameters, present)


@router.post(
    "/{uuid:public_id}/partners",
    response=SurveyShown,
    operation_id="enter_survey_partners",
    summary="Enter partners",
)
@repeatable
def enter(request: ApiRequest, public_id: UUID, body: Partners) -> Any:
    """Those whose name is on the list already stay as they are."""
    survey = enter_partners(
        actor=request.auth,
        survey=access_survey(request.auth, public_id),
        rows=body.model_dump(mode="json")["partners"],
    )
    return show_survey(survey)


@router.post(
    "/{uuid:public_id}/partners/{uuid:partner_id}/drop",
    response=SurveyShown,
    operation_id="drop_survey_partner",
    summary="Take a partner off the list",
)
@repeatable
def drop(request: ApiRequest, public_id: UUID, partner_id: UUID) -> Any:
    """As long as it was not invited."""
    survey = access_survey(request.auth, public_id)
    partner = access_partner(request.auth, survey, partner_id)
    return show_survey(drop_partner(actor=request.auth, survey=survey, partner=partner))


@router.post(
    "/{uuid:public_id}/invite", response=SurveyShown, operation_id="invite_survey_partners", summary="Invite"
)
@repeatable
def invite(request: ApiRequest, public_id: UUID) -> Any:
    """A mail with a link to everybody who was not invited yet."""
    return show_survey(invite_partners(actor=request.auth, survey=access_survey(request.auth, public_id)))


@router.post(
    "/{uuid:public_id}/remind", response=SurveyShown, operation_id="remind_survey_partners", summary="Remind"
)
@repeatable
def remind(request: ApiRequest, public_id: UUID) -> Any:
    """Those who are silent: a week after the last mail at the earliest, twice at most."""
    return show_survey(remind_partners(actor=request.auth, survey=access_survey(request.auth, public_id)))


@router.post("/{uuid:public_id}/close", response=SurveyShown, operation_id="close_survey", summary="Close it")
@repeatable
def close(request: ApiRequest, public_id: UUID, body: SurveyEnding) -> Any:
    """The links take no answers any more, and the addresses are forgotten."""
    survey = access_survey(request.auth, public_id)
    return show_survey(close_survey(actor=request.auth, survey=survey, reason=body.reason))


def show_survey(survey: ChainSurvey) -> SurveyShown:
    apart = {"id", "lead"}
    values = {name: getattr(survey, name) for name in SurveyShown.model_fields if name not in apart}
    return SurveyShown(id=survey.public_id, lead=link_organisation(survey.lead), **values)


def show_partner(partner: ChainPartner) -> PartnerShown:
    apart = {"id", "is_invited"}
    values = {name: getattr(partner, name) for name in PartnerShown.model_fields if name not in apart}
    return PartnerShown(id=partner.public_id, is_invited=partner.mails > 0, **values)


def show_chain_need(place: ChainNeed) -> ChainNeedShown:
    assert place.need is not None
    return ChainNeedShown(
        need=place.need.public_id,
        title=place.need.title,
        owner=link_organisation(place.need.owner),
        tier=place.tier,
        relation=ChainRelation(place.relation),
        about=str(place.about),
    )
