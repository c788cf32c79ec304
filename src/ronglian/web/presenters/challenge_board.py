"""The board of a challenge as its page shows it: the rules, the places, one's own tries and what is left of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ronglian.apps.challenges.enums import Phase
from ronglian.apps.challenges.evaluating import is_final
from ronglian.apps.challenges.models import Bid, Challenge, Try
from ronglian.apps.challenges.queries.evaluation import (
    BoardRow,
    access_evaluation,
    board_of,
    own_tries,
    result_of,
)
from ronglian.engines.scoring import format_score
from ronglian.kernel.actor import Actor
from ronglian.web.presenters.challenges import challenge_line
from ronglian.web.work.access import writable_organisations
from ronglian.web.work.forms.challenge_board import TryForm


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A team's place, scores as they are read."""

    row: BoardRow
    public: str
    final: str


@dataclass(frozen=True, slots=True)
class TryLine:
    """One's own try; `final` is empty before bids have closed."""

    attempt: Try
    public: str
    final: str


def result_line(actor: Actor, bid: Bid) -> PlaceLine | None:
    """What an opened bid's result files are worth on the hidden rows; None where nothing was scored."""
    row = result_of(actor, bid)
    return None if row is None else _place_line(row)


def board_page(actor: Actor, challenge: Challenge, now: datetime) -> dict[str, Any]:
    """Raises NotFound where the challenge has no automatic evaluation."""
    evaluation = access_evaluation(challenge)

    return {
        "challenge": challenge,
        "line": challenge_line(challenge),
        "evaluation": evaluation,
        "hidden_rows": evaluation.rows - evaluation.public_rows,
        "hidden_share": 100 - evaluation.public_share,
        "is_final": is_final(challenge),
        "places": [_place_line(row) for row in board_of(actor, challenge, evaluation)],
        "own_tries": _own(actor, challenge),
        "try_form": _try_form(actor, challenge, now),
    }


def _place_line(row: BoardRow) -> PlaceLine:
    return PlaceLine(row, format_score(row.public), "" if row.final is None else format_score(row.final))


def _own(actor: Actor, challenge: Challenge) -> list[TryLine]:
    is_told = is_final(challenge)
    return [
        TryLine(one, format_score(one.public_score), format_score(int(one.final_score)) if is_told else "")
        for one in own_tries(actor, challenge)
    ]


def _try_form(actor: Actor, challenge: Challenge, now: datetime) -> TryForm | None:
    """A form for those who may answer, while they can. Whether tries are left is the operation's to say."""
    if challenge.phase != Phase.OPEN or challenge.closes_at is None or now >= challenge.closes_at:
        return None
    own = [one for one in writable_organisations(actor) if one.pk != challenge.issuer_id]
    return TryForm(own=own) if own else None
