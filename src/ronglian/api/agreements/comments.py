"""What the two sides of a contract say about a version of its terms, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from ronglian.api.agreements.contracts import LongReason, SpokenSide
from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import repeatable
from ronglian.api.fields import ShortText, Strict
from ronglian.apps.agreements.enums import CommentState, Side
from ronglian.apps.agreements.models import Agreement, ClauseComment
from ronglian.apps.agreements.operations.commenting import (
    add_comment,
    reopen_comment,
    reply_to_comment,
    resolve_comment,
)
from ronglian.apps.agreements.queries.agreements import access_agreement, access_version
from ronglian.apps.agreements.queries.comments import access_comment, list_comments

router = Router(tags=["contracts"], auth=signed_in)


class CommentIn(Strict):
    """What is said about a clause, or about the whole."""

    text: LongReason
    clause: Annotated[ShortText, Field(max_length=40)] = Field(
        "", description="The id of a section as `text.text` has it; empty for the whole."
    )
    side: SpokenSide = Field(None, description="Needed only by who acts for both.")


class AnswerIn(Strict):
    """An answer to a comment."""

    text: LongReason
    side: SpokenSide = Field(None, description="Needed only by who acts for both.")


class CommentReplyShown(BaseModel):
    """意见答复."""

    id: UUID
    side: Side
    written_by: str
    written_at: datetime
    text: str


class CommentShown(BaseModel):
    """磋商意见: kept with the version it is about."""

    id: UUID
    number: int = Field(description="The version.")
    clause: str
    side: Side
    written_by: str
    written_at: datetime
    text: str
    state: CommentState
    replies: list[CommentReplyShown]


@router.get(
    "/{uuid:public_id}/comments",
    response=list[CommentShown],
    operation_id="list_contract_comments",
    summary="Comments on a contract",
)
def list_all(request: ApiRequest, public_id: UUID) -> Any:
    """On every version, with their answers, in the order in which they were made."""
    return [_shown(one) for one in list_comments(access_agreement(request.auth, public_id))]


@router.post(
    "/{uuid:public_id}/versions/{int:number}/comments",
    response={201: CommentShown},
    operation_id="comment_on_contract",
    summary="Comment on a version",
)
@repeatable
def add(request: ApiRequest, public_id: UUID, number: int, body: CommentIn) -> Any:
    """While both sides negotiate. The other side is told that there is something to read."""
    agreement = access_agreement(request.auth, public_id)
    comment = add_comment(
        actor=request.auth,
        agreement=agreement,
        version=access_version(agreement, number),
        clause=body.clause,
        text=body.text,
        side=body.side or "",
    )
    return Status(201, _shown(comment))


@router.post(
    "/{uuid:public_id}/comments/{uuid:comment_id}/replies",
    response={201: CommentShown},
    operation_id="answer_contract_comment",
    summary="Answer a comment",
)
@repeatable
def reply(request: ApiRequest, public_id: UUID, comment_id: UUID, body: AnswerIn) -> Any:
    """By either side, while it is open."""
    agreement, comment = _named(request, public_id, comment_id)
    reply_to_comment(
        actor=request.auth, agreement=agreement, comment=comment, text=body.text, side=body.side or ""
    )
    return Status(201, _shown(access_comment(agreement, comment_id)))


@router.post(
    "/{uuid:public_id}/comments/{uuid:comment_id}/resolve",
    response=CommentShown,
    operation_id="resolve_contract_comment",
    summary="Say that a comment is settled",
)
@repeatable
def resolve(request: ApiRequest, public_id: UUID, comment_id: UUID) -> Any:
    """By the side that made it."""
    agreement, comment = _named(request, public_id, comment_id)
    return _shown(resolve_comment(actor=request.auth, agreement=agreement, comment=comment))


@router.post(
    "/{uuid:public_id}/comments/{uuid:comment_id}/reopen",
    response=CommentShown,
    operation_id="reopen_contract_comment",
    summary="Open a comment again",
)
@repeatable
def reopen(request: ApiRequest, public_id: UUID, comment_id: UUID) -> Any:
    """By the side that made it."""
    agreement, comment = _named(request, public_id, comment_id)
    return _shown(reopen_comment(actor=request.auth, agreement=agreement, comment=comment))


def _named(request: ApiRequest, public_id: UUID, comment_id: UUID) -> tuple[Agreement, ClauseComment]:
    agreement = access_agreement(request.auth, public_id)
    return agreement, access_comment(agreement, comment_id)


def _shown(comment: ClauseComment) -> CommentShown:
    replies = [
        CommentReplyShown(
            id=one.public_id,
            side=Side(one.side),
            written_by=one.written_by,
            written_at=one.created_at,
            text=str(one.text),
        )
        for one in comment.replies.all()
    ]
    return CommentShown(
        id=comment.public_id,
        number=comment.agreement_version.number,
        clause=comment.clause,
        side=Side(comment.side),
        written_by=comment.written_by,
        written_at=comment.created_at,
        text=str(comment.text),
        state=CommentState(comment.state),
        replies=replies,
    )
