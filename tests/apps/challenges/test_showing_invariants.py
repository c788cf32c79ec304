"""Each way in which a reading could have come about without an agreement in force is found."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from ronglian.kernel.invariant import INVARIANTS, all_invariants, check_invariant
from tests.reliability.breaks_of_showings import read_then

pytestmark = pytest.mark.django_db
NAME = "challenges.shown_under_agreement"


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "asked", "signed_at": None, "signed_by": None, "signed_by_label": ""},
        {"signed_at": timedelta(hours=1)},
        {"ends_on": timedelta(days=-1)},
        {"withdraw": True, "ended_at": timedelta(hours=-1)},
    ],
)
def test_a_reading_without_an_agreement_in_force_is_found(wrong: dict[str, Any]) -> None:
    now = timezone.now()
    values = {
        name: (timezone.localdate() if name == "ends_on" else now) + value
        if isinstance(value, timedelta)
        else value
        for name, value in wrong.items()
    }
    all_invariants()
    read_then()
    assert check_invariant(INVARIANTS[NAME]).holds
    read_then(**values)
    assert not check_invariant(INVARIANTS[NAME]).holds
