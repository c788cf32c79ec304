"""Clients that race for one award: exactly one wins, and nothing is left of the others."""

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
from ronglian.apps.challenges.models import Award, Bid, Challenge
from ronglian.apps.challenges.operations.awarding import award_challenge
from ronglian.kernel.models import Event
from tests.factories.challenges import make_reviewed

clients = int(sys.argv[1])
setting = make_reviewed()
bids = list(Bid.objects.filter(challenge=setting.challenge).order_by("pk"))
start, told = threading.Barrier(clients), []

def award(number):
    challenge = Challenge.objects.get(pk=setting.challenge.pk)
    start.wait()
    try:
        award_challenge(actor=setting.buyer, challenge=challenge, bids=[bids[number % len(bids)]], reason="reason")
        told.append("won")
    except Exception as error:
        told.append(type(error).__name__)
    finally:
        connections.close_all()

threads = [threading.Thread(target=award, args=(number,)) for number in range(clients)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(json.dumps({
    "told": told,
    "standing": Award.objects.filter(state="standing").count(),
    "awards": Award.objects.count(),
    "events": Event.objects.filter(name="award.proposed").count(),
}))
"""

# Past the operation and its lock, as a second program might write: what stops them is the constraint of the table alone.
ROWS = """
import json, sys, threading, django
django.setup()
from django.conf import settings
from django.db import connection, connections
settings.HOLDER_KEY_COST = 16
from ronglian.apps.challenges.models import Award, Bid
from tests.factories.challenges import make_reviewed

clients, is_kept = int(sys.argv[1]), sys.argv[2] == "kept"
setting = make_reviewed()
bids = list(Bid.objects.filter(challenge=setting.challenge).order_by("pk"))
if not is_kept:
    constraint = next(each for each in Award._meta.constraints if each.name == "award_place_once")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Award, constraint)
start, told = threading.Barrier(clients), []

def award(number):
    row = Award(challenge=setting.challenge, bid=bids[number % len(bids)], place=1, decided_by="race")
    start.wait()
    try:
        row.save(force_insert=True)
        told.append("won")
    except Exception as error:
        told.append(type(error).__name__)
    finally:
        connections.close_all()

threads = [threading.Thread(target=award, args=(number,)) for number in range(clients)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(json.dumps({"told": told, "standing": Award.objects.filter(state="standing").count()}))
"""


def race(folder: Path, migrated: Path, *words: object, script: str = RACE) -> dict[str, Any]:
    on_server = bool(os.environ.get("DATABASE_URL"))
    folder.mkdir()
    if not on_server:
        shutil.copy(migrated, folder / "ronglian.sqlite3")
    with new_place(folder, is_set_up=on_server) as place:
        done = subprocess.run(
            [sys.executable, "-c", script, *map(str, words)],
            cwd=REPOSITORY, env={**place.environment, "DJANGO_SETTINGS_MODULE": "ronglian.project.settings.dev"},
            check=False, capture_output=True, text=True,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def check(told: dict[str, Any], clients: int) -> None:
    assert Counter(told["told"]) == {"won": 1, "RuleViolation": clients - 1}
    assert (told["standing"], told["awards"], told["events"]) == (1, 1, 1)


@pytest.mark.django_db  # it asks the database of DATABASE_URL in a process of its own
def test_a_few_clients_and_one_award(tmp_path: Path, migrated: Path) -> None:
    check(race(tmp_path / "place", migrated, 4), 4)


@pytest.mark.slow
@pytest.mark.django_db
def test_fifty_clients_and_one_award(tmp_path: Path, migrated: Path) -> None:
    check(race(tmp_path / "place", migrated, 50), 50)


@pytest.mark.django_db
def test_one_place_has_one_winner_by_the_constraint_alone(tmp_path: Path, migrated: Path) -> None:
    told = race(tmp_path / "place", migrated, 50, "kept", script=ROWS)
    assert Counter(told["told"]) == {"won": 1, "IntegrityError": 49}
    assert told["standing"] == 1


@pytest.mark.django_db
def test_without_the_constraint_the_same_race_has_several_winners(tmp_path: Path, migrated: Path) -> None:
    """What shows that the test above can fail."""
    told = race(tmp_path / "place", migrated, 8, "removed", script=ROWS)
    assert told["standing"] > 1
