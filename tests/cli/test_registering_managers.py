"""`ronglian managers`."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from ronglian.cli.main import commands
from tests.factories.technology_managers import make_manager

pytestmark = pytest.mark.django_db


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(commands, ["--language", "en", "managers", *words])
    assert result.exit_code == code, result.output
    return result.output


def test_the_register_is_read_and_an_entry_confirmed() -> None:
    assert "Nobody has applied" in run()
    manager = make_manager(is_confirmed=False)
    assert "waiting for confirmation" in run("list")
    (shown,) = json.loads(run("confirm", str(manager.public_id), "--json"))
    assert (shown["id"], shown["state"]) == (str(manager.public_id), "confirmed")
    run("confirm", str(manager.public_id), code=1)


def test_what_is_missing_is_said() -> None:
    assert "Say which MANAGER" in run("confirm", code=2)
    run("confirm", "00000000-0000-4000-8000-000000000000", code=3)
