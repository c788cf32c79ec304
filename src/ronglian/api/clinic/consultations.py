"""The clinic for programs: tell a trouble, read what was understood, answer, set the test, make a need of it."""

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
from ronglian.api.calling import IfMatch, expected_version, repeatable, tagged, takes
from ronglian.api.fields import Id, Keyword, Lax, Line, Reason, ShortText, Strict, Text, Title, changes_of
from ronglian.api.paging import Page, PageParameters, paginate
from ronglian.api.registry.presenting import link_organisation
from ronglian.api.registry.shown import OwnerShown
from ronglian.apps.accounts.queries.organisations import access_organisation
from ronglian.apps.clinic.enums import ConsultationState
from ronglian.apps.clinic.models import Consultation
from ronglian.apps.clinic.operations.consultations import (
    answer_question,
    close_consultation,
    open_consultation,
    register_consultation,
    set_acceptance,
    tell_consultation,
)
from ronglian.apps.clinic.operations.triage import show_to_managers
from ronglian.apps.clinic.queries.consultations import access_consultation, own_consultations
from ronglian.apps.clinic.queries.questions import next_questions
from ronglian.apps.clinic.reading import read_consultation
from ronglian.apps.registry.enums import Disclosure
from ronglian.engines.text import format_metric
from ronglian.kernel.actor import Actor

router = Router(tags=["clinic"], auth=signed_in)


class Telling(Strict):
    """The trouble in the enterprise's own words."""

    title: Title = Field(examples=["镀铬线漂洗水六价铬超标"])
    words: Text = ""


class ConsultationFields(Telling):
    """问诊单."""

    owner: Id = Field(description="An organisation you write for.")


ConsultationChanges = changes_of(Telling, "ConsultationChanges")


class Answer(Strict):
    """What was asked, answered."""

    topic: Keyword = Field(description="A topic of the questions, or a metric by its name.")
    text: ShortText = Field(description="Empty takes the answer back.")


class CriterionSent(Strict):
    """One line of the acceptance test."""

    quantity: Annotated[Line, Field(min_length=1)]
    threshold: Line = ""
    method: Line = ""
    measured_by: Line = ""
    evidence: Line = ""


class AcceptanceTest(Strict):
    """验收标准: written by the enterprise."""

    criteria: Annotated[list[CriterionSent], Field(max_length=30)]


class Registration(Strict):
    """What the need says besides, and whether it is published at once."""

    publish: bool = False
    summary: ShortText = ""
    under_nda: bool = False
    anonymous: bool = False
    disclosure: Annotated[Disclosure, Lax] = Disclosure.PUBLIC


class Showing(Strict):
    """Whether technology managers may read it."""

    shown: bool


class Ending(Strict):
    """Why it ends, is cancelled or stops."""

    reason: Reason


class AnswerShown(BaseModel):
    """An answer."""

    topic: str
    text: str


class CriterionShown(BaseModel):
    """One line of the acceptance test."""

    quantity: str
    threshold: str
    method: str
    measured_by: str
    evidence: str


class ConsultationShown(BaseModel):
    """问诊单, as its organisation sees it. Texts are null for a token that may not read confidential details."""

    id: UUID
    version: int
    state: ConsultationState
    owner: OwnerShown
    title: str | None
    words: str | None
    answers: list[AnswerShown] | None
    acceptance: list[CriterionShown] | None
    goals: list[str] | None = Field(description="Metrics that were read as goals, a line each.")
    completeness: int = Field(description="0 to 100: how much of a need sheet is told.")
    clarity: int = Field(description="0 to 100: whether a stranger can act on it.")
    has_acceptance_test: bool = Field(description="Whether it is whole; publishing takes that.")
    shown_to_managers: bool
    need: UUID | None = Field(description="What came of it.")
    closed_because: str
    created_at: datetime
    updated_at: datetime


class QuestionShown(BaseModel):
    """What to tell next."""

    topic: str
    changed: float | None = Field(
        description="How many of the first ten results an answer would exchange on average; null where untried."
    )
    points: float = Field(description="What an answer adds to the completeness.")
    choices: list[str]


class QuestionsShown(BaseModel):
    """Questions, the most useful first."""

    items: list[QuestionShown]


@router.get(
    "", response=Page[ConsultationShown], operation_id="list_consultations", summary="Your consultations"
)
def list_all(request: ApiRequest, parameters: Query[PageParameters]) -> Any:
    """Those of your organisations, the one touched last first."""
    parameters.check_names(request)
    rows = own_consultations(request.auth)

    def present(page: Sequence[Consultation]) -> list[ConsultationShown]:
        return [show_consultation(request.auth, one) for one in page]

    return paginate(request, rows, rows.count(), parameters, present)


@router.post(
    "",
    response={201: ConsultationShown},
    operation_id="open_consultation",
    summary="Bring a trouble to the clinic",
)
@repeatable
def create(request: ApiRequest, body: ConsultationFields, response: HttpResponse) -> Any:
    """In the words of whoever has it; only your organisation reads it until you show it."""
    told = open_consultation(
        actor=request.auth,
        owner=access_organisation(request.auth, body.owner),
        title=body.title,
        words=body.words,
    )
    tagged(response, told)
    response["Location"] = f"{request.path}/{told.public_id}"
    return Status(201, show_consultation(request.auth, told))


