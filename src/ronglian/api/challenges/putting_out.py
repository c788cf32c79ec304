"""Putting challenges out, for programs: draft, change, state what the scheme asks, take steps, answer questions, amend.

Keys are made and bids opened at the site, by people: a passphrase belongs into no program.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.utils.dateparse import parse_datetime
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import repeatable
from ronglian.api.challenges.routes import ChallengeShown, challenges, show_challenge
from ronglian.api.fields import Fen, Id, Lax, Line, Moment, ShortText, Strict, Text, Title
from ronglian.apps.accounts.queries.organisations import access_organisation
from ronglian.apps.challenges.enums import ChallengeKind, Openness, RewardKind
from ronglian.apps.challenges.models import Amendment, Challenge, Question
from ronglian.apps.challenges.operations.drafting import change_challenge, draft_challenge, state_facts
from ronglian.apps.challenges.operations.exchange import amend_challenge, ask_question, publish_answer
from ronglian.apps.challenges.operations.steps import advance_challenge
from ronglian.apps.challenges.queries.challenges import access_challenge
from ronglian.apps.challenges.queries.exchange import access_question, questions_of
from ronglian.apps.challenges.standing import asked_facts, process_of
from ronglian.apps.clinic.queries.technology_managers import access_manager
from ronglian.apps.registry.models import Need
from ronglian.apps.registry.queries.records import access_record

router = Router(tags=["challenges"], auth=signed_in)
questions = Router(tags=["challenges"], auth=signed_in)


class CriterionIn(Strict):
    """One criterion of the acceptance test."""

    quantity: Line
    threshold: Line
    method: Line
    measured_by: Line
    evidence: Line


class JudgedBy(Strict):
    """One criterion of the review; `anchors[score]` says what earns the score, 0 to 5."""

    title: Line
    weight: int = Field(ge=1, le=100, description="Per cent; all together 100.")
    anchors: list[Line] = Field(min_length=6, max_length=6)


class AskedOfBidders(Strict):
    """A question to bidders beside the proposal."""

    label: Line
    required: bool = True


class CallIn(Strict):
    """What a call says, how its bids are judged, and who holds the keys."""

    title: Title
    title_en: Line = ""
    kind: Annotated[ChallengeKind, Lax]
    text: Text = ""
    text_en: Text = ""
    reward_kind: Annotated[RewardKind, Lax]
    reward_fen: Fen = 0
    openness: Annotated[Openness, Lax] = Openness.PUBLIC
    acceptance: list[CriterionIn] = Field(default=[], max_length=20)
    rubric: list[JudgedBy] = Field(default=[], max_length=20)
    eligibility: list[AskedOfBidders] = Field(default=[], max_length=20)
    is_blind: bool = True
    tells_number_of_bids: bool = False
    compensation: ShortText = ""
    closes_at: Moment | None = None
    manager: Id | None = Field(None, description="The technology manager with a key.")
    escrow: Id | None = Field(None, description="The organisation with the third key.")
    invited: list[Id] = Field(default=[], max_length=200)


class ChallengeIn(CallIn):
    """榜单, as it is drafted."""

    issuer: Id
    scheme: Line = Field("prize_challenge", description="The process it goes through, as at /processes/.")
    need: Id | None = None


class ChallengeChange(CallIn):
    """The whole call again, in place of what was drafted. `version` is the one that was read."""

    version: int


class FactsStated(Strict):
    """What the scheme asks and no record tells, by the scheme's own names; moments in RFC 3339."""

    facts: dict[Line, bool | int | Line]


class StepTaken(Strict):
    """A step of the scheme, with the papers it has to produce: in words, or as the address of a paper."""

    step: Line
    documents: dict[Line, ShortText] = Field(default={}, max_length=30)
    note: ShortText = ""


class QuestionAsked(Strict):
    """A question to the issuer. Nobody is told who asks."""

    asker: Id
    text: ShortText


class AnswerPublished(Strict):
    """The answer for everybody; `shown` replaces words of the question that would tell who asked."""

    answer: ShortText
    shown: ShortText = ""


class AmendmentIn(Strict):
    """What changes after publication, and why. Left out is what stays."""

    reason: ShortText
    text: Text | None = None
    text_en: Text | None = None
    acceptance: list[CriterionIn] | None = None
    rubric: list[JudgedBy] | None = None
    reward_fen: Fen | None = None
    closes_at: Moment | None = None


class ChallengeQuestion(BaseModel):
    """提问与答复. Who asked is told to nobody."""

    id: UUID
    text: str
    answer: str
    answered_at: datetime | None


class AmendmentShown(BaseModel):
    """更正公告."""

    number: int
    reason: str
    changes: dict[str, Any]
    made_at: datetime


@challenges.post(
    "",
    response={201: ChallengeShown},
    operation_id="draft_challenge",
    summary="Draft a challenge",
    auth=signed_in,
)
@repeatable
def draft(request: ApiRequest, body: ChallengeIn) -> Any:
    """Only the issuer's side sees it until it is published."""
    need = access_record(request.auth, Need, body.need) if body.need else None
    challenge = draft_challenge(
        actor=request.auth,
        issuer=access_organisation(request.auth, body.issuer),
        scheme=body.scheme,
        fields=_fields(request, body),
        need=need,
        invited=[access_organisation(request.auth, one) for one in body.invited],
    )
    return Status(201, show_challenge(challenge))


