"""Learning from decisions: proposed with a report, used only when an operator says so, taken back as easily."""

from __future__ import annotations

import json
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.matching.enums import TrainingState
from ronglian.apps.matching.models import TrainingRun
from ronglian.apps.matching.queries.training import LEARNED, gather_lessons, points_in_use
from ronglian.apps.matching.rules import may_train
from ronglian.engines.matching import DEFAULT_PARAMETERS
from ronglian.engines.matching.learning import Lesson, Shortage, TooLittleToLearn, learn_points
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import Conflict, RuleViolation, Text
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation

# Runs are public. What fewer organisations decided could be read back from the points.
FEWEST_ORGANISATIONS = 5

TOO_FEW: dict[Shortage, Text] = {
    "decisions": _("There are %(found)d decisions to learn from; it takes %(needed)d."),
    "confirmed": _("Only %(found)d of the decisions confirm a match; it takes %(needed)d of either kind."),
    "declined": _("Only %(found)d of the decisions decline a match; it takes %(needed)d of either kind."),
    "needs": _("The decisions are about %(found)d needs only; it takes %(needed)d."),
}


@operation("training.propose", allowed=may_train)
def propose_training(*, actor: Actor) -> TrainingRun:
    """Learn points from all decisions so far and keep them with their report; nothing uses them yet."""
    lessons, current = gather_lessons(), points_in_use()
    try:
        lesson = learn_points(lessons.pairs, current.points)
    except TooLittleToLearn as error:
        values = {"found": error.found, "needed": error.needed}
        raise RuleViolation(str(TOO_FEW[error.shortage]) % values) from error
    if lessons.organisations < FEWEST_ORGANISATIONS:
        raise RuleViolation(
            _("The decisions come from %(found)d organisations only; it takes %(needed)d.")
            % {"found": lessons.organisations, "needed": FEWEST_ORGANISATIONS}
        )
    run = TrainingRun(
        base_version=DEFAULT_PARAMETERS.version,
        version_before=current.version,
        version_after=_version_of(lesson),
        points_before=dict(current.points),
        points_after=lesson.points,
        replaces=current.run,
        data_digest=lesson.digest,
        counts={
            "decisions": lesson.pairs,
            "confirmed": lesson.confirmed,
            "needs": lesson.needs,
            "organisations": lessons.organisations,
            "left_out": dict(lessons.left_out),
        },
        report=lesson.to_dict(),
        proposed_by=actor.label,
    )
    run.save(force_insert=True)
    data = {"version": run.version_after, "verdict": lesson.verdict, "digest": run.data_digest}
    record_event(actor, "parameters.proposed", run, data)
    return run


@operation("training.activate", target="run", allowed=may_train)
def activate_training(*, actor: Actor, run: TrainingRun) -> TrainingRun:
    """Score with the run's points from now on. What was suggested and decided before keeps its own version."""
    if run.state != TrainingState.PROPOSED:
        raise RuleViolation(_("Only a proposed run can be put to use; this one is over. Propose a new one."))
    current = points_in_use()
    if run.base_version != DEFAULT_PARAMETERS.version or run.version_before != current.version:
        raise RuleViolation(
            _("The parameters in use are no longer those that this run started from. Propose a new one.")
        )
    if run.report["verdict"] == "worse":
        raise RuleViolation(
            _(
                "On held-out decisions these points did worse than the present ones; they cannot be put to use."
            )
        )
    for earlier in TrainingRun.objects.filter(state=TrainingState.ACTIVE):
        _change_state(actor, earlier, TrainingState.SUPERSEDED, "superseded")
    run.state, run.activated_by, run.activated_at = TrainingState.ACTIVE, actor.label, timezone.now()
    run.replaces = current.run
    run.version += 1
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError as error:  # two operators at once
        raise Conflict(_("Another run was put to use at the same moment. Look at it first.")) from error
    record_event(
        actor, "parameters.activated", run, {"version": run.version_after, "before": current.version}
    )
    return run


@operation("training.revert", target="run", allowed=may_train)
def revert_training(*, actor: Actor, run: TrainingRun) -> TrainingRun:
    """Take the run in use back: what it replaced is used again, or the shipped points."""
    if run.state != TrainingState.ACTIVE:
        raise RuleViolation(_("Only the run in use can be taken back."))
    run.state = TrainingState.REVERTED
    run.version += 1
    run.save()
    if run.replaces is not None:
        _change_state(actor, run.replaces, TrainingState.ACTIVE, "resumed")
    record_event(
        actor, "parameters.reverted", run, {"version": run.version_after, "again": points_in_use().version}
    )
    return run


def _change_state(actor: Actor, run: TrainingRun, state: TrainingState, past: str) -> None:
    """What happens to another run than the one acted on; its own event covers its row."""
    run.state = state
    run.version += 1
    run.save(update_fields=["state", "version", "updated_at"])
    record_event(actor, f"parameters.{past}", run, {"version": run.version_after})


def _version_of(lesson: Lesson) -> str:
    """Equal points have equal versions, whichever decisions they were learned from."""
    digest = sha256(json.dumps(lesson.points).encode()).hexdigest()
    return f"{DEFAULT_PARAMETERS.version}{LEARNED}{digest[:8]}"
