"""What always holds of running processes."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.engines.process.net import explore, is_over
from ronglian.kernel.invariant import invariant
from ronglian.kernel.models import WorkerBeat
from ronglian.kernel.process.models import ProcessTimer, RunningProcess, TimerState
from ronglian.kernel.process.rulebook import rulebook
from ronglian.kernel.process.tasks import LATE


@invariant("process.where_it_can_be", _("Every process is where its definition can bring it."))
def _astray() -> Iterable[str]:
    reachable: dict[int, set[frozenset[str]]] = {}
    for process in RunningProcess.objects.filter(outcome="").select_related("kept").iterator():
        if process.kept_id not in reachable:
            reachable[process.kept_id] = set(explore(process.definition).markings)
        is_ended = is_over(process.definition, process.states)
        if is_ended or frozenset(process.states) not in reachable[process.kept_id]:
            yield f"process {process.public_id}: {', '.join(process.states)}"


@invariant("process.timers_fit", _("A process has a timer for each one its definition wants where it is."))
def _timers_astray() -> Iterable[str]:
    rows = RunningProcess.objects.filter(outcome="").select_related("kept").prefetch_related("timers")
    for process in rows.iterator(chunk_size=500):
        situation = process.situation()
        wanted = {
            (timer.id, situation.since([timer.state]))
            for timer in process.definition.timers.values()
            if timer.state in situation.states
        }
        held = {(row.name, row.since) for row in process.timers.all()}
        waiting = {(row.name, row.since) for row in process.timers.all() if row.state == TimerState.WAITING}
        if not wanted <= held or not waiting <= wanted:
            yield f"process {process.public_id}"


@invariant("process.nothing_runs_after_the_end", _("No timer runs for a process that is over."))
def _after_the_end() -> Iterable[str]:
    rows = ProcessTimer.objects.filter(state=TimerState.WAITING).exclude(process__outcome="")
    yield from (f"timer {row.pk}" for row in rows)


@invariant("process.clock_is_kept", _("While a worker is alive, no timer is more than ten minutes late."))
def _late() -> Iterable[str]:
    late = timezone.now() - LATE
    if WorkerBeat.objects.filter(beat_at__gte=late).exists():
        rows = ProcessTimer.objects.filter(state=TimerState.WAITING, process__outcome="", due_at__lt=late)
        yield from (f"timer {row.pk} of process {row.process_id}" for row in rows)


@invariant("process.calendar_reaches", _("Every deadline that runs can be computed."))
def _without_calendar() -> Iterable[str]:
    rows = ProcessTimer.objects.filter(state=TimerState.WAITING, process__outcome="", due_at=None)
    for row in rows.select_related("process__kept"):
        said = row.process.definition.timers.get(row.name)
        if not row.process.is_paused and said is not None and not said.at:
            yield f"timer {row.name} of process {row.process.public_id}"


@invariant("process.rulebook_whole", _("Every process definition of the operator's own can be read."))
def _faulty() -> Iterable[str]:
    yield from (fault.say("en") for fault in rulebook().faults)
