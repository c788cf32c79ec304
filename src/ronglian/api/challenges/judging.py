"""Judging bids and what follows, for programs: reviewers, scores, ranking, award, objections, feedback, task books.

The bureau answers objections at the site: a token has no office.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ninja import Query, Router
from pydantic import BaseModel, Field

from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import repeatable
from ronglian.api.challenges.putting_out import StepTaken
from ronglian.api.challenges.routes import ChallengeShown, show_challenge
from ronglian.api.fields import Fen, Id, Line, Moment, ShortText, Strict
from ronglian.api.paging import Page, PageParameters, paginate
from ronglian.apps.accounts.queries.organisations import access_organisation
from ronglian.apps.challenges.enums import ReviewState
from ronglian.apps.challenges.models import Milestone, Review
from ronglian.apps.challenges.operations.awarding import (
    award_challenge,
    give_feedback,
    object_to_award,
)
from ronglian.apps.challenges.operations.milestones import Planned, advance_milestone, plan_milestones
from ronglian.apps.challenges.operations.reviewing import (
    assign_reviews,
    name_reviewer,
    rank_challenge,
    recuse_review,
    submit_review,
)
from ronglian.apps.challenges.queries.challenges import access_bid, access_challenge
from ronglian.apps.challenges.queries.milestones import access_milestone, list_milestones
from ronglian.apps.challenges.queries.reviews import (
    access_award,
    access_review,
    own_reviews,
)

router = Router(tags=["challenges"], auth=signed_in)
reviews = Router(tags=["challenges"], auth=signed_in)
awards = Router(tags=["challenges"], auth=signed_in)
milestones = Router(tags=["challenges"], auth=signed_in)
of_bids = Router(tags=["challenges"], auth=signed_in)


class ReviewerNamed(Strict):
    """Who is asked to review, by the e-mail of their account."""

    email: Line
    expertise: ShortText = ""
    limit: int = Field(10, ge=1, le=500, description="Bids at most.")


class Assigning(Strict):
    """How many reviewers each bid gets."""

    each: int = Field(ge=1, le=15)


class Awarding(Strict):
    """The winners in the order of their places. Against the ranking a reason is asked for, which everybody reads."""

    bids: list[Id] = Field(min_length=1, max_length=50)
    reason: ShortText = ""
    note: ShortText = ""


class ObjectingToAward(Strict):
    """Said against an award, during the public notice or as an appeal."""

    by: Id
    text: ShortText


class FeedbackIn(Strict):
    """What a bidder who did not win is told."""

    text: ShortText


class MilestoneIn(Strict):
    """里程碑, as it is planned."""

    title: Line
    evidence: ShortText
    due_at: Moment
    amount_fen: Fen = 0


class TaskBook(Strict):
    """任务书 of one winner, in place of what was planned before."""

    milestones: list[MilestoneIn] = Field(min_length=1, max_length=30)


class ScoresIn(Strict):
    """Scores 0 to 5 with why, one each for the criteria in their order. `reason` is asked for when they are changed."""

    scores: list[int]
    comments: list[ShortText]
    reason: ShortText = ""


class StandingAside(Strict):
    """Why a reviewer cannot judge this bid."""

    reason: ShortText


class ReviewShown(BaseModel):
    """评审意见 of one's own. The bid is named by its digest."""

    id: UUID
    challenge: UUID
    bid_digest: str
    state: ReviewState
    scores: list[int]


class MilestoneShown(BaseModel):
    """里程碑."""

    id: UUID
    award: UUID
    number: int
    title: str
    evidence: str
    due_at: Moment
    amount_fen: int


@router.post(
    "/{uuid:public_id}/reviewers",
    response=ChallengeShown,
    operation_id="name_reviewer",
    summary="Name a reviewer",
)
@repeatable
def reviewer(request: ApiRequest, public_id: UUID, body: ReviewerNamed) -> Any:
    """From the publication until the review ends."""
    challenge = access_challenge(request.auth, public_id)
    return show_challenge(name_reviewer(actor=request.auth, challenge=challenge, **body.model_dump()))


@router.post(
    "/{uuid:public_id}/assignments",
    response=ChallengeShown,
    operation_id="assign_reviews",
    summary="Assign the opened bids",
)
@repeatable
def assign(request: ApiRequest, public_id: UUID, body: Assigning) -> Any:
    """The assignment of greatest fit; nobody with a conflict."""
    challenge = access_challenge(request.auth, public_id)
    return show_challenge(assign_reviews(actor=request.auth, challenge=challenge, each=body.each))


@router.post(
    "/{uuid:public_id}/ranking",
    response=ChallengeShown,
    operation_id="rank_challenge",
    summary="Compute the ranking",
)
@repeatable
def rank(request: ApiRequest, public_id: UUID) -> Any:
    """By the published formula, from all reviews."""
    challenge = access_challenge(request.auth, public_id)
    return show_challenge(rank_challenge(actor=request.auth, challenge=challenge))


