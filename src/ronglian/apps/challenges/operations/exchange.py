"""While bids can come: questions whose askers stay unknown, and amendments that everybody is told of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.challenges.clarity import unclear
from ronglian.apps.challenges.enums import Phase
from ronglian.apps.challenges.models import Amendment, Challenge, Question
from ronglian.apps.challenges.rules import may_bid, may_change
from ronglian.apps.challenges.standing import facts_of, process_of
from ronglian.apps.challenges.tasks import News, tell_issuer_of_question, tell_news
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, NotAllowed, RuleViolation, StaleVersion, Text
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.process.running import retime
from ronglian.kernel.validation import clean_json, clean_record, clean_text

# The platform's own rule, published with each challenge: whoever amends the question leaves that long to answer it.
NOTICE = timedelta(days=3)
MOST_OPEN_QUESTIONS = 10
AMENDABLE = ("text", "text_en", "acceptance", "rubric", "reward_fen", "closes_at")
IN_FAVOUR = frozenset({"closes_at", "reward_fen"})


@operation("challenge.ask", target="challenge", allowed=may_bid)
def ask_question(*, actor: Actor, challenge: Challenge, asker: Organisation, text: str) -> Question:
    """Ask the issuer. Neither the issuer nor anybody else learns who asked."""
    if not actor.may_write_for(asker.pk):
        raise NotAllowed(_("Owners and editors ask for their organisation."))
    _insist_open(challenge, timezone.now())
    if asker.pk == challenge.issuer_id:
        raise RuleViolation(_("Whoever sets the question answers, and does not ask."))
    waiting = Question.objects.filter(challenge=challenge, asker=asker, answered_at__isnull=True)
    if waiting.count() >= MOST_OPEN_QUESTIONS:
        raise RuleViolation(_("Ten of your questions wait for an answer; ask on when one has come."))
    question = Question(challenge=challenge, asker=asker, text=text)
    clean_record(question)
    question.save(force_insert=True)
    record_event(actor, "question.asked", question, {"challenge": str(challenge.public_id)})
    transaction.on_commit(lambda: tell_issuer_of_question.enqueue(str(challenge.public_id)))
    return question


@operation("challenge.answer", target="challenge", allowed=may_change)
def publish_answer(
    *, actor: Actor, challenge: Challenge, question: Question, answer: str, shown: str = ""
) -> Question:
    """Publish a question with its answer. `shown` are the words of the question where its own would tell who asked."""
    question = Question.objects.select_for_update().get(pk=question.pk, challenge=challenge)
    if question.answered_at is not None:
        raise RuleViolation(_("This question was answered; an answer that is published is not changed."))
    if challenge.phase not in (Phase.OPEN, Phase.SEALED):
        raise RuleViolation(_("Questions are answered before the bids are opened."))
    if not clean_text(answer):
        raise InvalidInput.of({"answer": [_("Write an answer, if only why there is none.")]})
    question.shown, question.answer = clean_text(shown) or question.text, answer
    question.answered_at = timezone.now()
    clean_record(question)
    question.version += 1
    question.save(force_update=True)
    record_event(actor, "question.answered", question, {"challenge": str(challenge.public_id)})
    transaction.on_commit(lambda: tell_news.enqueue(str(challenge.public_id), News.ANSWERED.value))
    return question


@operation("challenge.amend", target="challenge", allowed=may_change)
def amend_challenge(
    *,
    actor: Actor,
    challenge: Challenge,
    fields: Mapping[str, Any],
    reason: str,
    version: int | None = None,
) -> Amendment:
    """Change a published challenge while bids can come. Its rules for sealing, its keys and its questions to bidders stay.

    Bids handed in before stay valid and can be replaced; whoever has bid is told. The closing moves later only, the
    reward grows only, and whoever changes what is asked or how it is judged leaves three days to answer that.
    """
    now = timezone.now()
    if version is not None and version != challenge.version:
        raise StaleVersion
    _insist_open(challenge, now)
    if unknown := sorted(set(fields) - set(AMENDABLE)):
        raise InvalidInput.of({name: [_("This is not changed after publication.")] for name in unknown})
    changes = {
        name: [_plain(getattr(challenge, name)), _plain(fields[name])]
        for name in AMENDABLE
        if name in fields and fields[name] != getattr(challenge, name)
    }
    _check_amendment(challenge, fields, changes, now)
    for name in changes:
        setattr(challenge, name, clean_json(fields[name]) if name not in IN_FAVOUR else fields[name])
    clean_record(challenge)
    if missing := unclear(challenge):
        raise RuleViolation(" ".join(str(each) for each in missing))
    amendment = Amendment(
        challenge=challenge,
        number=Amendment.objects.filter(challenge=challenge).count() + 1,
        reason=reason,
        changes=clean_json(changes),
        made_at=now,
    )
    clean_record(amendment)
    challenge.version += 1
    challenge.save(force_update=True)
    record_event(
        actor, "challenge.amended", challenge, {"number": amendment.number, "fields": sorted(changes)}
    )
    amendment.save(force_insert=True)
    record_event(actor, "amendment.published", amendment, {"challenge": str(challenge.public_id)})
    if "closes_at" in changes:
        process = process_of(challenge)
        facts = facts_of(challenge, process.definition)
        retime(process, actor=actor, reason=amendment.reason, facts=facts, now=now)
    transaction.on_commit(lambda: tell_news.enqueue(str(challenge.public_id), News.AMENDED.value))
    return amendment


def _check_amendment(
    challenge: Challenge, fields: Mapping[str, Any], changes: Mapping[str, Any], now: datetime
) -> None:
    problems: dict[str, list[Text]] = {}
    closes = fields.get("closes_at", challenge.closes_at)
    assert challenge.closes_at is not None  # it is open
    if not changes:
        raise RuleViolation(_("Nothing is changed."))
    if closes is None or closes < challenge.closes_at:
        problems["closes_at"] = [_("The closing of bids moves later only: bidders rely on it.")]
    elif set(changes) - IN_FAVOUR and closes < now + NOTICE:
        problems["closes_at"] = [
            _("Bidders have three days at least to answer what is changed: state a later closing, too.")
        ]
    if (fields.get("reward_fen") or 0) < challenge.reward_fen and "reward_fen" in changes:
        problems["reward_fen"] = [_("A published reward grows only: bidders rely on it.")]
    if problems:
        raise InvalidInput.of(problems)


def _insist_open(challenge: Challenge, now: datetime) -> None:
    if challenge.phase != Phase.OPEN or challenge.closes_at is None or now >= challenge.closes_at:
        raise RuleViolation(_("This is possible while bids can come."))


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
