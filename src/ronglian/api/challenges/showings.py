"""Bids shown to investors, for programs: read, withdrawn, told of. People consent and sign at the site."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from ninja import Query, Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import repeatable
from ronglian.api.fields import LARGEST_FEN, Day, Lax, Line, ShortText, Strict
from ronglian.api.paging import Page, PageParameters, paginate
from ronglian.api.registry.presenting import link_organisation
from ronglian.api.registry.shown import OwnerShown
from ronglian.apps.challenges.models import Showing, ShowingOutcome, ShowingReading
from ronglian.apps.challenges.operations.showing_outcomes import answer_outcome, tell_outcome
from ronglian.apps.challenges.operations.showing_readings import read_shown
from ronglian.apps.challenges.operations.showings import withdraw_showing
from ronglian.apps.challenges.queries.showing_figures import investment_figures
from ronglian.apps.challenges.queries.showings import (
    access_outcome,
    access_showing,
    list_outcomes,
    list_showing_readings,
    list_showings,
)
from ronglian.apps.challenges.showing_enums import (
    OutcomeAnswer,
    OutcomeKind,
    PassReason,
    ShowingState,
    ShownPart,
)
from ronglian.apps.challenges.showing_material import Material

router = Router(tags=["challenges"], auth=signed_in)
outcomes = Router(tags=["challenges"], auth=signed_in)
figures = Router(tags=["challenges"])


class ShowingShown(BaseModel):
    """赛投推介, as one of its two sides sees it; nothing of the bid itself."""

    id: UUID
    version: int
    challenge: UUID
    bid: UUID
    team: OwnerShown
    investor: OwnerShown
    state: ShowingState
    is_in_force: bool = Field(description="Whether the investor's people may read today.")
    parts: list[ShownPart]
    purpose: str
    ends_on: date
    text_version: str
    text_digest: str = Field(
        description="SHA-256 over both texts and the terms; see the page of the showing."
    )
    signed_at: datetime | None
    reason: str


class GivenScoreShown(BaseModel):
    """One criterion of one review."""

    criterion: str
    weight: int = Field(description="Per cent.")
    score: int
    comment: str


class GivenReviewShown(BaseModel):
    """What one reviewer, by number, gave the bid."""

    reviewer: int
    scores: list[GivenScoreShown]


class BidAnswerShown(BaseModel):
    """A question to bidders, and what the team answered."""

    question: str
    answer: str


class BidPartnerShown(BaseModel):
    """A member of the consortium."""

    name: str
    role: str
    share: int


class EvidenceShown(BaseModel):
    """A document of a milestone, by its name in the scheme."""

    document: str
    text: str


class ReachedShown(BaseModel):
    """A milestone with what was handed in for it."""

    number: int
    title: str
    asked: str
    due_at: datetime
    evidence: list[EvidenceShown]
    amount_fen: int | None


class MaterialShown(BaseModel):
    """What is shown of the bid. A part that is not shown is null."""

    proposal: str | None
    answers: list[BidAnswerShown]
    days: int | None
    partners: list[BidPartnerShown]
    files: list[str] | None = Field(description="By name; the files themselves are read at the site.")
    reviews: list[GivenReviewShown] | None = Field(description="Null also until an award was proposed.")
    place: int | None
    milestones: list[ReachedShown] | None
    price_fen: int | None


class ShowingOutcomeShown(BaseModel):
    """投资进展: told by the investor, answered by the team."""

    id: UUID
    number: int
    kind: OutcomeKind
    happened_on: date
    amount_fen: int | None
    reason: PassReason | None
    note: str
    answer: OutcomeAnswer | None
    answer_note: str
    answered_at: datetime | None


class ShowingOutcomeIn(Strict):
    """What became of it."""

    kind: OutcomeKind = Lax
    happened_on: Day
    amount_fen: int | None = Field(None, ge=1, le=LARGEST_FEN, description="Of an investment, in fen.")
    reason: PassReason | None = Field(None, strict=False, description="Of a pass.")
    note: ShortText = ""


class ShowingAnswerIn(Strict):
    """The team's word on it."""

    answer: OutcomeAnswer = Lax
    note: ShortText = ""


class ShowingWithdrawal(Strict):
    """Why it is withdrawn; the investor reads it."""

    reason: Line = ""


class ShowingReadingShown(BaseModel):
    """That a person of the investor read the parts (file 0), or a file."""

    person: str
    first_at: datetime
    file: int


class FiguresShown(BaseModel):
    """Sums with five teams and five investors behind them, and behind each of their steps; null where there are fewer."""

    signed: int | None
    invested: int | None
    invested_fen: int | None


@figures.get(
    "",
    response=FiguresShown,
    operation_id="get_investment_figures",
    summary="Showings to investors in figures",
)
def get_figures(request: ApiRequest) -> Any:
    """Agreements signed, and investments that the teams confirmed: the same for everybody."""
    found = investment_figures()
    return FiguresShown(
        signed=found.signed.count or None,
        invested=found.invested.count or None,
        invested_fen=found.invested.fen or None,
    )


@router.get(
    "", response=Page[ShowingShown], operation_id="list_showings", summary="Your showings to investors"
)
def list_all(request: ApiRequest, parameters: Query[PageParameters]) -> Any:
    """Those of your teams and those to your investors, the latest first."""
    parameters.check_names(request)
    rows = list_showings(request.auth)

    def present(page: Sequence[Showing]) -> list[ShowingShown]:
        return [show_showing(one) for one in page]

    return paginate(request, rows, rows.count(), parameters, present)


@router.get(
    "/{uuid:public_id}", response=ShowingShown, operation_id="get_showing", summary="Read one showing"
)
def get_one(request: ApiRequest, public_id: UUID) -> Any:
    """Where it stands, and what was consented to."""
    return show_showing(access_showing(request.auth, public_id))


