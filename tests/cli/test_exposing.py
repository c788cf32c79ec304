"""`ronglian exposure`: measures, and says whether lists follow."""

from __future__ import annotations

import json

import pytest
from pytest_django import Settings

from ronglian.apps.matching.models import ExposureMeasurement
from tests.cli.conftest import Run

pytestmark = pytest.mark.django_db


def test_it_measures_and_says_whether_lists_follow(run: Run, settings: Settings) -> None:
    shown = run("exposure").output
    assert "at most 20 needs" in shown
    assert "switched off" not in shown
    settings.FAIR_ORDER = False
    assert "switched off" in run("exposure").output
    answer = json.loads(run("exposure", "--json").stdout)
    assert (answer["cap"], answer["in_use"], answer["results"]["lift"]) == (20, False, 0.0)
    assert ExposureMeasurement.objects.count() == 3
