"""The drafting assistant: send words of a consultation, read the suggestions, take or leave each."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import repeatable
from ronglian.api.fields import Id, ShortText, Strict, Text
from ronglian.apps.clinic.drafting_enums import DraftingState, SuggestionState
from ronglian.apps.clinic.drafting_wording import failure_text
from ronglian.apps.clinic.enums import Topic
from ronglian.apps.clinic.models import DraftingRun, DraftSuggestion
from ronglian.apps.clinic.operations.drafting import ask_for_draft, decide_suggestion
from ronglian.apps.clinic.queries.consultations import access_consultation
from ronglian.apps.clinic.queries.drafting import access_run, access_suggestion

router = Router(tags=["drafting assistant"], auth=signed_in)


class DraftingQuestion(Strict):
    """Words that everybody may read, to be sorted."""

    consultation: Id
    words: Annotated[Text, Field(min_length=1, max_length=8_000)]
    is_public: bool = Field(description="Your word that everybody may read them; they leave the platform.")


class SuggestionDecision(Strict):
    """起草建议: taken, taken with changes, or left."""

    take: bool
    text: ShortText | None = Field(None, description="Your wording of it; null takes it as it is.")


class SuggestionShown(BaseModel):
    """起草建议, with the sentence it rests on; empty where none of the words sent says it."""

    id: UUID
    topic: Topic
    text: str
    source: str
    state: SuggestionState


class DraftingShown(BaseModel):
    """起草请求: what was sent where, and what came back."""

    id: UUID
    consultation: UUID
    state: DraftingState
    model: str
    host: str
    sent: str
    sent_sha256: str
    failure: str
    left_out: int
    suggestions: list[SuggestionShown]


@router.post("", response={201: DraftingShown}, operation_id="ask_for_draft", summary="Ask the assistant")
@repeatable
def ask(request: ApiRequest, body: DraftingQuestion, response: HttpResponse) -> Any:
    """A job asks; read the answer at the Location. 409 where no assistant is set up."""
    run = ask_for_draft(
        actor=request.auth,
        consultation=access_consultation(request.auth, body.consultation),
        words=body.words,
        is_public=body.is_public,
    )
    response["Location"] = f"{request.path}/{run.public_id}"
    return Status(201, show_run(run))


@router.get("/{uuid:public_id}", response=DraftingShown, operation_id="get_draft", summary="Read the answer")
def get_one(request: ApiRequest, public_id: UUID) -> Any:
    """The suggestions, once they are there."""
    return show_run(access_run(request.auth, public_id))


@router.post(
    "/suggestions/{uuid:public_id}/decide",
    response=SuggestionShown,
    operation_id="decide_suggestion",
    summary="Take or leave a suggestion",
)
@repeatable
def decide(request: ApiRequest, public_id: UUID, body: SuggestionDecision) -> Any:
    """What you have answered yourself is never overwritten."""
    suggestion = access_suggestion(request.auth, public_id)
    return show_suggestion(
        decide_suggestion(actor=request.auth, suggestion=suggestion, take=body.take, text=body.text)
    )


def show_run(run: DraftingRun) -> DraftingShown:
    return DraftingShown(
        id=run.public_id,
        consultation=run.consultation.public_id,
        state=DraftingState(run.state),
        model=run.model,
        host=run.host,
        sent=str(run.sent),
        sent_sha256=run.sent_digest,
        failure=failure_text(run.failure) if run.failure else "",
        left_out=run.left_out,
        suggestions=[show_suggestion(each) for each in run.suggestions.all()],
    )


def show_suggestion(suggestion: DraftSuggestion) -> SuggestionShown:
    return SuggestionShown(
        id=suggestion.public_id,
        topic=Topic(suggestion.topic),
        text=str(suggestion.text),
        source=str(suggestion.source),
        state=SuggestionState(suggestion.state),
    )