@router.get(
    "/{uuid:public_id}/material",
    response=MaterialShown,
    operation_id="get_shown_material",
    summary="Read what is shown",
)
def get_material(request: ApiRequest, public_id: UUID) -> Any:
    """404 while no agreement is in force. A reading by the investor is written down and told to the team."""
    return _material(read_shown(request.auth, access_showing(request.auth, public_id)))


@router.get(
    "/{uuid:public_id}/readings",
    response=Page[ShowingReadingShown],
    operation_id="list_showing_readings",
    summary="Who has read",
)
def list_readings(request: ApiRequest, public_id: UUID, parameters: Query[PageParameters]) -> Any:
    """The latest first, once a day for each person and file; for the team alone."""
    parameters.check_names(request)
    rows = list_showing_readings(request.auth, access_showing(request.auth, public_id))

    def present(page: Sequence[ShowingReading]) -> list[ShowingReadingShown]:
        return [
            ShowingReadingShown(person=one.person_label, first_at=one.first_at, file=one.file) for one in page
        ]

    return paginate(request, rows, rows.count(), parameters, present)


@router.get(
    "/{uuid:public_id}/outcomes",
    response=Page[ShowingOutcomeShown],
    operation_id="list_showing_outcomes",
    summary="What became of it",
)
def list_told(request: ApiRequest, public_id: UUID, parameters: Query[PageParameters]) -> Any:
    """In the order in which it was told."""
    parameters.check_names(request)
    rows = list_outcomes(request.auth, access_showing(request.auth, public_id))

    def present(page: Sequence[ShowingOutcome]) -> list[ShowingOutcomeShown]:
        return [show_outcome(one) for one in page]

    return paginate(request, rows, rows.count(), parameters, present)


@router.post(
    "/{uuid:public_id}/withdraw",
    response=ShowingShown,
    operation_id="withdraw_showing",
    summary="Withdraw what is shown",
)
@repeatable
def withdraw(request: ApiRequest, public_id: UUID, body: ShowingWithdrawal) -> Any:
    """By the team; the next request of the investor is refused."""
    showing = access_showing(request.auth, public_id)
    return show_showing(withdraw_showing(actor=request.auth, showing=showing, reason=body.reason))


@router.post(
    "/{uuid:public_id}/outcomes",
    response={201: ShowingOutcomeShown},
    operation_id="tell_showing_outcome",
    summary="Tell what became of it",
)
@repeatable
def tell(request: ApiRequest, public_id: UUID, body: ShowingOutcomeIn) -> Any:
    """By the investor. What is told stays; what was wrong is told anew."""
    outcome = tell_outcome(
        actor=request.auth,
        showing=access_showing(request.auth, public_id),
        kind=body.kind,
        happened_on=body.happened_on,
        amount_fen=body.amount_fen,
        reason=body.reason.value if body.reason else "",
        note=body.note,
    )
    return Status(201, show_outcome(outcome))


@outcomes.post(
    "/{uuid:public_id}/answer",
    response=ShowingOutcomeShown,
    operation_id="answer_showing_outcome",
    summary="Confirm or contradict what was told",
)
@repeatable
def answer(request: ApiRequest, public_id: UUID, body: ShowingAnswerIn) -> Any:
    """By the team, once."""
    outcome = access_outcome(request.auth, public_id)
    return show_outcome(
        answer_outcome(actor=request.auth, outcome=outcome, answer=body.answer, note=body.note)
    )


def show_showing(showing: Showing) -> ShowingShown:
    return ShowingShown(
        id=showing.public_id,
        version=showing.version,
        challenge=showing.bid.challenge.public_id,
        bid=showing.bid.public_id,
        team=link_organisation(showing.team),
        investor=link_organisation(showing.investor),
        state=ShowingState(showing.state),
        is_in_force=showing.is_in_force(timezone.localdate()),
        parts=[ShownPart(part) for part in showing.parts],
        purpose=showing.purpose,
        ends_on=showing.ends_on,
        text_version=showing.text_version,
        text_digest=showing.text_digest,
        signed_at=showing.signed_at,
        reason=showing.reason,
    )


def show_outcome(outcome: ShowingOutcome) -> ShowingOutcomeShown:
    return ShowingOutcomeShown(
        id=outcome.public_id,
        number=outcome.number,
        kind=OutcomeKind(outcome.kind),
        happened_on=outcome.happened_on,
        amount_fen=outcome.amount_fen,
        reason=PassReason(outcome.reason) if outcome.reason else None,
        note=outcome.note,
        answer=OutcomeAnswer(outcome.answer) if outcome.answer else None,
        answer_note=outcome.answer_note,
        answered_at=outcome.answered_at,
    )


def _material(material: Material) -> MaterialShown:
    return MaterialShown(
        proposal=material.proposal,
        answers=[BidAnswerShown(question=question, answer=said) for question, said in material.answers],
        days=material.days,
        partners=[BidPartnerShown(**one) for one in material.partners],
        files=None if material.files is None else list(material.files),
        reviews=None
        if material.reviews is None
        else [
            GivenReviewShown(
                reviewer=one.reviewer,
                scores=[
                    GivenScoreShown(
                        criterion=each.criterion, weight=each.weight, score=each.score, comment=each.comment
                    )
                    for each in one.scores
                ],
            )
            for one in material.reviews
        ],
        place=material.place,
        milestones=None
        if material.milestones is None
        else [
            ReachedShown(
                number=one.number,
                title=one.title,
                asked=one.asked,
                due_at=one.due_at,
                evidence=[EvidenceShown(document=name, text=text) for name, text in one.evidence],
                amount_fen=one.amount_fen,
            )
            for one in material.milestones
        ],
        price_fen=material.price_fen,
    )
