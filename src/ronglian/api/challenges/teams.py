"""Bidding together, for programs: begin a team, ask partners, answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Query, Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import repeatable
from ronglian.api.challenges.routes import challenges
from ronglian.api.fields import Id, Strict
from ronglian.api.paging import Page, PageParameters, paginate
from ronglian.apps.accounts.queries.organisations import access_organisation
from ronglian.apps.challenges.enums import MemberState
from ronglian.apps.challenges.models import Team, TeamMember
from ronglian.apps.challenges.operations.teams import (
    Part,
    answer_partner,
    ask_partner,
    change_team,
    form_team,
    take_out,
)
from ronglian.apps.challenges.queries.challenges import access_challenge
from ronglian.apps.challenges.queries.teams import (
    access_team,
    access_team_member,
    find_partners,
    list_teams,
    members_of,
)

teams = Router(tags=["challenges"], auth=signed_in)
team_members = Router(tags=["challenges"], auth=signed_in)


class PartIn(Strict):
    """What an organisation does in a team."""

    role: str = Field(max_length=200)
    share: int = Field(ge=0, le=100, description="Of the reward, in whole per cents.")


class TeamIn(PartIn):
    """创新联合体, as its lead begins it."""

    lead: Id
    lacks: str = Field("", max_length=2000, description="What the team looks for, in its own words.")


class TeamChange(PartIn):
    """The lead's own part, and what the team looks for."""

    lacks: str = Field("", max_length=2000)


class PartnerAsked(PartIn):
    """Who is asked to join, with what part."""

    organisation: Id


class PartnerAnswer(Strict):
    """Yes or no to one's part; no after a yes leaves the team."""

    confirms: bool


class TeamMemberShown(BaseModel):
    """联合体成员."""

    id: UUID
    organisation: UUID
    role: str
    share: int
    state: MemberState
    answered_at: datetime | None


class TeamShown(BaseModel):
    """创新联合体. Its members alone read it."""

    id: UUID
    version: int
    challenge: UUID
    lead: UUID
    role: str
    share: int
    lacks: str
    members: list[TeamMemberShown]


class PartnerReason(BaseModel):
    """A result that speaks for an organisation."""

    result: UUID
    score: float


class PartnerFound(BaseModel):
    """An organisation whose results fit what the team lacks."""

    organisation: UUID
    reasons: list[PartnerReason]


@challenges.post(
    "/{uuid:public_id}/teams",
    response={201: TeamShown},
    operation_id="form_team",
    summary="Begin a team",
    auth=signed_in,
)
@repeatable
def form(request: ApiRequest, public_id: UUID, body: TeamIn) -> Any:
    """The lead hands in the bid; it names who has confirmed. 409 where the organisation leads one already."""
    team = form_team(
        actor=request.auth,
        challenge=access_challenge(request.auth, public_id),
        lead=access_organisation(request.auth, body.lead),
        part=Part(body.role, body.share),
        lacks=body.lacks,
    )
    return Status(201, show_team(request, team))


@teams.get("", response=Page[TeamShown], operation_id="list_teams", summary="Your teams")
def list_own(request: ApiRequest, parameters: Query[PageParameters]) -> Any:
    """Those your organisations lead, have joined or are asked to join."""
    parameters.check_names(request)
    rows = list_teams(request.auth)

    def present(page: Sequence[Team]) -> list[TeamShown]:
        return [show_team(request, one) for one in page]

    return paginate(request, rows, rows.count(), parameters, present)


@teams.get("/{uuid:public_id}", response=TeamShown, operation_id="get_team", summary="Read one team")
def get_one(request: ApiRequest, public_id: UUID) -> Any:
    """Its members with their parts."""
    return show_team(request, access_team(request.auth, public_id))


@teams.get(
    "/{uuid:public_id}/partners",
    response=list[PartnerFound],
    operation_id="find_partners",
    summary="Find whom a team lacks",
)
def find(request: ApiRequest, public_id: UUID) -> Any:
    """Owners of published results that fit what the team lacks, by their best result. Nobody is told."""
    team = access_team(request.auth, public_id)
    if not request.auth.is_member(team.lead_id):
        return []
    return [
        PartnerFound(
            organisation=one.organisation.public_id,
            reasons=[
                PartnerReason(result=view.result.public_id, score=view.match.score)
                for view in one.reasons
                if view.result is not None
            ],
        )
        for one in find_partners(request.auth, team)
    ]


@teams.post(
    "/{uuid:public_id}/change", response=TeamShown, operation_id="change_team", summary="Change a team"
)
@repeatable
def change(request: ApiRequest, public_id: UUID, body: TeamChange) -> Any:
    """The lead's own part and what is lacking. What others have confirmed stays."""
    team = access_team(request.auth, public_id)
    part = Part(body.role, body.share)
    return show_team(request, change_team(actor=request.auth, team=team, part=part, lacks=body.lacks))


@teams.post(
    "/{uuid:public_id}/members",
    response={201: TeamMemberShown},
    operation_id="ask_partner",
    summary="Ask an organisation to join",
)
@repeatable
def ask(request: ApiRequest, public_id: UUID, body: PartnerAsked) -> Any:
    """Asked again with another part, it confirms anew."""
    member = ask_partner(
        actor=request.auth,
        team=access_team(request.auth, public_id),
        organisation=access_organisation(request.auth, body.organisation),
        part=Part(body.role, body.share),
    )
    return Status(201, show_member(member))


@team_members.post(
    "/{uuid:public_id}/answer",
    response=TeamMemberShown,
    operation_id="answer_partner",
    summary="Confirm one's part, or say no",
)
@repeatable
def answer(request: ApiRequest, public_id: UUID, body: PartnerAnswer) -> Any:
    """Until bids close."""
    member = access_team_member(request.auth, public_id)
    return show_member(answer_partner(actor=request.auth, member=member, confirms=body.confirms))


@team_members.post(
    "/{uuid:public_id}/drop",
    response=TeamShown,
    operation_id="drop_partner_of_team",
    summary="Go on without a partner",
)
@repeatable
def drop(request: ApiRequest, public_id: UUID) -> Any:
    """A bid that names it stays until it is replaced."""
    member = access_team_member(request.auth, public_id)
    team = access_team(request.auth, member.team.public_id)
    return show_team(request, take_out(actor=request.auth, team=team, member=member))


def show_team(request: ApiRequest, team: Team) -> TeamShown:
    return TeamShown(
        id=team.public_id,
        version=team.version,
        challenge=team.challenge.public_id,
        lead=team.lead.public_id,
        role=team.role,
        share=team.share,
        lacks=team.lacks if request.auth.is_member(team.lead_id) else "",
        members=[show_member(one) for one in members_of(request.auth, team)],
    )


def show_member(member: TeamMember) -> TeamMemberShown:
    return TeamMemberShown(
        id=member.public_id,
        organisation=member.organisation.public_id,
        role=member.role,
        share=member.share,
        state=MemberState(member.state),
        answered_at=member.answered_at,
    )
