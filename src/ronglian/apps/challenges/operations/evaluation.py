"""Automatic evaluation: set by the issuer before publication, tried by those who answer while bids can come."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.challenges.enums import ScoreMetric
from ronglian.apps.challenges.evaluating import answers_of, draw_secret, new_secret, scores_of, told
from ronglian.apps.challenges.models import Challenge, Evaluation, Try
from ronglian.apps.challenges.models.evaluation import USUAL_A_DAY, USUAL_IN_ALL, USUAL_SHARE
from ronglian.apps.challenges.operations.bids import insist_eligible, insist_open
from ronglian.apps.challenges.operations.drafting import insist_unpublished
from ronglian.apps.challenges.rules import may_bid, may_change
from ronglian.engines.scoring import TableError, decode_file
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import Conflict, InvalidInput, NotAllowed, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record


@operation("challenge.set_evaluation", target="challenge", allowed=may_change)
def set_evaluation(
    *,
    actor: Actor,
    challenge: Challenge,
    metric: ScoreMetric,
    key_column: str,
    value_column: str,
    answers: bytes,
    public_share: int = USUAL_SHARE,
    tries_a_day: int = USUAL_A_DAY,
    tries_in_all: int = USUAL_IN_ALL,
) -> Evaluation:
    """Let result files be scored against hidden answers; in place of what was set before. Fixed once it is published."""
    insist_unpublished(challenge)
    evaluation = Evaluation.objects.filter(challenge=challenge).first() or Evaluation(challenge=challenge)
    evaluation.metric, evaluation.public_share = metric, public_share
    evaluation.key_column, evaluation.value_column = key_column, value_column
    evaluation.tries_a_day, evaluation.tries_in_all = tries_a_day, tries_in_all
    evaluation.version += evaluation.pk is not None
    _take_answers(evaluation, answers)
    evaluation.save()
    said = {"challenge": str(challenge.public_id), "metric": evaluation.metric, "rows": evaluation.rows}
    record_event(actor, "evaluation.set", evaluation, said)
    return evaluation


def _take_answers(evaluation: Evaluation, data: bytes) -> None:
    """Check the rules, read the file once, and choose the rows of the public board anew."""
    try:
        evaluation.answers, evaluation.secret, evaluation.rows = decode_file(data), new_secret(), 0
        if evaluation.tries_in_all < evaluation.tries_a_day:
            raise InvalidInput.of(
                {"tries_in_all": [_("There are as many tries in all as on one day, or more.")]}
            )
        clean_record(evaluation)
        if evaluation.key_column == evaluation.value_column:
            raise InvalidInput.of({"value_column": [_("Row keys and answers stand in two columns.")]})
        truth = answers_of(evaluation)
    except TableError as error:
        raise InvalidInput.of({"answers": [told(error)]}) from error
    evaluation.rows = len(truth)
    evaluation.secret = draw_secret(evaluation, truth)


@operation("challenge.drop_evaluation", target="challenge", allowed=may_change)
def drop_evaluation(*, actor: Actor, challenge: Challenge) -> Challenge:
    """Do without an automatic evaluation after all; before publication."""
    insist_unpublished(challenge)
    evaluation = Evaluation.objects.filter(challenge=challenge).first()
    if evaluation is None:
        raise RuleViolation(_("This challenge has no automatic evaluation."))
    record_event(actor, "evaluation.dropped", evaluation, {"challenge": str(challenge.public_id)})
    evaluation.delete()
    return challenge


@operation("challenge.try", target="challenge", allowed=may_bid)
def submit_try(*, actor: Actor, challenge: Challenge, bidder: Organisation, results: bytes) -> Try:
    """Have a result file scored. What is refused does not count; the lock on the challenge lets no two pass the limit at once."""
    if not actor.may_write_for(bidder.pk):
        raise NotAllowed(_("Owners and editors hand in results for their organisation."))
    now = timezone.now()
    insist_open(challenge, now)
    insist_eligible(challenge, bidder)
    evaluation = Evaluation.objects.filter(challenge=challenge).first()
    if evaluation is None:
        raise RuleViolation(_("This challenge has no automatic evaluation."))
    _insist_tries_left(evaluation, bidder, now)
    digest = hashlib.sha256(results).hexdigest()
    if Try.objects.filter(evaluation=evaluation, bidder=bidder, digest=digest).exists():
        raise Conflict(_("This very file was scored already; its score stands on the board's page."))
    public_score, final_score = scores_of(evaluation, results)
    made = Try(
        evaluation=evaluation, bidder=bidder, submitted_at=now, submitted_by=actor.label, digest=digest,
        public_score=public_score,
    )  # fmt: skip
    made.final_score = final_score
    clean_record(made)
    made.save(force_insert=True)
    record_event(actor, "try.scored", made, {"challenge": str(challenge.public_id), "digest": digest})
    return made


def _insist_tries_left(evaluation: Evaluation, bidder: Organisation, now: datetime) -> None:
    in_all, today = tries_made(evaluation, bidder, now)
    if in_all >= evaluation.tries_in_all:
        raise RuleViolation(
            _("All tries of your organisation are used: %(count)d in all.")
            % {"count": evaluation.tries_in_all}
        )
    if today >= evaluation.tries_a_day:
        raise RuleViolation(
            _("Today's tries of your organisation are used: %(count)d a day, by the calendar of this server.")
            % {"count": evaluation.tries_a_day}
        )


def tries_made(evaluation: Evaluation, bidder: Organisation, now: datetime) -> tuple[int, int]:
    """How many tries an organisation made in all, and since midnight."""
    rows = Try.objects.filter(evaluation=evaluation, bidder=bidder)
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return rows.count(), rows.filter(submitted_at__gte=midnight).count()
