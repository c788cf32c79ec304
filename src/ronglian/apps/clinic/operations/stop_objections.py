"""Objecting to a stop, and the answer to it: no case is closed over the head of a side."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.clinic.case_enums import CaseSide, CaseStage
from ronglian.apps.clinic.case_mails import CaseNews, tell_of_case
from ronglian.apps.clinic.case_rules import may_confirm, may_work_within, side_spoken_for
from ronglian.apps.clinic.models import Case, StopObjection
from ronglian.apps.clinic.operations.cases import advance_case
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record


@operation("case.object", target="case", allowed=may_confirm)
def object_to_stop(*, actor: Actor, case: Case, note: str) -> StopObjection:
    """Say for one's side that the case should go on."""
    if case.stage != CaseStage.STOPPED:
        raise RuleViolation(_("Only a stopped case can be objected to."))
    if not note.strip():
        raise InvalidInput.of({"note": [_("Say why it should go on.")]})
    side = CaseSide(side_spoken_for(actor, case))
    if StopObjection.objects.filter(case=case, side=side, answered_at=None).exists():
        raise RuleViolation(_("Your side has objected already and waits for an answer."))
    objection = StopObjection(case=case, side=side, note=note, raised_by=actor.label)
    clean_record(objection)
    objection.save(force_insert=True)
    record_event(actor, "stop.objected_to", objection, {"case": str(case.public_id), "side": str(side)})
    tell_of_case.enqueue(str(case.public_id), CaseNews.OBJECTED.value)
    return objection


@operation("case.answer_objection", target="objection", allowed=may_work_within)
def answer_stop_objection(
    *, actor: Actor, objection: StopObjection, answer: str, reopen: bool
) -> StopObjection:
    """Take the case up again, or say why it stays stopped."""
    if objection.answered_at is not None:
        raise RuleViolation(_("This objection is answered already."))
    if not answer.strip():
        raise InvalidInput.of({"answer": [_("Answer in a sentence; the side reads it.")]})
    objection.answer, objection.answered_by = answer, actor.label
    objection.answered_at = timezone.now()
    objection.version += 1
    clean_record(objection)
    objection.save(force_update=True)
    record_event(actor, "stop.objection_answered", objection, {"reopen": reopen})
    case = objection.case
    tell_of_case.enqueue(str(case.public_id), CaseNews.ANSWERED.value)
    if reopen and case.stage == CaseStage.STOPPED:
        stage = CaseStage.INTRODUCED if case.introduced_at else CaseStage.DIAGNOSIS
        advance_case(actor=actor, case=case, stage=stage, note=answer)
    return objection
