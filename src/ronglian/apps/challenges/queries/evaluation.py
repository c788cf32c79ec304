"""Reading automatic evaluations: their published rules, the board, one's own tries. Answers are read nowhere here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.challenges.enums import BidState
from ronglian.apps.challenges.evaluating import answers_of, is_final, team_name
from ronglian.apps.challenges.models import Bid, Challenge, Evaluation, Try
from ronglian.apps.challenges.queries.reviews import standing_awards
from ronglian.apps.challenges.rules import may_see_bid, visible_tries_q
from ronglian.engines.scoring import TeamTry, counting_tries, rank_teams, write_template
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A team's place. `organisation` is told of winners once there is an award; `final` once bids have closed."""

    place: int
    team: str
    organisation: Organisation | None
    is_mine: bool
    public: int
    final: int | None
    tries: int
    at: datetime


def evaluation_of(challenge: Challenge) -> Evaluation | None:
    """The rules of the evaluation: part of the call, for whoever may see the challenge. Without the answers."""
    return Evaluation.objects.filter(challenge=challenge).defer("answers").first()


def access_evaluation(challenge: Challenge) -> Evaluation:
    """The same; raises NotFound where there is none."""
    found = evaluation_of(challenge)
    if found is None:
        raise NotFound
    return found


def board_of(actor: Actor, challenge: Challenge, evaluation: Evaluation) -> list[BoardRow]:
    """The teams by what counts: the public score while bids can come, the hidden rows once they have closed."""
    return list(_by_bidder(actor, challenge, evaluation).values())


def result_of(actor: Actor, bid: Bid) -> BoardRow | None:
    """What a bidder's result files are worth on the hidden rows: for whoever reads the opened bid, as a fact to judge it by."""
    challenge = bid.challenge
    if bid.state != BidState.OPENED or not may_see_bid(actor, bid) or not is_final(challenge):
        return None
    evaluation = evaluation_of(challenge)
    return _by_bidder(actor, challenge, evaluation).get(bid.bidder_id) if evaluation else None


def _by_bidder(actor: Actor, challenge: Challenge, evaluation: Evaluation) -> dict[int, BoardRow]:
    """The rows of the board by the row number of the organisation, in their order."""
    higher, by_final = evaluation.higher_is_better, is_final(challenge)
    rows = list(
        Try.objects.filter(evaluation=evaluation)
        .order_by("submitted_at", "pk")
        .values_list("pk", "bidder_id", "bidder__public_id", "submitted_at", "public_score")
    )
    names = {bidder: team_name(evaluation, public_id) for _pk, bidder, public_id, _at, _score in rows}
    tries = [TeamTry(bidder, (at, pk), score) for pk, bidder, _public_id, at, score in rows]
    if by_final:
        counting = {one.order[1] for one in counting_tries(tries, higher_is_better=higher).values()}
        final: dict[int, Any] = dict(Try.objects.filter(pk__in=counting).values_list("pk", "final_score"))
        tries = [replace(one, final=final.get(one.order[1])) for one in tries]
    winners = {award.bid.bidder_id: award.bid.bidder for award in standing_awards(challenge)}
    return {
        placed.counting.team: BoardRow(
            place=placed.place,
            team=names[placed.counting.team],
            organisation=winners.get(placed.counting.team),
            is_mine=actor.may_read_confidential and actor.is_member(placed.counting.team),
            public=placed.counting.public,
            final=placed.counting.final,
            tries=placed.tries,
            at=placed.counting.order[0],
        )
        for placed in rank_teams(tries, higher_is_better=higher, by_final=by_final)
    }


def own_tries(actor: Actor, challenge: Challenge) -> QuerySet[Try]:
    """The tries of the actor's organisations, the latest first; with their final scores once bids have closed."""
    rows = Try.objects.filter(visible_tries_q(actor), evaluation__challenge=challenge)
    rows = rows.select_related("bidder").order_by("-submitted_at", "-pk")
    return rows if is_final(challenge) else rows.defer("final_score")


def template_of(evaluation: Evaluation) -> str:
    """A result file with the row keys of the hidden test set and nothing else of it, in an order that tells nothing."""
    whole = Evaluation.objects.get(pk=evaluation.pk)
    return write_template(answers_of(whole), whole.key_column, whole.value_column)
