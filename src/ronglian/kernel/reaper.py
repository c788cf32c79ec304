"""Jobs outlive the workers that die on them.

A worker that is killed leaves its job RUNNING for ever. The reaper finds such jobs and makes them READY again;
another worker runs them once more, so every job has to bear being run twice. A job that has cost several workers
their life is not tried again: it is FAILED, with the reason.

A worker on this machine is alive while its process is (the same process: a recycled number has another start
time). A worker on another machine is alive while it beats.
"""

from __future__ import annotations

import os
import secrets
import socket
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from ronglian.kernel.models import WorkerBeat

SILENCE = timedelta(seconds=60)
FORGOTTEN = timedelta(days=1)
MOST_ATTEMPTS = 5


def name_worker() -> str:
    """The id under which this process takes jobs: machine, process, start of the process, chance."""
    pid = os.getpid()
    return f"{_machine()}:{pid}:{_started(pid)}:{secrets.token_hex(4)}"


def beat(worker_id: str, now: datetime) -> None:
    """Say that the worker is alive."""
    WorkerBeat.objects.update_or_create(worker_id=worker_id, defaults={"beat_at": now})


def reap(now: datetime) -> int:
    """Give the jobs of dead workers back; answers how many."""
    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)
    held = {job.pk: (job.worker_ids[-1] if job.worker_ids else "", len(job.worker_ids)) for job in running}
    dead = {pk: attempts for pk, (worker, attempts) in held.items() if not is_alive(worker, now)}
    with transaction.atomic():
        for pk, attempts in dead.items():
            # Conditional on RUNNING and on the attempts seen: another reaper may have been faster.
            job = (
                DBTaskResult.objects.select_for_update()
                .filter(pk=pk, status=TaskResultStatus.RUNNING)
                .first()
            )
            if job is None or len(job.worker_ids) != attempts:
                continue
            _give_up(job, now) if attempts >= MOST_ATTEMPTS else _give_back(job)
        WorkerBeat.objects.filter(beat_at__lt=now - FORGOTTEN).delete()
    return len(dead)


def is_alive(worker_id: str, now: datetime) -> bool:
    """Whether the worker of this id can still finish what it has begun."""
    machine, _, rest = worker_id.partition(":")
    if machine == _machine():
        pid, _, more = rest.partition(":")
        started = more.partition(":")[0]
        return pid.isdigit() and started != "" and started == _started(int(pid))
    return WorkerBeat.objects.filter(worker_id=worker_id, beat_at__gte=now - SILENCE).exists()


def _give_back(job: DBTaskResult[Any, Any]) -> None:
    job.status = TaskResultStatus.READY
    job.started_at = None
    job.save(update_fields=["status", "started_at"])


def _give_up(job: DBTaskResult[Any, Any], now: datetime) -> None:
    job.status = TaskResultStatus.FAILED
    job.finished_at = now
    job.exception_class_path = "ronglian.kernel.reaper.WorkerDied"
    job.traceback = f"{len(job.worker_ids)} workers died while running this job; it is not tried again."
    job.save(update_fields=["status", "finished_at", "exception_class_path", "traceback"])


class WorkerDied(Exception):
    """What a job that is given up is filed under."""


def _machine() -> str:
    return socket.gethostname().replace(":", "-")[:24]


def _started(pid: int) -> str:
    """When the process started, in ticks since boot; empty when there is none."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        # proc(5): the name in parentheses may hold anything, so count from behind it: fields 3 and 22.
        fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return "" if fields[0] == "Z" else fields[19]
    except FileNotFoundError:
        if Path("/proc").is_dir():
            return ""
    try:  # no /proc: whether there is such a process is all that can be known
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        return "0"
    return "0"
