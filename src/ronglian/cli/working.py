"""`ronglian worker`: runs background jobs and keeps the house."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import click
from django.core.management import call_command
from django.db import DatabaseError, close_old_connections, connections
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, TaskResultStatus
from django_tasks.base import Task
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from ronglian.apps.agreements.certificate_tasks import ask_again
from ronglian.apps.agreements.dispute_tasks import note_late_answers
from ronglian.apps.agreements.rights_tasks import end_expired_grants
from ronglian.apps.agreements.tasks import claim_due_payments
from ronglian.apps.clinic.case_mails import remind_of_due
from ronglian.apps.clinic.drafting_tasks import give_up_drafting
from ronglian.apps.clinic.tasks import find_pools, renew_assignments
from ronglian.apps.matching.tasks import rebuild_index, refresh_exposure, refresh_suggestions, refresh_vectors
from ronglian.apps.prospecting.tasks import remind_of_surveys, send_missing_invitations
from ronglian.apps.registry.imports.uploads import drop_read_files
from ronglian.apps.registry.queries.imports import waiting_files
from ronglian.cli.language import gettext_noop
from ronglian.kernel.invariant import check_all
from ronglian.kernel.log.sequencer import LogDamaged, keep_log
from ronglian.kernel.process.tasks import fire_timers, is_anything_due, set_open_timers
from ronglian.kernel.rate_limits import forget_counts
from ronglian.kernel.read_only import read_only_reason
from ronglian.kernel.reaper import beat, name_worker, reap
from ronglian.kernel.statistics import refresh_statistics

logger = logging.getLogger(__name__)
LOOK_EVERY = timedelta(seconds=10)


@click.command(
    "worker", help=gettext_noop("Run background jobs until stopped; a job that has begun is finished.")
)
@click.option("--once", is_flag=True, help=gettext_noop("Stop when nothing is left to do."))
@click.option("--parent", type=int, hidden=True, help="Stop when this process is gone.")
def command(once: bool, parent: int | None) -> None:
    """The command."""
    name = name_worker()
    worker = Worker(
        queue_names=["*"],
        interval=1,
        batch=once,
        backend_name=DEFAULT_TASK_BACKEND_ALIAS,
        startup_delay=False,
        max_tasks=None,
        worker_id=name,
        excluded_queue_names=[],
    )
    worker.configure_signals()
    beat(name, timezone.now())
    reap(timezone.now())  # whatever the worker before this one left behind is done first
    stop = threading.Event()
    keeper = threading.Thread(target=keep_house, args=(name, stop, parent), name="housekeeping")
    keeper.start()
    try:
        worker.run()
    finally:
        stop.set()
        keeper.join()


@dataclass(slots=True)
class Chore:
    """Something done again and again; `due` is when it is done next."""

    every: timedelta
    do: Callable[[], object]
    due: datetime


def keep_house(name: str, stop: threading.Event, parent: int | None = None) -> None:
    """Do the chores as they fall due until told to stop, or until the process that started us is gone."""
    now = timezone.now()
    chores = [
        Chore(timedelta(seconds=10), lambda: beat(name, timezone.now()), now),
        Chore(timedelta(seconds=10), lambda: keep_log(timezone.now()), now),
        Chore(timedelta(seconds=10), lambda: fire_if_due(timezone.now()), now),
        Chore(timedelta(hours=1), lambda: enqueue_once(set_open_timers), now + timedelta(minutes=2)),
        Chore(timedelta(seconds=30), lambda: reap(timezone.now()), now),
        Chore(timedelta(seconds=30), lambda: enqueue_once(refresh_suggestions), now),
        Chore(timedelta(minutes=1), lambda: enqueue_once(refresh_vectors), now),
        Chore(timedelta(hours=1), lambda: enqueue_once(remind_of_due), now),
        Chore(timedelta(hours=1), lambda: enqueue_once(remind_of_surveys), now + timedelta(minutes=6)),
        Chore(timedelta(hours=1), lambda: enqueue_once(send_missing_invitations), now + timedelta(minutes=5)),
        Chore(timedelta(hours=1), lambda: enqueue_once(give_up_drafting), now + timedelta(minutes=7)),
        Chore(timedelta(hours=1), lambda: enqueue_once(refresh_exposure), now + timedelta(minutes=3)),
        Chore(timedelta(hours=1), lambda: enqueue_once(rebuild_index), now + timedelta(hours=1)),
        Chore(timedelta(days=1), lambda: enqueue_once(find_pools), now + timedelta(minutes=10)),
        Chore(timedelta(days=1), lambda: enqueue_once(claim_due_payments), now + timedelta(minutes=1)),
        Chore(timedelta(days=1), lambda: enqueue_once(note_late_answers), now + timedelta(minutes=2)),
        Chore(timedelta(days=1), lambda: enqueue_once(end_expired_grants), now + timedelta(minutes=4)),
        Chore(timedelta(minutes=15), lambda: enqueue_once(renew_assignments), now + timedelta(minutes=7)),
        Chore(timedelta(minutes=15), lambda: enqueue_named("run_searches"), now + timedelta(minutes=5)),
        Chore(timedelta(hours=6), lambda: enqueue_named("post_digests"), now + timedelta(minutes=20)),
        Chore(timedelta(hours=6), lambda: enqueue_named("post_expiry_notices"), now + timedelta(minutes=25)),
        Chore(
            timedelta(hours=6), lambda: enqueue_named("post_contract_reminders"), now + timedelta(minutes=30)
        ),
        Chore(timedelta(hours=1), lambda: enqueue_once(ask_again), now + timedelta(minutes=8)),
        Chore(timedelta(minutes=1), lambda: enqueue_named("send_letters"), now + timedelta(minutes=1)),
        Chore(timedelta(days=1), tidy, now + timedelta(hours=1)),
        Chore(timedelta(days=1), lambda: enqueue_once(check_all), now + timedelta(hours=2)),
    ]
    while not stop.wait(LOOK_EVERY.total_seconds()):
        if parent is not None and os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)
            break
        do_chores(chores, timezone.now())
    connections.close_all()


def do_chores(chores: list[Chore], now: datetime) -> None:
    """Do what is due. One that fails is tried again at its next time; the others are done all the same."""
    close_old_connections()
    if read_only_reason() is not None:
        return
    for chore in chores:
        if chore.due > now:
            continue
        chore.due = now + chore.every
        try:
            chore.do()
        except (DatabaseError, LogDamaged):
            logger.exception("housekeeping failed; it is tried again in %s", chore.every)


def enqueue_once(job: Task[[], int]) -> None:
    """Enqueue the job unless it is waiting or running already."""
    under_way = DBTaskResult.objects.filter(
        task_path=job.module_path, status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING]
    )
    if not under_way.exists():
        job.enqueue()


def enqueue_named(name: str) -> None:
    """A job of the site. Doors do not import each other; a worker finds its jobs by their path anyway."""
    enqueue_once(import_string(f"ronglian.web.tasks.{name}"))


def fire_if_due(now: datetime) -> None:
    """Enqueue the clock of the processes when one of their timers is due."""
    if is_anything_due(now):
        enqueue_once(fire_timers)


def tidy() -> None:
    """Once a day: old sessions, finished jobs and files that were read go, the database counts anew."""
    call_command("clearsessions")
    drop_read_files(timezone.now(), waiting_files())
    forget_counts(timezone.now().timestamp())
    call_command("prune_db_task_results", verbosity=0)
    refresh_statistics()
