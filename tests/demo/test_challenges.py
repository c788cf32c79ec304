"""The challenges of the demo region: in several stages, saying that they are invented, and put out once."""

from __future__ import annotations

import pytest
from django.utils import timezone

from ronglian.apps.challenges.enums import Phase
from ronglian.apps.challenges.models import Amendment, Bid, Challenge, Question
from ronglian.demo.cases import invented_managers
from ronglian.demo.challenges import load_challenges
from ronglian.demo.load import load_region
from ronglian.demo.technology_managers import load_managers
from ronglian.kernel.actor import command_actor
from ronglian.kernel.log.coverage import uncovered_rows

COMMAND = command_actor("test")


@pytest.mark.django_db
def test_challenges_stand_in_several_stages() -> None:
    load_region(COMMAND, timezone.localdate(), lambda _kind: None)
    load_managers(COMMAND)
    manager = invented_managers()[0]
    assert load_challenges(COMMAND, manager) == 3
    phases = dict(Challenge.objects.values_list("phase", "title"))
    assert set(phases) == {Phase.DRAFT, Phase.OPEN, Phase.WITHDRAWN}
    assert all("虚构" in title for title in phases.values())
    assert Bid.objects.count() == 2
    assert Question.objects.get().answer
    assert Amendment.objects.get().number == 1
    for model in (Challenge, Bid, Question, Amendment):
        assert not list(uncovered_rows(model))
    assert load_challenges(COMMAND, manager) == 0
