"""Clients that hand in result files at the same moment: never more than the limit, and nothing is left of the others."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.paths import REPOSITORY
from tests.reliability.databases import new_place

RACE = """
import json, sys, threading, django
django.setup()
from django.conf import settings
from django.db import connections
settings.HOLDER_KEY_COST = 16  # what a passphrase costs to try is not asked here
from ronglian.apps.challenges.models import Challenge, Try
from ronglian.apps.challenges.operations.evaluation import submit_try
from ronglian.kernel.models import Event
from tests.factories import make_organisation, make_person_of
from tests.factories.challenges import answers_file, make_scored

clients, a_day, in_all = (int(word) for word in sys.argv[1:])
setting = make_scored(tries_a_day=a_day, tries_in_all=in_all)
firm, other = make_organisation(), make_organisation()
actors = make_person_of(firm), make_person_of(other)
start, told = threading.Barrier(clients), []

def hand_in(number):
    is_other = number % 5 == 0
    challenge = Challenge.objects.get(pk=setting.challenge.pk)
    file = answers_file(r01=str(number), r02="2")
    start.wait()
    try:
        submit_try(actor=actors[is_other], challenge=challenge, bidder=other if is_other else firm, results=file)
        told.append("scored")
    except Exception as error:
        told.append(type(error).__name__)
    finally:
        connections.close_all()

threads = [threading.Thread(target=hand_in, args=(number,)) for number in range(clients)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(json.dumps({
    "told": told,
    "tries": sorted(Try.objects.filter(bidder=one).count() for one in (firm, other)),
    "events": Event.objects.filter(name="try.scored").count(),
}))
"""


def race(folder: Path, migrated: Path, clients: int, a_day: int, in_all: int) -> dict[str, Any]:
    on_server = bool(os.environ.get("DATABASE_URL"))
    folder.mkdir()
    if not on_server:
        shutil.copy(migrated, folder / "ronglian.sqlite3")
    with new_place(folder, is_set_up=on_server) as place:
        done = subprocess.run(
            [sys.executable, "-c", RACE, *map(str, (clients, a_day, in_all))],
            cwd=REPOSITORY, env={**place.environment, "DJANGO_SETTINGS_MODULE": "ronglian.project.settings.dev"},
            check=False, capture_output=True, text=True,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def check(told: dict[str, Any], clients: int, limits: tuple[int, int]) -> None:
    """Each organisation used its tries up to the limit that binds, the one as if the other were not there."""
    assert told["tries"] == sorted(limits)
    assert Counter(told["told"]) == {"scored": sum(limits), "RuleViolation": clients - sum(limits)}
    assert told["events"] == sum(limits)


@pytest.mark.django_db  # it asks the database of DATABASE_URL in a process of its own
def test_a_few_result_files_at_once(tmp_path: Path, migrated: Path) -> None:
    check(race(tmp_path / "place", migrated, 8, 3, 5), 8, (3, 2))


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(("a_day", "in_all"), [(3, 5), (7, 7)])
def test_fifty_result_files_at_once(tmp_path: Path, migrated: Path, a_day: int, in_all: int) -> None:
    check(race(tmp_path / "place", migrated, 50, a_day, in_all), 50, (a_day, a_day))