@router.post(
    "/{uuid:public_id}/awards",
    response=ChallengeShown,
    operation_id="award_challenge",
    summary="Propose the award",
)
@repeatable
def award(request: ApiRequest, public_id: UUID, body: Awarding) -> Any:
    """The public notice and the time for feedback begin with it."""
    bids = [access_bid(request.auth, one) for one in body.bids]
    challenge = award_challenge(
        actor=request.auth,
        challenge=access_challenge(request.auth, public_id),
        bids=bids,
        reason=body.reason,
        note=body.note,
    )
    return show_challenge(challenge)


@router.post(
    "/{uuid:public_id}/objections",
    response=ChallengeShown,
    operation_id="object_to_award",
    summary="Object to an award, or appeal",
)
@repeatable
def object_to(request: ApiRequest, public_id: UUID, body: ObjectingToAward) -> Any:
    """The scheme says until when."""
    by = access_organisation(request.auth, body.by)
    challenge = access_challenge(request.auth, public_id)
    return show_challenge(object_to_award(actor=request.auth, challenge=challenge, by=by, text=body.text))


@of_bids.post(
    "/{uuid:public_id}/feedback",
    response=ChallengeShown,
    operation_id="give_feedback",
    summary="Tell a bidder why it did not win",
)
@repeatable
def feedback(request: ApiRequest, public_id: UUID, body: FeedbackIn) -> Any:
    """Once for each bid."""
    bid = access_bid(request.auth, public_id)
    challenge = access_challenge(request.auth, bid.challenge.public_id)
    return show_challenge(give_feedback(actor=request.auth, challenge=challenge, bid=bid, text=body.text))


@router.get(
    "/{uuid:public_id}/milestones",
    response=list[MilestoneShown],
    operation_id="list_milestones",
    summary="The task books of a challenge",
)
def list_all(request: ApiRequest, public_id: UUID) -> Any:
    """Those of your organisations, as issuer or winner."""
    challenge = access_challenge(request.auth, public_id)
    return [show_milestone(one) for one in list_milestones(request.auth, challenge)]


@awards.post(
    "/{uuid:public_id}/milestones",
    response=ChallengeShown,
    operation_id="plan_milestones",
    summary="Plan a task book",
)
@repeatable
def plan(request: ApiRequest, public_id: UUID, body: TaskBook) -> Any:
    """After the public notice, before it is signed."""
    won = access_award(request.auth, public_id)
    rows = [Planned(**one.model_dump()) for one in body.milestones]
    challenge = access_challenge(request.auth, won.challenge.public_id)
    return show_challenge(plan_milestones(actor=request.auth, challenge=challenge, award=won, rows=rows))


@milestones.post(
    "/{uuid:public_id}/steps",
    response=MilestoneShown,
    operation_id="advance_milestone",
    summary="Take a step of a milestone",
)
@repeatable
def step(request: ApiRequest, public_id: UUID, body: StepTaken) -> Any:
    """Hand in evidence, judge it, pay it."""
    milestone = access_milestone(request.auth, public_id)
    return show_milestone(
        advance_milestone(
            actor=request.auth,
            milestone=milestone,
            step=body.step,
            documents=body.documents,
            note=body.note,
        )
    )


@reviews.get(
    "", response=Page[ReviewShown], operation_id="list_reviews", summary="What you are asked to review"
)
def list_own(request: ApiRequest, parameters: Query[PageParameters]) -> Any:
    """What waits first. The bids themselves are read at the site."""
    parameters.check_names(request)
    rows = own_reviews(request.auth)

    def present(page: Any) -> list[ReviewShown]:
        return [show_review(one) for one in page]

    return paginate(request, rows, rows.count(), parameters, present)


@reviews.post(
    "/{uuid:public_id}",
    response=ReviewShown,
    operation_id="submit_review",
    summary="Hand in a review",
)
@repeatable
def submit(request: ApiRequest, public_id: UUID, body: ScoresIn) -> Any:
    """Or change one that was handed in, with a reason; both are kept."""
    review = access_review(request.auth, public_id)
    return show_review(submit_review(actor=request.auth, review=review, **body.model_dump()))


@reviews.post(
    "/{uuid:public_id}/stand-aside",
    response=ReviewShown,
    operation_id="recuse_review",
    summary="Stand aside from a bid",
)
@repeatable
def stand_aside(request: ApiRequest, public_id: UUID, body: StandingAside) -> Any:
    """The issuer then assigns anew."""
    review = access_review(request.auth, public_id)
    return show_review(recuse_review(actor=request.auth, review=review, reason=body.reason))


def show_review(review: Review) -> ReviewShown:
    return ReviewShown(
        id=review.public_id,
        challenge=review.bid.challenge.public_id,
        bid_digest=review.bid.digest,
        state=ReviewState(review.state),
        scores=review.scores,
    )


def show_milestone(milestone: Milestone) -> MilestoneShown:
    return MilestoneShown(
        id=milestone.public_id,
        award=milestone.award.public_id,
        number=milestone.number,
        title=milestone.title,
        evidence=milestone.evidence,
        due_at=milestone.due_at,
        amount_fen=milestone.amount_fen,
    )
