"""`ronglian train`: propose, list, activate, revert, and how it refuses."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from ronglian.apps.matching.queries.training import points_in_use
from tests.cli.conftest import Run
from tests.factories.decisions import make_decisions

pytestmark = pytest.mark.django_db


def test_the_whole_way(run: Run) -> None:
    make_decisions()
    assert "Nothing has been learned yet" in run("train").output
    [proposed] = json.loads(run("train", "propose", "--json").stdout)
    assert (proposed["state"], proposed["counts"]["decisions"]) == ("proposed", 72)
    assert "72 decisions, 36 confirmed" in run("train", "list").output
    assert run("train", "activate", proposed["id"]).exit_code == 0
    assert points_in_use().version == proposed["version_after"]
    again = run("train", "activate", proposed["id"])
    assert again.exit_code == 1
    assert "Only a proposed run" in again.output
    [reverted] = json.loads(run("train", "revert", proposed["id"], "--json").stdout)
    assert reverted["state"] == "reverted"
    assert points_in_use().version == proposed["version_before"]


def test_refusals_teach(run: Run) -> None:
    refused = run("train", "propose")
    assert (refused.exit_code, "it takes 50" in refused.output) == (1, True)
    assert run("train", "activate").exit_code == 2
    assert run("train", "activate", str(uuid4())).exit_code == 3
