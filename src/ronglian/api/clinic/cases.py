"""Cases for programs: read them, and do what whoever carries one, or acts for one of its sides, does at the site.

What binds a side, the answer to an introduction and the acceptance of a fee, a person says at the site.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router
from ninja.responses import Status
from pydantic import Field

from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import repeatable, tagged
from ronglian.api.clinic.case_shown import CaseShown, show_case
from ronglian.api.fields import Day, Fen, Id, Lax, Line, QueryTruth, ShortText, Strict
from ronglian.api.paging import Page, PageParameters, paginate
from ronglian.apps.accounts.queries.organisations import access_organisation
from ronglian.apps.clinic.case_enums import CaseStage, StopReason
from ronglian.apps.clinic.case_rules import PROTECTED_MONTHS, USUAL_PROTECTION
from ronglian.apps.clinic.models import Case
from ronglian.apps.clinic.operations.cases import (
    advance_case,
    carry_need,
    choose_result,
    confirm_agreement,
    name_owner,
    plan_case,
)
from ronglian.apps.clinic.operations.introductions import introduce_sides
from ronglian.apps.clinic.queries.cases import access_case, carried_cases, list_cases
from ronglian.apps.registry.models import Need, Result
from ronglian.apps.registry.queries.records import access_record

router = Router(tags=["cases"], auth=signed_in)


class CaseFilters(PageParameters):
    """Lists of cases."""

    stage: CaseStage | None = None
    carried: QueryTruth = Field(False, description="Only those you carry.")


class Opening(Strict):
    """加入个案: what is carried."""

    need: Id
    result: Id | None = Field(None, description="The result found for it; a case without one gets it.")


class Plan(Strict):
    """What comes next; both sides read it."""

    next_step: Annotated[Line, Field(max_length=200)] = ""
    next_due: Day | None = None


class Move(Strict):
    """To another stage, as far as the table of stages lets it."""

    stage: Annotated[CaseStage, Lax]
    reason: Annotated[StopReason, Lax] | None = Field(None, description="For a stop; both sides read it.")
    note: Annotated[ShortText, Field(max_length=2_000)] = ""
    contract_number: Annotated[Line, Field(max_length=100)] = ""
    amount_fen: Fen | None = None


class Partner(Strict):
    """Whom the need is to be brought together with: a result, or an organisation without one."""

    result: Id | None = None
    organisation: Id | None = None


class Introducing(Strict):
    """What both sides are told, and for how long it is protected."""

    words: Annotated[ShortText, Field(min_length=1, max_length=2_000)]
    protected_months: int = Field(
        USUAL_PROTECTION, description=f"One of {', '.join(map(str, PROTECTED_MONTHS))}."
    )


class Speaking(Strict):
    """For which side."""

    side: Annotated[str, Field(pattern="^(seeker|partner)?$")] = Field(
        "", description="`seeker` or `partner`; needed by whoever acts for both."
    )


@router.get("", response=Page[CaseShown], operation_id="list_cases", summary="Your cases")
def list_all(request: ApiRequest, filters: Query[CaseFilters]) -> Any:
    """Those you carry and those of your organisations, the one changed last first."""
    filters.check_names(request)
    rows = carried_cases(request.auth) if filters.carried else list_cases(request.auth)
    if filters.stage:
        rows = rows.filter(stage=filters.stage)

    def present(page: Sequence[Case]) -> list[CaseShown]:
        return [show_case(request.auth, case) for case in page]

    return paginate(request, rows, rows.count(), filters, present)


@router.post("", response={201: CaseShown}, operation_id="open_case", summary="Carry a need")
@repeatable
def open_new(request: ApiRequest, body: Opening, response: HttpResponse) -> Any:
    """For registered technology managers. A case of yours that waits for a partner gets the result."""
    actor = request.auth
    result = access_record(actor, Result, body.result) if body.result else None
    case = carry_need(actor=actor, need=access_record(actor, Need, body.need), result=result)
    tagged(response, case)
    response["Location"] = f"{request.path}/{case.public_id}"
    return Status(201, show_case(actor, case))


@router.get("/{uuid:public_id}", response=CaseShown, operation_id="get_case", summary="Read one case")
def get_one(request: ApiRequest, public_id: UUID, response: HttpResponse) -> Any:
    """What of it is yours to know."""
    case = access_case(request.auth, public_id)
    tagged(response, case)
    return show_case(request.auth, case)


def _did(request: ApiRequest, public_id: UUID, act: Callable[..., object], **values: Any) -> CaseShown:
    """Call the operation, and show the case as it is then."""
    act(actor=request.auth, case=access_case(request.auth, public_id), **values)
    return show_case(request.auth, access_case(request.auth, public_id))


@router.post(
    "/{uuid:public_id}/plan", response=CaseShown, operation_id="plan_case", summary="Say what comes next"
)
@repeatable
def plan(request: ApiRequest, public_id: UUID, body: Plan) -> Any:
    """And by when; both sides read it."""
    return _did(request, public_id, plan_case, next_step=body.next_step, next_due=body.next_due)


@router.post(
    "/{uuid:public_id}/advance",
    response=CaseShown,
    operation_id="advance_case",
    summary="Move it to another stage",
)
@repeatable
def advance(request: ApiRequest, public_id: UUID, body: Move) -> Any:
    """409 says what is missing. Stopping takes a coded reason and a note; both sides are told and may object."""
    return _did(
        request,
        public_id,
        advance_case,
        stage=body.stage,
        reason=body.reason or "",
        note=body.note,
        contract_number=body.contract_number,
        amount_fen=body.amount_fen,
    )


@router.post(
    "/{uuid:public_id}/partner",
    response=CaseShown,
    operation_id="choose_case_partner",
    summary="Choose the partner",
)
@repeatable
def choose(request: ApiRequest, public_id: UUID, body: Partner) -> Any:
    """Before the introduction."""
    actor = request.auth
    return _did(
        request,
        public_id,
        choose_result,
        result=access_record(actor, Result, body.result) if body.result else None,
        partner=access_organisation(actor, body.organisation) if body.organisation else None,
    )


@router.post(
    "/{uuid:public_id}/introduce",
    response=CaseShown,
    operation_id="introduce_case",
    summary="Introduce both sides",
)
@repeatable
def introduce(request: ApiRequest, public_id: UUID, body: Introducing) -> Any:
    """Fixed in the log, with a receipt for both sides at the site."""
    return _did(request, public_id, introduce_sides, words=body.words, protected_months=body.protected_months)


@router.post(
    "/{uuid:public_id}/name",
    response=CaseShown,
    operation_id="name_case_owner",
    summary="Let the side of the need be named",
)
@repeatable
def name(request: ApiRequest, public_id: UUID) -> Any:
    """To the technology manager and the other side, though the need is published without a name."""
    return _did(request, public_id, name_owner)


@router.post(
    "/{uuid:public_id}/confirm",
    response=CaseShown,
    operation_id="confirm_case_agreement",
    summary="Confirm the agreement for one side",
)
@repeatable
def confirm(request: ApiRequest, public_id: UUID, body: Speaking) -> Any:
    """When both have, the technology manager records it."""
    return _did(request, public_id, confirm_agreement, side=body.side)
