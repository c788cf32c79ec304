"""An installation of an earlier release, brought up to date: nothing is lost, and the check finds nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reliability.databases import Place, new_place

# The last migrations of each release. A release adds its own; none is ever changed.
RELEASES = {
    "0.1": {"kernel": "0002", "accounts": "0001", "registry": "0002", "matching": "0001"},
}
LOAD = """
import json, sys
from ronglian.cli.main import set_up_django
set_up_django()
from uuid import uuid4
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
for app, name in {leaves}.items():
    call_command("migrate", app, name, verbosity=0)
executor = MigrationExecutor(connection)
loaded = executor.loader.project_state([key for key in executor.loader.applied_migrations if key in executor.loader.graph.nodes])
model, now = loaded.apps.get_model, timezone.now()
owner = model("accounts", "Organisation").objects.create(name="旧单位", kind="enterprise")
person = model("accounts", "Person").objects.create(email="old@example.org", password="!")
model("accounts", "Membership").objects.create(person=person, organisation=owner, role="owner")
token = model("accounts", "ApiToken").objects.create(person=person, name="旧程序", digest="0" * 64, expires_at=now + timezone.timedelta(days=9))
Event = model("kernel", "Event")
def told(name, kind, row):
    Event.objects.create(name=name, subject_type=kind, subject_id=row.public_id, actor_kind="command", actor_label="旧", data={{}})
told("organisation.registered", "organisation", owner)
told("token.issued", "apitoken", token)
rows = {{}}
for kind, field in (("need", "title"), ("result", "title"), ("expert", "name"), ("scene", "title")):
    for number in range(3):
        row = model("registry", kind.capitalize()).objects.create(
            owner=owner, state="published", recorded_by="旧", confirmed_on=now.date(),
            expires_on=now.date() + timezone.timedelta(days=200), **{{field: f"旧{{kind}}{{number}}"}})
        told(f"{{kind}}.registered", kind, row)
        told(f"{{kind}}.published", kind, row)
        rows[kind] = row
model("registry", "Draft").objects.create(person=person, form="needs", fields={{"title": "没写完的需求"}})
"""
READ = """
import json
from ronglian.cli.main import set_up_django
set_up_django()
from ronglian.apps.accounts.models import ApiToken, Membership
from ronglian.apps.registry.models import RECORD_MODELS, Draft
from ronglian.kernel.models import Event
from ronglian.kernel.sealing import unseal
titles = sorted(str(each) for model in RECORD_MODELS for each in model.objects.all())
print(json.dumps({"titles": titles, "events": Event.objects.count(), "members": Membership.objects.count(),
                  "tokens": ApiToken.objects.count(), "drafts": [unseal(each.sealed) for each in Draft.objects.all()]}))
"""


def run(place: Place, program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], env=place.environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("release", RELEASES)
def test_an_earlier_release_is_brought_up_to_date(release: str, tmp_path: Path) -> None:
    with new_place(tmp_path / "old", is_set_up=False) as place:
        run(place, LOAD.format(leaves=RELEASES[release]))
        place.ronglian("setup")
        found = json.loads(run(place, READ))
        titles = sorted(
            f"旧{kind}{number}" for kind in ("need", "result", "expert", "scene") for number in range(3)
        )
        assert found["titles"] == titles
        assert (found["events"], found["members"], found["tokens"]) == (26, 1, 1)
        assert found["drafts"] == [{"title": "没写完的需求"}]
        assert "✗" not in place.ronglian("check").stdout
        place.ronglian("setup")  # again: nothing to do
