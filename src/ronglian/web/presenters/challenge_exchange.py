"""Questions, answers, amendments and a withdrawal, as the page of a challenge shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from ronglian.apps.challenges.enums import BidState, Phase
from ronglian.apps.challenges.models import Amendment, Challenge, Question
from ronglian.apps.challenges.queries.challenges import own_bids
from ronglian.apps.challenges.queries.exchange import amendments_of, questions_of
from ronglian.kernel.actor import Actor
from ronglian.kernel.events import events_about
from ronglian.kernel.process.models import RunningProcess
from ronglian.web.presenters.cases import money
from ronglian.web.work.access import writable_organisations
from ronglian.web.work.forms.challenge_exchange import AnswerForm, AskForm


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question; `is_mine` is told to its asker alone."""

    question: Question
    text: str
    is_mine: bool
    form: AnswerForm | None


@dataclass(frozen=True, slots=True)
class AmendmentLine:
    """What was changed, in words before and after."""

    amendment: Amendment
    changes: list[tuple[str, str, str]]


def exchange_of(actor: Actor, challenge: Challenge, process: RunningProcess, now: datetime) -> dict[str, Any]:
    """The part of the page that tells what was asked and changed after publication."""
    is_open = challenge.phase == Phase.OPEN and challenge.closes_at is not None and now < challenge.closes_at
    is_issuer = actor.may_write_for(challenge.issuer_id)
    amendments = amendments_of(challenge)
    asks_for = [one for one in writable_organisations(actor) if one.pk != challenge.issuer_id]
    return {
        "questions": [_question_line(actor, challenge, each) for each in questions_of(actor, challenge)],
        "amendments": [AmendmentLine(each, _in_words(each)) for each in amendments],
        "bid_is_older": is_open and bool(amendments) and _bid_before(actor, challenge, amendments[0].made_at),
        "ask_form": AskForm(own=asks_for) if is_open and asks_for else None,
        "may_amend": is_open and is_issuer,
        "withdrawal_reason": withdrawal_reason(process) if challenge.phase == Phase.WITHDRAWN else "",
    }


def _bid_before(actor: Actor, challenge: Challenge, moment: datetime) -> bool:
    """Whether a bid of the reader's own was handed in before the call was amended last."""
    live = [bid for bid in own_bids(actor, challenge) if bid.state == BidState.SEALED]
    return any(bid.received_at < moment for bid in live)


def withdrawal_reason(process: RunningProcess) -> str:
    """What the issuer said publicly when it withdrew the challenge."""
    for event in events_about(process).filter(name="process.advanced").order_by("-id"):
        if reason := event.data.get("documents", {}).get("withdrawal_reason"):
            return str(reason)
    return ""


def _question_line(actor: Actor, challenge: Challenge, question: Question) -> QuestionLine:
    waits = question.answered_at is None
    answers = waits and actor.may_write_for(challenge.issuer_id) and challenge.phase in (Phase.OPEN, Phase.SEALED)  # fmt: skip
    form = AnswerForm(initial={"shown": question.text}, auto_id=f"a{question.pk}-%s") if answers else None
    text = question.text if waits else question.shown
    return QuestionLine(question, text, actor.is_member(question.asker_id), form)


def _in_words(amendment: Amendment) -> list[tuple[str, str, str]]:
    fields = {field.name: str(field.verbose_name) for field in Challenge._meta.concrete_fields}
    return [
        (fields[name], _said(name, before), _said(name, after))
        for name, (before, after) in amendment.changes.items()
    ]


def _said(name: str, value: Any) -> str:
    match name:
        case "closes_at":
            moment = parse_datetime(value)
            return f"{localtime(moment):%Y-%m-%d %H:%M}" if moment else ""
        case "reward_fen":
            return money(value)
        case "acceptance":
            return "\n".join(
                f"{row['quantity']} {row['threshold']} · {row['method']} · {row['measured_by']} · {row['evidence']}"
                for row in value
            )
        case "rubric":
            return "\n".join(_judged(row) for row in value)
        case _:
            return str(value)


def _judged(row: dict[str, Any]) -> str:
    anchors = _("; ").join(f"{score}: {anchor}" for score, anchor in enumerate(row["anchors"]) if anchor)
    return f"{row['title']} {row['weight']} % ({anchors})"
