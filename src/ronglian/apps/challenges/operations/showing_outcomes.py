"""What became of a showing: told by the investor, confirmed or contradicted by the team, never changed."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.challenges.models import Showing, ShowingOutcome
from ronglian.apps.challenges.showing_enums import OutcomeAnswer, OutcomeKind, PassReason
from ronglian.apps.challenges.showing_rules import may_answer_outcome, may_tell_outcome
from ronglian.apps.challenges.showing_tasks import tell_of_outcome
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, RuleViolation, Text
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record, clean_text

LARGEST_FEN = 10**15


@operation("showing.tell_outcome", target="showing", allowed=may_tell_outcome)
def tell_outcome(
    *,
    actor: Actor,
    showing: Showing,
    kind: OutcomeKind,
    happened_on: date,
    amount_fen: int | None = None,
    reason: str = "",
    note: str = "",
) -> ShowingOutcome:
    """Tell what became of a showing that was signed for, also after it has ended. What was wrong is told anew."""
    if showing.signed_at is None:
        raise RuleViolation(_("There is nothing to tell before somebody has signed for the investor."))
    _check(showing, kind, happened_on, amount_fen, reason, note)
    outcome = ShowingOutcome(
        showing=showing,
        number=showing.outcomes.count() + 1,
        kind=kind,
        happened_on=happened_on,
        amount_fen=amount_fen,
        reason=reason,
        note=note,
        told_by_label=actor.label,
    )
    clean_record(outcome)
    outcome.save(force_insert=True)
    said = {"showing": str(showing.public_id), "kind": outcome.kind}
    record_event(actor, "showingoutcome.told", outcome, said)
    tell_of_outcome.enqueue(str(outcome.public_id))
    return outcome


@operation("showing.answer_outcome", target="outcome", allowed=may_answer_outcome)
def answer_outcome(
    *, actor: Actor, outcome: ShowingOutcome, answer: OutcomeAnswer, note: str = ""
) -> ShowingOutcome:
    """Confirm what the investor told, or contradict it and say what is wrong; once."""
    if outcome.answer:
        raise RuleViolation(_("This was answered already. What has changed since is told anew."))
    if answer == OutcomeAnswer.CONTRADICTED and not clean_text(note):
        raise InvalidInput.of({"note": [_("Say what is wrong, so that it can be told anew.")]})
    outcome.answer, outcome.answer_note = answer, note
    outcome.answered_by_label, outcome.answered_at = actor.label, timezone.now()
    outcome.version += 1
    clean_record(outcome)
    outcome.save(force_update=True)
    record_event(actor, "showingoutcome.answered", outcome, {"answer": outcome.answer})
    tell_of_outcome.enqueue(str(outcome.public_id))
    return outcome


def _check(
    showing: Showing, kind: OutcomeKind, happened_on: date, amount_fen: int | None, reason: str, note: str
) -> None:
    problems: dict[str, list[Text]] = {}
    assert showing.signed_at is not None  # asked before
    if not timezone.localdate(showing.signed_at) <= happened_on <= timezone.localdate():
        problems["happened_on"] = [_("The day lies between the signature and today.")]
    if (kind == OutcomeKind.INVESTED) != (amount_fen is not None):
        problems["amount_fen"] = [_("State the amount of an investment, and of nothing else.")]
    elif amount_fen is not None and not 1 <= amount_fen <= LARGEST_FEN:
        problems["amount_fen"] = [_("This amount is too large to be one, or not above zero.")]
    if (kind == OutcomeKind.PASSED) != bool(reason):
        problems["reason"] = [_("Choose why you passed, and only then a reason.")]
    elif reason == PassReason.OTHER and not clean_text(note):
        problems["note"] = [_("Say in a few words what the reason is.")]
    if problems:
        raise InvalidInput.of(problems)
