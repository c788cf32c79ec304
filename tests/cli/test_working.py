"""Housekeeping of the worker: what is due is done, once, and a failure stops nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from ronglian.apps.matching.tasks import refresh_suggestions
from ronglian.cli.working import Chore, do_chores, enqueue_once, fire_if_due, tidy
from tests.factories.processes import CLOSES, published

pytestmark = pytest.mark.django_db
NOW = timezone.now()
HALF_A_MINUTE = timedelta(seconds=30)


def test_a_chore_is_done_when_due_and_not_before() -> None:
    done: list[int] = []
    chores = [Chore(HALF_A_MINUTE, lambda: done.append(1), NOW)]
    for seconds in (0, 10, 29, 30, 40, 61):
        do_chores(chores, NOW + timedelta(seconds=seconds))
    assert len(done) == 3


def test_a_chore_that_fails_stops_neither_the_others_nor_its_next_time(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done: list[str] = []

    def fail() -> None:
        done.append("failed")
        raise DatabaseError("gone")

    chores = [Chore(HALF_A_MINUTE, fail, NOW), Chore(HALF_A_MINUTE, lambda: done.append("other"), NOW)]
    do_chores(chores, NOW)
    do_chores(chores, NOW + HALF_A_MINUTE)
    assert done == ["failed", "other"] * 2
    assert "tried again" in caplog.text


@pytest.fixture
def real_jobs(settings: Any) -> None:
    """Jobs go to the database, as they do outside the suite."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.mark.usefixtures("real_jobs")
def test_a_job_is_enqueued_once_however_often_it_falls_due() -> None:
    for _ in range(3):
        enqueue_once(refresh_suggestions)
    assert DBTaskResult.objects.count() == 1
    DBTaskResult.objects.update(status="SUCCESSFUL")
    enqueue_once(refresh_suggestions)
    assert DBTaskResult.objects.count() == 2


@pytest.mark.usefixtures("real_jobs")
def test_tidying_drops_jobs_finished_long_ago() -> None:
    enqueue_once(refresh_suggestions)
    long_ago = NOW - timedelta(days=60)
    DBTaskResult.objects.update(status="SUCCESSFUL", enqueued_at=long_ago, finished_at=long_ago)
    enqueue_once(refresh_suggestions)
    tidy()
    assert DBTaskResult.objects.count() == 1


@pytest.mark.usefixtures("real_jobs")
def test_the_clock_of_processes_is_enqueued_when_a_timer_is_due() -> None:
    published()
    fire_if_due(CLOSES - HALF_A_MINUTE)
    assert DBTaskResult.objects.count() == 0
    for _ in range(2):
        fire_if_due(CLOSES)
    assert [job.task_path for job in DBTaskResult.objects.all()] == [
        "ronglian.kernel.process.tasks.fire_timers"
    ]