@router.get(
    "/{uuid:public_id}",
    response=ConsultationShown,
    operation_id="get_consultation",
    summary="Read one consultation",
)
def get_one(request: ApiRequest, public_id: UUID, response: HttpResponse) -> Any:
    """The ETag of the answer is the version that an edit has to name."""
    return _answer(request, response, access_consultation(request.auth, public_id))


@router.patch(
    "/{uuid:public_id}", response=ConsultationShown, operation_id="tell_consultation", summary="Tell it anew"
)
@takes(body=ConsultationChanges)
@repeatable
def tell(
    request: ApiRequest, public_id: UUID, body: Strict, response: HttpResponse, if_match: IfMatch = None
) -> Any:
    """Title or words, or both. Needs If-Match."""
    one = access_consultation(request.auth, public_id)
    sent = body.model_dump(exclude_unset=True)
    told = tell_consultation(
        actor=request.auth,
        consultation=one,
        title=sent.get("title", one.title),
        words=sent.get("words", one.words),
        version=expected_version(if_match),
    )
    return _answer(request, response, told)


@router.get(
    "/{uuid:public_id}/questions",
    response=QuestionsShown,
    operation_id="list_consultation_questions",
    summary="What to tell next",
)
def list_questions(request: ApiRequest, public_id: UUID) -> Any:
    """What is missing, the most useful for matching first: measured by ranking again under plausible answers."""
    one = access_consultation(request.auth, public_id)
    return QuestionsShown(
        items=[
            QuestionShown(
                topic=each.topic, changed=each.changed, points=each.points, choices=list(each.choices)
            )
            for each in next_questions(one, read_consultation(one))
        ]
    )


@router.post(
    "/{uuid:public_id}/answers",
    response=ConsultationShown,
    operation_id="answer_consultation",
    summary="Answer a question",
)
@repeatable
def answer(request: ApiRequest, public_id: UUID, body: Answer, response: HttpResponse) -> Any:
    """A later answer to the same topic takes the place of the earlier one."""
    one = access_consultation(request.auth, public_id)
    told = answer_question(actor=request.auth, consultation=one, topic=body.topic, text=body.text)
    return _answer(request, response, told)


@router.post(
    "/{uuid:public_id}/acceptance",
    response=ConsultationShown,
    operation_id="set_consultation_acceptance",
    summary="Set the acceptance test",
)
@repeatable
def keep_acceptance(
    request: ApiRequest, public_id: UUID, body: AcceptanceTest, response: HttpResponse
) -> Any:
    """All of it anew; it may be kept before it is whole."""
    one = access_consultation(request.auth, public_id)
    criteria = [each.model_dump() for each in body.criteria]
    told = set_acceptance(actor=request.auth, consultation=one, criteria=criteria)
    return _answer(request, response, told)


@router.post(
    "/{uuid:public_id}/register",
    response=ConsultationShown,
    operation_id="register_consultation",
    summary="Make a need of it",
)
@repeatable
def register(request: ApiRequest, public_id: UUID, body: Registration, response: HttpResponse) -> Any:
    """Published, or as a draft. `need` of the answer is its id."""
    fields = body.model_dump(mode="json", exclude={"publish"})
    told = register_consultation(
        actor=request.auth,
        consultation=access_consultation(request.auth, public_id),
        fields=fields,
        publish=body.publish,
    )
    return _answer(request, response, told)


@router.post(
    "/{uuid:public_id}/show",
    response=ConsultationShown,
    operation_id="show_consultation",
    summary="Let technology managers read it",
)
@repeatable
def show(request: ApiRequest, public_id: UUID, body: Showing, response: HttpResponse) -> Any:
    """Or no longer."""
    one = access_consultation(request.auth, public_id)
    return _answer(
        request, response, show_to_managers(actor=request.auth, consultation=one, shown=body.shown)
    )


@router.post(
    "/{uuid:public_id}/close",
    response=ConsultationShown,
    operation_id="close_consultation",
    summary="End it without a need",
)
@repeatable
def close(request: ApiRequest, public_id: UUID, body: Ending, response: HttpResponse) -> Any:
    """The reason stays."""
    one = access_consultation(request.auth, public_id)
    return _answer(
        request, response, close_consultation(actor=request.auth, consultation=one, reason=body.reason)
    )


def _answer(request: ApiRequest, response: HttpResponse, consultation: Consultation) -> ConsultationShown:
    tagged(response, consultation)
    return show_consultation(request.auth, consultation)


def show_consultation(actor: Actor, one: Consultation) -> ConsultationShown:
    reading = read_consultation(one)
    reads = actor.may_read_confidential
    return ConsultationShown(
        id=one.public_id,
        version=one.version,
        state=ConsultationState(one.state),
        owner=link_organisation(one.owner),
        title=one.title if reads else None,
        words=one.words if reads else None,
        answers=[AnswerShown(**each) for each in one.answers] if reads else None,
        acceptance=[CriterionShown(**each) for each in one.acceptance] if reads else None,
        goals=[format_metric(each, "zh") for each in reading.sheet.wanted] if reads else None,
        completeness=round(reading.completeness.total),
        clarity=round(reading.clarity.total),
        has_acceptance_test=reading.has_acceptance_test,
        shown_to_managers=one.shown_to_managers,
        need=one.need.public_id if one.need else None,
        closed_because=one.closed_because,
        created_at=one.created_at,
        updated_at=one.updated_at,
    )
