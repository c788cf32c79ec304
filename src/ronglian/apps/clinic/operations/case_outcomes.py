"""What the end of a case says about the match it began with: a decision like any other, through the same operation.

It is counted with the decisions and waits there like all of them: nothing is learned before an operator proposes a
training and puts it to use. What the side of the need has said itself stays as it is.
"""

from __future__ import annotations

from ronglian.apps.clinic.case_enums import CaseStage
from ronglian.apps.clinic.models import Case
from ronglian.apps.matching.enums import DecisionKind, DecisionReason
from ronglian.apps.matching.models import Decision
from ronglian.apps.matching.operations.matches import decide_match
from ronglian.apps.matching.rules import Pair
from ronglian.kernel.actor import job_actor


def record_outcome(case: Case) -> Decision | None:
    """Keep the outcome of a case that is over; None where it says nothing about how the two fit."""
    if case.need is None or case.result is None:
        return None
    if case.stage == CaseStage.DONE:
        kind, reason, note = DecisionKind.CONFIRMED, DecisionReason.FITS_PROBLEM, ""
    elif case.stop_reason in DecisionReason.values:
        kind, reason, note = DecisionKind.DECLINED, DecisionReason(case.stop_reason), case.stop_note
    else:
        return None
    said = Decision.objects.filter(need=case.need, result=case.result, organisation=case.need.owner)
    if said.exists():
        return None
    actor = job_actor("outcome of a case")
    return decide_match(actor=actor, pair=Pair(case.need, case.result), kind=kind, reason=reason, note=note)
