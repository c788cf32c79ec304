"""Check-ups of an enterprise: the questions, the answers, what they point to, and the way to the clinic."""

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
from ronglian.api.fields import Id, Line, ShortText, Strict
from ronglian.api.paging import Page, PageParameters, paginate
from ronglian.api.registry.presenting import link_organisation
from ronglian.api.registry.shown import OwnerShown
from ronglian.apps.accounts.queries.organisations import access_organisation
from ronglian.apps.prospecting.models import Checkup
from ronglian.apps.prospecting.operations.checkups import answer_checkup, bring_to_clinic, open_checkup
from ronglian.apps.prospecting.queries.checkups import access_checkup, brought, list_checkups, troubles_of

router = Router(tags=["check-ups"], auth=signed_in)
Key = Annotated[Line, Field(max_length=60)]


class CheckupFields(Strict):
    """企业体检: for which organisation."""

    owner: Id = Field(description="One you act for.")


class CheckedAnswer(Strict):
    """One answer; an empty choice takes it back."""

    choice: Key
    words: Annotated[ShortText, Field(max_length=2_000)] = ""


class CheckupAnswers(Strict):
    """Answers by question; those that are not sent stay."""

    answers: Annotated[dict[Key, CheckedAnswer], Field(min_length=1, max_length=200)]


class Bringing(Strict):
    """Which finding is taken to the clinic."""

    question: Key


class TroubleShown(BaseModel):
    """隐性需求: an answer that points to a trouble, with the reason."""

    question: str
    asked_zh: str
    asked_en: str
    words: str
    why_zh: str
    why_en: str
    presses: bool
    consultation: UUID | None


class CheckupShown(BaseModel):
    """企业体检, with what it points to."""

    id: UUID
    version: int
    owner: OwnerShown
    questionnaire: str
    answers: dict[str, dict[str, str]]
    troubles: list[TroubleShown]
    created_at: datetime


class CheckupLine(BaseModel):
    """企业体检 in a list."""

    id: UUID
    owner: OwnerShown
    questionnaire: str
    created_at: datetime


class FindingShown(BaseModel):
    """体检发现: the consultation that came of it."""

    question: str
    consultation: UUID


@router.get("", response=Page[CheckupLine], operation_id="list_checkups", summary="Your check-ups")
def list_all(request: ApiRequest, parameters: Query[PageParameters]) -> Any:
    """Those of your organisations, the newest first."""
    parameters.check_names(request)
    rows = list_checkups(request.auth)

    def present(page: Sequence[Checkup]) -> list[CheckupLine]:
        return [
            CheckupLine(
                id=row.public_id,
                owner=link_organisation(row.owner),
                questionnaire=row.questionnaire,
                created_at=row.created_at,
            )
            for row in page
        ]

    return paginate(request, rows, rows.count(), parameters, present)


@router.post("", response={201: CheckupShown}, operation_id="open_checkup", summary="Begin a check-up")
@repeatable
def create(request: ApiRequest, body: CheckupFields, response: HttpResponse) -> Any:
    """With the questionnaire that holds today."""
    checkup = open_checkup(actor=request.auth, owner=access_organisation(request.auth, body.owner))
    tagged(response, checkup)
    response["Location"] = f"{request.path}/{checkup.public_id}"
    return Status(201, show_checkup(checkup))


@router.get("/{uuid:public_id}", response=CheckupShown, operation_id="get_checkup", summary="Read a check-up")
def get_one(request: ApiRequest, public_id: UUID, response: HttpResponse) -> Any:
    """Answers and report."""
    checkup = access_checkup(request.auth, public_id)
    tagged(response, checkup)
    return show_checkup(checkup)


@router.patch(
    "/{uuid:public_id}", response=CheckupShown, operation_id="answer_checkup", summary="Answer questions"
)
@repeatable
def answer(
    request: ApiRequest,
    public_id: UUID,
    body: CheckupAnswers,
    response: HttpResponse,
    if_match: IfMatch = None,
) -> Any:
    """Only the questions sent are answered anew. Needs If-Match."""
    checkup = answer_checkup(
        actor=request.auth,
        checkup=access_checkup(request.auth, public_id),
        answers={key: each.model_dump() for key, each in body.answers.items()},
        version=expected_version(if_match),
    )
    tagged(response, checkup)
    return show_checkup(checkup)


@router.post(
    "/{uuid:public_id}/bring",
    response={201: FindingShown},
    operation_id="bring_checkup_finding",
    summary="Take a finding to the clinic",
)
@repeatable
def bring(request: ApiRequest, public_id: UUID, body: Bringing) -> Any:
    """A consultation in the enterprise's own words."""
    checkup = access_checkup(request.auth, public_id)
    finding = bring_to_clinic(actor=request.auth, checkup=checkup, question=body.question)
    return Status(201, FindingShown(question=finding.question, consultation=finding.consultation.public_id))


def show_checkup(checkup: Checkup) -> CheckupShown:
    there = brought(checkup)
    troubles = [
        TroubleShown(
            question=each.question.id,
            asked_zh=each.question.text.zh,
            asked_en=each.question.text.en,
            words=each.words,
            why_zh=each.choice.why.zh if each.choice.why else "",
            why_en=each.choice.why.en if each.choice.why else "",
            presses=each.choice.trouble > 1,
            consultation=there[each.question.id].consultation.public_id
            if each.question.id in there
            else None,
        )
        for each in troubles_of(checkup)
    ]
    return CheckupShown(
        id=checkup.public_id,
        version=checkup.version,
        owner=link_organisation(checkup.owner),
        questionnaire=checkup.questionnaire,
        answers=dict(checkup.answers),
        troubles=troubles,
        created_at=checkup.created_at,
    )
