"""Check-ups, made through the operations."""

from __future__ import annotations

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.prospecting.models import Checkup
from ronglian.apps.prospecting.operations.checkups import answer_checkup, open_checkup
from tests.factories import SYSTEM


def make_checkup(owner: Organisation) -> Checkup:
    """One that points to a trouble."""
    answers = {"quality_scrap": {"choice": "high", "words": "返工多"}}
    return answer_checkup(actor=SYSTEM, checkup=open_checkup(actor=SYSTEM, owner=owner), answers=answers)
