"""Clients around the second in which bids close: none is taken at or after it, none is opened before."""

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
from datetime import timedelta
from django.conf import settings
from django.db import connections
from django.utils import timezone
settings.HOLDER_KEY_COST = 16  # what a passphrase costs to try is not asked here
from ronglian.apps.challenges.enums import LIVE_BIDS, HolderRole
from ronglian.apps.challenges.models import Bid, Challenge, Opening
from ronglian.apps.challenges.operations.bids import hand_in_bid
from ronglian.apps.challenges.operations.opening import open_bids
from ronglian.apps.challenges.standing import facts_of, list_digest, process_of
from ronglian.kernel.process.models import ProcessTimer, TimerState
from ronglian.kernel.process.tasks import fire_due
from tests.factories import make_organisation, make_person_of
from tests.factories.challenges import BID, PASSPHRASE, make_open

clients, seconds_before, seconds_after = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
setting = make_open()
bidders = [make_organisation() for _ in range(clients)]
actors = [make_person_of(one) for one in bidders]
closes = timezone.now() + timedelta(seconds=seconds_before)
Challenge.objects.filter(pk=setting.challenge.pk).update(closes_at=closes)
ProcessTimer.objects.filter(name="bids_close", state=TimerState.WAITING).update(due_at=closes)
challenge, until = setting.fresh(), closes + timedelta(seconds=seconds_after)
start, told, opened_early = threading.Barrier(clients + 3), [], []

def again_and_again(act):
    start.wait()
    try:
        while timezone.now() < until:
            act()
    finally:
        connections.close_all()

def bid(number):
    began = timezone.now()
    try:
        kept = hand_in_bid(actor=actors[number], challenge=challenge, bidder=bidders[number], content=BID)
        told.append(("taken late" if began >= closes else "taken", kept.digest))
    except Exception as error:
        told.append((type(error).__name__, str(error)))

def unseal(role):
    try:
        open_bids(actor=setting.holders[role], challenge=challenge, passphrase=PASSPHRASE)
        if timezone.now() < closes:
            opened_early.append(role.value)
    except Exception as error:
        told.append(("opening " + type(error).__name__, str(error)))

acts = [lambda number=number: bid(number) for number in range(clients)]
acts += [lambda: unseal(HolderRole.MANAGER), lambda: unseal(HolderRole.ESCROW), lambda: fire_due(timezone.now())]
threads = [threading.Thread(target=again_and_again, args=(act,)) for act in acts]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
fire_due(timezone.now())
live = Bid.objects.filter(challenge=challenge, state__in=LIVE_BIDS)
opening = Opening.objects.filter(challenge=challenge).first()
print(json.dumps({
    "told": [name for name, _text in told],
    "texts": sorted({name + ": " + text for name, text in told if not name.startswith("taken")}),
    "late rows": Bid.objects.filter(received_at__gte=closes).count(),
    "live": live.count(),
    "opened early": opened_early + [1 for one in [opening] if one and one.first_at < closes],
    "list fits": setting.fresh().list_digest == list_digest(live.values_list("digest", flat=True)),
}))
"""
EXPECTED = {"taken", "RuleViolation", "opening RuleViolation", "opening StepRefused", "opening NotAllowed"}


def race(folder: Path, migrated: Path, clients: int, before: float, after: float) -> dict[str, Any]:
    on_server = bool(os.environ.get("DATABASE_URL"))
    folder.mkdir()
    if not on_server:
        shutil.copy(migrated, folder / "ronglian.sqlite3")
    with new_place(folder, is_set_up=on_server) as place:
        environment = {**place.environment, "DJANGO_SETTINGS_MODULE": "ronglian.project.settings.dev"}
        done = subprocess.run(
            [sys.executable, "-c", RACE, str(clients), str(before), str(after)],
            cwd=REPOSITORY, env=environment, check=False, capture_output=True, text=True,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def check(told: dict[str, Any], clients: int) -> None:
    outcomes = Counter(told["told"])
    assert set(outcomes) <= EXPECTED, told["texts"]
    assert outcomes["taken"] >= 1, "some came in time"
    assert outcomes["RuleViolation"] >= 1, "some came too late"
    assert told["late rows"] == 0
    assert told["opened early"] == []
    assert 1 <= told["live"] <= clients
    assert told["list fits"]


@pytest.mark.django_db  # it asks the database of DATABASE_URL in a process of its own
def test_a_few_clients_around_the_second(tmp_path: Path, migrated: Path) -> None:
    check(race(tmp_path / "place", migrated, 4, 0.5, 0.3), 4)


@pytest.mark.slow
@pytest.mark.django_db
def test_fifty_clients_around_the_second(tmp_path: Path, migrated: Path) -> None:
    check(race(tmp_path / "place", migrated, 50, 4, 3), 50)
