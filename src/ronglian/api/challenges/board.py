"""Automatic evaluation for programs: read the board, hand in result files, read one's own tries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Query, Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import repeatable
from ronglian.api.fields import Id, Strict
from ronglian.api.paging import Page, PageParameters, paginate
from ronglian.apps.accounts.queries.organisations import access_organisation
from ronglian.apps.challenges.enums import ScoreMetric
from ronglian.apps.challenges.evaluating import is_final
from ronglian.apps.challenges.models import Try
from ronglian.apps.challenges.operations.evaluation import submit_try
from ronglian.apps.challenges.queries.challenges import access_challenge
from ronglian.apps.challenges.queries.evaluation import BoardRow, access_evaluation, board_of, own_tries
from ronglian.engines.scoring import format_score

board = Router(tags=["challenges"])
SCORE = "With six decimals."


class TeamOnBoard(BaseModel):
    """A team's place on the board. Whose team it is, is told of winners once there is an award."""

    place: int
    team: str
    organisation: UUID | None
    is_mine: bool
    public_score: str = Field(description=SCORE)
    final_score: str | None = Field(description="On the hidden rows; null before bids have closed.")
    tries: int
    handed_in: datetime


class BoardShown(BaseModel):
    """自动评测榜, with its rules."""

    metric: ScoreMetric
    higher_is_better: bool
    key_column: str
    value_column: str
    rows: int
    public_rows: int
    tries_a_day: int
    tries_in_all: int
    is_final: bool = Field(description="Whether the places are those of the hidden rows.")
    teams: list[TeamOnBoard]


class TryIn(Strict):
    """评测提交. The file is scored and not kept."""

    organisation: Id
    results: str = Field(description="The text of the result file, CSV.")


class TryShown(BaseModel):
    """评测提交, as its own organisation sees it."""

    id: UUID
    organisation: UUID
    handed_in: datetime
    digest: str = Field(description="SHA-256 of the file in UTF-8.")
    public_score: str = Field(description=SCORE)
    final_score: str | None = Field(description="On the hidden rows; null before bids have closed.")


@board.get(
    "/{uuid:public_id}/board",
    response=BoardShown,
    operation_id="get_board",
    summary="Read the board of scores",
)
def get_board(request: ApiRequest, public_id: UUID) -> Any:
    """By the public rows while bids can come, by the hidden ones afterwards. 404 where nothing is scored."""
    challenge = access_challenge(request.auth, public_id)
    evaluation = access_evaluation(challenge)
    return BoardShown(
        metric=ScoreMetric(evaluation.metric),
        higher_is_better=evaluation.higher_is_better,
        key_column=evaluation.key_column,
        value_column=evaluation.value_column,
        rows=evaluation.rows,
        public_rows=evaluation.public_rows,
        tries_a_day=evaluation.tries_a_day,
        tries_in_all=evaluation.tries_in_all,
        is_final=is_final(challenge),
        teams=[_team(row) for row in board_of(request.auth, challenge, evaluation)],
    )


@board.post(
    "/{uuid:public_id}/tries",
    response={201: TryShown},
    operation_id="submit_try",
    summary="Have a result file scored",
    auth=signed_in,
)
@repeatable
def submit(request: ApiRequest, public_id: UUID, body: TryIn) -> Any:
    """422 names the line and the column of what is wrong; such a file does not count. 409 once the tries are used."""
    challenge = access_challenge(request.auth, public_id)
    made = submit_try(
        actor=request.auth,
        challenge=challenge,
        bidder=access_organisation(request.auth, body.organisation),
        results=body.results.encode("utf-8", "surrogatepass"),
    )
    return Status(201, _try(made, is_told=is_final(challenge)))


@board.get(
    "/{uuid:public_id}/tries",
    response=Page[TryShown],
    operation_id="list_tries",
    summary="Your tries",
    auth=signed_in,
)
def list_own(request: ApiRequest, public_id: UUID, parameters: Query[PageParameters]) -> Any:
    """Those of your organisations, the latest first."""
    parameters.check_names(request)
    challenge = access_challenge(request.auth, public_id)
    rows, is_told = own_tries(request.auth, challenge), is_final(challenge)

    def present(page: Sequence[Try]) -> list[TryShown]:
        return [_try(one, is_told=is_told) for one in page]

    return paginate(request, rows, rows.count(), parameters, present)


def _team(row: BoardRow) -> TeamOnBoard:
    return TeamOnBoard(
        place=row.place,
        team=row.team,
        organisation=row.organisation.public_id if row.organisation else None,
        is_mine=row.is_mine,
        public_score=format_score(row.public),
        final_score=None if row.final is None else format_score(row.final),
        tries=row.tries,
        handed_in=row.at,
    )


def _try(made: Try, *, is_told: bool) -> TryShown:
    return TryShown(
        id=made.public_id,
        organisation=made.bidder.public_id,
        handed_in=made.submitted_at,
        digest=made.digest,
        public_score=format_score(made.public_score),
        final_score=format_score(int(made.final_score)) if is_told else None,
    )
