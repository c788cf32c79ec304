"""Rights in service results, for programs of the institution and of the inventors. A person signs at the site."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from django.utils import timezone
from ninja import Query, Router
from ninja.responses import Status
from pydantic import Field

from ronglian.api.agreements.contracts import LongReason
from ronglian.api.agreements.rights_shown import (
    GrantListed,
    GrantObjectionShown,
    GrantShown,
    list_grant,
    show_grant,
    show_objection,
)
from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import repeatable
from ronglian.api.fields import Day, Id, Lax, ShortText, Strict, Text, Title
from ronglian.api.paging import Page, PageParameters, paginate
from ronglian.apps.agreements.models import RightsGrant
from ronglian.apps.agreements.operations.deeds import draw_up_deed
from ronglian.apps.agreements.operations.granting import (
    Named,
    apply_for_rights,
    begin_grant_notice,
    decide_grant,
    end_grant,
    note_change_of_title,
    withdraw_grant,
)
from ronglian.apps.agreements.operations.granting_objections import answer_grant_objection, object_to_grant
from ronglian.apps.agreements.queries.rights import (
    access_grant,
    access_grant_objection,
    access_notice,
    list_grants,
)
from ronglian.apps.agreements.rights_enums import GrantedRight, GrantEnd, GrantForm
from ronglian.apps.registry.models import Result
from ronglian.apps.registry.queries.records import access_record

router = Router(tags=["rights"], auth=signed_in)
Rate = Annotated[int, Field(ge=1, le=10_000, description="Hundredths of a per cent.")]
LongGrounds = Annotated[ShortText, Field(min_length=1, max_length=3_000)]
MoreText = Annotated[ShortText, Field(max_length=3_000)]


class InventorIn(Strict):
    """An inventor, by the e-mail of his account; the shares of all add up to 10,000."""

    name: Annotated[Title, Field(max_length=100)]
    email: Annotated[Title, Field(max_length=254)]
    share: Rate


class Facts(Strict):
    """The conditions that the rulebook asks for (`rights.may_grant`)."""

    touches_security: bool
    ownership_clear: bool
    good_prospects: bool
    taker_identified: bool
    researchers_willing: bool


class GrantApplication(Strict):
    """What the team of a result asks for. `share` belongs to a share of ownership, `use_years` to long-term use."""

    result: Id
    title: Title
    right: Annotated[GrantedRight, Lax]
    form: Annotated[GrantForm, Lax]
    share: Rate | None = None
    use_years: int | None = Field(None, ge=1, le=99)
    members: Annotated[list[InventorIn], Field(min_length=1, max_length=50)]
    facts: Facts
    plan: Annotated[Text, Field(min_length=1, max_length=10_000)]


class GrantDecision(Strict):
    """Approve or refuse, with what it rests on."""

    approves: bool
    grounds: LongGrounds


class GrantNotice(Strict):
    """Days of public notice."""

    days: int = Field(ge=1, le=365)


class GrantObjectionIn(Strict):
    """What is not right about a grant on public notice."""

    text: LongReason


class GrantObjectionAnswer(Strict):
    """The grant goes on, or is refused."""

    upholds: bool
    answer: LongReason


class DeedTerms(Strict):
    """What the written agreement says beside what was applied for."""

    income_share: Rate
    convert_within_months: int = Field(ge=1, le=120)
    decision: LongGrounds
    costs: LongGrounds
    upkeep: LongGrounds
    background: MoreText = ""
    improvements: MoreText = ""
    ending: MoreText = ""
    disputes: MoreText = ""


class TitleChange(Strict):
    """The change of title was registered."""

    day: Day
    evidence: Title


class GrantEnding(Strict):
    """Why a grant in force ends."""

    kind: Annotated[GrantEnd, Lax]
    reason: LongReason


class GrantReason(Strict):
    """Why an application is withdrawn."""

    reason: LongReason


@router.get("", response=Page[GrantListed], operation_id="list_grants", summary="Your grants of rights")
def list_all(request: ApiRequest, parameters: Query[PageParameters]) -> Any:
    """Those of your institutions, and those in which you are named; the latest first."""
    parameters.check_names(request)
    rows = list_grants(request.auth)

    def present(page: Sequence[RightsGrant]) -> list[GrantListed]:
        return [list_grant(one) for one in page]

    return paginate(request, rows, rows.count(), parameters, present)


@router.get("/{uuid:public_id}", response=GrantShown, operation_id="get_grant", summary="Read one grant")
def get_one(request: ApiRequest, public_id: UUID) -> Any:
    """With its inventors, objections and the latest agreement."""
    return show_grant(access_grant(request.auth, public_id))


@router.post(
    "", response={201: GrantShown}, operation_id="apply_for_grant", summary="Apply for rights in a result"
)
@repeatable
def apply(request: ApiRequest, body: GrantApplication) -> Any:
    """By people of the institution that holds the result."""
    told = body.model_dump(exclude={"result", "members", "facts"})
    grant = apply_for_rights(
        actor=request.auth,
        result=access_record(request.auth, Result, body.result),
        members=[Named(one.name, one.email, one.share) for one in body.members],
        facts=body.facts.model_dump(),
        **told,
    )
    return Status(201, show_grant(grant))


@router.post(
    "/{uuid:public_id}/withdraw",
    response=GrantShown,
    operation_id="withdraw_grant",
    summary="Withdraw an application",
)
@repeatable
def withdraw(request: ApiRequest, public_id: UUID, body: GrantReason) -> Any:
    """By a named inventor, before it is in force."""
    grant = access_grant(request.auth, public_id)
    return show_grant(withdraw_grant(actor=request.auth, grant=grant, reason=body.reason))


@router.post(
    "/{uuid:public_id}/decide", response=GrantShown, operation_id="decide_grant", summary="Approve or refuse"
)
@repeatable
def decide(request: ApiRequest, public_id: UUID, body: GrantDecision) -> Any:
    """What the rulebook bars is not approved."""
    grant = access_grant(request.auth, public_id)
    return show_grant(
        decide_grant(actor=request.auth, grant=grant, approves=body.approves, grounds=body.grounds)
    )


@router.post(
    "/{uuid:public_id}/notice",
    response=GrantShown,
    operation_id="notice_grant",
    summary="Put a grant on public notice",
)
@repeatable
def notice(request: ApiRequest, public_id: UUID, body: GrantNotice) -> Any:
    """At least as long as is asked for."""
    grant = access_grant(request.auth, public_id)
    return show_grant(begin_grant_notice(actor=request.auth, grant=grant, days=body.days))


@router.post(
    "/{uuid:public_id}/objections",
    response={201: GrantObjectionShown},
    operation_id="object_to_grant",
    summary="Object to a grant on public notice",
)
@repeatable
def object_to(request: ApiRequest, public_id: UUID, body: GrantObjectionIn) -> Any:
    """By everybody, under the name of the token's person."""
    grant = access_notice(public_id, timezone.localdate())
    return Status(201, show_objection(object_to_grant(actor=request.auth, grant=grant, text=body.text)))


