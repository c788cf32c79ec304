"""Events: one for each subject, in the order of writing, and insisted upon."""

from __future__ import annotations

import pytest

from ronglian.kernel.actor import command_actor
from ronglian.kernel.events import events_about, insisting_on_an_event, record_event
from tests.factories import make_organisation

pytestmark = pytest.mark.django_db
COMMAND = command_actor("test")


def test_the_timeline_is_one_subjects_and_oldest_first() -> None:
    one, other = make_organisation(), make_organisation()
    record_event(COMMAND, "organisation.visited", one)
    record_event(COMMAND, "organisation.visited", other)
    record_event(COMMAND, "organisation.left", one, {"at": "noon"})
    names = [event.name for event in events_about(one)]
    assert names == ["organisation.registered", "organisation.visited", "organisation.left"]


def test_an_operation_that_writes_no_event_is_refused() -> None:
    with pytest.raises(AssertionError, match="wrote no event"), insisting_on_an_event("test.many"):
        pass


def test_an_error_inside_is_not_masked_by_the_insistence() -> None:
    with pytest.raises(ValueError, match="mine"), insisting_on_an_event("test.error"):
        raise ValueError("mine")
