"""Fifty who book the same clinic hour at once: one has it, the others are told so, and no error of the database shows."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.paths import REPOSITORY
from tests.reliability.databases import new_place

pytestmark = pytest.mark.slow

BOOK = """
import json, threading, django
django.setup()
from django.db import connections
from ronglian.apps.clinic.models import SlotBooking
from ronglian.apps.clinic.operations.consultations import open_consultation
from ronglian.apps.clinic.operations.hours import book_slot
from tests.factories import make_organisation, make_person_of
from tests.factories.clinic import make_slot
from tests.factories.technology_managers import make_manager

slot, firm = make_slot(make_manager()), make_organisation()
actor = make_person_of(firm)
troubles = [open_consultation(actor=actor, owner=firm, title=str(n), words="") for n in range(50)]
start, outcomes = threading.Barrier(len(troubles)), []

def book(consultation):
    try:
        start.wait()
        book_slot(actor=actor, slot=slot, consultation=consultation, allows_preread=False)
        outcomes.append("booked")
    except Exception as error:
        outcomes.append(type(error).__name__)
    finally:
        connections.close_all()

clients = [threading.Thread(target=book, args=(each,)) for each in troubles]
[client.start() for client in clients]
[client.join() for client in clients]
print(json.dumps({"outcomes": outcomes, "bookings": SlotBooking.objects.count()}))
"""


def test_fifty_who_book_at_once_have_one_booking(tmp_path: Path) -> None:
    with new_place(tmp_path / "place") as place:
        environment = {**place.environment, "DJANGO_SETTINGS_MODULE": "ronglian.project.settings.dev"}
        done = subprocess.run(
            [sys.executable, "-c", BOOK], cwd=REPOSITORY, env=environment, check=False, capture_output=True, text=True
        )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert Counter(told["outcomes"]) == {"booked": 1, "Conflict": 49}
    assert told["bookings"] == 1
