"""The rights of the demo region: loaded once, readable by everybody while they are on notice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ronglian.apps.agreements.queries.rights import list_notices
from ronglian.demo.load import load_region
from ronglian.demo.rights import load_rights
from ronglian.kernel.invariant import all_invariants, check_invariant
from tests.factories import SYSTEM

pytestmark = pytest.mark.django_db


def test_a_grant_is_on_notice_and_all_invariants_hold(settings: Any, tmp_path: Path) -> None:
    settings.UPLOADS = settings.STATIC_ROOT = tmp_path
    today = timezone.localdate()
    load_region(SYSTEM, today - timedelta(days=1), lambda _kind: None)
    assert load_rights(SYSTEM) == 2
    assert load_rights(SYSTEM) == 0
    grant = list_notices(today).get()
    page = Client().get(f"/rights-notices/{grant.public_id}/").content.decode()
    assert "虚构·林知远" in page
    assert "48.75 %" in page
    broken = [
        one.name
        for one in all_invariants()
        if one.name.startswith("rights.") and not check_invariant(one).holds
    ]
    assert broken == []
