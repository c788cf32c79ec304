"""The clock of all processes: the worker fires what is due."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.utils import timezone
from django_tasks import task

from ronglian.kernel.actor import job_actor
from ronglian.kernel.errors import OperationError
from ronglian.kernel.process.models import ProcessTimer
from ronglian.kernel.process.operations import fire_timer
from ronglian.kernel.process.subjects import subject_of
from ronglian.kernel.process.timing import due_now, waiting_timers

logger = logging.getLogger(__name__)
AT_ONCE = 500
LATE = timedelta(minutes=10)


def is_anything_due(now: datetime) -> bool:
    """Whether the job has something to do; asked often, so it is one cheap query."""
    return ProcessTimer.objects.filter(waiting_timers(), due_at__lte=now).exists()


@task()
def fire_timers() -> int:
    """Fire every timer that is due; answers how many fired. One that fails is tried again and stops no other."""
    return fire_due(timezone.now())


def fire_due(now: datetime) -> int:
    """What the job does, at a given moment."""
    due = ProcessTimer.objects.filter(waiting_timers(), due_at__lte=now).order_by("due_at", "id")
    actor, fired = job_actor("process clock"), 0
    for timer in due.select_related("process__kept")[:AT_ONCE]:
        try:
            fire_timer(actor=actor, process=timer.process, timer=timer, now=now)
        except OperationError as error:
            logger.warning("timer %s did not fire: %s", timer.pk, error)
        except Exception:
            logger.exception("timer %s failed; it is tried again", timer.pk)
        else:
            fired += 1
    return fired


@task()
def set_open_timers() -> int:
    """Once an hour: give a moment to timers that had none, such as after a year was added to the calendar."""
    now, moved = timezone.now(), 0
    rows = ProcessTimer.objects.filter(waiting_timers(), due_at=None).select_related("process__kept")
    for timer in rows.order_by("id")[:AT_ONCE]:
        process = timer.process
        said = process.definition.timers.get(timer.name)
        if said is None or process.is_paused:
            continue
        facts = subject_of(process).facts(process.subject_id, now)
        due = due_now(process, process.situation(), said, facts)
        moved += due is not None and ProcessTimer.objects.filter(pk=timer.pk, due_at=None).update(due_at=due)
    return moved
