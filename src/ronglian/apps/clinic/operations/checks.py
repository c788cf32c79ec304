"""Whether a need is real: who verified what, by what means, and objections to it (真需求核验)."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.clinic.models import AuthenticityCheck
from ronglian.apps.clinic.operations.triage import insist_on_no_conflict
from ronglian.apps.clinic.triage_enums import CheckFinding, CheckMeans
from ronglian.apps.clinic.triage_rules import may_answer_objection, may_check, may_object_to_check
from ronglian.apps.registry.models import Need
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_json, clean_record


@operation("check.record", target="need", allowed=may_check)
def record_check(
    *, actor: Actor, need: Need, means: CheckMeans, checked_on: date, finding: CheckFinding, what: str
) -> AuthenticityCheck:
    """Say what was verified. Everybody who sees the need reads it."""
    insist_on_no_conflict(actor, need)
    if checked_on > timezone.localdate():
        raise InvalidInput.of({"checked_on": [_("A check lies in the past; give the day it was made.")]})
    check = AuthenticityCheck(
        need=need,
        means=means,
        checked_on=checked_on,
        finding=finding,
        what=str(clean_json(what)),
        checked_by=actor.label,
    )
    clean_record(check)
    check.save(force_insert=True)
    record_event(actor, "check.recorded", check, {"finding": check.finding, "means": check.means})
    return check


@operation("check.object", target="check", allowed=may_object_to_check)
def object_to_check(*, actor: Actor, check: AuthenticityCheck, objection: str) -> AuthenticityCheck:
    """Say what is wrong with a check; it stands there until it is answered, and after."""
    if check.objection:
        raise RuleViolation(_("Somebody has objected to this check already."))
    check.objection = str(clean_json(objection))
    if not check.objection:
        raise InvalidInput.of({"objection": [_("Say what is wrong with it.")]})
    check.objected_by = actor.label
    return _save(actor, check, "objected")


@operation("check.answer", target="check", allowed=may_answer_objection)
def answer_objection(
    *, actor: Actor, check: AuthenticityCheck, answer: str, is_upheld: bool
) -> AuthenticityCheck:
    """Answer an objection, and say whether the check stands."""
    if not check.objection or check.answer:
        raise RuleViolation(_("No objection to this check waits for an answer."))
    insist_on_no_conflict(actor, check.need)
    check.answer = str(clean_json(answer))
    if not check.answer:
        raise InvalidInput.of({"answer": [_("Answer in words.")]})
    check.answered_by, check.is_upheld = actor.label, is_upheld
    return _save(actor, check, "answered", {"is_upheld": is_upheld})


def _save(
    actor: Actor, check: AuthenticityCheck, past: str, data: dict[str, bool] | None = None
) -> AuthenticityCheck:
    check.version += 1
    clean_record(check)
    check.save(force_update=True)
    record_event(actor, f"check.{past}", check, data)
    return check
