"""The proofs of the log through the API: the same for everybody."""

from __future__ import annotations

import pytest
from django.utils import timezone

from ronglian.kernel.log.sequencer import keep_log
from ronglian.kernel.models import Event
from tests.api.calls import VISITOR, Caller, expired, secret_of, stranger
from tests.factories import make_need, make_person

pytestmark = pytest.mark.django_db


def test_receipts_and_proofs_of_consistency_are_for_everybody() -> None:
    make_need()
    keep_log(timezone.now())
    paths = (f"/log/entries/{Event.objects.latest('id').public_id}/receipt", "/log/consistency?old=1&new=2")
    operator = Caller(secret_of(make_person(is_operator=True)))
    for path in paths:
        (told,) = {caller.get(path).content for caller in (VISITOR, stranger(), operator)}
        assert b'"status"' not in told
        assert VISITOR.get(path).status_code == 200
    dead = Caller(expired(secret_of(make_person())))
    assert {dead.get(path).status_code for path in paths} == {401}