@router.post(
    "/{uuid:public_id}/objections/{uuid:objection_id}/answer",
    response=GrantShown,
    operation_id="answer_grant_objection",
    summary="Answer an objection",
)
@repeatable
def answer(request: ApiRequest, public_id: UUID, objection_id: UUID, body: GrantObjectionAnswer) -> Any:
    """With reasons."""
    grant = access_grant(request.auth, public_id)
    answer_grant_objection(
        actor=request.auth,
        grant=grant,
        objection=access_grant_objection(grant, objection_id),
        **body.model_dump(),
    )
    return show_grant(access_grant(request.auth, public_id))


@router.post(
    "/{uuid:public_id}/agreement",
    response={201: GrantShown},
    operation_id="draw_up_grant",
    summary="Draw up the written agreement",
)
@repeatable
def draw_up(request: ApiRequest, public_id: UUID, body: DeedTerms) -> Any:
    """Once the notice is over; a later version takes the place of one that waits for signatures."""
    grant = access_grant(request.auth, public_id)
    draw_up_deed(actor=request.auth, grant=grant, terms=body.model_dump())
    return Status(201, show_grant(access_grant(request.auth, public_id)))


@router.post(
    "/{uuid:public_id}/title",
    response=GrantShown,
    operation_id="note_grant_title",
    summary="Note the change of title",
)
@repeatable
def title(request: ApiRequest, public_id: UUID, body: TitleChange) -> Any:
    """Once it was registered."""
    grant = access_grant(request.auth, public_id)
    return show_grant(note_change_of_title(actor=request.auth, grant=grant, **body.model_dump()))


@router.post("/{uuid:public_id}/end", response=GrantShown, operation_id="end_grant", summary="End a grant")
@repeatable
def end(request: ApiRequest, public_id: UUID, body: GrantEnding) -> Any:
    """For one of the reasons there are."""
    grant = access_grant(request.auth, public_id)
    return show_grant(end_grant(actor=request.auth, grant=grant, **body.model_dump()))
