"""Common needs through each of their doors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from ronglian.apps.clinic.models import Pool
from ronglian.demo.load import SOURCE_NAME, TRIED_AS, bring_together
from ronglian.kernel.models import Event
from tests.factories import SYSTEM, make_organisation, make_person
from tests.factories.pools import make_pool


def same_invitation(_doors: Any) -> None:
    """An operator invites at the site, the demo region on the command line."""
    theirs = make_pool(invited=False)
    ours = make_organisation()
    type(ours).objects.filter(pk=ours.pk).update(source_name=SOURCE_NAME, source_id=TRIED_AS[0])
    shown = make_pool([ours, make_organisation()], invited=False)
    browser = Client()
    browser.force_login(make_person(is_operator=True))
    assert browser.post(f"/work/common-needs/{theirs.public_id}/invite/").status_code == 302
    bring_together(SYSTEM)
    first, second = (_told(pool) for pool in (theirs, shown))
    assert first == second


def _told(pool: Pool) -> tuple[str, int, list[tuple[str, list[str]]]]:
    pool.refresh_from_db()
    events = Event.objects.filter(subject_id=pool.public_id).order_by("id")
    return pool.state, pool.version, [(event.name, sorted(event.data)) for event in events]


COMPARED: dict[str, Callable[[Any], None]] = {"pool.invite": same_invitation}
