"""Jobs of dead workers run again; those of living workers are left alone."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from ronglian.kernel.models import WorkerBeat
from ronglian.kernel.reaper import (
    FORGOTTEN,
    MOST_ATTEMPTS,
    SILENCE,
    WorkerDied,
    beat,
    is_alive,
    name_worker,
    reap,
)
from tests.paths import REPOSITORY

NOW = timezone.now()
ELSEWHERE = "elsewhere:12:34:abcd"


@pytest.fixture
def other_process() -> Iterator[subprocess.Popen[bytes]]:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield child
    child.kill()
    child.wait()


def running(*workers: str) -> Any:
    return DBTaskResult.objects.create(
        status=TaskResultStatus.RUNNING,
        started_at=NOW,
        run_after=NOW,
        args_kwargs={"args": [], "kwargs": {}},
        task_path="tests.kernel.jobs.linger",
        backend_name="default",
        worker_ids=list(workers),
    )


def named_like(pid: int) -> str:
    """The id that the process of this number would have given itself."""
    mine = name_worker().split(":")
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    return f"{mine[0]}:{pid}:{stat.rpartition(')')[2].split()[19]}:0000"


@pytest.mark.django_db
class TestReaping:
    def test_a_job_of_this_living_process_is_left_alone(self) -> None:
        job = running(name_worker())
        assert reap(NOW) == 0
        job.refresh_from_db()
        assert job.status == TaskResultStatus.RUNNING

    def test_a_killed_process_loses_its_job_at_once(self, other_process: subprocess.Popen[bytes]) -> None:
        job = running(named_like(other_process.pid))
        assert reap(NOW) == 0
        other_process.kill()
        other_process.wait()
        assert reap(NOW) == 1
        job.refresh_from_db()
        assert (job.status, job.started_at) == (TaskResultStatus.READY, None)

    def test_a_recycled_process_number_is_not_the_worker(self) -> None:
        machine, pid, started, chance = name_worker().split(":")
        assert not is_alive(f"{machine}:{pid}:{int(started) - 1}:{chance}", NOW)

    def test_a_worker_on_another_machine_lives_while_it_beats(self) -> None:
        job = running(ELSEWHERE)
        beat(ELSEWHERE, NOW)
        assert reap(NOW + SILENCE) == 0
        assert reap(NOW + SILENCE + timedelta(seconds=1)) == 1
        job.refresh_from_db()
        assert job.status == TaskResultStatus.READY

    def test_a_worker_that_never_beat_and_a_job_without_worker_are_dead(self) -> None:
        running(ELSEWHERE)
        running()
        running("not a name")
        assert reap(NOW) == 3

    def test_a_job_that_kills_its_workers_is_given_up(self) -> None:
        job = running(*[ELSEWHERE] * MOST_ATTEMPTS)
        assert reap(NOW) == 1
        job.refresh_from_db()
        assert job.status == TaskResultStatus.FAILED
        assert "5 workers died" in job.traceback
        assert import_string(job.exception_class_path) is WorkerDied

    def test_finished_jobs_are_not_touched_and_old_beats_go(self) -> None:
        job = running(ELSEWHERE)
        DBTaskResult.objects.filter(pk=job.pk).update(status=TaskResultStatus.SUCCESSFUL)
        beat(ELSEWHERE, NOW - FORGOTTEN - timedelta(seconds=1))
        assert reap(NOW) == 0
        assert not WorkerBeat.objects.exists()


class TestKilledWorker:
    """With real processes on a database of their own (SQLite, whatever the suite runs on)."""

    @pytest.fixture
    def environment(self, tmp_path: Path, migrated: Path) -> dict[str, str]:
        shutil.copy(migrated, tmp_path / "ronglian.sqlite3")
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        own = {"RONGLIAN_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "ronglian.project.settings.dev"}
        return kept | own | {"PYTHONPATH": str(REPOSITORY)}

    def stored(self, folder: Path, query: str) -> tuple[Any, ...]:
        with closing(sqlite3.connect(folder / "ronglian.sqlite3", timeout=20)) as connection:
            (row,) = connection.execute(query).fetchall()
        return tuple(row)

    def worker(self, environment: dict[str, str], *options: str) -> subprocess.Popen[bytes]:
        start = "from ronglian.cli.main import main; main()"
        return subprocess.Popen([sys.executable, "-c", start, "worker", *options], env=environment)

    def test_the_job_runs_again(self, environment: dict[str, str], tmp_path: Path) -> None:
        start = f"import django; django.setup()\nfrom tests.kernel.jobs import linger; linger.enqueue({str(tmp_path)!r})"
        subprocess.run([sys.executable, "-c", start], env=environment, check=True)
        first = self.worker(environment)
        deadline = time.monotonic() + 30
        while not (tmp_path / "runs").exists():
            assert time.monotonic() < deadline, "the worker did not take the job"
            time.sleep(0.05)
        first.send_signal(signal.SIGKILL)
        first.wait()

        assert self.worker(environment, "--once").wait(timeout=60) == 0
        state = "SELECT status, return_value, json_array_length(worker_ids) FROM django_tasks_database_dbtaskresult"
        assert self.stored(tmp_path, state) == ("SUCCESSFUL", "2", 2)

    def test_a_worker_stops_when_told_to(self, environment: dict[str, str], tmp_path: Path) -> None:
        worker = self.worker(environment)
        deadline = time.monotonic() + 30
        while self.stored(tmp_path, "SELECT count(*) FROM kernel_workerbeat") != (1,):
            assert time.monotonic() < deadline, "the worker did not start"
            time.sleep(0.05)
        worker.terminate()
        assert worker.wait(timeout=30) == 0
