"""What always holds of the database itself, of idempotency keys, jobs and sessions. The log has its own beside it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from ronglian.kernel.invariant import invariant, setting_of
from ronglian.kernel.log import invariants as _of_the_log
from ronglian.kernel.models import IdempotencyRecord, WorkerBeat
from ronglian.kernel.reaper import WorkerDied, is_alive

__all__ = ["_of_the_log"]

LATE = timedelta(minutes=10)
FULL_SYNCHRONOUS = "2"


@invariant("database.sound", _("The database file is sound (SQLite integrity_check)."))
def _damaged_pages() -> Iterator[str]:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            yield from (str(row[0]) for row in cursor.fetchall() if row[0] != "ok")


@invariant("database.references_whole", _("Every reference leads to a row."))
def _dangling() -> Iterator[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA foreign_key_check")
            yield from (f"{table} row {row} → {parent}" for table, row, parent, _key in cursor.fetchall())
        else:
            cursor.execute("SELECT conrelid::regclass, conname FROM pg_constraint WHERE NOT convalidated")
            yield from (f"{table}: {name}" for table, name in cursor.fetchall())


@invariant("database.references_enforced", _("The database refuses references that lead nowhere."))
def _unenforced() -> Iterator[str]:
    name, right = (
        ("foreign_keys", "1") if connection.vendor == "sqlite" else ("session_replication_role", "origin")
    )
    found = setting_of(name)
    if found != right:
        yield f"{name} = {found}"


@invariant("database.journal_kept", _("What is committed survives the death of a process."))
def _wrong_journal() -> Iterator[str]:
    if connection.vendor == "sqlite":
        found = setting_of("journal_mode")
        if found not in ("wal", "delete", "memory" if _in_memory() else "wal"):
            yield f"journal_mode = {found}"
    elif setting_of("full_page_writes") != "on":
        yield "full_page_writes is off"


@invariant("database.synchronous", _("What is committed survives a power failure."))
def _unsynchronous() -> Iterator[str]:
    if connection.vendor == "sqlite":
        found = setting_of("synchronous")
        if found != FULL_SYNCHRONOUS:
            yield f"synchronous = {found}"
    else:
        yield from (f"{name} is off" for name in ("fsync", "synchronous_commit") if setting_of(name) == "off")


@invariant("database.up_to_date", _("The database has the form this version of the software expects."))
def _unapplied() -> Iterator[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    yield from (f"{step.app_label}.{step.name}" for step, _backwards in plan)


@invariant("idempotency.results_exist", _("What an idempotency key stands for exists."))
def _keys_without_result() -> Iterator[str]:
    labels = IdempotencyRecord.objects.order_by().values_list("result_model", flat=True).distinct()
    for label in labels:
        found = apps.get_model(label)._base_manager.values("pk")
        for row in IdempotencyRecord.objects.filter(result_model=label).exclude(result_id__in=found):
            yield f"key {row.pk} of {row.operation}: {label} {row.result_id}"


@invariant("jobs.none_of_the_dead", _("No job is held by a worker that is dead."))
def _held_by_the_dead() -> Iterator[str]:
    now = timezone.now()
    for job in DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=now - LATE):
        if not is_alive(job.worker_ids[-1] if job.worker_ids else "", now):
            yield f"job {job.pk}: {job.task_path}"


@invariant("jobs.none_given_up", _("No job had to be given up because workers died of it."))
def _given_up() -> Iterator[str]:
    died = f"{WorkerDied.__module__}.{WorkerDied.__qualname__}"
    for job in DBTaskResult.objects.filter(status=TaskResultStatus.FAILED, exception_class_path=died):
        yield f"job {job.pk}: {job.task_path}"


@invariant(
    "jobs.none_forgotten", _("While a worker is alive, no job that could run waits longer than six hours.")
)
def _forgotten() -> Iterator[str]:
    now = timezone.now()
    if WorkerBeat.objects.filter(beat_at__gte=now - LATE).exists():
        waiting = DBTaskResult.objects.ready().filter(enqueued_at__lt=now - timedelta(hours=6))
        yield from (f"job {job.pk}: {job.task_path}" for job in waiting)


@invariant("sessions.cleared", _("No session is kept that ended more than a week ago."))
def _old_sessions() -> Iterator[str]:
    old = Session.objects.filter(expire_date__lt=timezone.now() - timedelta(days=7)).count()
    if old:
        yield f"{old} sessions"


@invariant("secrets.private", _("The files with keys can be read by their owner only."))
def _open_files() -> Iterator[str]:
    for path in (settings.LOG_KEY_FILE, settings.LOG_SECRET_FILE):
        if path.exists() and path.stat().st_mode & 0o077:
            yield str(path)


def _in_memory() -> bool:
    return "memory" in str(connection.settings_dict["NAME"])
