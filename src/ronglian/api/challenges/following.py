"""Following challenges by mail, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ninja import Router
from pydantic import BaseModel

from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import repeatable
from ronglian.apps.challenges.operations.following import follow_challenge, unfollow_challenge
from ronglian.apps.challenges.queries.challenges import access_challenge

router = Router(tags=["challenges"], auth=signed_in)


class FollowingShown(BaseModel):
    """Of which challenge the person is told by mail; null is every new one."""

    challenge: UUID | None
    is_following: bool


@router.post(
    "/follow",
    response=FollowingShown,
    operation_id="follow_challenges",
    summary="Be told of every new challenge",
)
@repeatable
def follow_all(request: ApiRequest) -> Any:
    """By mail, to the person of the token. 409 for who follows already."""
    follow_challenge(actor=request.auth, challenge=None)
    return FollowingShown(challenge=None, is_following=True)


@router.post(
    "/unfollow",
    response=FollowingShown,
    operation_id="unfollow_challenges",
    summary="Be told of new challenges no more",
)
@repeatable
def unfollow_all(request: ApiRequest) -> Any:
    """409 where nothing is followed."""
    unfollow_challenge(actor=request.auth, challenge=None)
    return FollowingShown(challenge=None, is_following=False)


@router.post(
    "/{uuid:public_id}/follow",
    response=FollowingShown,
    operation_id="follow_challenge",
    summary="Follow a challenge",
)
@repeatable
def follow(request: ApiRequest, public_id: UUID) -> Any:
    """A mail tells of amendments, answers, the award and the end."""
    follow_challenge(actor=request.auth, challenge=access_challenge(request.auth, public_id))
    return FollowingShown(challenge=public_id, is_following=True)


@router.post(
    "/{uuid:public_id}/unfollow",
    response=FollowingShown,
    operation_id="unfollow_challenge",
    summary="Follow a challenge no longer",
)
@repeatable
def unfollow(request: ApiRequest, public_id: UUID) -> Any:
    """409 where it is not followed."""
    unfollow_challenge(actor=request.auth, challenge=access_challenge(request.auth, public_id))
    return FollowingShown(challenge=public_id, is_following=False)
