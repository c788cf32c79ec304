"""Timers of processes fire exactly once, whatever happens to the workers that fire them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.paths import REPOSITORY
from tests.reliability.databases import Place, new_place

TIMERS = 6
PREPARE = """
from datetime import datetime, timedelta, UTC
from ronglian.cli.main import set_up_django
set_up_django()
from tests.factories.processes import CLOSES, published
print([published().pk for _ in range(%d)])
"""
# A worker whose app writes a file and then hangs inside the clock's transaction, until it is killed.
HANG = """
import sys, time
from pathlib import Path
from ronglian.cli.main import set_up_django
set_up_django()
from ronglian.kernel.process.tasks import fire_due
from tests.factories.processes import CLOSES, FACTS, subject_with
folder = Path(sys.argv[1])

def hang(process, *more):
    done = folder / "done"
    with done.open("a") as file:
        file.write("x")
    if len(done.read_text()) == %d:
        (folder / "hangs").touch()
        time.sleep(120)

with subject_with(FACTS, fired=hang):
    fire_due(CLOSES)
"""
FIRE = """
from ronglian.cli.main import set_up_django
set_up_django()
from ronglian.kernel.process.tasks import fire_due
from tests.factories.processes import CLOSES, FACTS, subject_with
with subject_with(FACTS):
    print(fire_due(CLOSES))
"""
COUNT = """
from ronglian.cli.main import set_up_django
set_up_django()
from collections import Counter
from ronglian.kernel.models import Event
from ronglian.kernel.process.models import ProcessTimer, RunningProcess
closed = Counter(str(e.subject_id) for e in Event.objects.filter(name="process.advanced") if e.data["step"] == "close")
fired = ProcessTimer.objects.filter(state="fired").count()
sealed = sum(process.states == ("sealed",) for process in RunningProcess.objects.all())
print(sorted(closed.values()), fired, sealed)
"""


def start(place: Place, code: str, *words: str) -> subprocess.Popen[str]:
    path = os.pathsep.join([str(REPOSITORY), place.environment.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, "-c", code, *words],
        env={**place.environment, "PYTHONPATH": path}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def output(place: Place, code: str) -> str:
    process = start(place, code)
    said, _errors = process.communicate(timeout=120)
    assert process.returncode == 0
    return said.strip()


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_of_firing_leaves_each_timer_to_fire_once(tmp_path: Path) -> None:
    with new_place(tmp_path / "place") as place:
        output(place, PREPARE % TIMERS)
        worker = start(place, HANG % (TIMERS // 2), str(tmp_path))
        for _ in range(600):
            if (tmp_path / "hangs").exists():
                break
            time.sleep(0.1)
        worker.send_signal(signal.SIGKILL)
        worker.communicate()
        # The one that hung is undone, those before it stand.
        assert output(place, COUNT) == f"{[1] * (TIMERS // 2 - 1)} {TIMERS // 2 - 1} {TIMERS // 2 - 1}"
        rivals = [start(place, FIRE) for _ in range(3)]
        fired = sum(int(rival.communicate(timeout=120)[0]) for rival in rivals)
        assert fired == TIMERS - TIMERS // 2 + 1
        assert output(place, COUNT) == f"{[1] * TIMERS} {TIMERS} {TIMERS}"