@router.post(
    "/{uuid:public_id}/change",
    response=ChallengeShown,
    operation_id="change_challenge",
    summary="Change a draft",
)
@repeatable
def change(request: ApiRequest, public_id: UUID, body: ChallengeChange) -> Any:
    """Before publication; 412 where it was changed meanwhile."""
    challenge = change_challenge(
        actor=request.auth,
        challenge=access_challenge(request.auth, public_id),
        fields=_fields(request, body),
        invited=[access_organisation(request.auth, one) for one in body.invited],
        version=body.version,
    )
    return show_challenge(challenge)


@router.post(
    "/{uuid:public_id}/facts",
    response=ChallengeShown,
    operation_id="state_challenge_facts",
    summary="State what the scheme asks",
)
@repeatable
def facts(request: ApiRequest, public_id: UUID, body: FactsStated) -> Any:
    """It is published beside the challenge."""
    challenge = access_challenge(request.auth, public_id)
    stated = _with_moments(challenge, body.facts)
    return show_challenge(state_facts(actor=request.auth, challenge=challenge, facts=stated))


@router.post(
    "/{uuid:public_id}/steps",
    response=ChallengeShown,
    operation_id="advance_challenge",
    summary="Take a step of the scheme",
)
@repeatable
def step(request: ApiRequest, public_id: UUID, body: StepTaken) -> Any:
    """409 says all that stands in the way. The opening is people's, at the site."""
    challenge = advance_challenge(
        actor=request.auth,
        challenge=access_challenge(request.auth, public_id),
        step=body.step,
        documents=body.documents,
        note=body.note,
    )
    return show_challenge(challenge)


@challenges.get(
    "/{uuid:public_id}/questions",
    response=list[ChallengeQuestion],
    operation_id="list_challenge_questions",
    summary="Questions and answers",
)
def list_questions(request: ApiRequest, public_id: UUID) -> Any:
    """The answered, and those of yours or asked of you that wait."""
    challenge = access_challenge(request.auth, public_id)
    return [show_question(one) for one in questions_of(request.auth, challenge)]


@challenges.post(
    "/{uuid:public_id}/questions",
    response={201: ChallengeQuestion},
    operation_id="ask_challenge_question",
    summary="Ask the issuer",
    auth=signed_in,
)
@repeatable
def ask(request: ApiRequest, public_id: UUID, body: QuestionAsked) -> Any:
    """While bids can come. Everybody reads the answer."""
    question = ask_question(
        actor=request.auth,
        challenge=access_challenge(request.auth, public_id),
        asker=access_organisation(request.auth, body.asker),
        text=body.text,
    )
    return Status(201, show_question(question))


@questions.post(
    "/{uuid:public_id}/answer",
    response=ChallengeQuestion,
    operation_id="answer_challenge_question",
    summary="Publish a question with its answer",
)
@repeatable
def answer(request: ApiRequest, public_id: UUID, body: AnswerPublished) -> Any:
    """By the issuer; an answer that is published is not changed."""
    question = access_question(request.auth, public_id)
    challenge = access_challenge(request.auth, question.challenge.public_id)
    published = publish_answer(
        actor=request.auth, challenge=challenge, question=question, answer=body.answer, shown=body.shown
    )
    return show_question(published)


@router.post(
    "/{uuid:public_id}/amendments",
    response={201: AmendmentShown},
    operation_id="amend_challenge",
    summary="Amend a published challenge",
)
@repeatable
def amend(request: ApiRequest, public_id: UUID, body: AmendmentIn) -> Any:
    """With a public reason, in the bidders' favour; whoever has bid or asked is told."""
    changed = body.model_dump(exclude_none=True, exclude={"reason"})
    amendment = amend_challenge(
        actor=request.auth,
        challenge=access_challenge(request.auth, public_id),
        fields=changed,
        reason=body.reason,
    )
    return Status(201, show_amendment(amendment))


def show_question(question: Question) -> ChallengeQuestion:
    return ChallengeQuestion(
        id=question.public_id,
        text=question.shown or question.text,
        answer=question.answer,
        answered_at=question.answered_at,
    )


def show_amendment(amendment: Amendment) -> AmendmentShown:
    return AmendmentShown(
        number=amendment.number,
        reason=amendment.reason,
        changes=amendment.changes,
        made_at=amendment.made_at,
    )


def _fields(request: ApiRequest, body: CallIn) -> dict[str, Any]:
    """The call as the operation takes it, with people and organisations looked up."""
    apart = {"manager", "escrow", "invited", "issuer", "scheme", "need", "version"}
    return {
        **body.model_dump(exclude=apart),
        "manager": access_manager(request.auth, body.manager) if body.manager else None,
        "escrow": access_organisation(request.auth, body.escrow) if body.escrow else None,
    }


def _with_moments(challenge: Challenge, told: Mapping[str, bool | int | str]) -> dict[str, Any]:
    """Moments come as text; the rest as it is. What is no moment is refused by the operation."""
    times = {fact.id for fact in asked_facts(process_of(challenge).definition) if fact.kind == "time"}
    found: dict[str, Any] = dict(told)
    for name in times & found.keys():
        value = found[name]
        found[name] = _moment(value) if isinstance(value, str) else value
    return found


def _moment(text: str) -> datetime | str:
    try:
        found = parse_datetime(text)
    except ValueError:
        return text
    return found if found is not None and found.tzinfo is not None else text
